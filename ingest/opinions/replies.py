"""Recorded replies: a file of JSON lines, one a request, so that a run can be repeated without asking again."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from communique.errors import InputError, OpinionError


@dataclass(slots=True)
class Replies:
    """The replies of a file by the key of their request; a file that is not there yet is empty."""

    path: Path
    known: dict[str, str] = field(default_factory=dict)

    @classmethod
    def open(cls, path: Path) -> Replies:
        """Reads a file of replies; raises ``InputError`` if it is something else."""
        try:
            lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        except (OSError, UnicodeDecodeError) as fault:
            raise InputError("recorded replies cannot be read", where=path, todo="give a file of JSON lines, or a new name") from fault
        replies = cls(path)
        for number, line in enumerate(lines, 1):
            try:
                row = json.loads(line)
                replies.known[str(row["key"])] = str(row["content"])
            except (ValueError, RecursionError, KeyError, TypeError):
                raise InputError("this is no recorded reply", where=f"{path}:{number}", todo="take the line out") from None
        return replies

    def get(self, key: str) -> str | None:
        """The reply to a request, if it was recorded."""
        return self.known.get(key)

    def keep(self, key: str, document: str, content: str) -> None:
        """Records a reply, written at once and as a whole, so that several processes may share the file; raises ``OpinionError``."""
        row = {"key": key, "document": document, "content": content}
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("ab", buffering=0) as file:
                file.write(json.dumps(row, ensure_ascii=True).encode() + b"\n")
        except OSError as fault:
            raise OpinionError(f"its reply cannot be recorded ({fault.strerror})") from fault
        self.known[key] = content
