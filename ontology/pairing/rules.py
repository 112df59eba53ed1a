"""The rules of ``rules/same-encounter.toml``, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Rules:
    """The tables of the file under their names; the file says what each figure means."""

    least: float
    margin: float
    persons: Mapping[str, Any]
    less: Mapping[str, float]
    more: Mapping[str, float]
    forms: Mapping[str, str]
    near: Mapping[str, list[str]]
    clocks: Mapping[str, float]
    publisher: Mapping[str, Any]
    references: Mapping[str, list[str]]
    reference: Mapping[str, Any]


@cache
def rules() -> Rules:
    """What the file says."""
    return Rules(**tomllib.loads(files("communique.ontology").joinpath("rules/same-encounter.toml").read_text(encoding="utf-8")))
