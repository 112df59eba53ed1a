"""Full text: whatever has a name, quoted words or a text, as an index in SQLite (FTS5), ranked, with the place of each match.

One row a thing, so that words may stand in its name and in its quote, and nothing is found twice.  Scripts that put no space between
words are indexed letter by letter and found as phrases; the letters are parted by a character that takes no place (``_GAP``), which is
taken out again before anything is shown or counted, so offsets are those of the text.
"""

from __future__ import annotations

import difflib
import re
import sqlite3
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from communique.iris import CQ, plain
from communique.store import Rows, Term

Select = Callable[[str], Rows]

# What can be found, and how it is told, also before anything was inferred; of several kinds the first counts.
KINDS: Final = {
    "person": "?x a cq:Person",
    "state": "?x a cq:State",
    "forum": "?x a cq:Forum",
    "organization": "?x a cq:Organization",
    "actor": "?x a cq:NonStateActor",
    "issue": "{ ?x skos:inScheme <https://w3id.org/communique/vocab/issue> } UNION { ?x a cq:CandidateIssue }",
    "office": "?x a cq:Office",
    "publisher": "?x a cq:Publisher",
    "readout": "?x a cq:Readout",
    "encounter": "?account cq:describesEncounter ?x",
    "statement": "?encounter cq:hasSpeechAct ?x",
    "commitment": "?act cq:makesCommitment ?x",
    "event": "?act cq:aboutEvent ?x",
    "set-aside": "?x a cq:SetAside",
    "place": "?x a cq:Place",
    "concept": "?x a skos:Concept",
    "class": "?x a owl:Class",
    "property": "?x a owl:ObjectProperty",
    "value": "?x a owl:DatatypeProperty",
}
_MANY: Final = "statement"  # seven in an encounter; of the others there are hardly more than readouts
MOST: Final = 100  # hits of one answer

