"""``communique people``: the list in each form, decisions of a curator, and what is said about bad ones."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from communique.cli.main import run
from communique.errors import ExitCode

FIRST = """Secretary Whitcombe's Call with Norwegian Foreign Minister Dahl

Secretary of State Daniel J. Whitcombe spoke on March 4 with Norwegian Foreign Minister Kari Dahl. The Secretary and the Foreign Minister
discussed maritime security.
"""
SECOND = """Secretary Whitcombe's Call with Norwegian Foreign Minister Dahl

Secretary of State Dan Whitcombe spoke on April 8 with Norwegian Foreign Minister Dahl. They discussed climate change.
"""
CLASH = """Secretary Whitcombe's Call with Norwegian Foreign Minister Vik

Secretary of State Daniel J. Whitcombe spoke on March 20 with Norwegian Foreign Minister Ola Vik. They discussed maritime security.
"""


@pytest.fixture(autouse=True)
def _texts(few_vocabularies: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text, date in (("first", FIRST, "2024-03-04"), ("second", SECOND, "2024-04-08"), ("clash", CLASH, "2024-03-20")):
        (tmp_path / f"{name}.txt").write_text(text)
        (tmp_path / f"{name}.meta.json").write_text(json.dumps({"publisher": "U.S. Department of State", "date": date}))


def test_the_table_has_one_row_a_person(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["people", "first.txt", "second.txt"]) == ExitCode.DONE
    said = capsys.readouterr()
    lines = said.out.splitlines()
    assert lines[0].split() == ["person", "party", "also", "written", "seen", "in", "office", "texts"]
    assert [line.split("  ")[0] for line in lines[1:]] == ["Kari Dahl", "Daniel J. Whitcombe"]
    assert "Foreign Minister (2024-03-04 to 2024-04-08)" in lines[1]
    assert said.err == "4 mentions of 2 persons; 0 conflicts\n"
    assert run(["people", "first.txt", "second.txt", "--limit", "1", "-q"]) == ExitCode.DONE
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_an_office_of_no_known_day_is_told_as_that(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bare.txt").write_text(
        "Foreign Minister Kari Dahl of Norway met Foreign Minister Ola Vik of Sweden in Oslo. They discussed trade.\n"
    )
    assert run(["people", "bare.txt"]) == ExitCode.DONE
    assert "Foreign Minister (no day known)" in capsys.readouterr().out


def test_for_a_program(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["people", "first.txt", "second.txt", "--format", "json"]) == ExitCode.DONE
    dahl, whitcombe = json.loads(capsys.readouterr().out)
    assert (dahl["id"], dahl["names"][1]) == ("nor-dahl-kari", {"name": "Kari Dahl", "texts": 1})
    assert [(f["name"], f["rule"], f["reason"]) for f in dahl["identified"] if f["rule"]] == [
        ("Dahl", "family", "same party (NOR), same office of one holder, within 60 days")
    ]
    assert whitcombe["iri"] == "https://w3id.org/communique/id/person/usa-whitcombe-daniel"
    assert run(["people", "first.txt", "second.txt", "--format", "csv"]) == ExitCode.DONE
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(r["id"], r["office"], r["first"], r["last"], r["texts"]) for r in rows] == [
        ("nor-dahl-kari", "Foreign Minister", "2024-03-04", "2024-04-08", "2"),
        ("usa-whitcombe-daniel", "Secretary of State", "2024-03-04", "2024-04-08", "2"),
    ]


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_two_in_one_office_are_listed(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["people", "first.txt", "second.txt", "--conflicts", "--format", form, "-q"]) == ExitCode.DONE
    assert "Dahl" not in capsys.readouterr().out
    assert run(["people", "first.txt", "second.txt", "clash.txt", "--conflicts", "--format", form]) == ExitCode.DONE
    said = capsys.readouterr()
    assert all(words in said.out for words in ("Foreign Minister", "Kari Dahl", "Ola Vik", "2024-03-20"))
    assert said.err.endswith("; 1 conflict\n")


def test_a_curator_decides(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ingest", "first.txt", "second.txt", "--store", "here", "-q"]) == ExitCode.DONE
    (tmp_path / "decisions.txt").write_text('different USA:"Dan Whitcombe" USA:"Daniel J. Whitcombe"  # his brother\n')
    capsys.readouterr()
    assert run(["reason", "--store", "here"]) == ExitCode.DONE
    assert capsys.readouterr().out.startswith("4 mentions of 3 persons\n")
    (tmp_path / "other.txt").write_text(
        'name nor-dahl-kari "Kari Anne Dahl"  # her own page\nsame CHL:"Ana Rojas" PER:"Ana Rojas"  # elsewhere\n'
    )
    assert run(["people", "--store", "here", "--decisions", "other.txt", "--format", "csv"]) == ExitCode.DONE
    said = capsys.readouterr()
    assert "Kari Anne Dahl" in said.out
    assert said.err == "other.txt:2: nobody here is meant by this line\n4 mentions of 2 persons; 0 conflicts\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("sam a b # x", "bad.txt:1: 'sam' is no decision; begin the line with same, different or name"),
        (None, "bad.txt: cannot be read (No such file or directory); give a file of decisions, or none"),
    ],
)
@pytest.mark.parametrize("command", [["people", "first.txt"], ["reason", "--store", "here"]])
def test_a_bad_file_is_one_line(command: list[str], text: str | None, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    if text:
        Path("bad.txt").write_text(text)
    assert run([*command, "--decisions", "bad.txt"]) == ExitCode.FAILED
    said = capsys.readouterr()
    assert said.err == f"communique: {told}\n"
    assert not said.out
    assert not Path("here").exists()
