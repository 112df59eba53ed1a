"""The shape of the house: storeys, imports, names of modules, and nothing of one machine in the tree."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest


def imported(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]


def test_each_storey_imports_only_what_is_below_it(root: Path) -> None:
    program = Path(sys.executable).with_name("lint-imports")
    answer = subprocess.run([program, "--no-cache"], cwd=root, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.parametrize("name", ["communique/model.py", "communique/errors.py", "run.py"])
def test_the_ground_floor_stands_on_the_standard_library(root: Path, name: str) -> None:
    assert set(imported(root / name)) <= set(sys.stdlib_module_names)


def test_modules_are_named_after_what_they_do(root: Path, modules: tuple[Path, ...]) -> None:
    vague = re.compile(r"(utils?|helpers?|common|managers?|misc|stuff)(_|$)|_(utils?|helpers?|common|managers?)$")
    assert not [str(m.relative_to(root)) for m in modules if vague.search(m.stem)]


def test_each_module_says_what_it_is_for(root: Path, modules: tuple[Path, ...]) -> None:
    silent = [str(m.relative_to(root)) for m in modules if not ast.get_docstring(ast.parse(m.read_text(encoding="utf-8")))]
    assert not silent


def test_no_module_does_the_work_of_two(root: Path, modules: tuple[Path, ...]) -> None:
    long = {str(m.relative_to(root)): n for m in modules if (n := m.read_text(encoding="utf-8").count("\n")) > 480}
    assert not long


def test_modules_do_no_work_when_imported(modules: tuple[Path, ...]) -> None:
    """Opening files, starting processes and reading the environment wait until someone asks."""
    work = re.compile(r"\b(open|read_text|read_bytes|iterdir|environ|getenv|Popen|subprocess\.run)\b\W")
    eager = []
    for module in modules:
        statements = (n for n in ast.parse(module.read_text(encoding="utf-8")).body if isinstance(n, (ast.Assign, ast.AnnAssign, ast.Expr)))
        eager += [f"{module.name}:{n.lineno}" for n in statements if not isinstance(n.value, ast.Constant) and work.search(ast.unparse(n))]
    assert not eager


def test_nothing_of_one_machine_or_registry_is_in_the_tree(root: Path, tracked: tuple[Path, ...]) -> None:
    hosts = "|".join(["py" + r"pi\.org", "python" + "hosted", "registry" + r"\.npm", "deb" + r"\.debian", "conda" + r"\.anaconda"])
    trace = re.compile(rf"{hosts}|(?<![\w.\-/]|\}})/(?:tmp|work|root|home|opt|Users)/[\w.\-]+|[A-Z]:\\Users")
    found = []
    for path in tracked:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(root)}: {match.group()}" for match in trace.finditer(text)]
    assert not found


def test_the_lock_holds_hashes_for_all_that_is_declared(root: Path) -> None:
    lock = (root / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    entries = re.split(r"\n(?=\S)", lock.strip())
    assert all("--hash=sha256:" in entry for entry in entries)
    locked = {entry.partition("==")[0].lower() for entry in entries}
    declared = re.findall(r'^    "([A-Za-z0-9_-]+)>=', (root / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(declared) > 15
    assert {name.lower() for name in declared} <= locked


def test_patterns_mean_the_same_on_every_python(modules: tuple[Path, ...], root: Path) -> None:
    """Possessive quantifiers inside groups match wrongly before Python 3.11.5, so no pattern uses one."""
    possessive = re.compile(r"re\.compile\(.*?[\])\w](?:\+\+|\*\+|\?\+)")
    found = [
        str(m.relative_to(root)) for m in modules if any(possessive.search(line) for line in m.read_text(encoding="utf-8").splitlines())
    ]
    assert found == []
