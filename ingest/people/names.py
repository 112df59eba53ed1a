"""Reads names of persons: the words of a view, which of them are one name, and which part of it is the family name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import takewhile
from typing import NamedTuple

from communique.ingest.grammar import table
from communique.ingest.lexicon import lexicon

# No possessive quantifiers: re of Python 3.11 before 3.11.5 matches them wrongly inside groups.
# Plain letters stand first where any letter may stand: they are told faster.
_WORD = re.compile(
    r"[A-Z]\.(?:[A-Z]\.)+[A-Z]?(?![a-z])|(?:[A-Za-z]|[^\W\d_])[A-Za-z0-9]*(?:[^\W_]|[-'.·`](?=[^\W_]))*|\d+(?:st|nd|rd|th)?(?![^\W_])|\d+"
)
_JOINED_PARTICLE = re.compile(r"(?:al|el|an|as|ash|ad|ar|at|az|bin|ibn|de|d|l)[-'][A-Z]")
_SIGN = re.compile(r"[^\w ]")
_GLUED = re.compile(r"^(?:[A-Z]\.)+(?=[A-Z][a-z])")  # "B.Ganbold"
# Words of a name before a form, or behind it; a letter that goes on.
_INSIDE_NAME = re.compile(r"(?:[^\W\d_a-z](?:[\w'’-]*|\.)[ \n]|\b(?:al|el|bin|ibn|van|von|de|da|di|der|den|del)[ -])$")
_GOES_ON = re.compile(r"[ \n]+(?:[^\W\d_a-z]|al[ -]|el[ -]|bin |ibn |van |von |de |da )")
_JOINED = re.compile(r"[\w-]")
_MONTHS = frozenset({"January", "April", "June", "August"})
_INITIAL = re.compile(r"[A-Z]\.?")
_MARKS = re.compile(r"[^\W\d_]")


class Word(NamedTuple):
    """A word of a view at ``[start, end)``, without a possessive ``'s``; ``gap`` is what stands between it and the word before.

    ``capital``: it begins with a capital letter (``1st`` of an office counts too); ``tied``: only a space stands before it, or the full
    stop of an abbreviation (``Gen. Milley``, ``J. Blinken``).
    """

    start: int
    end: int
    text: str
    gap: str
    possessive: bool
    tied: bool
    capital: bool


# A tuple is made without its class's own constructor where there are thousands.
_new = tuple.__new__


@dataclass(frozen=True, slots=True)
class PersonWords:
    """The word lists of persons' names (``who.toml`` says what each decides)."""

    honorifics: frozenset[str]
    abbreviations: frozenset[str]
    small: frozenset[str]
    female: frozenset[str]
    male: frozenset[str]
    post_nominals: frozenset[str]
    generations: frozenset[str]
    shortened: frozenset[str]
    particles: frozenset[str]
    family_particles: frozenset[str]
    lineage: frozenset[str]
    family_first: frozenset[str]
    family_first_hyphen: frozenset[str]
    japanese_first: frozenset[str]
    two_surnames: frozenset[str]
    both_surnames: frozenset[str]
    buildings: frozenset[str]
    korean_family: frozenset[str]
    chinese_family: frozenset[str]
    spanish_given: frozenset[str]
    last_word: frozenset[str]
    whole_name: frozenset[str]
    own_name: frozenset[str]
    given_too: frozenset[str]
    japanese_family: re.Pattern[str]
    japanese_given: re.Pattern[str]
    arabic: frozenset[str]
    also_names: frozenset[str]
    loose: frozenset[str]
    kept: frozenset[str]
    openers: frozenset[str]


@cache
def person_words() -> PersonWords:
    """The word lists, loaded once."""
    data = table("who.toml")
    persons = {k: frozenset(v) for k, v in data["persons"].items()}
    shipped = lexicon.load()
    before = {
        label.text: label.id
        for label in shipped.labels
        if label.kind == "honorific" and " " not in label.text and shipped.fact("honorific", label.id, "position") == "before"
    }
    persons["honorifics"] |= frozenset(before)
    for name, gender in (("female", "feminine"), ("male", "masculine")):
        persons[name] |= frozenset(text for text, id_ in before.items() if shipped.fact("honorific", id_, "gender") == gender)
    short = frozenset(w for k in ("honorifics", "generations", "shortened") for w in persons[k] if w.endswith("."))
    return PersonWords(
        openers=frozenset(data["words"]["openers"]),
        abbreviations=short,
        small=frozenset([*data["words"]["small"], *data["offices"]["courtesies"]]) | persons["particles"],
        **persons,
        japanese_family=re.compile(data["endings"]["japanese_family"]),
        japanese_given=re.compile(data["endings"]["japanese_given"]),
    )


