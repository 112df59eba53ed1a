"""``communique fetch --texts``: the words of readouts of which the store has only facts."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from communique.cli.fetching import agent, bring, lines_of
from communique.cli.terminal import Run
from communique.errors import CommuniqueError, FetchError, FindingsError

if TYPE_CHECKING:
    from communique.ingest.fetch import Cache, Fetched, Listed
    from communique.ingest.withheld import Bare
    from communique.iris import Iris
    from communique.model import Document

_ROWS = {
    "same": "with their words now",
    "letters": "with their words now, letter for letter",
    "changed": "page has changed, facts kept",
    "unreadable": "text not taken, facts kept",
    "failed": "page could not be fetched, facts kept",
}
_TAKEN = ("same", "letters")


@dataclass(frozen=True, slots=True)
class _Told:
    """What became of a readout, in a word and a line."""

    readout: str
    url: str | None
    outcome: str
    reason: str = ""

    def __str__(self) -> str:
        at = f" ({self.url})" if self.url else ""
        return f"{self.readout}{at}: {self.reason}; the facts are kept, the text is not shown"


def bring_texts(run: Run, targets: tuple[str, ...], *, again: bool, dry_run: bool, form: str, strict: bool, later: bool) -> None:
    """Fetches the pages, proves the texts, reads them into the store, and tells what became of each readout."""
    from communique.cli.people import curated
    from communique.cli.thinking import brought_up_to_date
    from communique.ingest import pipeline
    from communique.ingest.fetch import Cache, Client, Manners
    from communique.ingest.fetch.cache import Journal
    from communique.iris import Iris
    from communique.ontology import reasoner
    from communique.store import open_store

    iris, decisions = Iris(run.settings.base), curated(run)
    wanted = _wanted(run, targets, iris)
    pages = [page for _, page in wanted if page]
    if dry_run:
        for page in pages:
            click.echo(page.url)
        return
    cache = Cache(Path(run.settings.cache))
    # The store is not held while pages are asked for, a second each; what came is in the cache, and the same command goes on from there.
    journal = Journal.open(cache, json.dumps(["texts", targets, again]))
    client = Client(Manners(agent=agent(), pause=run.settings.pause))
    fetched = {_key(item.page.url): item for item in bring(run, pages, cache, client, again, journal)}
    journal.close()
    found = [(bare, _recovered(bare, fetched.get(_key(page.url)) if page else None, cache, iris)) for bare, page in wanted]
    texts = [text for _, (_, text) in found if text]
    stored = set[str]()
    if texts:
        with open_store(run.settings.store) as store:
            report = pipeline.ingest_all(texts, store, iris, close=reasoner.closer(store, iris))
            stored.update(report.written)
            for refusal in report.refusals:
                run.warn(f"{refusal.origin}: {refusal.reason}")
            if report.written and not later:
                brought_up_to_date(run, store, iris, decisions)
    told = [_settled(one, iris.account(bare.readout) in stored) for bare, (one, _) in found]
    for one in told:
        if one.outcome not in (*_TAKEN, "failed"):  # of a fault of the network there was a line already
            run.warn(str(one))
    _tell(told, form)
    missed = sum(one.outcome not in _TAKEN for one in told)
    if missed and not stored:
        raise CommuniqueError("no text could be brought", todo="see the lines above")
    if missed and strict:
        raise FindingsError(f"{missed} texts could not be brought")


def _wanted(run: Run, targets: tuple[str, ...], iris: Iris) -> list[tuple[Bare, Listed | None]]:
    """The readouts that are meant, each with its page, if it has one.

    An address in the store came from somewhere else, so it may not lead into the own network; one that a person gives may.
    """
    from communique.ingest.fetch import Listed
    from communique.ingest.withheld import bare
    from communique.ontology import reasoner
    from communique.store import open_store

    with open_store(run.settings.store, read_only=True) as store:
        here = {one.readout: one for one in bare(store)}
        if not targets:
            return [(one, Listed(one.url, inner=False) if one.url else None) for one in here.values()]
        out: dict[str, tuple[Bare, Listed | None]] = {}
        for name in (name for target in targets for name in (lines_of(target) or [target])):
            readout = reasoner.meant(store, iris, name)
            if readout not in here:
                run.say(f"{readout}: its words are here already")
                continue
            url = here[readout].url
            out[readout] = (here[readout], Listed(url, inner=None if name == url else False) if url else None)
        return list(out.values())


def _key(url: str) -> str:
    """One form for an address; what is none stays as it is."""
    from communique.ingest.fetch.address import normal

    try:
        return normal(url)
    except FetchError:
        return url


def _recovered(bare: Bare, fetched: Fetched | None, cache: Cache, iris: Iris) -> tuple[_Told, Document | None]:
    """What became of one readout, and its text if it was found."""
    from communique.ingest.withheld import recover

    if fetched is None or fetched.path is None:
        reason = str(fetched.error) if fetched else "no address of its page is known"
        return _Told(bare.readout, bare.url, "failed" if fetched else "unreadable", reason), None
    versions = [kept.path for kept in reversed(cache.versions(_key(fetched.page.url)))]
    found = recover(bare, versions, iris)
    return _Told(bare.readout, bare.url, found.found.value, found.reason), found.document


def _settled(told: _Told, stored: bool) -> _Told:
    """What became of a readout whose text was found, when the store has been written."""
    if stored or told.outcome not in _TAKEN:
        return told
    return replace(told, outcome="unreadable", reason="the store has the same text under another name")


def _tell(told: list[_Told], form: str) -> None:
    """The report on stdout."""
    counts = Counter(one.outcome for one in told)
    if form == "json":
        rows = [{"readout": one.readout, "url": one.url, "outcome": one.outcome, "reason": one.reason or None} for one in told]
        figures = {"readouts": len(told), **{name: counts[name] for name in _ROWS}}
        click.echo(json.dumps({**figures, "texts": rows}, indent=2, ensure_ascii=False))
        return
    table = [("readouts with facts only", len(told)), *((label, counts[name]) for name, label in _ROWS.items() if counts[name])]
    width = max(len(label) for label, _ in table)
    for label, count in table:
        click.echo(f"{label:<{width}}  {count:,}")
