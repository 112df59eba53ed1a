"""Acts that were lost in readouts never seen, and words that tell of another encounter; all people and sentences are invented."""

from __future__ import annotations

import pytest

from communique.ingest.extract import extract
from tests.ingest.texts import document

LEAD = "Deputy Secretary of State Ruth Hale met today with Egyptian Foreign Minister Karim Nasser in Cairo."
BOTH = ("Hale", "Nasser")


def _acts(*sentences: str) -> list[tuple[str, tuple[str, ...]]]:
    text = "Office of the Spokesperson\n\n" + " ".join((LEAD, *sentences)) + "\n"
    found = extract(document(text, title="Deputy Secretary Hale’s Meeting with Egyptian Foreign Minister Nasser"))
    return [(a.type, a.actors) for a in found.acts]


@pytest.mark.parametrize(
    ("sentence", "acts"),
    [
        ("The Deputy Secretary and the Foreign Minister both emphasized the role of the UN.", [("Emphasize", BOTH)]),
        ("They both welcomed the talks.", [("Welcome", BOTH)]),
        ("Both welcomed the talks.", [("Welcome", BOTH)]),
        ("The Deputy urged restraint.", [("Urge", ("Hale",))]),
        ("The two had a detailed discussion on trade.", [("Discuss", BOTH)]),
        ("The Deputy Secretary and the incoming administration discussed trade.", [("Discuss", BOTH)]),
        ("The Deputy Secretary and all of the party leaders discussed trade.", [("Discuss", BOTH)]),
        ("As May is Heritage Month, the Deputy Secretary underscored her support.", [("Emphasize", ("Hale",))]),
        ("These talks are an opportunity for discussions on trade.", []),
        ("The Deputy Secretary met with Minister Aziz on January 3, where they discussed trade.", []),
        ("Their wide-ranging discussion included efforts to protect forests.", [("Discuss", BOTH)]),
        ("The meeting included: Minister of Trade Samir Aziz.", []),
        ("While noting that the door is open, the Deputy Secretary urged restraint.", [("State", ("Hale",)), ("Urge", ("Hale",))]),
        ("They remain deeply concerned about the floods.", [("Concern", BOTH)]),
        ("They thanked the pilots and discouraged any step that harms trade.", [("Thank", BOTH), ("Oppose", BOTH)]),
        ("She looks forward to the next session.", [("Hope", ("Hale",))]),
        ("In her visit with Foreign Minister Nasser, the Deputy Secretary thanked the hosts.", [("Thank", ("Hale",))]),
        ("Building on a trip to Abu Dhabi, the Deputy Secretary welcomed the talks.", [("Welcome", ("Hale",))]),
        ("This builds on their May meeting in Rome, where the two discussed trade.", []),
        ("Their meeting followed up on the May call between President Reed and President Aziz in which the leaders discussed trade.", []),
        ("The Deputy Secretary spoke to the importance of unity.", [("Emphasize", ("Hale",))]),
        ("They strategized on next steps.", [("Discuss", BOTH)]),
        ("She credited the hosts with the truce.", [("Commend", ("Hale",))]),
        ("They discussed challenges over which both sides share concern.", [("Discuss", BOTH)]),
        ("She reaffirmed the partnership, which the two countries jointly announced in May.", [("Reaffirm", ("Hale",))]),
        ("Energy prices were also on the table.", [("Discuss", BOTH)]),
        ("She showed that the sanctions would stay in force.", [("State", ("Hale",))]),
        ("Her colleague thanked her for the visit.", [("Thank", ("Nasser",))]),
        ("They exchanged views on trade and our shared commitment to peace in the region.", [("Discuss", BOTH)]),
        ("This meeting, which followed their May 4 call, focused on trade.", [("Discuss", BOTH)]),
        ("Their meeting, the first since the election, covered trade.", [("Discuss", BOTH)]),
        ("The Deputy Secretary, together with Minister Nasser, called for restraint.", [("Urge", BOTH)]),
        ("The Deputy Secretary, along with the Foreign Minister, underscored the value of trade.", [("Emphasize", BOTH)]),
        ("The U.S. and Egyptian officials discussed trade.", [("Discuss", BOTH)]),
        ("They engaged in a wide-ranging discussion regarding trade.", [("Discuss", BOTH)]),
        ("The Deputy Secretary remarked on the progress of the talks.", [("State", ("Hale",))]),
        ("They discussed the measures we announced today.", [("Discuss", BOTH)]),
        ("The United States has provided $2 billion in response to the drought to address the crisis.", []),
        ("Foreign Minster Nasser reaffirmed the partnership.", [("Reaffirm", ("Nasser",))]),
        ("Both expressed support for Ukraine and commitment to close coordination.", [("Support", BOTH), ("Commit", BOTH)]),
        ("She was proud to announce the delivery of vaccines.", [("Announce", ("Hale",))]),
        ("She noted continuing U.S. support for the talks.", [("Support", ("Hale",))]),
        ("They noted their opposition to the plan.", [("Oppose", BOTH)]),
        ("The Deputy Secretary commemorated 100 years of diplomatic relations.", [("Welcome", ("Hale",))]),
        (
            "The Deputy Secretary congratulated Sheikh Rashid on his election. She underscored the ties.",
            [("Commend", ("Hale",)), ("Emphasize", ("Hale",))],
        ),
    ],
)
def test_what_was_done(sentence: str, acts: list[tuple[str, tuple[str, ...]]]) -> None:
    assert _acts(sentence) == acts


@pytest.mark.parametrize(
    ("told", "acts"),
    [
        ("in Cairo, where they reaffirmed the partnership.", [("Reaffirm", BOTH)]),
        ("for discussions on trade and security.", [("Discuss", BOTH)]),
        ("for a discussion focused on trade.", [("Discuss", BOTH)]),
        ("before the end of his visit to Geneva to review trade.", [("Discuss", BOTH)]),
        ("to further coordinate the response to the drought.", [("Discuss", BOTH)]),
        ("for the third round of talks on the need for more action to address the drought.", []),
    ],
)
def test_acts_in_the_sentence_that_tells_of_the_encounter(told: str, acts: list[tuple[str, tuple[str, ...]]]) -> None:
    lead = f"Deputy Secretary of State Ruth Hale met today with Egyptian Foreign Minister Karim Nasser {told}"
    found = extract(
        document(f"Office of the Spokesperson\n\n{lead}\n", title="Deputy Secretary Hale’s Meeting with Egyptian Foreign Minister Nasser")
    )
    assert [(a.type, a.actors) for a in found.acts] == acts
