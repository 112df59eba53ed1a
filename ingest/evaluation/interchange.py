"""Interchange: an extraction as JSON in the form of the gold files, with rule, confidence and coverage beside it."""

from __future__ import annotations

from typing import Any

from communique.model import Act, Encounter, Extraction, Reading, Reference, Span

Json = dict[str, Any]


def to_json(extraction: Extraction) -> Json:
    """One JSON object: ``encounters``, ``references``, ``acts`` and ``coverage`` (ontology documentation, "Interchange")."""
    document, text = extraction.document, extraction.document.text
    return {
        "id": document.id,
        "sha256": document.sha256,
        "source": document.source,
        "genre": extraction.genre,
        "set_aside": extraction.set_aside,
        "encounters": [_encounter(e, text) for e in extraction.encounters],
        "references": [_reference(r, text) for r in extraction.references],
        "acts": [_act(a, text) for a in extraction.acts],
        "coverage": [{"start": c.span.start, "end": c.span.end, "state": str(c.state)} for c in extraction.coverage] + _loose(extraction),
        "diagnostics": [{"code": d.code, "message": d.message, "span": _span(d.span, text)} for d in extraction.diagnostics],
    }


def _span(span: Span | None, text: str) -> Json | None:
    return {"start": span.start, "end": span.end, "text": span.of(text)} if span else None


def _loose(extraction: Extraction) -> list[Json]:
    """Reporting verbs that no rule attached, inside sentences that were read otherwise: unread too."""
    return [
        {"start": d.span.start, "end": d.span.end, "state": str(Reading.UNREAD), "code": d.code}
        for d in extraction.diagnostics
        if d.span and d.code in ("unattached-verb", "unresolved")
    ]


def _encounter(e: Encounter, text: str) -> Json:
    return {
        "id": e.id,
        "type": e.type,
        "date": e.date,
        "start": e.start,
        "start_publisher": e.start_publisher,
        "duration_min": e.duration_min,
        "approximate": e.approximate,
        "zone_evidence": e.zone_evidence,
        "conflicts": list(e.conflicts),
        "place": e.place,
        "occasion": e.occasion,
        "participants": [
            {
                "name": p.name,
                "family": p.family,
                "office": list(p.offices),
                "party": p.party,
                "span": _span(p.span, text),
                "rule": p.rule,
                "confidence": round(p.confidence, 3),
            }
            for p in e.participants
        ],
        "span": _span(e.span, text),
        "rule": e.rule,
        "confidence": round(e.confidence, 3),
    }


def _reference(r: Reference, text: str) -> Json:
    return {
        "kind": r.kind,
        "date": r.date,
        "relation": r.relation,
        "span": _span(r.span, text),
        "rule": r.rule,
        "confidence": round(r.confidence, 3),
    }


def _act(a: Act, text: str) -> Json:
    return {
        "id": a.id,
        "encounter": a.encounter,
        "trigger": _span(a.trigger, text),
        "content": _span(a.content, text),
        "type": a.type,
        "verb": a.verb,
        "actors": list(a.actors),
        "addressees": list(a.addressees),
        "addressee_implicit": a.addressee_implicit,
        "target": a.target,
        # the backbone's ids, as gold files have them; the finest concepts stand beside them
        "issues": list(dict.fromkeys(link.issue for link in a.issues)),
        "concepts": [
            {"id": link.concept, "span": _span(link.span, text), "candidate": link.candidate, "rule": link.rule} for link in a.issues
        ],
        "stance": str(a.stance),
        "joint": a.joint,
        "commitment": a.commitment,
        "answers": a.answers,
        "embedded_in": a.embedded_in,
        "intensity": a.intensity,
        "strength": a.strength,
        "inherited": a.inherited,
        "note": a.note,
        "rule": a.rule,
        "confidence": round(a.confidence, 3),
    }
