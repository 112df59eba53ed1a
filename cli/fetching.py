"""``communique fetch``: from addresses, feeds and publishers' archives to a folder of pages."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from communique.cli import options
from communique.cli.terminal import Run
from communique.errors import CommuniqueError, FetchError, FindingsError, InputError, UsageError

if TYPE_CHECKING:
    from communique.ingest.fetch import Archive, Cache, Client, Fetched, Listed

_ROWS = {
    "new": "new",
    "changed": "changed, a new version",
    "unchanged": "unchanged",
    "kept": "in the cache already",
    "failed": "failed",
}


class _Day(click.ParamType[date]):
    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no day; write it as YYYY-MM-DD", param, ctx)


@click.command()
@click.argument("targets", nargs=-1, metavar="[TARGET...]")
@click.option("--feed", "feeds", multiple=True, metavar="URL", help="RSS or Atom feed whose entries are fetched; may be repeated.")
@click.option("--texts", is_flag=True, help="Bring the words of readouts of which the store has only facts; TARGET then names readouts.")
@click.option("--since", type=_Day(), metavar="DATE", help="First day of publication (YYYY-MM-DD). Needed for a SOURCE.")
@click.option("--until", type=_Day(), metavar="DATE", help="Last day of publication. Default: today.")
@options.cache
@options.pause
@options.store
@options.base
@options.decisions
@options.later
@click.option("--again", is_flag=True, help="Ask whether pages that are in the cache have changed. Default: pass them over.")
@click.option("--dry-run", is_flag=True, help="Print the addresses that would be fetched. Only feeds and archives are asked.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="Form of the report. Default: table.")
@click.option("--strict", is_flag=True, help="End with exit code 3 if a page could not be fetched. Default: say so and go on.")
@options.everywhere
@click.pass_obj
def fetch(
    run: Run,
    targets: tuple[str, ...],
    feeds: tuple[str, ...],
    texts: bool,
    since: date | None,
    until: date | None,
    later: bool,
    again: bool,
    dry_run: bool,
    form: str,
    strict: bool,
) -> None:
    """Fetch official pages into a cache that `communique ingest` reads.

    TARGET is an address, a file with one address a line (- for stdin), or a SOURCE: a publisher whose archive is known,
    read from --since to --until. robots.txt is obeyed, one page a second is asked of a host, and faults that may pass
    are tried again. The bytes are kept as they came. A run that was interrupted is taken up by giving the same command
    again. With --again a page that has changed is kept beside its older version.

    With --texts, TARGET is the IRI of a readout, its end (SOURCE/DATE/NAME), the address of its page, or a file of these;
    without any, all readouts are meant of which the store has only facts. A text is taken into the store if its hash, or that
    of its letters, proves that it is the one that was read; of a page that has changed this is said, and the facts stay.
    """
    from communique.ingest.fetch import Cache, Client, Manners
    from communique.ingest.fetch.cache import Journal

    if texts:
        from communique.cli.texts import bring_texts

        if feeds or since or until:
            raise UsageError("--texts asks for pages of readouts, not for feeds or days", todo="leave out --feed, --since and --until")
        bring_texts(run, targets, again=again, dry_run=dry_run, form=form, strict=strict, later=later)
        return
    if not targets and not feeds:
        raise UsageError("nothing to fetch", todo="give an address, a file of addresses, --feed URL, or a source with --since")
    if since and until and since > until:
        raise UsageError(f"--since {since} is later than --until {until}", todo="exchange them")
    places = [_place(target, since) for target in targets]
    cache, client = Cache(Path(run.settings.cache)), Client(Manners(agent=agent(), pause=run.settings.pause))
    order = json.dumps([targets, feeds, str(since), str(until), again])
    journal = None if dry_run else Journal.open(cache, order)
    last = until or (datetime.now(UTC).date() if since else None)
    failed: list[FetchError] = []

    def pages() -> Iterator[Listed]:
        from communique.ingest.fetch import listed

        for place in (*places, *feeds):
            if isinstance(place, list):
                yield from place
                continue
            try:
                yield from listed(place, since, last, cache, client, journal)
            except FetchError as error:
                failed.append(error)
                run.warn(str(error))

    if dry_run:
        wanted = list(_wanted(pages(), cache, again, failed))
        for page in wanted:
            click.echo(f"{page.url}\t{page.day or ''}".rstrip())
        end(failed, bool(wanted), strict)
        return
    done = list(bring(run, pages(), cache, client, again, journal))
    if journal is not None:
        journal.close()
    _tell(done, failed, form)
    end([*failed, *(item.error for item in done if item.error)], any(item.path for item in done), strict)


def bring(run: Run, pages: Iterable[Listed], cache: Cache, client: Client, again: bool, journal: Any) -> Iterator[Fetched]:
    """Fetches pages and says what became of each."""
    from communique.ingest import fetch as fetching

    with _progress(run) as seen:
        for item in fetching.fetch(pages, cache, client, again=again, journal=journal):
            if item.error:
                run.warn(str(item.error))
            else:
                run.whisper(f"{item.page.url}: {item.outcome} ({item.path})")
            seen(item)
            yield item


def _place(target: str, since: date | None) -> list[Listed] | Archive:
    """What a target stands for: addresses, or the archive of a source."""
    from communique.ingest.fetch import Listed, archive, with_archive

    if "://" in target:
        return [Listed(target)]
    if (named := lines_of(target)) is not None:
        return [Listed(line) for line in named]
    found = archive(target)
    if found is None:
        known = ", ".join(with_archive())
        raise UsageError("is neither an address, a file nor a source whose archive is known", where=target, todo=f"the sources are {known}")
    if since is None:
        raise UsageError("needs the first day to fetch", where=target, todo="give --since YYYY-MM-DD")
    return found


def lines_of(target: str) -> list[str] | None:
    """The lines of a file (``-``: of stdin) that are no remarks; ``None`` if there is no such file."""
    if target != "-" and not Path(target).is_file():
        return None
    try:
        lines = (sys.stdin.buffer.read() if target == "-" else Path(target).read_bytes()).decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise InputError("is not a list of addresses (not UTF-8)", where=target, todo="give a text with one address a line") from None
    return [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]


def _wanted(pages: Iterator[Listed], cache: Cache, again: bool, failed: list[FetchError]) -> Iterator[Listed]:
    """The pages that a run would ask for."""
    from communique.ingest.fetch.address import normal

    seen: set[str] = set()
    for page in pages:
        try:
            url = normal(page.url)
        except FetchError as error:
            failed.append(error)
            print(error, file=sys.stderr)
            continue
        if url not in seen and (again or cache.newest(url) is None):
            yield page
        seen.add(url)


def agent() -> str:
    """The name under which pages are asked for."""
    from importlib.metadata import version

    return f"communique/{version('communique')} (+https://w3id.org/communique/)"


def _tell(done: list[Fetched], failed: list[FetchError], form: str) -> None:
    """The report of a run on stdout."""
    counts = Counter(item.outcome.value for item in done)
    if form == "json":
        rows = [
            {"url": i.page.url, "outcome": i.outcome, "path": str(i.path) if i.path else None, "error": str(i.error) if i.error else None}
            for i in done
        ]
        figures = {"pages": len(done), **{name: counts[name] for name in _ROWS}}
        click.echo(json.dumps({**figures, "listings_failed": [str(e) for e in failed], "fetched": rows}, indent=2, ensure_ascii=False))
        return
    table = [("pages", len(done)), *((label, counts[name]) for name, label in _ROWS.items() if counts[name])]
    table += [("listings that failed", len(failed))] if failed else []
    width = max(len(label) for label, _ in table)
    for label, count in table:
        click.echo(f"{label:<{width}}  {count:,}")


def end(errors: list[FetchError], some: bool, strict: bool) -> None:
    """The exit code of a run, by the errors it had and whether it has ``some`` pages."""
    if errors and not some:
        raise CommuniqueError("nothing could be fetched", todo="see the lines above")
    if errors and strict:
        raise FindingsError(f"{len(errors)} pages or listings could not be fetched")


@contextmanager
def _progress(run: Run) -> Iterator[Callable[[Fetched], None]]:
    """A line that counts pages while someone looks at the terminal."""
    if not run.shows_progress:
        yield lambda _: None
        return
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.completed:,.0f} pages"), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=run.console, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda item: bar.update(task, advance=1, description=item.page.url[-60:])


COMMANDS = (fetch,)