def words(view: str) -> list[Word]:
    """The words of a view that names and titles are made of, in order: words with a capital, and the small ones that tie them.

    Every other word is left in the gap before the next one, as is the full stop of an abbreviation.
    """
    out: list[Word] = []
    last = 0
    abbreviations, small = person_words().abbreviations, person_words().small
    for m in _WORD.finditer(view):
        text = m[0]
        if text[0].islower() and text not in small and (text.islower() or not _JOINED_PARTICLE.match(text)):
            continue
        start, end = m.span()
        possessive = False
        if text.endswith(("'s", "'S")):
            text, end, possessive = text[:-2], end - 2, True
        elif view.startswith("'", end) and text.endswith("s"):
            possessive = not view.startswith("'s", end)
        if text:
            gap = view[last:start]
            tied = gap in (" ", "") or (gap == ". " and bool(out) and (len(out[-1].text) == 1 or f"{out[-1].text}." in abbreviations))
            capital = text[0].isupper() or text[0].isdigit() and not text.isdigit()
            out.append(_new(Word, (start, end, text, gap, possessive, tied, capital)))
        last = m.end()
    return out


def parted(word: Word, cuts: set[int]) -> Iterator[Word]:
    """The parts of a word that joins two parties by a hyphen (``India-Sweden``)."""
    for at in sorted(cut for cut in cuts if word.start < cut < word.end):
        yield word._replace(end=at, text=word.text[: at - word.start], possessive=False)
        word = word._replace(start=at + 1, text=word.text[at + 1 - word.start :], gap="-", tied=False)
    yield word


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Lower case without accents and hyphens, for comparing spellings of one name."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return _SIGN.sub("", plain.replace("-", " ").replace("ı", "i").replace("ł", "l").replace("ø", "o").replace("đ", "d"))


def opens_name(word: Word) -> bool:
    """Whether a name can begin with the word: a capital or a particle (``von``, ``al-Harthy``)."""
    return word.capital or word.text.lower() in person_words().particles or bool(_JOINED_PARTICLE.match(word.text))


def read_name(ws: Sequence[Word], i: int, stops: frozenset[int], limit: int = 8) -> int:
    """The index after the last word of the name that begins at word ``i`` (``i`` itself if there is none).

    ``stops`` are words that begin something else: states, offices, institutions.
    """
    p = person_words()
    j = i
    while j < len(ws) and j - i < limit:
        word = ws[j]
        if j > i:
            if ws[j - 1].possessive:
                break
            if word.text in p.generations and word.gap in (" ", ", "):
                j += 1
                continue
            initial = len(ws[j - 1].text) == 1 or f"{ws[j - 1].text}." in p.shortened
            # "Shia' al-Sudani": an apostrophe may end a word of a name before a particle.
            written = "' " if _JOINED_PARTICLE.match(word.text) or word.text.lower() in p.particles else " "
            if word.gap not in (" ", written, ". " if initial else " ", ' "', '" ') or j in stops:
                break
            if word.text in p.post_nominals and (word.text != "MS" or j > i + 1):
                break
        if word.text.lower() in p.particles and not word.capital:
            k = j
            while k < len(ws) and ws[k].text.lower() in p.particles and not ws[k].capital and k - j < 3:
                k += 1
            if k < len(ws) and ws[k].capital and ws[k].gap in (" ", "'") and k not in stops and (j > i or ws[k].text not in p.openers):
                j = k + 1
                continue
            break
        if (
            not (word.capital or _JOINED_PARTICLE.match(word.text))
            or word.text.isdigit()
            or not _MARKS.match(word.text)
            or (j > i and word.text in p.openers and len(word.text) > 2)
        ):
            break
        if (
            word.text in p.openers
            and len(word.text) > 1
            and not (j == i and (_is_given(ws, i) or len(word.text) > 2 and word.text.isupper()))
        ):
            break
        j += 1
    return j


