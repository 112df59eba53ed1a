"""The lexicon: labels of the vocabularies found in a text, whose folded copies know where each character stood."""
