"""Which encounters a text tells of: who took part in what office, when, where, and what else it refers to."""
