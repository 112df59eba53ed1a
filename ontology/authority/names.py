"""Compares names of persons: which steps lead from one spelling to another, if any do."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from communique.iris import plain
from communique.ontology.authority.tables import names

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHE = re.compile(r"['’`´.]")


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart: its folded ``words`` without initials, articles and generation; ``family`` are those of the family name as
    the readout gives it; ``initials`` are the letters that stand for words, each with the number of words before it.

    ``short``: no given name, only what a person is addressed by (``Lavrov``, ``Le Drian``).  ``whole``: several words that were read as one
    family name, which may be that (``López Obrador``) or a full name (``Hun Sen``).
    """

    words: tuple[str, ...]
    family: tuple[str, ...]
    initials: tuple[tuple[int, str], ...]
    generation: str
    short: bool
    whole: bool

    @property
    def keys(self) -> frozenset[str]:
        """What names that may be one person's share at least one of."""
        return frozenset(map(letters, self.words))


@lru_cache(maxsize=65536)
def parse(name: str, family: str, given: str) -> Name:
    """The name ``name``, of which ``family`` and ``given`` are the parts as read (``given`` may be empty)."""
    t = names()
    words = _words(name)
    generation = next((t.generations[w] for w in reversed(words[1:]) if w in t.generations), "")
    words = [w for i, w in enumerate(words) if not i or w not in t.generations]
    bare = not given and not generation
    short = bare and sum(w.lower().strip(".") not in t.particles | t.articles for w in name.split()) == 1
    initials = [(sum(len(w) > 1 for w in words[:i]), w) for i, w in enumerate(words) if len(w) == 1]
    full = [w for w in words if len(w) > 1]
    kept = _joined([w for i, w in enumerate(full) if w not in t.articles or (i == 0 and not short)]) or full or words
    last = _joined([w for w in _words(family) if w not in t.articles and w not in t.generations and len(w) > 1])
    return Name(
        tuple(kept),
        tuple(w for w in last if w in kept) or tuple(kept[-1:]),
        tuple(initials),
        generation,
        short and not initials,
        bare and not short and not initials,
    )


def _words(text: str) -> list[str]:
    plain_text = _APOSTROPHE.sub(lambda m: " " if m[0] == "." else "", plain(text))
    return _WORD.findall(plain_text)


def _joined(words: Sequence[str]) -> list[str]:
    """The words with ``abdul`` and its forms tied to the word behind."""
    t = names()
    out: list[str] = []
    held = False
    for i, word in enumerate(words):
        if word in t.joined and i + 1 < len(words):
            held = True
            continue
        head = next((j for j in t.joined if len(j) > 3 and word.startswith(j) and len(word) > len(j) + 1), "")
        out.append("abdul" + word if held else "abdul" + word[len(head) :] if head else word)
        held = False
    return out


@lru_cache(maxsize=65536)
def letters(word: str) -> str:
    """A word as all its transcriptions have it."""
    t = names()
    word = t.transcriptions.get(word, word)
    for pattern, place in t.letters:
        word = pattern.sub(place, word)
    return word


def likeness(a: Name, b: Name, party: str | None) -> tuple[str, ...] | None:
    """The steps from one full name to the other, none if they are the same but for accents, hyphens and initials; ``None``: two persons.

    ``party`` is the one both belong to, if they belong to one; it tells whether the order of names varies.
    """
    if a.generation and b.generation and a.generation != b.generation:
        return None
    extra = ("generation",) if a.generation != b.generation else ()
    if not _initials_agree(a, b):
        return None
    found = min((steps for steps in _ways(a, b, party) if steps is not None), key=lambda s: (len(s), s), default=None)
    if found is None or ("part" in found and party in names().whole_names):
        return None
    return (*found, *extra)


def _ways(a: Name, b: Name, party: str | None) -> Iterator[tuple[str, ...] | None]:
    if "".join(a.words) == "".join(b.words):
        yield ()
        return
    turned = [b.words[k:] + b.words[:k] for k in range(1, len(b.words))] if _may_turn(a, b, party) else []
    if any("".join(a.words) == "".join(w) for w in turned):
        yield ("order",)
    for words, order in ((b.words, ()), *((w, ("order",)) for w in turned)):
        steps = _aligned(a, b, words)
        yield None if steps is None else (*order, *steps)


