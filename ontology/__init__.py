"""The meaning: the ontology and vocabularies as data, their rules, the closure, and the checks of a graph."""
