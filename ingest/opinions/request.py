"""The request: what is sent for a document, and the key by which its reply is recorded; both depend on model, prompt and text alone."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from communique.ingest.grammar import table
from communique.ingest.opinions.sheet import Sheet

Json = dict[str, Any]


def body(model: str, sheet: Sheet) -> bytes:
    """The request for a chat completion, always the same bytes for the same model, prompt and text."""
    data = table("opinions.toml")
    types = "\n".join(f"{name}: {words}" for name, words in data["types"].items())
    asked = {
        "model": model,
        "temperature": 0,
        "messages": [
            {"role": "system", "content": f"{data['prompt']['system'].strip()}\n\nTypes of act:\n{types}"},
            {"role": "user", "content": sheet.text},
        ],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "readout", "strict": True, "schema": schema(tuple(data["types"]))},
        },
    }
    return json.dumps(asked, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "replace")


def key(request: bytes) -> str:
    """The name of a request in a file of replies."""
    return sha256(request).hexdigest()


def schema(types: tuple[str, ...]) -> Json:
    """The JSON schema of a reply, in the strict dialect: every field is required, none may be added."""
    word, maybe, number, words = {"type": "string"}, {"type": ["string", "null"]}, {"type": "integer"}, _list({"type": "string"})
    person = {"id": word, "sentence": number, "quote": word, "name": maybe, "family": maybe, "offices": words, "party": maybe}
    act = {
        "sentence": number,
        "trigger": word,
        "content": maybe,
        "type": {"type": "string", "enum": list(types)},
        "by": word,
        "actors": words,
        "to": maybe,
        "addressees": words,
        "against": maybe,
    }
    return _object({"people": _list(_object(person)), "acts": _list(_object(act))})


def _object(fields: Json) -> Json:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def _list(items: Json) -> Json:
    return {"type": "array", "items": items}
