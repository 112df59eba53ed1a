"""Accounts of one encounter from texts: the samples, composed pages, and real pages whose verdicts were made by hand.

``tests/data/same-encounter.csv`` has every two pages of ``../shared/corpus`` that tell of the same parties within a day, as they
were read by a person: ``same``, ``different``, or ``doubtful`` (the President joined a meeting of his ministers).
``tests/data/earlier-encounter.csv`` has the pages that mention an earlier encounter of the corpus, and the page that tells of it.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from communique.ingest.pipeline import ingest
from communique.iris import CQ, VOCAB, Iris
from communique.ontology.pairing import told
from communique.ontology.pairing.pairs import candidates, resolve
from communique.ontology.pairing.told import Told, code
from communique.ontology.reasoner import reason
from communique.store import Store, open_store

DATA = Path(__file__).resolve().parents[1] / "data"
CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
with_corpus = pytest.mark.skipif(not CORPUS.exists(), reason="the texts of ../shared/corpus are not here")
PAIRS = f"SELECT ?a ?b {{ ?p <{CQ}pairs> ?a, ?b FILTER(STR(?a) < STR(?b)) }}"

# Every encounter of the samples that is told more than once, by the names of its files.
SAMPLES = {
    ("fcdo/2023-02-20", "mofa/2023-02-20"),
    ("china/2023-04-02", "mofa/2023-04-02"),
    ("canada/2023-05-16", "rok/2023-05-16"),
    ("china/2023-06-18", "state/2023-06-18"),
    ("mofa/2023-07-13", "state/2023-07-12"),
    ("mofa/2023-07-14", "rok/2023-07-14"),
    ("mofa/2023-07-14", "state/2023-07-14"),
    ("rok/2023-07-14", "state/2023-07-14"),
    ("fcdo/2023-09-20", "mofa/2023-09-19"),
    ("canada/2023-09-20", "mofa/2023-09-20"),
    ("china/2023-12-05", "fcdo/2023-12-05"),
    ("mofa/2024-01-05", "rok/2024-01-05"),
    ("fcdo/2024-03-15", "state/2024-03-14"),
    ("canada/2024-04-18", "mofa/2024-04-18"),
    ("rok/2024-05-28", "state/2024-05-27"),
    ("china/2024-07-26", "mofa/2024-07-26"),
    ("fcdo/2024-12-16", "mofa/2024-12-16"),
}


def pages(store: Store) -> set[tuple[str, str]]:
    """The pairs by source and day of publication."""
    found = [[str(term).split("/readout/")[1].rsplit("/", 3)[0] for term in row] for row in store.select(PAIRS)]
    return {(min(row), max(row)) for row in found}


def test_the_samples_pair_as_they_were_composed(samples: Store) -> None:
    assert pages(samples) == SAMPLES


# Composed pages.


def page(id_: str, source: str, publisher: str, day: str, title: str, text: str) -> str:
    host = {"state": "www.state.gov", "whitehouse": "www.whitehouse.gov", "mofa": "www.mofa.go.jp", "rok": "www.mofa.go.kr"}[source]
    url = f"https://{host}/{id_}"
    return json.dumps({"id": id_, "source": source, "publisher": publisher, "title": title, "url": url, "date": day, "text": text})


STATE = ("state", "U.S. Department of State")
ROK = ("rok", "Ministry of Foreign Affairs of the Republic of Korea")
MEETING = (
    "Office of the Spokesperson\n\nSecretary of State Daniel R. Whitcombe met today in Vienna with "
    "Republic of Korea Foreign Minister Han Seo-jin. "
    "The Secretary and the Foreign Minister discussed supply chains and the situation in the South China Sea. "
    "They reaffirmed their commitment to the complete denuclearization of the Korean Peninsula.\n"
)
TITLE = "Secretary Whitcombe’s Meeting with Republic of Korea Foreign Minister Han"
TEXTS = {
    "readout": page("first", *STATE, "2024-06-04", TITLE, MEETING),
    "copy": page("first-2", *STATE, "2024-06-04", TITLE, MEETING.replace("supply chains and", "resilient supply chains and")),
    "deputy": page(
        "deputy",
        *STATE,
        "2024-06-04",
        "Deputy Secretary Ashcombe’s Meeting with Republic of Korea Foreign Minister Han",
        MEETING.replace("Secretary of State Daniel R. Whitcombe", "Deputy Secretary of State Laura Ashcombe"),
    ),
    "call": page(
        "call",
        *STATE,
        "2024-06-04",
        "Secretary Whitcombe’s Call with Republic of Korea Foreign Minister Han",
        MEETING.replace("met today in Vienna with", "spoke today by phone with"),
    ),
    "counterpart": page(
        "counterpart",
        *ROK,
        "2024-06-05",
        "Foreign Minister Han Seo-jin Meets with U.S. Counterpart",
        "Minister of Foreign Affairs Han Seo-jin met with U.S. Secretary of State Daniel R. Whitcombe in Vienna on June 4. "
        "The two ministers discussed ways to strengthen supply chains.\n",
    ),
    "later": page(
        "later",
        *STATE,
        "2024-06-20",
        "Secretary Whitcombe’s Call with Republic of Korea Foreign Minister Han",
        "Office of the Spokesperson\n\nSecretary of State Daniel R. Whitcombe spoke today with "
        "Republic of Korea Foreign Minister Han Seo-jin. Following their June 4 meeting in Vienna, they discussed supply chains.\n",
    ),
}


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (("readout", "copy"), 1),
        (("readout", "deputy"), 0),
        (("readout", "call"), 0),
        (("readout", "counterpart"), 1),
        (("deputy", "counterpart"), 0),
        (("call", "counterpart"), 0),
        (("readout", "copy", "counterpart"), 3),
        (tuple(TEXTS), 3),
    ],
)
def test_composed_pages_pair_with_their_likes(names: tuple[str, ...], found: int, tmp_path: Path) -> None:
    with reasoned([TEXTS[name] for name in names], tmp_path) as store:
        assert len(store.select(PAIRS)) == found


def test_a_later_page_means_the_earlier_meeting_with_score_reason_and_sources(tmp_path: Path) -> None:
    with reasoned([TEXTS["readout"], TEXTS["counterpart"], TEXTS["later"]], tmp_path) as store:
        rows = store.select(
            f"PREFIX cq: <{CQ}> PREFIX prov: <http://www.w3.org/ns/prov#> SELECT DISTINCT ?e ?score ?why {{ "
            f"GRAPH <{Iris().graph('global')}> {{ "
            "?n a cq:Resolution, cq:Match ; cq:resolves ?r ; cq:resolvesTo ?e ; cq:score ?score ; cq:reason ?why ; cq:derivedBy ?rule ;"
            " prov:wasDerivedFrom ?account, ?other . ?r cq:refersTo ?e FILTER(?account != ?other) } }"
        )
        assert {tuple(str(term) for term in row[1:]) for row in rows} == {
            ('"0.95"^^<http://www.w3.org/2001/XMLSchema#decimal>', '"same persons as in this encounter; same day; meeting and meeting"')
        }
        assert len(rows) == 2


def reasoned(lines: Iterable[str], folder: Path) -> Store:
    path = folder / "pages.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    store = open_store("memory:")
    ingest([path], store, Iris())
    reason(store, Iris())
    return store


# Real pages.


def table(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The listed pages, read and reasoned over."""
    wanted = {row[name] for row in table("same-encounter.csv") for name in ("page", "other_page")}
    wanted |= {row[name] for row in table("earlier-encounter.csv") for name in ("page", "earlier_page")}
    lines = [line for path in sorted(CORPUS.glob("*.jsonl.gz")) for line in gzip.decompress(path.read_bytes()).decode().splitlines()]
    chosen = [line for line in lines if json.loads(line)["url"] in wanted]
    assert len(chosen) == len(wanted)
    with reasoned(chosen, tmp_path_factory.mktemp("corpus")) as store:
        yield store


