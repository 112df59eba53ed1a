"""Runs the commands that pages show and puts what they print under them, so that every output in the documentation is real.

    python docs/outputs.py

In a block marked ``console`` a line that starts with ``$ `` is a command; the lines up to the next one are what it prints.  The
blocks of one page are run in order, in one empty folder.  A test compares the outputs with what is committed.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = (ROOT / "README.md", ROOT / "docs" / "tutorial.md")
_BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)


def refreshed(page: str) -> str:
    """The text of a page with the outputs of today."""
    with tempfile.TemporaryDirectory() as folder:
        return _BLOCK.sub(lambda block: "".join(_commands(block.group(), Path(folder))), page)


def _commands(block: str, folder: Path) -> list[str]:
    return [f"$ {command}\n{_run(command, folder)}" for command in _split(block)]


def _split(block: str) -> list[str]:
    """The commands of a block; one goes on over lines that end with a backslash, and to the end of its here-document."""
    commands = []
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        lines = part.splitlines()
        end = 1
        here = re.search(r"<<'(\w+)'", lines[0])
        while here and lines[end - 1] != here[1]:
            end += 1
        while lines[end - 1].endswith("\\"):
            end += 1
        commands.append("\n".join(lines[:end]))
    return commands


def _run(command: str, folder: Path) -> str:
    python = shlex.quote(sys.executable)
    line = re.sub(r"\bpython3( run\.py)?\b", lambda called: f"{python} -m communique.cli" if called[1] else python, command)
    environ = {k: v for k, v in os.environ.items() if not k.startswith("COMMUNIQUE_")} | {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        ["bash", "-c", line], cwd=folder, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"$ {command}\n{done.stdout}exit code {done.returncode}")
    return done.stdout.replace("python3 -m communique.cli", "python3 run.py")


def main() -> None:
    """Refreshes every page."""
    for path in PAGES:
        page = path.read_text(encoding="utf-8")
        path.write_text(refreshed(page), encoding="utf-8")


if __name__ == "__main__":
    main()
