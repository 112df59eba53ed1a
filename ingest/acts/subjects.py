"""Subjects: the mentions of a sentence as groups of words, and which of them may be the subject of a verb."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from communique.ingest.acts.verbs import Token, Trigger
from communique.ingest.grammar import Grammar
from communique.ingest.mentions.mention import Mention

# What may stand between two mentions of one group: "the President and the two Ministers".
_JOINTS = frozenset({"and", ",", "&", "the", "two", "three", "four"})
_JOINING = (("as", "well", "as"), ("together", "with"), ("along", "with"), ("alongside",))
# How many words a plural subject may have.
_PLURAL = 16


class Subject(NamedTuple):
    """A group of coordinated mentions: tokens ``[first, last]`` and the labels that it names."""

    first: int
    last: int
    who: tuple[str, ...]
    kind: str


def _is_state(m: Mention) -> bool:
    """Whether a mention is a state by name; "the EU envoy", "the Belgian side" are persons."""
    return m.kind == "party" and m.rule != "mention.side"


@cache
def _by_last(phrases: tuple[tuple[str, ...], ...]) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Phrases under their last word, in their order."""
    return {last: tuple(p for p in phrases if p[-1] == last) for last in {p[-1] for p in phrases}}


class Line:
    """The words of a sentence with its mentions laid over them; ``i`` is always the index of a token."""

    def __init__(
        self,
        toks: Sequence[Token],
        mentions: Sequence[Mention],
        everybody: tuple[str, ...],
        triggers: Sequence[Trigger],
        grammar: Grammar,
    ) -> None:
        self.toks, self.everybody, self.triggers, self.g = toks, everybody, triggers, grammar
        self.adverbials = _by_last(grammar.adverbials)
        starts = [t.start for t in toks]
        self.at: dict[int, int] = {}  # last token of a mention -> its index
        self.spans: list[tuple[int, int]] = []
        # "Japan's", "their" own things and are no subjects
        self.mentions = [m for m in mentions if not m.possessive]
        self.inside: set[int] = set()
        for i, m in enumerate(self.mentions):
            first = bisect_left(starts, m.start)
            last = max(first, bisect_left(starts, m.end) - 1)
            # "HE the Minister": the courtesy belongs to the mention (a pronoun would be a mention itself)
            if first and toks[first - 1].low in grammar.courtesies and first - 1 not in self.inside:
                first -= 1
            self.spans.append((first, last))
            self.at[last] = i
            self.inside.update(range(first, last + 1))

    def low(self, i: int) -> str:
        """The word at ``i`` in lower case, empty outside the sentence."""
        return self.toks[i].low if 0 <= i < len(self.toks) else ""

    def skip_left(self, i: int) -> int:
        """The token left of adverbs and adverbials that end at ``i``."""
        while i >= 0:
            low = self.toks[i].low
            if i not in self.inside and (low in self.g.adverbs or (low.endswith("ly") and len(low) > 4)):
                i -= 1
                continue
            for words in self.adverbials.get(low, ()):
                if i + 1 >= len(words) and self._ends(words, i):
                    i -= len(words)
                    break
            else:
                return i
        return i

    def _ends(self, words: tuple[str, ...], i: int) -> bool:
        """Whether the words end at token ``i``."""
        return tuple(t.low for t in self.toks[i + 1 - len(words) : i + 1]) == words

    def opens_clause(self, i: int) -> bool:
        """Whether a subject may begin right after token ``i``."""
        return (
            i < 0
            or self.toks[i].low in self.g.clause_starts
            or (i < 3 and self.toks[i].low in (")", *"0123456789"))
            or (i == 0 and self.toks[i].low.isdigit())
        )

    def group(self, last: int) -> Subject | None:
        """The subject whose last mention ends at token ``last``, extended to the left over coordinated mentions."""
        if last not in self.at:
            return None
        m = self.at[last]
        first = self.spans[m][0]
        best = Subject(first, last, self.mentions[m].who, self.mentions[m].kind)
        members = [m]
        while True:
            i = self.spans[members[-1]][0] - 1
            while i >= 0 and self.toks[i].low in _JOINTS:
                i -= 1
            # "as well as" and "together with" join like "and", between commas too
            joined = next((words for words in _JOINING if i >= len(words) and self._ends(words, i)), ())
            if joined:
                i -= len(joined)
                i -= self.low(i) == ","
            if i + 1 == self.spans[members[-1]][0]:
                break
            if i not in self.at or self.at[i] in members:
                break
            # "In her meetings with President A, B commended": only "and" closes a list
            between = {self.toks[k].low for k in range(self.spans[self.at[i]][1] + 1, self.spans[members[-1]][0])}
            if len(members) == 1 and not joined and between == {","} and self.mentions[self.at[i]].who != self.mentions[m].who:
                break
            # "... and Zambia, and the Vice President agreed": persons and parties are no one group
            if _is_state(self.mentions[self.at[i]]) != _is_state(self.mentions[m]):
                break
            members.append(self.at[i])
            left = self.spans[members[-1]][0]
            if self.low(left - 1) == "as":
                break  # "commended him for his leadership as Chair, and the two discussed"
            if self.opens_clause(self.skip_left(left - 1)) and not self.object_at(left - 1):
                who = tuple(dict.fromkeys(w for k in reversed(members) for w in self.mentions[k].who))
                best = Subject(left, last, who, "group")
        return self._with_stranger(best)

    def _with_stranger(self, s: Subject) -> Subject:
        """``The High Representative and Minister X``, ``the Cardinal, and the Archbishop``: joined to a known participant."""
        if self.low(s.first - 1) != "and" or s.kind == "party":
            return s
        for j in range(s.first - 2, max(-1, s.first - 12), -1):
            if not (self.low(j)[0].isalpha() or self.low(j) in "/-,") or self.low(j) in self.g.prepositions - {",", "of"}:
                return s
            if any(t.first <= j <= t.last and t.form in ("past", "gerund") for t in self.triggers):
                return s
            if (j == 0 or self.low(j - 1) == ".") and self.low(j) in self.g.determiners:
                return Subject(j, s.last, self.everybody, "group")
        return s

    def object_at(self, i: int) -> bool:
        """Whether token ``i`` is a verb that takes a person as its object, so that what follows is no subject."""
        return any(t.verb.frame & {"person"} and t.last == i for t in self.triggers)

    def gathering(self, i: int) -> Subject | None:
        """``The conversation``, ``Mr. Sullivan's visit``: a subject that stands for everybody."""
        if self.low(i) not in self.g.gatherings or i in self.inside:
            return None
        for j in range(i, max(-1, i - 8), -1):
            if (j == i or self.low(j) in self.g.determiners or self.low(j).endswith("'s")) and self.opens_clause(j - 1):
                return Subject(j, i, self.everybody, "gathering")
        return None

    def _gathering_before(self, i: int) -> Subject | None:
        """An occasion that opens the sentence, with an aside up to ``i``: ``The call, which followed a meeting, focused on ...``."""
        if self.low(0) not in self.g.determiners:
            return None
        comma = next((k for k in range(1, min(i, _PLURAL)) if self.low(k) == ","), 0)
        found = self.gathering(comma - 1) if comma else None
        return found if found and found.first == 0 else None

    def collective(self, i: int) -> Subject | None:
        """``All parties``, ``G7 foreign ministers``, ``The Secretary and his colleagues`` where a clause begins: everybody."""
        if self.low(i) not in self.g.collectives or i in self.inside:
            return None
        reach = 1 if self.low(i) == "we" else _PLURAL  # "the measures we announced"
        for j in range(i, max(-1, i - reach), -1):
            # "the Secretary and all of the party leaders", "representatives from financial institutions"
            owned = self.low(j) in ("of", "from") and self.low(j - 1) in self.g.collectives
            if (self.low(j) in self.g.prepositions and not owned) or self.low(j) in self.g.relatives:
                return None
            # "During the visit, U.S. and Mexican officials ...": a comma opens the clause if nothing was told before it
            told = self.low(j - 1) in ("and", ",") and (self.low(j - 1) == "and" or any(t.first < j for t in self.triggers))
            if self.opens_clause(j - 1) and not told:
                return Subject(j, i, self.everybody, "collective")
        return None

    def body(self, i: int) -> Subject | None:
        """``The delegation``: the side that is named first."""
        if self.low(i) in self.g.bodies and self.low(i - 1) in self.g.determiners and self.opens_clause(i - 2):
            return Subject(i - 1, i, self.everybody[:1], "body")
        return None

    def opening_subject(self) -> Subject | None:
        """The first subject of the sentence: the first group that opens a clause."""
        for last in sorted(self.at):
            group = self.group(last)
            if group and self.opens_clause(self.skip_left(group.first - 1)):
                return group
        return None

    def subject_at(self, i: int) -> Subject | None:
        """The subject that ends at token ``i``; ``the talks between A and B`` are everybody's."""
        found = self._ending_at(i)
        if found is None or found.kind == "gathering":
            return found
        for j in range(found.first - 1, max(0, found.first - _PLURAL), -1):
            if self.low(j) in ("between", "with"):
                talks = self.gathering(j - 1)
                return talks._replace(last=found.last) if talks else found
            if j not in self.inside and self.low(j) not in ("and", "the"):
                break
        return found

    def _ending_at(self, i: int) -> Subject | None:
        """The subject whose own words end at token ``i``; brackets and an apposition between commas are stepped over."""
        if i < 0:
            return None
        if group := self.group(i) or self.gathering(i) or self.collective(i) or self.body(i):
            return group
        if self.toks[i].low == ",":
            # "Minister X, for her part, voiced concern"
            j = self.skip_left(i - 1)
            group = self.group(i - 1)
            if group and "," in {t.low for t in self.toks[group.first : i]}:
                return group  # "Minister A, and the Minister of B, Ms C, have pledged"
            return (self.group(j - 1) if j < i - 1 and self.low(j) == "," else None) or self._gathering_before(i)
        if self.toks[i].low == ")":
            while i >= 0 and self.toks[i].low != "(":
                i -= 1
            return self.group(i - 1)
        return None

    def past_listener(self, i: int) -> int:
        """The token after ``to the Minister`` at ``i`` (``expressed to the Minister his condolences``), else ``i``."""
        if i < len(self.toks) and self.toks[i].low == "to":
            end = next((b for a, b in self.spans if a in (i + 1, i + 2)), None)
            return end + 1 if end is not None else i
        return i
