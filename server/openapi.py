"""What the server answers, in OpenAPI 3.1: made from the same catalogue as the answers themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from communique.queries import fulltext
from communique.queries.catalogue import Param, Query
from communique.server.negotiate import HTML, ROWS, TRIPLES, Offer
from communique.server.version import software

_TYPES: Final[Mapping[str, Mapping[str, Any]]] = {
    "date": {"type": "string", "format": "date"},
    "integer": {"type": "integer"},
    "iri": {"type": "string", "format": "iri"},
}
_EXAMPLES: Final = {"party": "JPN", "issue": "climate", "person": "a name as the readouts write it"}
_VALUE: Final = {"type": ["string", "number", "boolean", "null"]}
_TEXT: Final = {"schema": {"type": "string"}}
_JSON: Final = {"schema": {"type": ["object", "array"]}}


def document(root: str, queries: Iterable[Query], *, size: int, most: int) -> dict[str, Any]:
    """The description of the server at ``root``; ``size`` and ``most`` are the rows of a page, as a rule and at most."""
    saved = list(queries)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Communique",
            "summary": "Who said what to whom, according to their own readouts",
            "description": "A readout is one side's account: everything here is what a readout says, according to its publisher.",
            "version": software(),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": root}],
        "tags": [{"name": tag} for tag in sorted({tag for query in saved for tag in query.tags} | {"search", "sparql", "things"})],
        "paths": {
            "/api": {"get": _operation("queries", "All saved queries", [], {"application/json": {"schema": {"type": "object"}}})},
            **{f"/api/{query.name}": {"get": _query(query)} for query in saved},
            "/search": {"get": _search()},
            "/sparql": {"get": _sparql()},
            "/about/{path}": {"get": _thing()},
        },
        "components": {
            "parameters": {
                "page": _parameter("page", "which page, from 1", {"type": "integer", "minimum": 1, "default": 1}),
                "limit": _parameter(
                    "limit",
                    "rows of a page; CSV has all rows without it",
                    {"type": "integer", "minimum": 1, "maximum": most, "default": size},
                ),
                "format": _parameter("format", "goes before Accept", {"type": "string", "enum": ["json", "csv", "jsonld"]}),
            },
            "schemas": {"Problem": _PROBLEM},
            "headers": {
                "Link": {"description": "next, prev and first page (RFC 8288)", "schema": {"type": "string"}},
                "ETag": {"description": "the version of the data and the request", "schema": {"type": "string"}},
            },
            "responses": {
                name: {
                    "description": text,
                    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}, "text/html": {}},
                }
                for name, text in _REFUSALS.values()
            },
        },
    }


_PROBLEM: Final = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "what, where and what to do, in one line"},
    },
}
_REFUSALS: Final = {
    "400": ("Bad", "a parameter is not known, missing, there twice, or has a value that is not of its type"),
    "404": ("Unknown", "there is nothing of this name"),
    "406": ("NotAcceptable", "nothing of what is accepted exists"),
    "429": ("TooMany", "this client has used its share; Retry-After tells when to ask again"),
    "503": ("Busy", "a limit was reached, or all workers are busy"),
}


def _operation(
    name: str, summary: str, parameters: list[dict[str, Any]], content: Mapping[str, Any], *also: str, **more: Any
) -> dict[str, Any]:
    """One operation: what it takes, gives, and when (``also``: the refusals besides 406) it does not."""
    refusals = {status: {"$ref": f"#/components/responses/{_REFUSALS[status][0]}"} for status in sorted({"406", *also})}
    headers = {key: {"$ref": f"#/components/headers/{key}"} for key in ("Link", "ETag")}
    good = {"200": {"description": "the answer", "headers": headers, "content": dict(content)}, "304": {"description": "you have it"}}
    return {"operationId": name, "summary": summary, "parameters": parameters, "responses": good | refusals, **more}


def _parameter(name: str, description: str, schema: Mapping[str, Any], *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": required, "description": description, "schema": dict(schema)}


def _media(offers: Sequence[Offer]) -> dict[str, Any]:
    """What answers in some formats are: JSON, or text."""
    return {offer.media_type: _JSON if offer.media_type.endswith("+json") else _TEXT for offer in offers}


def _query(query: Query) -> dict[str, Any]:
    row = {"type": "object", "properties": {name: {**_VALUE, "description": text} for name, text in query.columns.items()}}
    answer = {
        "type": "object",
        "required": ["query", "columns", "rows"],
        "properties": {
            "query": {"const": query.name},
            "columns": {"type": "object", "additionalProperties": {"type": "string"}},
            "rows": {"type": "array", "items": row},
            "next": {"type": "string", "format": "uri"},
            "prev": {"type": "string", "format": "uri"},
        },
    }
    content = {"application/json": {"schema": answer}, "text/csv": _TEXT, "application/ld+json": {"schema": {"type": "object"}}}
    parameters = [_declared(param) for param in query.params]
    parameters += [{"$ref": f"#/components/parameters/{name}"} for name in ("page", "limit", "format")]
    refusals = ("400", "429", "503")
    about = {"description": query.description, "tags": list(query.tags)}
    return _operation(query.name, query.summary, parameters, content, *refusals, **about)


def _declared(param: Param) -> dict[str, Any]:
    schema = dict(_TYPES.get(param.type, {"type": "string"}))
    if param.choices:
        schema["enum"] = list(param.choices)
    if param.default is not None:
        schema["default"] = int(param.default) if param.type == "integer" else param.default
    told = _parameter(param.name, param.description, schema, required=param.required)
    if param.type in _EXAMPLES:
        told["description"] += f" (as {_EXAMPLES[param.type]}, or an IRI)"
    return told


def _search() -> dict[str, Any]:
    parameters = [
        _parameter("q", "words; side by side in quotation marks; begin*", {"type": "string"}),
        _parameter("kind", "of one kind only", {"type": "string", "enum": list(fulltext.KINDS)}),
        _parameter("page", "which page, from 1", {"type": "integer", "minimum": 1, "default": 1}),
        _parameter("limit", "hits of a page", {"type": "integer", "minimum": 1, "maximum": fulltext.MOST, "default": 20}),
        _parameter("format", "goes before Accept", {"type": "string", "enum": ["json", "csv", "html"]}),
    ]
    content = {
        "application/json": {"schema": {"type": "object", "required": ["total", "kinds", "hits"]}},
        "text/csv": _TEXT,
        "text/html": _TEXT,
    }
    return _operation("search", "Full text over names, quotes and texts", parameters, content, "400", "503", tags=["search"])


def _sparql() -> dict[str, Any]:
    names = [offer.name for offer in (*ROWS, *TRIPLES)]
    parameters = [
        _parameter("query", "SPARQL 1.1; without one, the service is described", {"type": "string"}),
        _parameter("format", "goes before Accept", {"type": "string", "enum": [*names, "html"]}),
        *(
            _parameter(f"{which}-graph-uri", f"the {which} graphs", {"type": "array", "items": {"type": "string", "format": "iri"}})
            for which in ("default", "named")
        ),
    ]
    content = _media((*ROWS, *TRIPLES, HTML))
    return _operation("sparql", "Ask in SPARQL", parameters, content, "400", "429", "503", tags=["sparql"])


def _thing() -> dict[str, Any]:
    parameters = [
        {
            "name": "path",
            "in": "path",
            "required": True,
            "description": "the IRI without its base, as id/person/NAME",
            "schema": {"type": "string"},
        },
        _parameter("page", "which page of what points to it, from 1", {"type": "integer", "minimum": 1, "default": 1}),
        _parameter("format", "goes before Accept", {"type": "string", "enum": [offer.name for offer in TRIPLES] + ["json", "html"]}),
    ]
    content = _media((*TRIPLES, HTML)) | {"application/json": _JSON}
    return _operation("thing", "What is known about a thing", parameters, content, "400", "404", "503", tags=["things"])