def addresses(store: Store) -> dict[str, str]:
    rows = store.select(f"SELECT ?e ?u {{ ?r <{CQ}url> ?u ; <{CQ}hasAccount>/<{CQ}describesEncounter> ?e }}")
    return {str(encounter): url.value for encounter, url in rows}  # type: ignore[union-attr]  # a literal, by the query


@with_corpus
def test_real_pages_pair_as_a_person_judged(corpus: Store) -> None:
    verdicts = {frozenset((row["page"], row["other_page"])): row["verdict"] for row in table("same-encounter.csv")}
    assert len(verdicts) >= 120
    url = addresses(corpus)
    found = {frozenset((url[str(a)], url[str(b)])) for a, b in corpus.select(PAIRS)}
    same = {pair for pair, verdict in verdicts.items() if verdict == "same"}
    judged = {pair for pair in found if verdicts.get(pair) != "doubtful"}
    assert len(judged & same) / len(judged) >= 0.98
    assert len(judged & same) >= 2  # of 3: the page on a journey names nobody at its trilateral meeting


@with_corpus
def test_real_references_mean_what_a_person_judged(corpus: Store) -> None:
    url = addresses(corpus)
    wanted = {(row["page"], row["earlier_page"]) for row in table("earlier-encounter.csv")}
    rows = corpus.select(f"SELECT ?page ?e {{ ?page <{CQ}url> ?u ; <{CQ}hasAccount>/<{CQ}hasReference>/<{CQ}refersTo> ?e }}")
    page = {str(r): u.value for r, u in corpus.select(f"SELECT ?r ?u {{ ?r <{CQ}url> ?u }}")}  # type: ignore[union-attr]
    found = {(page[str(r)], url[str(e)]) for r, e in rows}
    assert len(found & wanted) / len(found) >= 0.98
    assert len(found & wanted) >= len(wanted) - 1


