"""Communique: a knowledge graph of foreign-relations events, read from the readouts of foreign ministries."""
