"""The grammar's patterns: what makes them fast changes nothing of what they find."""

from __future__ import annotations

import re

import pytest

from communique.ingest.grammar import either
from communique.ingest.people.parses import grammar


@pytest.mark.parametrize("text", ["meet", "met", "meets with", "meeting", "held talks", "held", "hel", "a+b", "", "tête"])
def test_either_takes_the_longest_word_that_fits(text: str) -> None:
    words = ["met", "meet", "meets", "meeting", "held", "held talks", "a+b", "tête"]
    plain = re.compile("|".join(re.escape(w) for w in sorted(words, key=len, reverse=True)))
    found, expected = re.compile(either(words)).match(text), plain.match(text)
    assert (found and found[0]) == (expected and expected[0])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("held", "The talks were jointly held by both sides."),
        ("held", "The third dialogue was co-chaired by Minister Ito."),
        ("held", "The consultations took place in Vienna."),
        ("attendance", "The following ministers participated in the meeting:"),
        ("attended", "Deputy Minister Ito also participated in the meeting."),
        ("attended", "The ambassador took part in the talks."),
        ("attended", "The ambassador was present at today's call."),
        ("attended", "Minister Ito attended the discussion."),
        ("attended", "Minister Ito joined the conversation."),
        ("roster", "Participants in the meeting included: A, B"),
        ("roster", "The meeting was attended by Minister Ito."),
        ("roster", "The delegation comprised Minister Ito."),
        ("roster", "He was joined on the call by Minister Ito."),
        ("roster", "They were joined by Minister Ito."),
        ("roster", "Also present were Minister Ito."),
    ],
)
def test_a_first_look_loses_nothing(name: str, words: str) -> None:
    assert grammar().patterns[name].search(words)
    assert grammar().search(name, words)
    assert not grammar().search(name, "They spoke of trade.")
