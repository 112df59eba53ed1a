"""What goes over the sockets between web process, zygote and worker: a letter, a length, and so many bytes."""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Mapping
from typing import Final, Protocol

from communique import errors
from communique.errors import CommuniqueError, QueryError, QuerySyntaxError, StoreError, Unanswered

PIECE: Final = 1 << 16
"""The most bytes of an answer in one frame."""

# Web process to zygote, which answers each with the same letter: a door is opened for as long as the connection lasts, the socket of a
# worker is shown, it is told why a worker has ended, and how all is.
DOOR: Final = b"O"
SHOW: Final = b"W"
WHY: Final = b"Y"
STATUS: Final = b"S"
# Told through a door, and not answered: a worker is to be ended, a query was refused.
LEFT: Final = b"L"
REFUSED: Final = b"N"
# Web process to worker, and back.
QUERY: Final = b"Q"
DATA: Final = b"D"
END: Final = b"E"
FAILED: Final = b"X"

_HEAD: Final = struct.Struct(">cI")
HEAD: Final = _HEAD.size
_LITTLE: Final = 1 << 12
_JSON: Final = json.JSONEncoder(ensure_ascii=False)
_UNANSWERED: Final = {
    kind.__name__: kind for kind in (errors.Busy, errors.OverBudget, errors.TimedOut, errors.TooMuchMemory, errors.TooLong, errors.Broken)
}


def head(kind: bytes, size: int) -> bytes:
    """What a frame begins with whose body has this size."""
    return _HEAD.pack(kind, size)


def packed(kind: bytes, body: bytes = b"") -> bytes:
    """A frame."""
    return head(kind, len(body)) + body


def told(kind: bytes, what: Mapping[str, object]) -> bytes:
    """A frame that holds JSON."""
    return packed(kind, _JSON.encode(what).encode("utf-8", "surrogatepass"))


def read(body: bytes) -> dict[str, object]:
    """What a frame of JSON says."""
    found: dict[str, object] = json.loads(body.decode("utf-8", "surrogatepass"))
    return found


def silent(lifeline: socket.socket) -> bool:
    """Whether a readable lifeline is cut: nothing comes any more, or what was said to the other end was never read."""
    try:
        return not lifeline.recv(4096)
    except ConnectionError:
        return True


class Source(Protocol):
    """What bytes come out of, as out of a blocking socket."""

    def recv(self, size: int, flags: int = ..., /) -> bytes:
        """Some bytes; none at the end."""


class Frames:
    """Frames as they come out of a blocking socket.

    What is read is never more than 4 KB beyond the frame that is waited for, and never kept in a buffer that grows: pieces of many sizes
    that come and go would leave holes in the memory of the process that nothing fits into.
    """

    __slots__ = ("_connection", "_rest")

    def __init__(self, connection: Source, rest: bytes = b"") -> None:
        self._connection = connection
        self._rest = rest  # came already, and was not asked for yet

    def next(self) -> tuple[bytes, bytes] | None:
        """The next frame; ``None`` at the end of the stream, also in the middle of a frame.  Raises ``TimeoutError``."""
        try:
            while len(self._rest) < HEAD:
                if not (data := self._connection.recv(_LITTLE)):
                    return None
                self._rest += data
            kind, length = _HEAD.unpack_from(self._rest)
            if (missing := HEAD + length - len(self._rest)) <= 0:
                return self.complete()
            parts, self._rest = [self._rest[HEAD:]], b""
            while missing:
                # All of it at once, so that it is waited for once.
                if not (data := self._connection.recv(missing, socket.MSG_WAITALL)):
                    return None
                parts.append(data)
                missing -= len(data)
        except ConnectionError:
            return None
        return kind, b"".join(parts)

    def waiting(self) -> bool:
        """Whether a whole frame is there, so that the next one comes at once."""
        return len(self._rest) >= HEAD and len(self._rest) >= HEAD + int(_HEAD.unpack_from(self._rest)[1])

    def complete(self) -> tuple[bytes, bytes] | None:
        """A frame that has come already."""
        if not self.waiting():
            return None
        kind, length = _HEAD.unpack_from(self._rest)
        body, self._rest = self._rest[HEAD : HEAD + length], self._rest[HEAD + length :]
        return kind, body


def of_error(error: CommuniqueError) -> dict[str, object]:
    """An error as JSON."""
    told: dict[str, object] = {"kind": type(error).__name__, "what": error.what, "where": error.where, "todo": error.todo}
    if isinstance(error, QuerySyntaxError):
        told |= {"line": error.line, "column": error.column, "text": error.text}
    if isinstance(error, Unanswered):
        told |= {"after": error.after}
    return told


def to_error(told: Mapping[str, object]) -> CommuniqueError:
    """The error that ``of_error`` told of."""
    what = str(told["what"])
    todo = None if told["todo"] is None else str(told["todo"])
    kind = told["kind"]
    if kind == "QuerySyntaxError":
        return QuerySyntaxError(what, line=int(str(told["line"])), column=int(str(told["column"])), text=str(told["text"]))
    if kind in _UNANSWERED:
        return _UNANSWERED[str(kind)](what, todo=todo, after=int(str(told["after"])))
    if str(kind).startswith("Store"):
        return StoreError(what, where=told["where"], todo=todo)
    return QueryError(what, where=told["where"], todo=todo)
