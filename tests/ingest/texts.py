"""Short composed readouts for tests, with invented people."""

from __future__ import annotations

import hashlib

from communique.ingest.extract import extract
from communique.model import Act, Document, Extraction


def document(text: str, **fields: str | None) -> Document:
    """A document of a text, as the State Department would have published it on 4 March 2024."""
    known: dict[str, str | None] = {
        "source": "state",
        "publisher": "U.S. Department of State",
        "title": "Secretary Whitcombe's Meeting with French Foreign Minister Orsini",
        "date": "2024-03-04",
        "published": "2024-03-04T18:00:00+00:00",
    }
    given = {k: v for k, v in {**known, **fields}.items() if v is not None}
    return Document(id="test", text=text, sha256=hashlib.sha256(text.encode()).hexdigest(), origin="test", **given)  # type: ignore[arg-type]


def readout(*sentences: str) -> Extraction:
    """The extraction of a meeting of Whitcombe (USA) and Orsini (FRA) with these sentences after the lead."""
    lead = "Secretary of State Daniel Whitcombe met today with French Foreign Minister Clara Orsini in Vienna."
    return extract(document("Office of the Spokesperson\n\n" + " ".join((lead, *sentences)) + "\n"))


def acts(*sentences: str) -> tuple[Act, ...]:
    """The acts of a readout."""
    return readout(*sentences).acts
