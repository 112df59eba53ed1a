"""How a page is cited: in words, BibTeX, RIS and CSL-JSON.  No clock: the same page is always cited in the same way."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final

from communique.iris import slug

FORMS: Final = {
    "text": "text/plain; charset=utf-8",
    "bib": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "csl": "application/vnd.citationstyles.csl+json",
}
_BIBTEX: Final = str.maketrans(
    {c: "\\" + c for c in "&%$#_{}"} | {"\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}"}
)


@dataclass(frozen=True, slots=True)
class Citation:
    """What is cited: the title of the page, who tells (a publisher, for an account), the day told of, and where it was published."""

    title: str
    address: str
    version: str
    teller: str = ""
    day: str = ""
    source: str = ""

    def as_(self, form: str) -> str:
        """The citation as ``text``, ``bib``, ``ris`` or ``csl``."""
        return {"text": self._text, "bib": self._bibtex, "ris": self._ris, "csl": self._csl}[form]()

    def _told(self) -> str:
        return f"according to the readout of {self.teller}" if self.teller else ""

    def _container(self) -> str:
        return f"Communique: a knowledge graph of diplomatic readouts, version {self.version}"

    def _text(self) -> str:
        day = f" ({self.day})" if self.day else ""
        told = f", {self._told()}" if self.teller else ""
        source = f" Published at {self.source}." if self.source else ""
        return f"“{_line(self.title)}”{day}{told}. In: {self._container()}. {self.address}.{source}\n"

    def _bibtex(self) -> str:
        fields = {
            "title": "{" + _line(self.title).translate(_BIBTEX) + "}",
            "author": "{" + _line(self.teller).translate(_BIBTEX) + "}" if self.teller else "{Communique}",
            "date": self.day,
            "year": self.day[:4],
            "howpublished": self._container().translate(_BIBTEX),
            "note": _line(" ".join(filter(None, (self._told().capitalize(), self.source and f"Published at {self.source}")))).translate(
                _BIBTEX
            ),
            "url": self.address,
        }
        key = slug(f"{self.teller or 'communique'} {self.day} {self.title}"[:60])
        body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
        return f"@misc{{{key},\n{body}\n}}\n"

    def _ris(self) -> str:
        fields = (
            ("TY", "ELEC"),
            ("TI", self.title),
            ("AU", self.teller or "Communique"),
            ("PY", self.day[:4]),
            ("DA", self.day.replace("-", "/")),
            ("T2", self._container()),
            ("N1", self._told()),
            ("UR", self.address),
            ("L2", self.source),
            ("ER", ""),
        )
        return "".join(f"{tag}  - {_line(value)}\r\n" for tag, value in fields if value or tag == "ER")

    def _csl(self) -> str:
        entry: dict[str, object] = {
            "id": self.address,
            "type": "webpage",
            "title": _line(self.title),
            "author": [{"literal": self.teller or "Communique"}],
            "container-title": self._container(),
            "URL": self.address,
        }
        if re.fullmatch(r"\d{4}-\d\d-\d\d", self.day):
            entry["issued"] = {"date-parts": [[int(part) for part in self.day.split("-")]]}
        if self.teller:
            entry["note"] = " ".join(filter(None, (self._told(), self.source)))
        return json.dumps([entry], ensure_ascii=False, indent=2) + "\n"


def _line(text: str) -> str:
    return " ".join(text.split())
