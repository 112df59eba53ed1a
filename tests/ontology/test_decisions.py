"""A curator's decisions: how they are written, that they win over the rules, and what is said about a bad line."""

from __future__ import annotations

from pathlib import Path

import pytest

from communique.errors import InputError
from communique.ontology.authority import decisions
from communique.ontology.authority.persons import Authority, authority
from tests.ontology.mentioned import mention, who

JOE = mention("Joe Barnaby", "USA", "President")
JOSEPH = mention("Joseph R. Barnaby, Jr.", "USA", "President", "2023-06-01", family="Barnaby")
CALLED = mention("Barnaby", "USA", "President", "2023-06-03")
OTHER = mention("Beau Barnaby", "USA", "Ambassador")


def decided(*lines: str) -> Authority:
    return authority((JOE, JOSEPH, CALLED, OTHER), decisions.parse(lines, "who.txt"))


def test_without_decisions_the_rules_decide() -> None:
    found = decided()
    assert who(found, JOE) == who(found, JOSEPH) == who(found, CALLED) != who(found, OTHER)


@pytest.mark.parametrize(
    "line",
    [
        'different USA:"Joe Barnaby" USA:"joseph r. barnaby jr"  # his nephew',
        "different usa-barnaby-joe usa-barnaby-joseph-jr  # his nephew",
        f"different <{JOE.iri}> <{JOSEPH.iri}>  # his nephew",
        "different <https://w3id.org/communique/id/person/usa-barnaby-joe> usa-barnaby-joseph-jr # his nephew",
    ],
)
def test_different_wins_over_a_rule(line: str) -> None:
    found = decided("# who is who", "", line)
    assert who(found, JOE) != who(found, JOSEPH)
    assert not found.idle


def test_same_wins_over_a_rule_and_leaves_its_reason() -> None:
    found = decided('same USA:"Beau Barnaby" USA:"Joe Barnaby"  # a pen name, says his book')
    assert who(found, OTHER) == who(found, JOE)
    reasons = {(f.rule, f.score, f.reason) for p in found.persons for f in p.forms}
    assert ("decision", 1.0, "a pen name, says his book") in reasons


def test_a_mention_alone_can_be_taken_out_of_its_name() -> None:
    again = mention("Joe Barnaby", "USA", "President", "2023-05-09")
    lines = [f'different <{again.iri}> USA:"Joe Barnaby"  # the text means his uncle']
    found = authority((JOE, again), decisions.parse(lines, "who.txt"))
    assert who(found, JOE) != who(found, again)
    assert len({p.id for p in found.persons}) == 2


def test_a_second_person_of_one_name_is_meant_by_the_id_that_is_shown() -> None:
    called = [mention("Barnaby", "NOR", "Ambassador", day) for day in ("2001-01-01", "2023-01-01")]
    first, second = (p.id for p in authority(called).persons)
    found = authority(called, decisions.parse([f'name {second} "B"  # the later one'], "who.txt"))
    assert [p.label for p in found.persons] == ["Barnaby", "B"]
    assert second.startswith(f"{first}-")
    assert len(authority(called, decisions.parse([f"same {first} {second}  # one career"], "who.txt")).persons) == 1


def test_a_name_is_given() -> None:
    found = decided('name usa-barnaby-joe "Joseph Robinson Barnaby"  # as the archive has him')
    assert [p.label for p in found.persons if JOSEPH in p.mentions] == ["Joseph Robinson Barnaby"]


def test_a_decision_taken_back_leaves_nothing_behind() -> None:
    decided('same USA:"Beau Barnaby" USA:"Joe Barnaby"  # for now')
    assert decided() == authority((JOE, JOSEPH, CALLED, OTHER))


def test_who_is_not_here_is_told() -> None:
    found = decided('same USA:"Joe Barnaby" CHL:"Ana Rojas"  # in another store', 'name NOR:"Kari Dahl" "Kari"  # in another store')
    assert [d.where for d in found.idle] == ["who.txt:1", "who.txt:2"]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["join a b # x"], "who.txt:1: 'join' is no decision; begin the line with same, different or name"),
        (["", "same a # x"], "who.txt:2: same takes two values, here are 1; write: same A B # reason"),
        (["same a b c # x"], "who.txt:1: same takes two values, here are 3; write: same A B # reason"),
        (["same a b"], "who.txt:1: the reason is missing; write: same A B # reason"),
        (["same a b #  "], "who.txt:1: the reason is missing; write: same A B # reason"),
        (['same USA:"Joe b # x'], "who.txt:1: a quotation mark is not closed"),
        (['same a "Joe Barnaby" # x'], "who.txt:1: 'Joe Barnaby' names nobody"),
        (["same a USA: # x"], "who.txt:1: 'USA:' names nobody"),
        (['name a "" # x'], "who.txt:1: the name is empty"),
        (
            ["same usa-barnaby-joe usa-barnaby-joseph-jr # x", "different usa-barnaby-joe usa-barnaby-joseph-jr # y"],
            "who.txt:2: another line",
        ),
        (["different usa-barnaby-joe usa-barnaby-joe # x"], "who.txt:1: both mean the same mentions"),
        (['name usa-barnaby-joe "A" # x', 'name usa-barnaby-joseph-jr "B" # y'], "who.txt:2: who.txt:1 gives this person another name"),
    ],
)
def test_a_bad_line_is_told_with_its_place(lines: list[str], told: str) -> None:
    with pytest.raises(InputError) as refused:
        decided(*lines)
    assert str(refused.value).startswith(told)
    assert "\n" not in str(refused.value)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        decisions.read(tmp_path / "absent.txt")
    (tmp_path / "latin.txt").write_bytes(b"same a b # \xe9\n")
    with pytest.raises(InputError, match="is not UTF-8"):
        decisions.read(tmp_path / "latin.txt")
