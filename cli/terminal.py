"""Where words and data go: data to stdout or a file, words to stderr, colour only where a person looks at a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from communique.config import Settings, load
from communique.errors import CommuniqueError

if TYPE_CHECKING:
    from rich.console import Console


@dataclass
class Run:
    """One run of the command line: what was asked for, and the way to say something about it."""

    flags: dict[str, object] = field(default_factory=dict)
    config: Path | None = None
    verbosity: int = 0
    debug: bool = False

    @cached_property
    def settings(self) -> Settings:
        """The settings of this run, put together when first asked for."""
        return load(self.flags, os.environ, self.config)

    @cached_property
    def console(self) -> Console:
        """For words: stderr, coloured only on a terminal and without ``NO_COLOR``."""
        return console(sys.stderr.fileno())

    def say(self, words: str) -> None:
        """What happened; nothing with ``--quiet``."""
        if self.verbosity >= 0:
            print(words, file=sys.stderr)

    def warn(self, words: str) -> None:
        """What must not be missed, also with ``--quiet``."""
        print(words, file=sys.stderr)

    def whisper(self, words: str) -> None:
        """What only ``--verbose`` tells."""
        if self.verbosity > 0:
            print(words, file=sys.stderr)

    def wait(self, words: str) -> None:
        """What takes a while: for a person at a terminal, else as ``whisper``."""
        (self.say if self.shows_progress else self.whisper)(words)

    @property
    def shows_progress(self) -> bool:
        """Whether a progress bar has someone to look at it."""
        return self.verbosity >= 0 and sys.stderr.isatty()


def console(descriptor: int) -> Console:
    """A rich console on stdout (1) or stderr (2) that writes plain text unless a person looks at a terminal."""
    from rich.console import Console

    stream = sys.stdout if descriptor == 1 else sys.stderr
    plain = not stream.isatty() or "NO_COLOR" in os.environ
    return Console(file=stream, no_color=plain, highlight=False, markup=False, emoji=False, soft_wrap=not stream.isatty())


@contextmanager
def output(target: str) -> Iterator[BinaryIO]:
    """Bytes to ``target``: ``-`` is stdout; a file appears whole under its name or not at all.

    Raises ``CommuniqueError`` if the file cannot be written.
    """
    if target == "-":
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(target)
    try:
        if path.exists() and not path.is_file():  # a pipe or device cannot be replaced, only written
            with path.open("wb") as stream:
                yield stream
            return
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            with draft.open("xb") as stream:
                yield stream
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise CommuniqueError(
            f"cannot be written ({error.strerror})", where=target, todo="name a file in a folder you can write to"
        ) from error
