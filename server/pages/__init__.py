"""The explorer: a page for each kind of thing, readable without a script; each page's queries stand beside it."""

from __future__ import annotations

from typing import Final

from flask import Blueprint

from communique.server import version
from communique.server.pages import (
    dyads,
    encounter,
    home,
    issues,
    ministers,
    network,
    ontology,
    parties,
    proofs,
    quality,
    questions,
    readout,
    readouts,
    reference,
    registers,
    stance,
    statements,
    timeline,
)

BLUEPRINTS: Final[tuple[Blueprint, ...]] = tuple(
    module.blueprint
    for module in (
        home,
        readouts,
        readout,
        encounter,
        statements,
        proofs,
        ministers,
        parties,
        dyads,
        issues,
        network,
        timeline,
        stance,
        registers,
        questions,
        quality,
        ontology,
        reference,
    )
)

for _blueprint in BLUEPRINTS:
    version.keyed(_blueprint)
