"""An extraction as a page for reading: the encounter, who took part, and every act with its words."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from rich.console import Console
from rich.table import Table

from communique.cli.terminal import console
from communique.model import Act, Encounter, Extraction, Participant
from communique.store import Rows

WIDTH = 140


def page(extraction: Extraction, console: Console) -> bytes:
    """The page as text, with colours if ``console`` shows them; as wide as its terminal, ``WIDTH`` columns elsewhere."""
    console.width = console.width if console.is_terminal else WIDTH
    document = extraction.document
    with console.capture() as capture:
        console.rule(document.id, align="left", characters="-")
        if extraction.set_aside:
            console.print(f"set aside: {extraction.set_aside}")
        for encounter in extraction.encounters:
            for line in _encounter(encounter):
                console.print(line)
        for reference in extraction.references:
            console.print(f"refers to: {reference.kind}, {reference.date or 'no date'}, {reference.relation}")
        if extraction.acts:
            console.print(_acts(extraction.acts, document.text))
        states = Counter(str(covered.state) for covered in extraction.coverage)
        if states:
            console.print("sentences: " + ", ".join(f"{n} {state}" for state, n in sorted(states.items())))
        for covered in extraction.coverage:
            if covered.state == "unread":
                console.print(f"unread: {_short(covered.span.of(document.text), 100)}")
    return _trimmed(capture.get())


def _encounter(encounter: Encounter) -> Iterator[str]:
    facts = [encounter.start or encounter.date or "no date"]
    if encounter.start_publisher and encounter.start_publisher != encounter.start:
        facts.append(f"{encounter.start_publisher} for the publisher")
    facts += [f"{'about ' if encounter.approximate else ''}{encounter.duration_min} min"] if encounter.duration_min else []
    facts += [words for words in (encounter.place, encounter.occasion) if words]
    yield f"{encounter.type}: " + "; ".join(facts)
    for participant in encounter.participants:
        yield "  " + _participant(participant)


def _participant(participant: Participant) -> str:
    offices = ", ".join(participant.offices)
    return f"{participant.name or participant.family or 'delegation'} ({participant.party or '?'})" + (f": {offices}" if offices else "")


def _acts(acts: tuple[Act, ...], text: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), expand=False)
    for title, ratio in (("act", 1), ("who", 3), ("to whom", 3), ("did", 3), ("about", 5), ("words", 9)):
        table.add_column(title, ratio=ratio, overflow="fold", vertical="top")
    for act in acts:
        stance = "" if act.stance == "none" else f" ({act.stance})"
        marks = "".join(f"; {word}" for word, on in (("joint", act.joint), ("commitment", act.commitment)) if on)
        marks += f"; answers {act.answers}" if act.answers else ""
        about = ", ".join(link.concept for link in act.issues) + (f" [{act.target}]" if act.target else "")
        words = _short((act.content or act.trigger).of(text), 160)
        cells = (act.id, ", ".join(act.actors), ", ".join(act.addressees), f"{act.type}{stance}{marks}", about, words)
        table.add_row(*cells)
    return table


def drawn(table: Table, console: Console) -> bytes:
    """A table as wide as the terminal of ``console``, ``WIDTH`` columns elsewhere."""
    console.width = console.width if console.is_terminal else WIDTH
    with console.capture() as capture:
        console.print(table)
    return _trimmed(capture.get())


def grid(columns: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """Columns without frames, for stdout; the last line has no line end."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    for name in columns:
        table.add_column(name, overflow="fold", vertical="top")
    for line in lines:
        table.add_row(*line)
    return drawn(table, console(1)).decode().rstrip("\n")


def commas(columns: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    """The same as CSV, with its line ends."""
    words = StringIO(newline="")
    writer = csv.writer(words)
    writer.writerow(columns)
    writer.writerows(lines)
    return words.getvalue()


def rows(found: Rows) -> Table:
    """The rows of any query; saved queries have a table of their own."""
    table = Table()
    for name in found.variables:
        table.add_column(name, overflow="fold")
    for row in found.rows:
        table.add_row(*("" if term is None else str(getattr(term, "value", term)) for term in row))
    return table


def _trimmed(drawn: str) -> bytes:
    return "".join(f"{line.rstrip()}\n" for line in drawn.splitlines()).encode()


def _short(words: str, limit: int) -> str:
    line = " ".join(words.split())
    return line if len(line) <= limit else line[: limit - 3].rsplit(" ", 1)[0] + " ..."
