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
# What a party did, and the word that joins the other side and the issue to it.
_DID: Final[Mapping[str, tuple[str, str, str]]] = {
    "Discuss": ("discussed", "with", ""),
    "Inform": ("informed", "", "about"),
    "State": ("stated a position", "to", "on"),
    "Emphasize": ("emphasized", "to", ""),
    "Reaffirm": ("reaffirmed", "to", ""),
    "ShareView": ("shared a view", "with", "on"),
    "Agree": ("agreed", "with", "on"),
    "Commit": ("made a commitment", "to", "on"),
    "Offer": ("made an offer", "to", "on"),
    "Announce": ("announced something", "to", "on"),
    "Request": ("made a request", "to", "on"),
    "Urge": ("urged", "", "on"),
    "Invite": ("invited", "", "on"),
    "Welcome": ("welcomed something", "of", "on"),
    "Thank": ("thanked", "", "for something on"),
    "Commend": ("commended", "", "on"),
    "Condole": ("offered condolences", "to", "on"),
    "Support": ("expressed support", "to", "on"),
    "Concern": ("expressed concern", "to", "about"),
    "Condemn": ("condemned something", "before", "on"),
    "Protest": ("protested", "to", "about"),
    "Oppose": ("expressed opposition", "to", "on"),
    "Warn": ("warned", "", "about"),
    "Hope": ("expressed hope", "to", "on"),
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
    'Japan made a request to the United Kingdom on Abductions issue'
    """
    did, towards, about = _DID.get(type_, ("performed an act", "to", "on"))
    told = [listed(actors) or "someone who could not be identified", did]
    if addressees:
        told += [towards, listed(addressees)]
    if issues:
        told += [about, listed(issues)]
    return " ".join(filter(None, told))


def tellings(type_: str) -> str:
    """The past tense in which a type of act is shown on a badge.

    >>> tellings("ShareView")
    'shared a view'
    """
    return _DID.get(type_, (re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type_).lower(), "", ""))[0]
