"""A saved query as it was asked, as code to copy: curl, Python and R."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable
from urllib.parse import urlencode

from communique.queries.catalogue import Query


def of(root: str, query: Query, given: Iterable[tuple[str, str]], text: str) -> dict[str, str]:
    """Code that asks the server at ``root`` what the page asks, by language; ``text`` is the query with its parameters bound."""
    arguments = urlencode(list(given))
    address = f"{root}/api/{query.name}.csv" + (f"?{arguments}" if arguments else "")
    return {
        "curl": f"curl {shlex.quote(address)}",
        "Python": f"""from SPARQLWrapper import JSON, SPARQLWrapper

endpoint = SPARQLWrapper({json.dumps(f"{root}/sparql")}, returnFormat=JSON)
endpoint.setQuery({_python(text)})
for row in endpoint.queryAndConvert()["results"]["bindings"]:
    print({{name: term["value"] for name, term in row.items()}})""",
        "R": f'answer <- read.csv({json.dumps(address)}, encoding = "UTF-8")',
    }


def _python(text: str) -> str:
    """A string of Python: as it stands, where nothing in it ends or changes it."""
    return f'"""\n{text.strip()}\n"""' if '"""' not in text and "\\" not in text else repr(text)
