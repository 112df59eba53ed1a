"""The concept of the issue scheme that words come nearest to, for words that name none."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher

from communique.ingest.grammar import act_grammar
from communique.ingest.lexicon.lexicon import Label, Lexicon

_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
# Below this likeness of letters two labels have nothing in common.
_ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class Nearest:
    """A concept (its id), the label that is near, and how near: 1 is the same words."""

    concept: str
    label: str
    score: float


class NearestConcept:
    """Finds the nearest concept by shared words, rare words counting more, else by letters; deterministic."""

    def __init__(self, lexicon: Lexicon) -> None:
        g = act_grammar()
        self._empty = g.prepositions | g.determiners | g.possessives | g.coordinators | g.relatives
        self._labels: list[tuple[Label, frozenset[str]]] = [
            (label, words) for label in lexicon.labels if label.kind == "issue" and (words := self._words(label.text))
        ]
        self._of: Counter[str] = Counter(word for _, words in self._labels for word in words)

    def __call__(self, phrase: str) -> Nearest | None:
        """The nearest concept of a phrase, or ``None`` if no label has a word or most letters in common with it."""
        said = self._words(phrase)
        best = max(
            ((self._shared(said, words), -len(label.text), label.id, label) for label, words in self._labels if words & said),
            key=lambda row: (row[0], row[1], row[2]),
            default=None,
        )
        if best:
            return Nearest(best[3].id, best[3].text, round(best[0], 2))
        alike = ((_likeness(phrase.lower(), label.text.lower()), label.id, label.text) for label, _ in self._labels)
        ratio, concept, text = max(alike, key=lambda row: row[:2], default=(0.0, "", ""))
        return Nearest(concept, text, round(ratio, 2)) if ratio >= _ALIKE else None

    def _words(self, text: str) -> frozenset[str]:
        return frozenset(word.removesuffix("s") for word in _WORD.findall(text.lower()) if word not in self._empty)

    def _weight(self, words: frozenset[str]) -> float:
        return sum(1 / (1 + math.log(1 + self._of[word])) for word in sorted(words))

    def _shared(self, said: frozenset[str], label: frozenset[str]) -> float:
        """The weight of the shared words against that of the label and, less, of what was said besides."""
        return self._weight(said & label) / (self._weight(label) + 0.1 * self._weight(said - label))


def _likeness(one: str, other: str) -> float:
    """How many letters two texts have in common, in order; 0 where it is less than ``_ALIKE``, which their lengths or letters may tell."""
    if 2 * min(len(one), len(other)) < _ALIKE * (len(one) + len(other)):
        return 0.0
    matcher = SequenceMatcher(None, one, other)
    return matcher.ratio() if matcher.quick_ratio() >= _ALIKE else 0.0
