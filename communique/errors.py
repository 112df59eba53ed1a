"""The errors of the whole project: one tree, each one line of plain English - what, where, what to do.

::

    CommuniqueError              failed                          exit code 1
    |-- UsageError               asked for wrongly               exit code 2
    |   |-- SettingsError        a setting is unknown or has a bad value
    |   `-- ParameterError       a query's or a command's parameter is missing or has a bad value
    |-- InputError               a document or extraction that cannot be read
    |-- FetchError               a page that cannot be fetched
    |-- EngineError              workers that cannot be had, or that end before their work is done
    |-- OpinionError             a second opinion that cannot be had
    |-- DataError                a file of the project's own data (Turtle, TOML, table, query) that is broken
    |-- StoreError               a store that cannot be opened, read or written
    |   |-- StoreMissing         nothing is there
    |   |-- StoreForeign         something is there, and it is not a store
    |   `-- StoreBusy            another process writes to it
    |-- QueryError               a query that is not SPARQL or that the store cannot answer
    |   `-- QuerySyntaxError     a query that is not SPARQL; knows line and column
    |-- ReasoningError           rules or ontology that cannot be closed
    |-- Unanswered               a query that was not answered to its end: the endpoint gives it no more
    |   |-- Busy                 all workers are busy, and enough wait already
    |   |-- OverBudget           this client has used its share of time
    |   |-- TimedOut             it took too long
    |   |-- TooMuchMemory        it needed too much memory
    |   |-- TooLong              its answer has too many rows or bytes
    |   `-- Broken               what answered it is gone
    |-- ServerError              the endpoint cannot start
    `-- FindingsError            findings, and ``--strict`` was given   exit code 3

Modules raise these and never ``SystemExit``; the command line turns them into one line on stderr and the exit
code that stands with the class.  This module imports the standard library only.
"""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """Every exit code of the command line."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    FINDINGS = 3
    INTERRUPTED = 130


class CommuniqueError(Exception):
    """What went wrong, where (``file:line``, IRI, address) and what to do about it.

    ``str(error)`` is the one line a person reads: ``where: what; todo``.
    """

    exit_code: ClassVar[ExitCode] = ExitCode.FAILED

    def __init__(self, what: str, *, where: object = None, todo: str | None = None) -> None:
        self.what = what
        self.where = None if where is None else str(where)
        self.todo = todo
        super().__init__(what)

    def __str__(self) -> str:
        line = f"{self.where}: {self.what}" if self.where else self.what
        line = f"{line}; {self.todo}" if self.todo else line
        return " ".join(line.split())


class UsageError(CommuniqueError):
    """The person asked for something that cannot be asked for in this way."""

    exit_code = ExitCode.USAGE


class SettingsError(UsageError):
    """A setting is unknown or its value cannot be used; ``where`` names the flag, variable or file it came from."""


class ParameterError(UsageError):
    """A parameter of a query or command is unknown, missing, or has a value of the wrong type."""


class InputError(CommuniqueError):
    """A document or an extraction that cannot be read; the rest of the batch goes on without it."""


class FetchError(CommuniqueError):
    """A page that cannot be fetched; the rest of the batch goes on.  ``lasting``: trying again soon is of no use."""

    def __init__(self, what: str, *, where: object = None, todo: str | None = None, lasting: bool = False) -> None:
        self.lasting = lasting
        super().__init__(what, where=where, todo=todo)


class EngineError(CommuniqueError):
    """Worker processes or a cluster that cannot be had, or that end before their work is done."""


class OpinionError(CommuniqueError):
    """A second opinion that cannot be had; what the rules read stands.  ``lasting``: asking about other documents is of no use either."""

    def __init__(self, what: str, *, where: object = None, todo: str | None = None, lasting: bool = False) -> None:
        self.lasting = lasting
        super().__init__(what, where=where, todo=todo)


class DataError(CommuniqueError):
    """A file of the project's own data is broken: Turtle, TOML, a table or a query of the catalogue."""


class StoreError(CommuniqueError):
    """A store that cannot be opened, read or written."""


class StoreMissing(StoreError):
    """There is no store at this place."""


class StoreForeign(StoreError):
    """There is something at this place, and it is not a store; it is left as it is."""


class StoreBusy(StoreError):
    """Another process has the store open for writing."""


class QueryError(CommuniqueError):
    """A query that is not SPARQL, or that the store could not answer."""


class QuerySyntaxError(QueryError):
    """A query that is not SPARQL: ``line`` and ``column`` count from 1, ``text`` is that line of the query."""

    def __init__(self, what: str, *, line: int, column: int, text: str) -> None:
        self.line = line
        self.column = column
        self.text = text
        super().__init__(what, where=f"query, line {line}, column {column}")


class ReasoningError(CommuniqueError):
    """An ontology or a rule that cannot be closed."""


class Unanswered(CommuniqueError):
    """A query that was right and was not answered: ``limit`` names the setting that says so, ``after`` when to ask again, in seconds."""

    limit: ClassVar[str | None] = None

    def __init__(self, what: str, *, todo: str | None = None, after: int = 5) -> None:
        self.after = after
        super().__init__(what, todo=todo)


class Busy(Unanswered):
    """All workers are busy, and as many queries wait as may."""

    limit = "queue"


class OverBudget(Unanswered):
    """The queries of this client have taken as much time as those of one client may."""

    limit = "budget"


class TimedOut(Unanswered):
    """The query, or sending its answer, took longer than it may."""

    limit = "timeout"


class TooMuchMemory(Unanswered):
    """The query needed more memory than it may take."""

    limit = "memory"


class TooLong(Unanswered):
    """The answer has more rows or bytes than it may have."""

    limit = "answer"


class Broken(Unanswered):
    """What answered the query is gone, and why is not known."""


class ServerError(CommuniqueError):
    """The endpoint cannot start or go on (address in use, template missing)."""


class FindingsError(CommuniqueError):
    """There are findings and ``--strict`` asks that they count as failure."""

    exit_code = ExitCode.FINDINGS
