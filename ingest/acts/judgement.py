"""Judgement: the stance that an act's words take, and whether they bind the speaker."""

from __future__ import annotations

from communique.ingest.grammar import Grammar
from communique.model import Stance


def stance_of(type_: str, words: str, target: str | None, g: Grammar) -> Stance:
    """Stance by the type, and by the words where the type leaves it open (GUIDELINES, decisions 9 and 14)."""
    s = g.stance
    if type_ in s["none"]:
        return Stance.NEGATIVE if s["shared_concern"].search(words) else Stance.NONE
    if type_ in s["negative"]:
        return Stance.NEGATIVE
    if type_ == "State":
        if s["negative_words"].search(words) and not s["positive_words"].search(words):
            return Stance.NEGATIVE
        return Stance.NONE if not words or s["neutral_words"].search(words) else Stance.POSITIVE
    if type_ == "ShareView" and s["concern"].search(words):
        return Stance.NEGATIVE
    if type_ in s["clausal"] and s["reported"].match(words) and s["refusals"].search(words):
        return Stance.NEGATIVE
    if type_ in s["clausal"] and s["opposing"].search(words):
        return Stance.NEGATIVE
    # against an absent party: "called on X to stop", "agreed to isolate X"
    if type_ in s["aimed"] and (target if type_ == "Urge" else words.startswith(("to ", "in "))) and s["against"].search(words[:80]):
        return Stance.NEGATIVE
    return Stance.POSITIVE


def commits(type_: str, words: str, g: Grammar) -> bool:
    """Whether the actors bind themselves to a course (GUIDELINES, decision 15)."""
    c = g.commitment
    if type_ in c["always"]:
        return True
    if type_ in c["never"]:
        return False
    if type_ in c["accords"]:
        return bool(c["course"].search(words)) and not c["judgement"].search(words)
    return bool(c["bound"].search(words) or (c["reported"].match(words) and c["future"].search(words)))
