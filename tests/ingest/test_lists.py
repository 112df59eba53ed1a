"""Lists whose subject stands above them, as ministries lay out what was said; people and sentences are invented."""

from __future__ import annotations

from hashlib import sha256

import pytest

from communique.ingest.extract import extract
from communique.model import Document

LEAD = (
    "Genevieve Arsenault, Minister of Foreign Affairs of Canada, met today with Mihaela Rotaru, Minister of Foreign Affairs of Moldova.\n\n"
)


def acts(body: str) -> list[tuple[str, ...]]:
    text = LEAD + body
    title = "Minister Arsenault meets with Minister Rotaru"
    digest = sha256(text.encode()).hexdigest()
    source = Document("list", text, digest, "gac", publisher="Global Affairs Canada", title=title, date="2024-05-21")
    return [(act.type, *act.actors) for act in extract(source).acts]


@pytest.mark.parametrize("bullet", ["•", "-", "–", "*"])
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_the_subject_above_a_list_is_that_of_its_items(bullet: str, gap: str) -> None:
    together = [
        "condemned the attacks on shipping;",
        "discussed food security, and agreed to cooperate; and",
        "expressed concern about the drought.",
    ]
    alone = ["thanked Canada for its aid; and", "announced a new embassy."]
    both, one = (gap.join(f"  {bullet} {item}" for item in items) for items in (together, alone))
    body = f"The two ministers:{gap}{both}\n\nFor her part, Minister Rotaru:{gap}{one}\n\nThey agreed to stay in touch."
    assert acts(body) == [
        ("Condemn", "Arsenault", "Rotaru"),
        ("Discuss", "Arsenault", "Rotaru"),
        ("Agree", "Arsenault", "Rotaru"),
        ("Concern", "Arsenault", "Rotaru"),
        ("Thank", "Rotaru"),
        ("Announce", "Rotaru"),
        ("Agree", "Arsenault", "Rotaru"),
    ]


def test_a_dash_inside_a_wrapped_paragraph_begins_no_item() -> None:
    body = (
        "Minister Rotaru thanked Canada for its support in hard times, and she\n"
        "raised the question of what is left to be done in the coming years\n"
        "- most of all in the courts and the schools of the country - with her\n"
        "host. The two ministers discussed the security of energy supplies and\n"
        "the protection of the grid, and they agreed to meet again in Ottawa in\n"
        "the autumn, when the parliament of Canada will be sitting once more."
    )
    assert [type_ for type_, *_ in acts(body)] == ["Thank", "Discuss", "Discuss", "Agree"]
