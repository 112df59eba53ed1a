"""Who is meant where, sentence by sentence."""
