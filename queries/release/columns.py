"""The codebook: every column of every table, with the type of its values, what it means, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Type(StrEnum):
    """What stands in a column; ``codes`` and ``texts`` are several values, with a space or ``; `` between them."""

    IRI = "IRI"
    IRIS = "IRIs"
    CODE = "code"
    CODES = "codes"
    TEXT = "text"
    TEXTS = "texts"
    DATE = "date"
    MONTH = "month"
    TIME = "time"
    INTEGER = "integer"
    NUMBER = "number"
    TRUTH = "truth"


WRITTEN: Final = {
    Type.IRI: "one address, which is the name of a thing",
    Type.IRIS: "addresses with a space between them",
    Type.CODE: "a short word of a fixed list",
    Type.CODES: "codes with a space between them",
    Type.TEXT: "words",
    Type.TEXTS: "words, with `; ` between them",
    Type.DATE: "`YYYY-MM-DD`",
    Type.MONTH: "`YYYY-MM`",
    Type.TIME: "`YYYY-MM-DDThh:mm:ssZ`, in UTC",
    Type.INTEGER: "a whole number",
    Type.NUMBER: "a number",
    Type.TRUTH: "`true` or `false`",
}
"""How a value of each type is written; a value that is not told is an empty cell."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, the type of its values, what it means, and the property or computation that it comes from."""

    name: str
    type: Type
    meaning: str
    source: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its name, what a row is, and its columns in order."""

    name: str
    row: str
    columns: tuple[Column, ...]


def _party(side: str, who: str, source: str) -> tuple[Column, ...]:
    """The five columns that tell of a party."""
    return (
        Column(side, Type.CODE, f"code of {who}: ISO 3166-1 alpha-3 for a state (XKX: Kosovo), the acronym for an organization", source),
        Column(f"{side}_label", Type.TEXT, "its name", "skos:prefLabel"),
        Column(f"{side}_kind", Type.CODE, "state, organization, forum; party: one that no vocabulary knows", "its vocabulary"),
        Column(f"{side}_iso3", Type.CODE, "ISO 3166-1 alpha-3, for states only", "cq:iso3"),
        Column(f"{side}_cow", Type.INTEGER, "Correlates of War number (ccode), for states that have one", "cq:cowNumber"),
    )


_TELLER: Final = (
    Column("teller", Type.CODE, "code of the party whose readout tells it", "cq:toldFrom, inferred"),
    Column("teller_iso3", Type.CODE, "its ISO 3166-1 alpha-3, for states only", "cq:iso3"),
    Column("teller_cow", Type.INTEGER, "its Correlates of War number", "cq:cowNumber"),
)
_WORDS: Final = (
    Column("quote", Type.TEXT, "the words that it rests on", "cq:quote"),
    Column("start", Type.INTEGER, "where they start in the text, in Unicode code points from 0", "cq:start"),
    Column("end", Type.INTEGER, "where they end, exclusive", "cq:end"),
    Column("confidence", Type.NUMBER, "how often the rule is right, from 0 to 1", "cq:confidence"),
    Column("rule", Type.CODE, "the rule that read it", "cq:derivedBy"),
)
_READOUT: Final = (
    Column("readout", Type.IRI, "the readout that tells of it", "cq:hasAccount"),
    Column("publisher", Type.IRI, "who published the readout", "cq:publisher"),
    Column("publisher_label", Type.TEXT, "its name", "rdfs:label"),
    Column("published", Type.DATE, "day of publication, on the publisher's calendar", "cq:date of the readout"),
    Column("url", Type.TEXT, "address of the page", "cq:url"),
    Column("composed", Type.TRUTH, "true for the shipped samples, which are invented", "cq:composed"),
)
_STANCE: Final = Column("stance", Type.CODE, "positive, negative, mixed, or none where the text reports no position", "cq:polarity")

ACTS: Final = Table(
    "acts",
    "one act as one readout tells it, by readout and in the order of the text",
    (
        Column("act", Type.IRI, "the act", "cq:hasSpeechAct"),
        *_READOUT,
        Column("encounter", Type.IRI, "the encounter, as this readout tells it", "cq:describesEncounter"),
        Column("encounter_label", Type.TEXT, "its name", "rdfs:label"),
        Column("encounter_kind", Type.CODE, "meeting, call, video, visit, multilateral-meeting, dialogue, signing or other", "cq:kind"),
        Column("date", Type.DATE, "day of the encounter where it took place", "cq:date"),
        Column("place_label", Type.TEXT, "place, as written", "cq:placeName"),
        Column("order", Type.INTEGER, "number of the act in the text, from 1", "cq:order"),
        Column("act_type", Type.IRI, "the type, one of 24", "cq:actType"),
        Column("act_type_label", Type.TEXT, "its name", "skos:prefLabel"),
        Column("verb", Type.TEXT, "the reporting verb, as written", "cq:trigger"),
        Column("joint", Type.TRUTH, "true if all sides did it together", "cq:joint"),
        Column("actors", Type.IRIS, "the persons and parties who did it", "cq:actor"),
        Column("actors_labels", Type.TEXTS, "their names; what was not resolved stands last, as written", "rdfs:label, cq:unresolvedActor"),
        Column("actors_parties", Type.CODES, "codes of their parties, as the readout tells them", "cq:officeOf, cq:represents"),
        Column("addressees", Type.IRIS, "the persons and parties to whom", "cq:addressee"),
        Column("addressees_labels", Type.TEXTS, "their names", "rdfs:label, cq:unresolvedAddressee"),
        Column("addressees_parties", Type.CODES, "codes of their parties, as the readout tells them", "cq:officeOf, cq:represents"),
        Column("addressee_implicit", Type.TRUTH, "true if the text leaves the addressee to be understood", "cq:addresseeImplicit"),
        Column("target", Type.IRI, "a third party that the act is about or against", "cq:target"),
        Column("target_label", Type.TEXT, "its name", "skos:prefLabel"),
        Column("issues", Type.IRIS, "the issues, in the order of the text", "cq:mentionsIssue"),
        Column("issues_labels", Type.TEXTS, "their names", "skos:prefLabel"),
        _STANCE,
        Column("strength", Type.INTEGER, "step of the verb on its ladder; higher is stronger; not every verb has one", "cq:strength"),
        Column("commitment", Type.TRUTH, "true if the actors bind themselves to a course", "cq:makesCommitment"),
        *_WORDS,
    ),
)

ENCOUNTERS: Final = Table(
    "encounters",
    "one encounter as one readout tells it; accounts of the same encounter are tied by paired_with",
    (
        Column("encounter", Type.IRI, "the encounter, as this readout tells it", "cq:describesEncounter"),
        Column("label", Type.TEXT, "its name", "rdfs:label"),
        *_READOUT,
        Column("teller", Type.CODES, "codes of the parties whose readout it is", "cq:toldFrom, inferred"),
        Column("kind", Type.CODE, "meeting, call, video, visit, multilateral-meeting, dialogue, signing or other", "cq:kind"),
        Column("date", Type.DATE, "its day, or the first of several, where it took place", "cq:date"),
        Column("date_end", Type.DATE, "its last day, if it has several", "cq:dateEnd"),
        Column("start_utc", Type.TIME, "when it started", "cq:startUTC"),
        Column("duration_min", Type.INTEGER, "minutes that it took", "cq:duration"),
        Column("place_label", Type.TEXT, "place, as written", "cq:placeName"),
        Column("place", Type.IRI, "the place", "cq:atPlace"),
        Column("occasion", Type.TEXT, "the larger event on whose margins it was", "cq:onMarginsOf"),
        Column("participants", Type.TEXTS, "names of the participants, in the order of the text", "cq:participant"),
        Column("parties", Type.CODES, "codes of the parties involved", "cq:involvesState, inferred"),
        Column("parties_iso3", Type.CODES, "ISO 3166-1 alpha-3 of those that are states", "cq:iso3"),
        Column("parties_cow", Type.CODES, "their Correlates of War numbers, where they have one, in the same order", "cq:cowNumber"),
        Column("issues", Type.CODES, "the issues discussed", "cq:discusses, inferred"),
        Column("acts", Type.INTEGER, "number of acts", "count of cq:hasSpeechAct"),
        Column("paired_with", Type.IRIS, "the same encounter as other readouts tell it", "cq:pairedWith, inferred"),
        Column("plover", Type.CODE, "PLOVER event type of the encounter itself", "cq:ploverCode of its kind"),
        Column("plover_mode", Type.CODE, "PLOVER mode", "cq:ploverMode of its kind"),
        Column("cameo", Type.CODE, "CAMEO code, with its leading zero", "cq:cameoCode of its kind"),
        *_WORDS,
    ),
)

EVENTS: Final = Table(
    "events",
    "one act from one party towards another, as one side tells it; an act has as many rows as pairs, and an empty cell where nobody acts "
    "or is addressed. A joint act stands once in each direction",
    (
        Column("event", Type.CODE, "name of the row, from act, source, target and teller", "hash"),
        Column("act", Type.IRI, "the act", "cq:hasSpeechAct"),
        Column("readout", Type.IRI, "the readout that tells of it", "cq:hasAccount"),
        Column("encounter", Type.IRI, "the encounter, as this readout tells it", "cq:describesEncounter"),
        Column("encounter_kind", Type.CODE, "meeting, call, video, visit, multilateral-meeting, dialogue, signing or other", "cq:kind"),
        Column("date", Type.DATE, "day of the encounter, or the first of several", "cq:date"),
        *_party("source", "the party that acts", "cq:actorState, inferred"),
        *_party("target", "the party towards which: the addressee, or any other side of a joint act", "cq:addresseeState, inferred"),
        *_TELLER,
        Column("plover", Type.CODE, "PLOVER event type", "cq:ploverCode of the act's type"),
        Column("plover_mode", Type.CODE, "PLOVER mode; that of the encounter for CONSULT", "cq:ploverMode of the act's type or the kind"),
        Column("cameo", Type.CODE, "CAMEO code, with its leading zero", "cq:cameoCode of the act's type"),
        Column("act_type", Type.CODE, "our own type of act, one of 24", "cq:actType"),
        Column("joint", Type.TRUTH, "true if all sides did it together", "cq:joint"),
        _STANCE,
        Column("strength", Type.INTEGER, "step of the verb on its ladder; higher is stronger", "cq:strength"),
        Column("commitment", Type.TRUTH, "true if the actors bind themselves to a course", "cq:makesCommitment"),
        Column("about", Type.CODE, "code of a third party that the act is about or against", "cq:target"),
        Column("issues", Type.CODES, "the issues, in the order of the text", "cq:mentionsIssue"),
        Column("composed", Type.TRUTH, "true for the shipped samples, which are invented", "cq:composed"),
        *_WORDS,
    ),
)

DYAD_MONTHS: Final = Table(
    "dyad-months",
    "the acts of one code from one party towards another in a month, as one side tells them; acts without a day or without a second party "
    "are not in it. One encounter told by two governments counts in each: choose one teller before adding up",
    (
        Column("month", Type.MONTH, "month of the encounters", "cq:date"),
        *_party("source", "the party that acts", "cq:actorState, inferred"),
        *_party("target", "the party towards which", "cq:addresseeState, cq:involvesState"),
        *_TELLER,
        Column("plover", Type.CODE, "PLOVER event type", "cq:ploverCode"),
        Column("cameo", Type.CODE, "CAMEO code, with its leading zero", "cq:cameoCode"),
        Column("acts", Type.INTEGER, "number of acts", "count of rows of events"),
        Column("positive", Type.INTEGER, "those with a positive stance", "count"),
        Column("negative", Type.INTEGER, "those with a negative stance", "count"),
    ),
)

TABLES: Final = {table.name: table for table in (ACTS, ENCOUNTERS, EVENTS, DYAD_MONTHS)}
