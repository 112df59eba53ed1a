"""The explorer: a page for each kind of thing, readable without a script; each page's queries stand beside it."""

from __future__ import annotations

from typing import Final

from flask import Blueprint

from communique.server.pages import encounter, home, questions, readout, readouts

BLUEPRINTS: Final[tuple[Blueprint, ...]] = tuple(module.blueprint for module in (home, readouts, readout, encounter, questions))
