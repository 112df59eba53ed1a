"""The data of the authority file: what names can become one another (``names.toml``), and what counts how much (``weights.toml``)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class NameTables:
    """``names.toml``, ready to use; ``names.toml`` says what each is for.

    ``nicknames`` and ``transcriptions`` give each form the numbers of its rows.
    """

    articles: frozenset[str]
    particles: frozenset[str]
    joined: frozenset[str]
    lineage: frozenset[str]
    generations: Mapping[str, str]
    order_varies: frozenset[str]
    whole_names: frozenset[str]
    address_first: frozenset[str]
    address_last: frozenset[str]
    two_surnames: frozenset[str]
    nicknames: Mapping[str, frozenset[int]]
    transcriptions: Mapping[str, str]
    letters: tuple[tuple[re.Pattern[str], str], ...]


@dataclass(frozen=True, slots=True)
class Weights:
    """``weights.toml``: ``enough`` and ``margin`` of a score, the costs of steps, what evidence adds, spans of days, and titles."""

    enough: float
    margin: float
    steps: Mapping[str, float]
    evidence: Mapping[str, float]
    days: Mapping[str, int]
    across_states: int
    ties: frozenset[str]
    ranks: frozenset[str]


@cache
def names() -> NameTables:
    """The tables of names."""
    data = _read("names.toml")
    rows: dict[str, set[int]] = {}
    for number, row in enumerate(data["nicknames"]):
        for form in row:
            rows.setdefault(form, set()).add(number)
    return NameTables(
        articles=frozenset(data["articles"]),
        particles=frozenset(data["particles"]),
        joined=frozenset(data["joined"]),
        lineage=frozenset(data["lineage"]),
        generations=data["generations"],
        order_varies=frozenset(data["order_varies"]),
        whole_names=frozenset(data["whole_names"]),
        address_first=frozenset(data["address_first"]),
        address_last=frozenset(data["address_last"]),
        two_surnames=frozenset(data["two_surnames"]),
        nicknames={form: frozenset(numbers) for form, numbers in rows.items()},
        transcriptions={form: row[0] for row in data["transcriptions"] for form in row},
        letters=tuple((re.compile(pattern), place) for pattern, place in data["letters"]),
    )


@cache
def weights() -> Weights:
    """The weights."""
    data = _read("weights.toml")
    titles = data["titles"]
    return Weights(
        enough=data["enough"],
        margin=data["margin"],
        steps=data["steps"],
        evidence=data["evidence"],
        days=data["days"],
        across_states=titles["across_states"],
        ties=frozenset(titles["ties"]),
        ranks=frozenset(titles["ranks"]),
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("communique.ontology.authority").joinpath(name).read_text(encoding="utf-8"))
