"""From bytes to sentences: documents, what of them is text, who issued them when, their kind, their blocks."""
