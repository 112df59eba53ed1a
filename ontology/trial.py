"""Rules on trial: what is shipped, with the axioms and rules of some files beside it, looked at as what is shipped is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from communique.errors import InputError
from communique.ontology import closure, locality, table
from communique.ontology.closure import Closure
from communique.ontology.compiler import compile_rules
from communique.ontology.locality import Placed
from communique.ontology.rule import Rule
from communique.ontology.terms import Triple, ontology, parse


def placed(paths: Iterable[Path] = ()) -> tuple[Placed, ...]:
    """The rules of the shipped ontology and of the domain, and those that files add (``.ttl``: axioms, ``.toml``: rules), with their scope.

    Raises ``InputError`` or ``DataError`` for a file that is none of both, and ``ReasoningError`` for an axiom outside OWL 2 RL, for
    one that contradicts what there is about properties, and for a rule that cannot be closed readout by readout.
    """
    axioms: list[Triple] = []
    rules: list[Rule] = []
    for path in paths:
        if path.suffix not in (".ttl", ".toml"):
            raise InputError("holds neither axioms nor rules", where=path, todo="give Turtle (.ttl) or rules as in domain.toml (.toml)")
        try:
            if path.suffix == ".ttl":
                axioms += parse(path)
            else:
                rules += table.rules(path.read_text(encoding="utf-8"), path.name)
        except OSError as error:
            raise InputError(f"cannot be read ({error.strerror})", where=path) from error
        except UnicodeDecodeError as error:
            raise InputError("is not UTF-8", where=path, todo="save it as UTF-8") from error
    triples = (*ontology(), *axioms)
    compiled = Closure((*compile_rules(triples), *table.domain(), *rules)) if axioms or rules else closure.shipped()
    return locality.classify((*compiled.rules, *compiled.false), triples)