_PREFIXES: Final = f"""PREFIX cq: <{CQ}>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
# Each kind is asked for by itself, statements and what anything is called of so many things at a time, so that no answer is longer than a
# server lets it be and nothing is held in memory.  A person whom the authority file knows is found once, and not again under each readout
# that names them.
_OF_KIND: Final = f"{_PREFIXES}SELECT DISTINCT ?x {{{{ {{}} FILTER NOT EXISTS {{{{ ?x owl:sameAs ?one }}}} }}}}"
_ENCOUNTERS: Final = "SELECT iri FROM thing WHERE kind = 'encounter' AND iri > ? ORDER BY iri LIMIT ?"
_NAMES: Final = f"""{_PREFIXES}SELECT DISTINCT ?x ?p ?name {{{{
  {{{{ VALUES ?x {{{{ {{0}} }}}} ?x skos:prefLabel|rdfs:label ?name BIND(0 AS ?p) }}}}
  UNION {{{{ VALUES ?x {{{{ {{0}} }}}} ?x cq:phrase|skos:altLabel|cq:officialName|cq:acronym ?name BIND(1 AS ?p) }}}} }}}}"""
_WORDS: Final = f"""{_PREFIXES}SELECT DISTINCT ?x ?words {{{{
  VALUES ?x {{{{ {{0}} }}}} ?x cq:text|cq:quote|skos:definition|skos:scopeNote ?words }}}}"""
_STARTS: Final = f"{_PREFIXES}SELECT ?x ?start {{{{ VALUES ?x {{{{ {{}} }}}} ?x cq:quote ?quote ; cq:start ?start }}}}"
_AT_ONCE: Final = 2000

_GAP: Final = "\u200b"
_OPEN, _CLOSE = "\x02", "\x03"
_REPLACED: Final = str.maketrans({_GAP: "\u2060", _OPEN: " ", _CLOSE: " "})
# Thai to Burmese, Khmer, kana, Han, Hangul: written without spaces, or with endings joined to the word.
_CLOSED: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
    "\uff66-\uff9d\U00020000-\U0003134f"
)
_LETTER: Final = re.compile(f"([{_CLOSED}])(?=.)", re.DOTALL)
_BEFORE: Final = re.compile(f"(?<=[^{_GAP}])([{_CLOSED}])")
_PIECE: Final = re.compile(r'"([^"]*)"(\*?)|([^\s"]+)')
_TABLES: Final = """
CREATE TEMP TABLE thing (iri TEXT PRIMARY KEY, kind TEXT) WITHOUT ROWID;
CREATE TABLE item (id INTEGER PRIMARY KEY, iri TEXT, kind TEXT, start INTEGER);
CREATE VIRTUAL TABLE found USING fts5(name, others, words, prefix = '2 3 4',
  tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co M*'");
"""
_RANK: Final = "bm25(found, 8.0, 4.0, 1.0)"
_COLUMNS: Final = ("name", "other name", "words")
_LIKE: Final = 0.75  # how alike two words are if one may be the other misspelt
_PIECES: Final = 24  # of a query; who pastes a page has found it by then
_FROM: Final = 4  # letters from which a word is also the beginning of longer ones
_BEFORE_MATCH, _AFTER_MATCH = 60, 140  # characters of a snippet


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that was found: its name, and in which ``field`` the words stand that were asked for.

    ``snippet`` is the text around the first match, in pieces that say whether they match.  ``start`` and ``end`` are the code points of
    the first match: in the readout's text if the words are a quote or a text, else in the name.
    """

    iri: str
    kind: str
    name: str
    field: str
    snippet: tuple[tuple[str, bool], ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Found:
    """The hits of one page, how many there are in all, and how many of each kind there would be without a choice of kind."""

    hits: tuple[Hit, ...]
    total: int
    kinds: dict[str, int]


NOTHING: Final = Found((), 0, {})


def build(select: Select, file: Path) -> None:
    """Write the index of what ``select`` answers from to ``file``, which must not be there."""
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA journal_mode = OFF")
        db.execute("PRAGMA synchronous = OFF")
        db.executescript(_TABLES)
        for kind in KINDS:
            for pattern in _patterns(kind, db):
                some = ((_plain(x), kind) for (x,) in select(_OF_KIND.format(pattern)) if str(x).startswith("<"))  # what has an address
                db.executemany("INSERT OR IGNORE INTO thing VALUES (?, ?)", some)
        for number, (iri, kind, start, *columns) in enumerate(_things(select, db), 1):
            db.execute("INSERT INTO item VALUES (?, ?, ?, ?)", (number, iri, kind, start))
            db.execute("INSERT INTO found (rowid, name, others, words) VALUES (?, ?, ?, ?)", (number, *map(parted, columns)))
        db.execute("INSERT INTO found (found) VALUES ('optimize')")
        db.commit()


def _patterns(kind: str, db: sqlite3.Connection) -> Iterator[str]:
    """What tells the things of a kind: one pattern, or one for so many encounters that are known already."""
    if kind != _MANY:
        yield KINDS[kind]
        return
    last = ""
    while some := [iri for (iri,) in db.execute(_ENCOUNTERS, (last, _AT_ONCE))]:
        yield f"VALUES ?encounter {{ {' '.join(f'<{iri}>' for iri in some)} }} {KINDS[kind]}"
        last = some[-1]


@dataclass(frozen=True, slots=True)
class Index:
    """An index that was built; threads and processes may ask it at once."""

    file: Path

    def search(self, asked: str, *, kind: str | None = None, limit: int = 20, offset: int = 0, some: bool = False) -> Found:
        """The things in which all the words of ``asked`` stand (``some``: any of them), the best first.

        Words in quotation marks stand side by side; an asterisk after a word, or a word of four letters or more, also finds longer
        words, the latter behind the exact ones.  Nothing that is asked is an error.
        """
        pattern = expression(asked, some=some)
        if not pattern:
            return NOTHING
        with closing(sqlite3.connect(f"{self.file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as db:
            counted = db.execute(
                "SELECT kind, COUNT(*) FROM found JOIN item ON id = found.rowid WHERE found MATCH ? GROUP BY kind ORDER BY 2 DESC, 1",
                (pattern,),
            )
            kinds: dict[str, int] = dict(counted.fetchall())
            marked = ", ".join(f"highlight(found, {n}, '{_OPEN}', '{_CLOSE}')" for n in range(len(_COLUMNS)))
            rows = db.execute(
                f"SELECT iri, kind, start, {marked} FROM found JOIN item ON id = found.rowid "  # noqa: S608 - constants of this module
                f"WHERE found MATCH ? AND kind = COALESCE(?, kind) ORDER BY {_RANK}, iri LIMIT ? OFFSET ?",
                (pattern, kind, min(max(limit, 0), MOST), min(max(offset, 0), 2**62)),
            )
            hits = tuple(_hit(*row) for row in rows)
        return Found(hits, sum(kinds.values()) if kind is None else kinds.get(kind, 0), kinds)

    def spelled(self, asked: str) -> str:
        """``asked`` with each word that stands in no name replaced by the most alike that does and begins with the same letter."""
        words = plain(asked).split()[:_PIECES]
        with closing(sqlite3.connect(f"{self.file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as db:
            db.execute("CREATE VIRTUAL TABLE temp.known USING fts5vocab('main', 'found', 'col')")
            return " ".join(word if len(word) < _FROM else _alike(word, db) for word in words)


def _alike(word: str, db: sqlite3.Connection) -> str:
    between = (word[0], chr(ord(word[0]) + 1))
    known = [term for (term,) in db.execute("SELECT term FROM temp.known WHERE col = 'name' AND term >= ? AND term < ?", between)]
    near = [term for term in known if abs(len(term) - len(word)) <= 2]
    return word if word in near else next(iter(difflib.get_close_matches(word, near, 1, _LIKE)), word)


def expression(asked: str, *, some: bool = False) -> str:
    """What is asked, in the language of FTS5; empty if there is no letter or digit in it.

    >>> expression('abductions "human rights" min*')
    '("abductions" OR "abductions"*) AND "human rights" AND "min"*'
    """
    clean = "".join(c if unicodedata.category(c) not in ("Cc", "Cs") else " " for c in asked)
    pieces = []
    for phrase, star, word in _PIECE.findall(clean):
        text = phrase or word.rstrip("*")
        begins = bool(star) or word.endswith("*")
        if not any(_counts(c) for c in text):
            continue
        quoted = f'"{parted(text)}"'
        if begins:
            quoted += "*"
        elif word and len(word) >= _FROM and not re.search(f"[{_CLOSED}]", word):
            quoted = f"({quoted} OR {quoted}*)"
        pieces.append(quoted)
    return (" OR " if some else " AND ").join(dict.fromkeys(pieces[:_PIECES]))


def _counts(char: str) -> bool:
    category = unicodedata.category(char)
    return category[0] in "LNM" or category == "Co"


def parted(text: str) -> str:
    """The text as it is indexed: letters of scripts without spaces stand apart.

    >>> parted("日本 and EU").replace(_GAP, "|")
    '日|本| and EU'
    """
    clean = text.translate(_REPLACED)
    return clean if clean.isascii() else _BEFORE.sub(_GAP + r"\1", _LETTER.sub(r"\1" + _GAP, clean))


def _things(select: Select, db: sqlite3.Connection) -> Iterator[tuple[str, str, int | None, str, str, str]]:
    """IRI, kind, place of the quote, name, other names, words: of everything that has some, by IRI."""
    things = db.execute("SELECT iri, kind FROM thing ORDER BY iri")
    while kinds := dict(things.fetchmany(_AT_ONCE)):
        asked = " ".join(f"<{iri}>" for iri in kinds)
        names: dict[str, list[tuple[int, str]]] = {}
        for x, p, label in select(_NAMES.format(asked)):
            # The name is the English one, or that of no language.
            foreign = getattr(label, "language", None) not in (None, "en")
            names.setdefault(_plain(x), []).append((2 if foreign else int(_plain(p)), _plain(label)))
        words: dict[str, list[str]] = {}
        for x, text in select(_WORDS.format(asked)):
            words.setdefault(_plain(x), []).append(_plain(text))
        starts = {_plain(x): int(_plain(start)) for x, start in select(_STARTS.format(asked))}
        for iri in sorted(names.keys() | words.keys()):
            told = sorted(set(words.get(iri, ())))
            # A commitment or an event has no name but its words.
            name, *others = dict.fromkeys(text for _, text in sorted(names.get(iri, ()))) or (told[0],)
            yield iri, kinds[iri], starts.get(iri) if len(told) == 1 else None, name, "\n".join(others), "\n".join(told)


def _hit(iri: str, kind: str, start: int | None, *marked: str) -> Hit:
    name = marked[0].replace(_OPEN, "").replace(_CLOSE, "").replace(_GAP, "")
    # Words say more than the name, which is shown anyway.
    number = next(n for n in (2, 1, 0, None) if n is None or _OPEN in marked[n])
    assert number is not None, "SQLite found what it does not mark"
    # Of several names it is the first that matches.
    told = marked[number] if number == 2 else next(line for line in marked[number].split("\n") if _OPEN in line)
    text, spans = _unmarked(told)
    first, last = spans[0]
    shift = (start or 0) if number == 2 else 0
    return Hit(iri, kind, name, _COLUMNS[number], tuple(_snippet(text, spans)), first + shift, last + shift)


def _unmarked(marked: str) -> tuple[str, list[tuple[int, int]]]:
    """The text as it was, and where its marked parts begin and end."""
    text, spans = "", []
    begun: int | None = None
    for part in re.split(f"([{_OPEN}{_CLOSE}])", marked.replace(_GAP, "")):
        if part == _OPEN:
            begun = len(text)
        elif part == _CLOSE:
            spans.append((begun or 0, len(text)))
            begun = None
        else:
            text += part
    if begun is not None:  # words side by side where one name ends and the next begins
        spans.append((begun, len(text)))
    return text, spans


def _snippet(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    first, last = spans[0]
    begin, end = max(0, first - _BEFORE_MATCH), min(len(text), last + _AFTER_MATCH)
    if begin and (space := text.find(" ", begin, first)) >= 0:
        begin = space + 1
    if end < len(text) and (space := text.rfind(" ", last, end)) >= 0:
        end = space
    at = begin
    for start, stop in spans:
        if stop > end:
            break
        yield from ((part, match) for part, match in ((text[at:start], False), (text[start:stop], True)) if part)
        at = stop
    if text[at:end]:
        yield text[at:end], False


def _plain(term: Term | None) -> str:
    return getattr(term, "value", "")
