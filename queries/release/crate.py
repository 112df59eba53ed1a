"""The description of a release: RO-Crate 1.1, a page to read, sums to check; and the files of a release, read again from it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

METADATA: Final = "ro-crate-metadata.json"
SUMS: Final = "SHA256SUMS"
README: Final = "README.md"
TITLE: Final = "Communique: who said what to whom, according to their own readouts"
ABOUT: Final = (
    "A knowledge graph read from the readouts of foreign ministries. A readout is one side's account: everything here is what a readout "
    "says, according to its publisher, not what happened."
)
APACHE: Final = "https://www.apache.org/licenses/LICENSE-2.0"
_FORMS: Final = {
    "nq": ("N-Quads", "application/n-quads"),
    "trig": ("TriG", "application/trig"),
    "ttl": ("Turtle", "text/turtle"),
    "jsonld": ("JSON-LD", "application/ld+json"),
    "csv": ("CSV", "text/csv"),
    "parquet": ("Parquet", "application/vnd.apache.parquet"),
    "graphml": ("GraphML", "application/graphml+xml"),
    "gexf": ("GEXF", "application/gexf+xml"),
    "md": ("Markdown", "text/markdown"),
}
_HOW: Final = f"""\
`codebook.md` tells what every column means, where it comes from, and why an act has its codes. `{SUMS}` has the hash of every file
(`sha256sum -c {SUMS}`), `{METADATA}` says the same as this page to programs (RO-Crate 1.1). The same data gives the same bytes.

What the readouts say (`asserted`), where it stands and which rule read it (`evidence`), what follows from it (`inferred`), who is who
(`reference`) and the ontology with its vocabularies (`vocabulary`) are apart: each statement is in one of them, in a named graph that
tells who says it. `whole.ttl.gz` has all of it in one graph."""
_SPECIFICATION: Final = "https://w3id.org/ro/crate/1.1"
_SOFTWARE: Final = "#communique"
_TERMS: Final = "#terms"


@dataclass(frozen=True, slots=True)
class File:
    """A file: its name, what is in it, how many of what, its media type, its size and its SHA-256."""

    name: str
    about: str
    items: int
    unit: str
    media: str
    size: int
    sha256: str

    @property
    def form(self) -> str:
        """What it is written in, as people say it."""
        return _FORMS[self.name.removesuffix(".gz").rsplit(".", 1)[-1]][0]

    @property
    def content(self) -> str:
        """The media type of what is in it, when it is unpacked."""
        return _FORMS[self.name.removesuffix(".gz").rsplit(".", 1)[-1]][1]

    @property
    def licence(self) -> str:
        """Terms of its own; empty if it has those of the whole."""
        return APACHE if self.name.startswith(("vocabulary.", "codebook.")) else ""


@dataclass(frozen=True, slots=True)
class Told:
    """What a release tells of itself.

    ``version`` is a hash of its statements; ``published`` a day; ``licence`` an address, or nothing if nobody said; ``first`` and ``last``
    the days of its encounters; ``sources`` the documents of each publisher; ``terms`` the documents under each terms.
    """

    version: str
    published: str
    licence: str
    software: str
    first: str
    last: str
    sources: Mapping[str, int]
    terms: Mapping[str, int]


def write(folder: Path, told: Told, files: Sequence[File]) -> None:
    """Write the page, the description and the sums of a release whose files are in ``folder``."""
    (folder / README).write_text(_page(told, files), encoding="utf-8", newline="\n")
    text = json.dumps(_crate(told, files, (folder / README).stat().st_size), indent=1, ensure_ascii=False)
    (folder / METADATA).write_text(text + "\n", encoding="utf-8", newline="\n")


def read(folder: Path) -> tuple[File, ...]:
    """The files of the release in ``folder``, in their order."""
    graph = {entity["@id"]: entity for entity in json.loads((folder / METADATA).read_text(encoding="utf-8"))["@graph"]}
    found = []
    for part in graph["./"]["hasPart"]:
        entity = graph[part["@id"]]
        if "sha256" in entity:
            items, unit = entity["size"].split(" ", 1)
            media, size = entity["encodingFormat"], int(entity["contentSize"])
            found.append(File(entity["@id"], entity["description"], int(items), unit, media, size, entity["sha256"]))
    return tuple(found)


def _crate(told: Told, files: Iterable[File], page: int) -> dict[str, Any]:
    """RO-Crate 1.1 (https://www.researchobject.org/ro-crate/specification/1.1/)."""
    licence = {"@id": told.licence or _TERMS}
    named = [{"@id": file.name} for file in files]
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": TITLE,
        "description": ABOUT,
        "datePublished": told.published,
        "version": told.version,
        "license": licence,
        "creator": {"@id": _SOFTWARE},
        "keywords": ["international relations", "diplomacy", "event data", "knowledge graph"],
        "temporalCoverage": f"{told.first}/{told.last}" if told.first else "",
        "conditionsOfAccess": _terms(told),
        "hasPart": [*named, {"@id": README}],
    }
    software = {
        "@id": _SOFTWARE,
        "@type": "SoftwareApplication",
        "name": "communique",
        "softwareVersion": told.software,
        "license": {"@id": APACHE},
    }
    entities: list[dict[str, Any]] = [
        {
            "@id": METADATA,
            "@type": "CreativeWork",
            "conformsTo": {"@id": _SPECIFICATION},
            "about": {"@id": "./"},
        },
        {name: value for name, value in root.items() if value},
        *(_file(file) for file in files),
        {"@id": README, "@type": "File", "name": "What this is", "encodingFormat": "text/markdown", "contentSize": str(page)},
        software,
        {"@id": APACHE, "@type": "CreativeWork", "name": "Apache License 2.0"},
    ]
    if not told.licence:
        entities.append({"@id": _TERMS, "@type": "CreativeWork", "name": "Terms of this release", "description": _terms(told)})
    elif told.licence != APACHE:
        entities.append({"@id": told.licence, "@type": "CreativeWork", "name": told.licence})
    return {"@context": f"{_SPECIFICATION}/context", "@graph": entities}