@with_corpus
def test_each_real_encounter_retold_by_the_other_side_is_known_again(corpus: Store) -> None:
    """Crowded weeks, told a second time: short names, other order, other place of publication, and the date of its own clock."""
    encounters = told.encounters(corpus)
    zones: dict[str, str] = {str(s): z.value for s, z in corpus.select(f"SELECT ?s ?z {{ ?s a <{CQ}State> ; <{CQ}zone> ?z }}")}  # type: ignore[union-attr]
    retold = [told_again for n, e in enumerate(encounters) if (told_again := retell(e, n, zones))]
    pairs = resolve(candidates([*encounters, *retold]), {})
    right = [p for p in pairs if p.a.iri.removesuffix("/retold") == p.b.iri.removesuffix("/retold")]
    crossed = [p for p in pairs if p not in right and p.a.iri.endswith("/retold") != p.b.iri.endswith("/retold")]
    assert len(retold) > 100
    assert len(right) / (len(right) + len(crossed)) >= 0.98
    assert len(right) / len(retold) >= 0.9


def retell(e: Told, number: int, zones: dict[str, Any]) -> Told | None:
    """The same encounter as the other party's ministry would tell it; calls get the later date of a clock that is far ahead."""
    side = next((p for p in sorted(e.parties) if f"<{VOCAB}state/{p}>" in zones and p != code(e.side or "")), None)
    if side is None or not all(p.words for p in e.people):
        return None
    people = tuple(
        replace(p, order=len(e.people) - p.order, iri=f"{p.iri}-short", name=p.family) if number % 2 else p for p in reversed(e.people)
    )
    zone = zones[f"<{VOCAB}state/{side}>"]
    later = e.kind == "call" and number % 3 == 0 and zone.startswith(("Asia/", "Australia/"))
    more = {"zone": zone, "day": e.day + timedelta(days=later), "people": people, "place": None, "place_name": None}
    return replace(e, iri=f"{e.iri}/retold", account=f"{e.account}/retold", publisher=side, side=f"{VOCAB}state/{side}", **more)