def _may_turn(a: Name, b: Name, party: str | None) -> bool:
    """Whether the order of the words may differ: never in a line of descent, which it would turn round."""
    t = names()
    if t.lineage.intersection(a.words, b.words):
        return False
    return party in t.order_varies or tuple(map(letters, a.family)) == tuple(map(letters, b.family))


def _initials_agree(a: Name, b: Name) -> bool:
    """Whether an initial contradicts the other name: another initial, or a word that begins with another letter, at its place."""
    for one, other in ((a, b), (b, a)):
        for place, letter in one.initials:
            there = [other_letter for other_place, other_letter in other.initials if other_place == place]
            if there and letter not in there:
                return False
            if place == 0 and not there and len(one.words) == 1 and other.words[0][0] != letter:
                return False
    return True


def _aligned(a: Name, b: Name, b_words: tuple[str, ...]) -> tuple[str, ...] | None:
    """The steps that make the words of one name those of the other, in this order."""
    (short, of), (long, _) = sorted(((a.words, a), (b_words, b)), key=lambda x: (len(x[0]), x[0]))
    if len(short) == 1:
        return _by_initial(of, long)
    steps: set[str] = set()
    if len(short) == len(long) and (slip := _slip(short, long)):
        return (slip,)
    first = _same_word(short[0], long[0])
    if first is None and not _nick(short[0], long[0]):
        return ("spelling",) if "".join(map(letters, short)) == "".join(map(letters, long)) else None
    steps.add(first if first is not None else "nickname")
    at = 1
    matched = {long[0]}
    for word in short[1:]:
        while at < len(long) and _same_word(word, long[at]) is None:
            at += 1
        if at == len(long):
            return ("spelling",) if "".join(map(letters, short)) == "".join(map(letters, long)) else None
        steps.add(_same_word(word, long[at]) or "")
        matched.add(long[at])
        at += 1
    if len(short) < len(long):
        steps.add("part")
        # What is left out must not be the whole family name of both.
        families = {letters(w) for w in (*a.family, *b.family)}
        if not families.intersection(map(letters, matched)):
            return None
    return tuple(sorted(steps - {""}))


def _by_initial(of: Name, long: Sequence[str]) -> tuple[str, ...] | None:
    """``S. Jaishankar`` and ``Subrahmanyam Jaishankar``."""
    if of.initials and of.initials[0][0] == 0 and long[0][0] == of.initials[0][1] and _same_word(of.words[0], long[-1]) is not None:
        return ("initial",)
    return None


def _same_word(a: str, b: str) -> str | None:
    """The step between two words: none (``""``), ``spelling``, or ``None`` if they are two words."""
    return "" if a == b else "spelling" if letters(a) == letters(b) else None


def _nick(a: str, b: str) -> bool:
    rows = names().nicknames
    return bool(rows.get(a, frozenset()) & rows.get(b, frozenset()))


def _slip(a: Sequence[str], b: Sequence[str]) -> str | None:
    """Whether the two differ in one word only, by two letters that changed places."""
    differing = [(v, w) for v, w in zip(a, b, strict=True) if v != w]
    if len(differing) != 1 or len(differing[0][0]) < 4 or len(differing[0][0]) != len(differing[0][1]):
        return None
    v, w = differing[0]
    at = [i for i in range(len(v)) if v[i] != w[i]]
    swapped = len(at) == 2 and at[1] == at[0] + 1 and v[at[0]] == w[at[1]] and v[at[1]] == w[at[0]]
    return "slip" if swapped else None


def addressed(called: Name, full: Name, party: str | None) -> str | None:
    """How a person of the name ``full`` may be ``called``: by the ``family`` name or what the party's custom has in its place, or by
    an ``inner`` part; ``None`` if not at all."""
    t = names()
    wanted, words = tuple(map(letters, called.words)), tuple(map(letters, full.words))
    size = len(wanted)
    if not called.short:
        both = called.whole or (size == 2 and not called.initials and party in t.two_surnames)
        return "family" if both and size < len(words) and words[-size:] == wanted else None
    places = [i for i in range(len(words) - size + 1) if words[i : i + size] == wanted]
    if not places:
        return None
    if party in t.address_first and 0 in places or party in t.address_last and len(words) - size in places:
        return "family"
    family = tuple(map(letters, full.family))
    if wanted == family or (len(wanted) > len(family) and wanted[-len(family) :] == family):
        return "family"
    return "inner"


def fold(text: str) -> str:
    """Words for comparing titles: lower case, no accents, nothing but letters and digits."""
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", plain(text))))
