"""Coverage: the account of every sentence, read or not, and what in it stayed open."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from communique.ingest.grammar import act_grammar, table
from communique.ingest.people.parses import Parse
from communique.ingest.sources import Source
from communique.model import Act, BlockKind, Covered, Diagnostic, Reading

# Blocks that hold no statement: they frame the page.
FRAME = frozenset({BlockKind.NAV, BlockKind.DATELINE, BlockKind.TITLE, BlockKind.CAPTION, BlockKind.BOILERPLATE, BlockKind.HEADING})


@dataclass(frozen=True, slots=True)
class Seen:
    """What the reader of acts noticed, by index of sentence: ``read`` gave acts, ``telling`` are the forms of verbs in it that may tell
    of an act (``past``, ``present``, ``base``, ``gerund``), read or not, ``named`` name a participant."""

    read: frozenset[int] = frozenset()
    telling: Mapping[int, frozenset[str]] = field(default_factory=dict)
    named: frozenset[int] = frozenset()


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """The patterns of ``grammar/coverage.toml``, with their shared parts put in."""
    data = table("coverage.toml")
    return {
        name: re.compile(re.sub(r"<(\w+)>", lambda part: data["parts"][part[1]], pattern), re.VERBOSE)
        for name, pattern in data["patterns"].items()
    }


def account(
    parses: Sequence[Parse], text: str, source: Source, header: frozenset[int], seen: Seen, acts: Sequence[Act]
) -> Iterator[Covered]:
    """How each sentence ended: as acts, as part of the encounter, as background, as boilerplate, or unread.

    A sentence can be told by its form to speak of the encounter or of the background only if no verb in it may tell of an act.
    Infinitives ("efforts to reaffirm") do not where the occasion itself is the subject, participles neither in the writer's background.
    """
    patterns = _patterns()
    speeches = [a.content.start for a in acts if a.content and a.content.of(text).startswith("that ")]
    for p in parses:
        s, words = p.sentence, p.text
        telling = seen.telling.get(s.index, frozenset())
        if s.index in seen.read:
            state = Reading.ACT
        elif s.index in header:
            state = Reading.ENCOUNTER
        elif s.block.kind in FRAME or source.is_phrase(words) or patterns["heading"].fullmatch(s.span.of(text)):
            state = Reading.BOILERPLATE
        elif "past" in telling:
            state = Reading.UNREAD
        elif not telling and (patterns["encounter"].match(words) or (patterns["listed"].fullmatch(words) and p.persons)):
            state = Reading.ENCOUNTER
        elif "gerund" not in telling and patterns["nature"].match(words):
            state = Reading.ENCOUNTER
        # Behind "X said that ..." a paragraph may go on in X's words: nobody can tell by the form who speaks then.
        elif (
            s.index not in seen.named
            and "present" not in telling
            and patterns["background"].match(words)
            and not any(s.block.span.start <= start < s.span.start for start in speeches)
        ):
            state = Reading.BACKGROUND
        else:
            state = Reading.UNREAD
        yield Covered(s.span, state)


def unread(coverage: Sequence[Covered], text: str) -> Iterator[Diagnostic]:
    """A diagnostic for each unread sentence, with its opening words."""
    for c in coverage:
        if c.state is Reading.UNREAD:
            words = " ".join(c.span.of(text).split())
            yield Diagnostic("unread", c.span, f"no rule reads this sentence: {words[:80]}")


def unlinked(acts: Sequence[Act], text: str) -> Iterator[Diagnostic]:
    """A diagnostic for each act whose own words name no concept of the issue scheme.

    Its issues, if it has any, are a candidate or those of the act before it.  Words that only point back (``on this matter``) and
    the answer to a request (``expressed her support``) are no gap.
    """
    anaphora = act_grammar().anaphora
    for act in acts:
        candidates = [link for link in act.issues if link.candidate]
        if candidates and len(candidates) == len(act.issues):
            for link in candidates:
                yield Diagnostic("unlinked", link.span, "no concept of the issue scheme has these words; a broader one was guessed")
        elif not act.issues or (act.inherited and not act.answers and act.content and not anaphora.search(act.content.of(text))):
            yield Diagnostic("unlinked", act.content or act.trigger, "no concept of the issue scheme is named in the words of this act")
