"""Whom ``he``, ``their`` and the ``I`` of a quotation mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from communique.ingest.mentions.cast import Cast
from communique.ingest.mentions.mention import Mention, words
from communique.ingest.people.parses import Parse

# Who was named last, in whatever role; of things it means the second.
LATTER = "mention.latter"
_LATTER = re.compile(r"\b[Tt]he latter\b(?! (?:half|part|case|two|ones?|countr|state|group|issue|point|being|was|were|is|are|of)\b)")
_OWNS = re.compile(r"\s(?!(?:that|about|on|for|to|of|in|with|and|at|by|from|as|over|during)\b)[a-z]")
# "HE affirmed": His Excellency, who was told of last
_SAID = re.compile(r" (?:also )?[a-z]+(?:ed|id|old)\b")
# What "we" of a quotation did with the others.
_TOGETHER = re.compile(
    r" (?:also |both |have |had |jointly )*(?:agreed|discussed|exchanged|reviewed|reaffirmed|confirmed|shared|talked|concurred|decided)\b"
)

# What makes the person behind it no subject: "With President A, he discussed ...".
_WITH = re.compile(r"(?i:with|to|from|for|alongside|like|unlike|by|of)")


def pronouns(p: Parse) -> Iterator[Mention]:
    """``he``, ``she`` and ``their``, not resolved yet."""
    w = words()
    for m in w.pronouns.finditer(p.low):
        low = m[0].lower()
        if p.text[m.start() : m.end()].isupper() and not _SAID.match(p.text, m.end()):
            continue  # "HE the Minister" is His Excellency
        possessive = low in w.possessives and not (low == "her" and not _OWNS.match(p.text, m.end()))
        kind = "pair" if low == "their" else "pronoun"
        yield Mention(m.start(), m.end(), kind, (), f"mention.{low}", None, possessive, None if low == "their" else low in w.she)
    for m in _LATTER.finditer(p.text):
        yield Mention(m.start(), m.end(), "pronoun", (), LATTER, None, p.text.startswith("'", m.end()))


def author(p: Parse, cast: Cast, voice: str | None) -> Iterator[Mention]:
    """``I`` in an account that someone gives of himself, or in words that are told as someone's; "we agreed" in them is all who met."""
    who = cast.author or voice
    for m in words().author.finditer(p.text) if who else ():
        said = p.sentence.inside(m.start())
        if m[0] in ("We", "we"):
            if cast.author or (said and _TOGETHER.match(p.text, m.end())):
                yield Mention(m.start(), m.end(), "pair", cast.everyone, "mention.author")
        elif who and (cast.author or said):
            yield Mention(m.start(), m.end(), "pronoun", (who,), "mention.author", None, m[0].lower() == "my")


def speaker(p: Parse, persons: Sequence[Mention], before: str | None) -> str | None:
    """Whose words a sentence holds: of whom it tells outside of the quotation marks, else who spoke before them."""
    if not (p.sentence.quoted or '"' in p.text):
        return None
    speaker = next((m for m in persons if not p.sentence.inside(m.start)), None)
    return speaker.who[0] if speaker and speaker.who else before


def is_subject(p: Parse, m: Mention) -> bool:
    """Whether nothing before a mention makes it an object: it opens the sentence, or stands behind an adverbial and a comma or "that"."""
    before = p.text[: m.start]
    word = before.strip()
    return (
        not before
        or bool(re.search(r"(?:^|[,;:]\s|\bthat\s|\band\s|^[^,.;:]{0,40}/)$", before))
        or (" " not in word and not word.endswith("ing") and not _WITH.fullmatch(word))
    )


def resolve(p: Parse, m: Mention, persons: Sequence[Mention], last: Mention | None, cast: Cast) -> Mention:
    """The person a pronoun means: the single subject of its sentence before it, else the last one; gender and sense may exclude."""
    if m.kind == "pair":
        return m._replace(who=cast.everyone)
    earlier = [x for x in persons if x.end <= m.start]
    if m.rule == LATTER:
        named = earlier[-1] if earlier else last
        return m._replace(who=named.who, party=named.party) if named else m
    order: list[Mention | None] = [*(x for x in reversed(earlier) if is_subject(p, x)), last, *earlier]
    for x in order:
        if x is not None and _fits(p, m, x.who[0], cast):
            told = cast.woman() if m.feminine and x is last and not m.possessive and cast.gender.get(x.who[0]) is None else None
            alone = not any(x.end <= q.start < m.start for q in p.persons)  # not in "The President congratulated Name on her victory"
            if alone and m.possessive and {e.who for e in earlier} == {x.who} and cast.gender.get(x.who[0]) is None:
                cast.gender[x.who[0]] = m.feminine  # "Van Houwelingen affirmed her country's commitment"
            return m._replace(who=told or x.who, party=x.party, rule="mention.pronoun")
    fitting = [x.label for x in cast.people if x.label in cast.everyone and x.family and _fits(p, m, x.label, cast)]
    own = [x.label for x in cast.people if x.party == cast.own and x.label in fitting]
    chosen = fitting if len(fitting) == 1 else own[:1]
    return m._replace(who=tuple(chosen), rule="mention.pronoun-only" if chosen else "mention.pronoun-open")


def _fits(p: Parse, m: Mention, label: str, cast: Cast) -> bool:
    """Whether a pronoun can mean this participant: no other gender, and nobody thanks or urges his own state."""
    x = next((x for x in cast.people if x.label == label), None)
    if x is None or label == cast.author:
        return x is None  # who tells of himself is no "he"
    known = cast.gender.get(label)
    if known is not None and m.feminine is not None and known != m.feminine:
        return False
    if m.possessive or x.party is None:
        return True
    obj = re.match(r"\s(?:also\s|further\s)?\w+ed\s(?:the\s)?", p.text[m.end :])
    if obj is None:
        return True
    at = m.end + obj.end()
    # "underscored U.S. support" has no state as its object, "thanked Japan for ..." has
    return not any(
        k.party == x.party
        and p.line.words[k.first].start == at
        and k.form not in ("adjective", "demonym")
        and re.match(r"\s*(?:[.,;]|(?:for|to|on|that|in|and|not|over|about)\b|$)", p.text[p.line.words[k.last - 1].end :])
        for k in p.line.known.values()
    )
