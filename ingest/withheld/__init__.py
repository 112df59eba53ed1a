"""Readouts without their words: what of a graph is a fact, the collection that is shipped so, and the texts brought back."""

from communique.ingest.withheld.collection import Summary, build, read, shipped, summary
from communique.ingest.withheld.facts import facts_only, letters

__all__ = ["Summary", "build", "facts_only", "letters", "read", "shipped", "summary"]