def _file(file: File) -> dict[str, Any]:
    entity: dict[str, Any] = {
        "@id": file.name,
        "@type": "File",
        "name": file.name,
        "description": file.about,
        "encodingFormat": file.media,
        "contentSize": str(file.size),
        "sha256": file.sha256,
        "size": f"{file.items} {file.unit}",
    }
    return entity | ({"license": {"@id": file.licence}} if file.licence else {})


def _terms(told: Told) -> str:
    """Under which terms all of it is, in a sentence or two."""
    whole = f"The data is offered under {told.licence}." if told.licence else "Who made this release has not said under which terms it is."
    words = "; ".join(f"{terms} ({_documents(number)})" for terms, number in told.terms.items())
    return (
        f"{whole} The ontology, vocabularies and codebook are under the Apache License 2.0. The words of the readouts keep the terms "
        f"of their publishers{f': {words}' if words else ''}."
    )


def _documents(number: int) -> str:
    return f"{number:,} document{'' if number == 1 else 's'}"


def _page(told: Told, files: Iterable[File]) -> str:
    period = f", of encounters from {told.first} to {told.last}" if told.first else ""
    lines = [
        f"# {TITLE}",
        "",
        f"{ABOUT} Version `{told.version}`, made with communique {told.software} from documents published up to {told.published}{period}.",
        "",
        "## Files",
        "",
        "| file | what is in it | | bytes |",
        "|---|---|---:|---:|",
        *(f"| [{f.name}]({f.name}) | {f.about} | {f.items:,} {f.unit} | {f.size:,} |" for f in files),
        "",
        _HOW,
        "",
        "## Sources",
        "",
        *([f"- {name}: {_documents(number)}" for name, number in told.sources.items()] or ["There are none."]),
        "",
        "Only these are covered. A government without a readout here was not silent; it is not in this collection.",
        "",
        "## Terms",
        "",
        _terms(told),
        "",
        "## Cite",
        "",
        f"The communique contributors. *{TITLE}*. Version {told.version}, {told.published}. Made with communique {told.software}.",
        "",
    ]
    return "\n".join(lines)
