"""What pages are made of, of which there is only so much (answers to queries, drawings): remembered while the data is the same, by all
processes of a server."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

_WORTH: Final = 0.002  # seconds that something must have taken to be written down for the other processes; to read it takes a tenth of that


class Answers:
    """What was made from one version, by what it was made of (a query), as JSON can tell it: in memory, and what took long in a folder too,
    where the other processes find it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._memory: dict[tuple[str, str], Any] = {}

    def get(self, version: str, query: str) -> Any:
        """What was made, if it is known; else ``None``."""
        found = self._memory.get((version, query))
        if found is None:
            with suppress(OSError, ValueError):
                found = json.loads(self._file(version, query).read_text(encoding="utf-8"))
                self._put(version, query, found)
        return found

    def put(self, version: str, query: str, made: object, seconds: float) -> None:
        """Remember what took so long; what was made from other versions is forgotten."""
        self._put(version, query, made)
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
                json.dump(made, file)
            os.replace(draft, place)  # noqa: PTH105 - a name, as mkstemp gives it

    def clear(self) -> None:
        """Forget everything."""
        self._memory.clear()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _put(self, version: str, query: str, made: object) -> None:
        if self._memory and next(iter(self._memory))[0] != version:
            self._memory.clear()
        self._memory[version, query] = made

    def _file(self, version: str, query: str) -> Path:
        return self._folder / version / f"{hashlib.sha256(query.encode()).hexdigest()[:32]}.json"
