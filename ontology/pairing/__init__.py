"""Accounts of one encounter: which are the same event, which earlier encounter a reference means, with a score and a reason."""

from communique.ontology.pairing.statements import statements

__all__ = ["statements"]
