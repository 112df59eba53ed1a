"""The questions: a catalogue of saved queries, their parameters, and their answers as tables and files.

>>> sorted(load()) == sorted(name for name in load() if get(name).summary.endswith("?"))
True
"""

from communique.queries.catalogue import Param, Query, Result, get, load, run
from communique.queries.tables import FORMATS, write

__all__ = ["FORMATS", "Param", "Query", "Result", "get", "load", "run", "write"]
