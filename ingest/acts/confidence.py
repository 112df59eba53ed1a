"""Confidence: how often a rule was right on annotated texts, as a Laplace-smoothed share.

The counts are data (``grammar/confidence.toml``), written by ``benchmarks/confidence.py`` from the development gold.
"""

from __future__ import annotations

from functools import cache

from communique.ingest.grammar import table


def smoothed(right: int, seen: int) -> float:
    """``(right + 1) / (seen + 2)``: a rule that was never seen stands at one half."""
    return (right + 1) / (seen + 2)


@cache
def of(kind: str, rule: str) -> float:
    """The confidence of a rule of a kind (``act``, ``participant``, ``reference``, ``encounter``), in 0..1."""
    right, seen = table("confidence.toml").get(kind, {}).get(rule, (0, 0))
    return round(smoothed(right, seen), 3)