def _is_given(ws: Sequence[Word], i: int) -> bool:
    """Whether a month is somebody's name: ``Hon. January Name``, ``Ms. June Name``."""
    addressed = i > 0 and not person_words().honorifics.isdisjoint((ws[i - 1].text, f"{ws[i - 1].text}."))
    return addressed and ws[i].text in _MONTHS and i + 1 < len(ws) and ws[i + 1].tied and ws[i + 1].capital


def post_nominal_end(ws: Sequence[Word], j: int) -> int:
    """The index after post-nominal letters that follow a name."""
    p = person_words()
    while j < len(ws) and ws[j].text in p.post_nominals and ws[j].gap in (" ", ", "):
        j += 1
    return j


def _units(name: str, party: str | None = None) -> list[str]:
    """The parts of a name: particles tied to the word they open (``Le Drian``, ``bin Salman``, ``Al Nahyan``); generations dropped.

    A first word like ``Ben`` or ``Al`` is a particle only where the party's names have it.
    """
    p = person_words()
    parts = [w for w in name.replace(",", " ").split() if w not in p.generations]
    out: list[str] = []
    held: list[str] = []
    for n, part in enumerate(parts):
        low = part.lower()
        particle = low in p.particles and (not part[0].isupper() or low in p.family_particles or low in p.lineage)
        given = n == 0 and party is not None and (party in p.family_first or (low in p.given_too and party not in p.arabic))
        if particle and not given and n + 1 < len(parts) and (n or low in p.family_particles):
            held.append(part)
        else:
            out.append(" ".join([*held, part]))
            held = []
    return out + held


def order_of(name: str, party: str | None, publisher: str | None) -> str:
    """Which part of a name is the family name where nothing in the text tells: ``first``, ``last``, ``second-last`` or ``whole``."""
    p = person_words()
    parts = [u for u in _units(name, party) if not _INITIAL.fullmatch(u)]
    if party in p.family_first and 2 <= len(parts) <= 3:
        turned = party == "KOR" and fold(parts[-1]) in p.korean_family and fold(parts[0]) not in p.korean_family
        turned = turned or (len(parts) == 3 and "-" in parts[1])  # "José Chih-Cheng Han"
        return "last" if turned else "first"
    if party in p.family_first_hyphen and len(parts) == 3 and all(len(u) <= 6 for u in parts):
        return "first"
    if len(parts) == 2 and fold(parts[0]) in p.chinese_family and not (party and lexicon.load().facts("state", party)):
        return "first"  # "Secretary-General Zhang Mingyuan": an organisation's officer is of any state
    if party == "JPN" and len(parts) == 2:
        sign = _japanese(parts[0]) - _japanese(parts[1])
        return "first" if sign > 0 or (publisher in p.japanese_first and sign == 0) else "last"
    if party in p.whole_name and len(parts) > 1:
        return "whole"
    both = len(parts) == 4 or (len(parts) == 3 and fold(parts[1]) not in p.spanish_given)
    return "second-last" if both and party in p.two_surnames and not any(" " in u for u in parts) else "last"


def _japanese(word: str) -> int:
    """How much a word looks like a Japanese family name rather than a given name."""
    p, low = person_words(), fold(word)
    return bool(p.japanese_family.search(low)) - bool(p.japanese_given.search(low))


def _capitals(name: str, parts: Sequence[str], party: str | None) -> list[str]:
    """The words of a name in capitals that are neither generations nor initials (``Dr AK Abdul Name``)."""
    capitals = [u for u in name.replace(",", " ").split() if len(u) > 1 and u.isupper() and not u.endswith(".")]
    capitals = [u for u in capitals if u not in person_words().generations]
    initials = len(parts) > 2 and capitals == [parts[0]] and len(parts[0]) == 2 and party not in person_words().family_first
    return [] if initials else capitals


