"""What pages count of a thing: asked of the register, which is made once for each version of the data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from flask import Flask, current_app, g

from communique.errors import CommuniqueError
from communique.queries import register
from communique.queries.register import Given, Register
from communique.server import version
from communique.server.pages.asking import Found
from communique.server.site import Site, site

__all__ = ["Given", "install", "ready", "rows", "uncounted"]


def install(app: Flask) -> None:
    """Make the register of an application; it is built when it is first asked, or ahead."""
    app.jinja_env.globals["uncounted"] = uncounted
    app.extensions["communique.register"] = version.Kept(_built)


def ready(here: Site) -> Register:
    """The register of the version that is served."""
    return cast("version.Kept[Register]", current_app.extensions["communique.register"]).get(here)


def rows(query: str, **given: Given) -> Sequence[Found]:
    """The answer of the register: one mapping a row, of what is there, in words."""
    found = ready(site()).rows(query, **given)
    g.counts = True
    return found


def uncounted() -> int:
    """How many readouts are missing from what the page that is made counts and lists: nobody has inferred anything from them."""
    try:
        return int(rows("SELECT n FROM uncounted")[0]["n"]) if g.get("counts") else 0
    except CommuniqueError:  # the page that says so needs a frame too
        return 0


def _built(here: Site) -> Register:
    name = here.engine.version()
    place = version.workshop().place("register", name, lambda draft: register.build(here.engine.select, here.iris, draft / "register"))
    return Register(place / "register")
