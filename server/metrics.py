"""Figures for a monitor, in the text format of Prometheus: requests by route and status, times, workers, and queries that were ended."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from communique.errors import Unanswered
from communique.server.engine import Engine, Record
from communique.server.serve import FIGURES_VARIABLE

_SECONDS: Final = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)


class Metrics:
    """The figures of one application; its processes share them in the folder that the environment names, if there are several."""

    content_type = "text/plain; version=0.0.4; charset=utf-8"

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._folder = os.environ.get(FIGURES_VARIABLE)
        self._registry = CollectorRegistry()
        here = self._registry
        self._requests = Counter("communique_requests", "Requests answered.", ("route", "status"), registry=here)
        self._bytes = Counter("communique_answer_bytes", "Bytes of answers to queries.", registry=here)
        self._rows = Counter("communique_answer_rows", "Rows of answers to queries.", registry=here)
        self._total = Histogram("communique_request_seconds", "From request to last byte.", ("route",), buckets=_SECONDS, registry=here)
        self._first = Histogram("communique_first_byte_seconds", "From request to first byte.", ("route",), buckets=_SECONDS, registry=here)
        self._queued = Histogram("communique_queue_seconds", "Time that queries waited for a worker.", buckets=_SECONDS, registry=here)
        self._ran = Histogram("communique_query_seconds", "Time that queries ran.", buckets=_SECONDS, registry=here)

    @lru_cache(1 << 8)  # noqa: B019 - there is one, and it lasts as long as the process
    def _of(self, route: str, status: int) -> tuple[Counter, Histogram, Histogram]:
        """Those that are counted for each route; to find them takes longer than to count."""
        return self._requests.labels(route, str(status)), self._total.labels(route), self._first.labels(route)

    def seen(self, route: str, status: int, took: float, first: float, record: Record) -> None:
        """Count a request."""
        requests, total, firsts = self._of(route, status)
        requests.inc()
        total.observe(took)
        firsts.observe(first)
        if record.queries:
            self._queued.observe(record.queued)
            self._ran.observe(record.ran)
            self._bytes.inc(record.bytes)
            self._rows.inc(record.rows or 0)

    def text(self) -> bytes:
        """All figures as they are now."""
        shared = self._registry
        if self._folder:
            shared = CollectorRegistry()
            MultiProcessCollector(shared, self._folder)  # type: ignore[no-untyped-call]
        engine = CollectorRegistry()
        engine.register(_OfEngine(self._engine))
        return generate_latest(shared) + generate_latest(engine)


class _OfEngine(Collector):
    """What the engine knows of itself."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def collect(self) -> Iterator[Metric]:
        """The figures of this moment; one of them says whether there are any."""
        try:
            status = self._engine.status()
        except Unanswered:
            yield GaugeMetricFamily("communique_up", "Whether queries can be answered.", value=0)
            return
        yield GaugeMetricFamily("communique_up", "Whether queries can be answered.", value=1)
        yield InfoMetricFamily("communique_data", "What is served.", value={"version": status.version, "isolation": status.isolation})
        yield GaugeMetricFamily("communique_triples", "Statements served.", value=status.triples)
        workers = GaugeMetricFamily("communique_workers", "Workers by what they do.", labels=("state",))
        for state in ("idle", "busy"):
            if state in status.figures:
                workers.add_metric((state,), status.figures[state])
        yield workers
        if "waiting" in status.figures:
            yield GaugeMetricFamily("communique_queue", "Queries that wait for a worker.", value=status.figures["waiting"])
        if "forks" in status.figures:
            yield CounterMetricFamily("communique_forks", "Workers started since the data was read.", value=status.figures["forks"])
        ends = CounterMetricFamily("communique_ends", "Queries that were ended or refused since the data was read.", labels=("cause",))
        for cause, number in sorted(status.ends.items()):
            ends.add_metric((cause,), number)
        yield ends
