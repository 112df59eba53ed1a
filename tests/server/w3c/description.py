"""The three tests of the service description, which the suite tells in words only."""

from __future__ import annotations

import rdflib

from tests.server.w3c.runner import Endpoint
from tests.server.w3c.suite import SD, Case

# The vocabulary of the recommendation (SPARQL 1.1 Service Description, section 3): its classes, and for each property the class that it
# is said of and whether its value is a class of the vocabulary, too.
_CLASSES = {"Service", "Feature", "Language", "Function", "Aggregate", "EntailmentRegime", "EntailmentProfile"} | {
    *("GraphCollection", "Dataset", "Graph", "NamedGraph")
}
_PROPERTIES: dict[str, tuple[str, str | None]] = {
    "endpoint": ("Service", None),
    "feature": ("Service", None),
    "defaultEntailmentRegime": ("Service", None),
    "defaultSupportedEntailmentProfile": ("Service", None),
    "entailmentRegime": ("NamedGraph", None),
    "supportedEntailmentProfile": ("NamedGraph", None),
    "extensionFunction": ("Service", "Function"),
    "extensionAggregate": ("Service", "Aggregate"),
    "languageExtension": ("Service", None),
    "supportedLanguage": ("Service", None),
    "propertyFeature": ("Service", None),
    "defaultDataset": ("Service", "Dataset"),
    "availableGraphs": ("Service", "GraphCollection"),
    "resultFormat": ("Service", None),
    "inputFormat": ("Service", None),
    "defaultGraph": ("Dataset", "Graph"),
    "namedGraph": ("GraphCollection", "NamedGraph"),
    "name": ("NamedGraph", None),
    "graph": ("NamedGraph", "Graph"),
}
_OTHERS = {"SPARQL10Query", "SPARQL11Query", "SPARQL11Update"} | {
    *("DereferencesURIs", "UnionDefaultGraph", "RequiresDataset", "EmptyGraphs", "BasicFederatedQuery")
}
_BELOW = {"Dataset": {"Dataset"}, "GraphCollection": {"GraphCollection", "Dataset"}}


def run(case: Case, endpoint: Endpoint) -> None:
    """One of the three."""
    reply = endpoint.send("GET", "/sparql")
    assert reply.status == 200
    graph = rdflib.Graph().parse(data=reply.body, format=reply.type)
    if case.name == "has-endpoint-triple":
        assert list(graph.objects(None, SD.endpoint)) == [rdflib.URIRef(f"{endpoint.url.rstrip('/')}/sparql")]
    elif case.name == "conforms-to-schema":
        _conforms(graph)
    else:
        assert case.name == "returns-rdf"
        assert len(graph) > 0


def _conforms(graph: rdflib.Graph) -> None:
    for subject, predicate, value in graph:
        names = [str(term).removeprefix(SD) for term in (predicate, value) if str(term).startswith(SD)]
        assert set(names) <= _CLASSES | _PROPERTIES.keys() | _OTHERS, names
        if str(predicate).startswith(SD):
            of, to = _PROPERTIES[str(predicate).removeprefix(SD)]
            assert _kinds(graph, subject) & _BELOW.get(of, {of}), (subject, predicate)
            assert to is None or to in _kinds(graph, value), (predicate, value)


def _kinds(graph: rdflib.Graph, node: rdflib.term.Node) -> set[str]:
    return {str(kind).removeprefix(SD) for kind in graph.objects(node, rdflib.RDF.type)}
