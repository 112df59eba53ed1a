"""Answers to the queries of pages of which there are only so many: remembered while the data is the same, by all processes of a server."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

Rows = Sequence[Mapping[str, str]]

_WORTH: Final = 0.02  # seconds that an answer must have taken to be written down for the other processes


class Answers:
    """What was answered from one version, in memory; what took long in a folder too, where the other processes find it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._memory: dict[tuple[str, str], list[dict[str, str]]] = {}

    def get(self, version: str, query: str) -> list[dict[str, str]] | None:
        """The rows, if they are known."""
        found = self._memory.get((version, query))
        if found is None:
            with suppress(OSError, ValueError):
                found = json.loads(self._file(version, query).read_text(encoding="utf-8"))
                self._put(version, query, found)
        return found

    def put(self, version: str, query: str, rows: list[dict[str, str]], seconds: float) -> None:
        """Remember rows that took so long; answers from other versions are forgotten."""
        self._put(version, query, rows)
        if seconds < _WORTH:
            return
        with suppress(OSError):  # what is not written is asked again
            place = self._file(version, query)
            if not place.parent.is_dir():
                place.parent.mkdir(parents=True, exist_ok=True)
                for old in self._folder.iterdir():
                    if old != place.parent:
                        shutil.rmtree(old, ignore_errors=True)
            descriptor, draft = tempfile.mkstemp(dir=place.parent)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(rows, file)
            os.replace(draft, place)  # noqa: PTH105 - a name, as mkstemp gives it

    def clear(self) -> None:
        """Forget everything."""
        self._memory.clear()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _put(self, version: str, query: str, rows: list[dict[str, str]]) -> None:
        if self._memory and next(iter(self._memory))[0] != version:
            self._memory.clear()
        self._memory[version, query] = rows

    def _file(self, version: str, query: str) -> Path:
        return self._folder / version / f"{hashlib.sha256(query.encode()).hexdigest()[:32]}.json"
