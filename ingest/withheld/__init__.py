"""Readouts without their words: what of a graph is a fact, the collection that is shipped so, and the texts brought back."""

from communique.ingest.withheld.collection import Summary, build, read, shipped, summary
from communique.ingest.withheld.facts import facts_only, letters
from communique.ingest.withheld.texts import Bare, Found, Recovered, bare, recover

__all__ = ["Bare", "Found", "Recovered", "Summary", "bare", "build", "facts_only", "letters", "read", "recover", "shipped", "summary"]
