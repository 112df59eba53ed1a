"""Runs the notebook and the R script against a live server on the samples and keeps what they print, so that every output is real.

    python docs/notebook.py

The notebook needs pandas and networkx, the script Rscript; without Rscript its output stays as it is.  A test compares the outputs
with what is committed.  Jupyter runs the notebook as well: start ``communique demo`` and open it.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent / "notebooks"
NOTEBOOK, SCRIPT, PRINTED = FOLDER / "events.ipynb", FOLDER / "events.R", FOLDER / "events.Rout"
SERVER = "READOUTS_SERVER"
"""The environment variable that tells the notebook and the script where the server is."""


@contextlib.contextmanager
def serving() -> Iterator[str]:
    """The address of a server on the samples as ``communique demo`` starts it, without the real readouts that come while it serves."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("COMMUNIQUE_")}
    with tempfile.TemporaryDirectory() as place:
        command = [sys.executable, "-m", "communique.cli", "demo", "--no-facts", "--store", f"{place}/demo", "--port", "0"]
        with subprocess.Popen(command, cwd=place, env=environ, stderr=subprocess.PIPE, text=True) as process:
            try:
                assert process.stderr
                for line in process.stderr:
                    if line.startswith("serving "):
                        yield line.split(" at ", 1)[1].split(" ", 1)[0].rstrip("/")
                        break
                else:
                    raise SystemExit("the server did not start")
            finally:
                process.terminate()
                process.communicate(timeout=60)


def refreshed(notebook: str, address: str) -> str:
    """The text of a notebook with the outputs of today; cells run one after the other in one namespace.  Raises what a cell raises."""
    document = json.loads(notebook)
    names: dict[str, Any] = {"__name__": "__main__"}
    before = os.environ.get(SERVER)
    os.environ[SERVER] = address
    try:
        for number, cell in enumerate((c for c in document["cells"] if c["cell_type"] == "code"), 1):
            cell["execution_count"] = number
            cell["outputs"] = list(_run("".join(cell["source"]), number, names))
    finally:
        os.environ.pop(SERVER)
        if before is not None:
            os.environ[SERVER] = before
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _run(source: str, number: int, names: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What a cell prints, and the value of its last line, in the form of a notebook (nbformat 4)."""
    tree = ast.parse(source)
    end = tree.body[-1]
    last = ast.Expression(end.value) if isinstance(end, ast.Expr) else None
    if last:
        tree.body.pop()
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, f"<cell {number}>", "exec"), names)  # noqa: S102  # our own notebook
        value = eval(compile(last, f"<cell {number}>", "eval"), names) if last else None  # noqa: S307
    if printed.getvalue():
        yield {"name": "stdout", "output_type": "stream", "text": printed.getvalue().splitlines(keepends=True)}
    if value is not None:
        data = {"text/plain": repr(value).splitlines(keepends=True)}
        if hasattr(value, "_repr_html_"):
            data = {"text/html": value._repr_html_().splitlines(keepends=True), **data}
        yield {"data": data, "execution_count": number, "metadata": {}, "output_type": "execute_result"}


def printed(script: Path, address: str) -> str:
    """What an R script prints.  Raises ``SystemExit`` with its words if it fails."""
    environ = {**os.environ, SERVER: address, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(["Rscript", "--vanilla", str(script)], env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{script.name}: {done.stderr}")
    return done.stdout


def main() -> None:
    """Refreshes both."""
    with serving() as address:
        NOTEBOOK.write_text(refreshed(NOTEBOOK.read_text(encoding="utf-8"), address), encoding="utf-8")
        if shutil.which("Rscript"):
            PRINTED.write_text(printed(SCRIPT, address), encoding="utf-8")


if __name__ == "__main__":
    main()