def family_of(name: str, party: str | None, publisher: str | None, forms: Iterable[str] = ()) -> tuple[str, str]:
    """The family name in the publisher's short form, and the evidence for it.

    (a) capitals; (b) a form in which the text or the title addresses the person after an office (``forms``, as written);
    (c) the order that the party's names have.
    """
    parts = _units(name, party)
    if not parts:
        return name, "name"
    capitals = _capitals(name, parts, party)
    if capitals and len(capitals) < len(name.split()):
        return " ".join(c.title() if "'" not in c else c.capitalize() for c in capitals), "capitals"
    if party in person_words().last_word:
        return name.rsplit(maxsplit=1)[-1], "order"  # "Le" and "Van" open no family name there
    if len(parts) == 1:
        return _GLUED.sub("", parts[0]), "single"
    whole = fold(name)
    for form in sorted(dict.fromkeys(forms), key=len):
        # The shortest true part of the name that the text uses after an office.
        folded = fold(form)
        lineal = name.startswith(form) and any(w.lower() in person_words().lineage for w in form.split())
        if folded != whole and not lineal and f" {folded} " in f" {whole} ":
            short = _as_in(name, form)
            if party in person_words().two_surnames and " " in short and name.startswith(short):
                short = _units(short, party)[-1]  # "President Laurentino Solera" of Laurentino Solera Mora
            return short, "address"
    if len(set(map(fold, parts))) == 1:
        return parts[0], "single"
    return _by_order(name, parts, party, publisher)


def _by_order(name: str, parts: Sequence[str], party: str | None, publisher: str | None) -> tuple[str, str]:
    """The family name where only the order of its parts tells it."""
    ould = next((n for n, unit in enumerate(parts) if n and unit.lower().startswith("ould ")), None)
    if ould is not None:
        return " ".join(parts[ould:]), "order"  # "Mohamed Ould Cheikh Name": all that stands behind it
    lineage = person_words().lineage
    if party in person_words().own_name and any(u.split()[0].lower() in lineage for u in parts[1:]):
        # "Azman bin Haji Osman" is "Minister Azman": behind his own name stands whose son he is
        return " ".join(takewhile(lambda u: u.split()[0].lower() not in lineage, parts)), "given"
    if any(u.split()[0].lower() in lineage for u in parts[1:]) and parts[-1].split()[0].lower() in lineage:
        # "Prince Turki bin Saad bin Khalid": father and grandfather are named and no family, so that he goes by his own name
        return (parts[0], "given") if len(parts) > 2 else (parts[-1], "lineage")
    order = order_of(name, party, publisher)
    if order == "first":
        return parts[0], "order"
    if order == "whole":
        return name, "order"
    double = parts[-1].startswith("de ") and len(parts[-2]) > 2 and (len(parts) > 2 or fold(parts[0]) not in person_words().spanish_given)
    if party in person_words().two_surnames and double:
        return " ".join(parts[-2:]), "order"  # "Ponce de León", with a given name or without
    if order == "second-last":
        both = f"{parts[-2]} {parts[-1]}"
        return (both if both in person_words().both_surnames else parts[-2]), "order"
    return parts[-1], "order"


def bare_form(name: str, text: str, party: str | None) -> str | None:
    """The part of a name of several words by which the text calls someone without an office: its shortest end that stands alone; for
    parties where one goes by his own name, else its first word (``Azman also informed ...``)."""
    units = _units(name, party)
    if any(unit.split()[0].lower() in person_words().lineage for unit in units):
        return None
    for n in range(len(units) - 1, 0, -1):
        form = " ".join(units[n:])
        if form[0].isupper() and len(form) > 2 and _stands(form, text, before=True):
            return form
    own = party in person_words().own_name and len(units) > 1 and len(units[0]) > 2
    return units[0] if own and _stands(units[0], text, before=False) else None


def _stands(form: str, text: str, *, before: bool) -> bool:
    """Whether a form stands in a text without another word of a name before it, or behind it."""
    at = text.find(form)
    while at >= 0:
        end = at + len(form)
        named = _INSIDE_NAME.search(text, max(0, at - 30), at) if before else _GOES_ON.match(text, end)
        if not (named or _JOINED.match(text, end) or text[at - 1 : at].isalnum() or text[at - 1 : at] == "-"):
            return True
        at = text.find(form, end)
    return False


def _as_in(name: str, form: str) -> str:
    """The words of ``name`` that ``form`` repeats, in the spelling of the name."""
    tokens = name.replace(",", " ").split()
    size = len(form.split())
    for i in range(len(tokens) - size + 1):
        if fold(" ".join(tokens[i : i + size])) == fold(form):
            return " ".join(tokens[i : i + size])
    return form
