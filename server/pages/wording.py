"""How pages word what a readout says: always as one side's account, never as what happened."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

_ARTICLE: Final = re.compile(
    r"(United|Netherlands|Philippines|Maldives|Bahamas|Gambia|Comoros|European|African|Holy See|Quad\b|Arab League|"
    r"(Marshall|Solomon|Cook|Faroe) Islands|(\w+ )*(Republic|Emirates|Union|Nations|Organization|Bank|Court|"
    r"Council|Fund|Commission|Agency)\b)"
)
# What a party did, and how the other side is joined to it; what that does not fit stands in brackets.
_DID: Final[Mapping[str, tuple[str, str]]] = {
    "Discuss": ("discussed", "with {}"),
    "Inform": ("informed", "{}"),
    "State": ("stated a position", "to {}"),
    "Emphasize": ("emphasized", "(to {})"),
    "Reaffirm": ("reaffirmed", "(to {})"),
    "ShareView": ("shared a view", "with {}"),
    "Agree": ("agreed", "with {}"),
    "Commit": ("made a commitment", "to {}"),
    "Offer": ("made an offer", "to {}"),
    "Announce": ("announced", "(to {})"),
    "Request": ("made a request", "to {}"),
    "Urge": ("urged", "{}"),
    "Invite": ("invited", "{}"),
    "Welcome": ("welcomed", "(to {})"),
    "Thank": ("thanked", "{}"),
    "Commend": ("commended", "{}"),
    "Condole": ("offered condolences", "to {}"),
    "Support": ("expressed support", "to {}"),
    "Concern": ("expressed concern", "to {}"),
    "Condemn": ("condemned", "(to {})"),
    "Protest": ("protested", "to {}"),
    "Oppose": ("expressed opposition", "to {}"),
    "Warn": ("warned", "{}"),
    "Hope": ("expressed hope", "to {}"),
}


def article(name: str) -> str:
    """The name of a party inside a sentence.

    >>> article("United Kingdom"), article("Japan")
    ('the United Kingdom', 'Japan')
    """
    return f"the {name}" if _ARTICLE.match(name) else name


def of(name: str) -> str:
    """The possessive.

    >>> of("Japan"), of("the United States")
    ('Japan’s', 'the United States’')
    """
    return f"{name}’" if name.endswith("s") else f"{name}’s"


def capital(text: str) -> str:
    """The text with a capital letter at its beginning."""
    return text[:1].upper() + text[1:]


def listed(parts: Sequence[str], last: str = "and") -> str:
    """Parts of a sentence as a list.

    >>> listed(["Japan", "China", "India"])
    'Japan, China and India'
    """
    return f" {last} ".join(filter(None, (", ".join(parts[:-1]), parts[-1]))) if parts else ""


def plural(number: int, one: str, many: str = "") -> str:
    """A number with its noun.

    >>> plural(1, "readout"), plural(1200, "readout"), plural(0, "party", "parties")
    ('1 readout', '1,200 readouts', '0 parties')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def claim(type_: str, actors: Sequence[str], addressees: Sequence[str], issues: Sequence[str]) -> str:
    """What an act says was done, without its words.

    >>> claim("Request", ["Japan"], ["the United Kingdom"], ["Abductions issue"])
    'Japan made a request to the United Kingdom: Abductions issue'
    """
    did, towards = _DID.get(type_, (tellings(type_), "(to {})"))
    told = [listed(actors) or "someone who is not identified", did]
    if addressees:
        told.append(towards.replace("{}", listed(addressees)))
    return " ".join(told) + (f": {listed(issues)}" if issues else "")


def tellings(type_: str) -> str:
    """The past tense in which a type of act is shown.

    >>> tellings("ShareView")
    'shared a view'
    """
    return _DID[type_][0] if type_ in _DID else re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type_).lower()
