"""How the answer of a saved question is shown: the view that its header names, others that its columns allow, a table in any case."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from communique.iris import VOCAB
from communique.queries.catalogue import Query
from communique.server.pages.network import drawn
from communique.server.tables import Cell, Table

_STATE: Final = f"{VOCAB}state/"
_SOURCE: Final = re.compile(r"/(act|commitment)/[^/]+$")
# What a view needs; the rest of its columns may be there or not.
NEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "bar": ("category", "number"),
    "line": ("number",),
    "timeline": ("date", "label"),
    "matrix": ("row", "column", "number"),
    "network": ("source", "target", "weight"),
    "map": ("state", "number"),
    "tree": ("node", "parent", "label"),
    "quotes": ("quote", "date"),
}


@dataclass(frozen=True, slots=True)
class Quote:
    """Words, their day, the readout that has them, what else the row tells, and the statements that it rests on, each with its column."""

    words: Cell
    day: Cell
    readout: Cell | None
    told: Sequence[tuple[str, Cell]]
    sources: Sequence[tuple[str, Cell]]


@dataclass(frozen=True, slots=True)
class Branch:
    """A node of a tree with what stands below it."""

    cell: Cell
    below: list[Branch] = field(default_factory=list)


def offered(query: Query, table: Table) -> dict[str, dict[str, int]]:
    """The views that a table allows, the one of the header first, with the place of each column that they need."""
    found: dict[str, dict[str, int]] = {}
    place = {column: number for number, column in enumerate(table.columns)}
    # A column of IRIs is shown under the name of its labels.
    own = {key: place[name] for key, column in query.view_columns.items() if (name := _shown(column, place)) in place}
    if query.view in NEEDS and set(NEEDS[query.view]) <= set(own) and table.rows:
        found[query.view] = own
        if query.view == "network":
            found["matrix"] = {"row": own["source"], "column": own["target"], "number": own["weight"]}
        if query.view == "matrix":
            found["network"] = {"source": own["row"], "target": own["column"], "weight": own["number"]}
        if query.view == "bar" and any((row[own["category"]].iri or "").startswith(_STATE) for row in table.rows):
            found["map"] = {"state": own["category"], "number": own["number"]}
    return found | {"table": {}}


def lacking(query: Query, table: Table) -> str:
    """What keeps the view of the header from being shown; empty if nothing does."""
    if query.view == "table" or not table.rows or query.view in offered(query, table):
        return ""
    return f"This answer has not the columns for the view “{query.view}”, so it is shown as a table."


def network(table: Table, at: Mapping[str, int]) -> Mapping[str, object]:
    """The rows as a network, as scripts draw it."""
    cells = {cell.text: cell for row in table.rows for cell in (row[at["source"]], row[at["target"]])}
    order = {text: number for number, text in enumerate(sorted(cells))}
    ties = [
        (row[at["source"]].text, row[at["target"]].text, weight)
        for row in table.rows
        if (weight := _number(row[at["weight"]])) > 0 and row[at["source"]].text != row[at["target"]].text
    ]
    where, group = drawn(tuple(order), tuple(ties))
    size = {text: sum(weight for a, b, weight in ties if text in (a, b)) for text in order}
    inside: dict[int, list[str]] = {}
    for text in sorted(order, key=lambda each: (-size[each], each)):
        inside.setdefault(group[text], []).append(text)
    return {
        "nodes": [
            {
                "name": text,
                "href": cells[text].href,
                "size": round(size[text], 2),
                "group": group[text],
                "x": where[text][0],
                "y": where[text][1],
            }
            for text in order
        ],
        "edges": [[order[a], order[b], weight, None, "", ""] for a, b, weight in ties],
        "groups": [", ".join(inside[number][:2]) for number in sorted(inside)],
    }


def tree(table: Table, at: Mapping[str, int]) -> list[Branch]:
    """The rows as branches; what has no parent in the table, or is its own, stands at the root."""
    branches: dict[str, Branch] = {}
    parents: dict[str, str] = {}
    for row in table.rows:
        node, parent, label = (row[at[key]] for key in ("node", "parent", "label"))
        branches.setdefault(_id(node), Branch(Cell(label.text or node.text, node.href, node.foreign, node.iri)))
        parents.setdefault(_id(node), _id(parent))
    roots = []
    for name, branch in branches.items():
        above, seen = parents[name], {name}
        while above in parents and above not in seen:
            seen.add(above)
            above = parents[above]
        circles = above in seen
        if parents[name] in branches and not circles:
            branches[parents[name]].below.append(branch)
        else:
            roots.append(branch)
    return roots


def quotes(table: Table, at: Mapping[str, int]) -> Sequence[Quote]:
    """The rows as words with what is told of them."""
    own = set(at.values())

    def made(row: Sequence[Cell]) -> Quote:
        rest = [
            (column, cell) for number, (column, cell) in enumerate(zip(table.columns, row, strict=True)) if number not in own and cell.text
        ]
        sources = [each for each in rest if _SOURCE.search(each[1].iri or "")]
        readout = row[at["readout"]] if "readout" in at and row[at["readout"]].text else None
        return Quote(row[at["quote"]], row[at["date"]], readout, [each for each in rest if each not in sources], sources)

    return [made(row) for row in table.rows]


def _shown(column: str, place: Mapping[str, int]) -> str:
    return column if column in place else f"{column}Label"


def _id(cell: Cell) -> str:
    return cell.iri or cell.text


def _number(cell: Cell) -> float:
    try:
        return float(cell.text)
    except ValueError:
        return 0.0
