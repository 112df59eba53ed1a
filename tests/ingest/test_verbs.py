"""Reporting verbs: their forms, the triggers of a sentence, and the nouns that decide a light verb."""

import pytest

from communique.ingest.acts.verbs import act_lexicon, forms, tokens
from communique.ingest.grammar import act_grammar
from communique.ingest.lexicon import lexicon


@pytest.mark.parametrize(
    ("lemma", "irregular", "past", "participle"),
    [
        ("urge", [], "urged", "urging"),
        ("stress", [], "stressed", "stressing"),
        ("reply", [], "replied", "replying"),
        ("speak", ["spoke past", "spoken past"], "spoke", "speaking"),
        ("take stock", ["took stock past", "taking stock gerund"], "took stock", "taking stock"),
        ("agree", [], "agreed", "agreeing"),
    ],
)
def test_forms(lemma: str, irregular: list[str], past: str, participle: str) -> None:
    made = list(forms(lemma, irregular))
    assert (past, "past") in made
    assert (participle, "gerund") in made


def triggers(sentence: str) -> list[tuple[str, str, str]]:
    toks = tokens(sentence)
    found = act_lexicon(lexicon.load()).triggers(toks)
    return [(sentence[toks[t.first].start : toks[t.last].end], t.verb.id, t.form) for t in found]


def test_the_longest_verb_wins() -> None:
    assert triggers("The Minister called for restraint and took note of it.") == [
        ("called for", "call-for", "past"),
        ("took note", "take-note", "past"),
    ]


def test_abbreviations_are_one_word() -> None:
    words = [t.low for t in tokens("The U.S. side met Mr. Orsini at 4 p.m. in Washington, D.C.")]
    assert "u.s" in words or "u.s." in words
    assert words[-1] in {"d.c", "d.c.", "."}


@pytest.mark.parametrize(
    ("words", "types"),
    [
        ("expressed deep concern about the arrests", ["Concern"]),
        ("expressed his concern and condolences for the loss", ["Concern", "Condole"]),
        ("conveyed her government's appreciation for the help", ["Thank"]),
        ("expressed that the matter was closed", []),
        ("expressed in a letter his support", []),
    ],
)
def test_reporting_nouns(words: str, types: list[str]) -> None:
    acts, toks = act_lexicon(lexicon.load()), tokens(words)
    trigger = next(acts.triggers(toks))
    assert [type_ for _, type_ in acts.nouns(trigger.verb, toks, trigger.last + 1, act_grammar().noun_stops)] == types
