"""Requests made from our own OpenAPI document, right ones and wrong ones: none breaks the live server, and it answers as it says.

The requests are the same each time; ``EXAMPLES=25 pytest tests/server/test_openapi_fuzz.py`` makes more of them.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

EXAMPLES = int(os.environ.get("EXAMPLES", "5"))
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux only")
if sys.platform == "linux":
    from tests.server.test_serving import Served, served


@pytest.fixture(scope="module")
def server(directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(directory, tmp_path_factory.mktemp("log") / "access.json", "--timeout", "5") as started:
        yield started


def test_no_request_that_the_document_allows_or_forbids_breaks_the_server(server: Served) -> None:
    checks = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
    document = schemathesis.openapi.from_url(server.url + "openapi.json")
    operations = [found.ok() for found in document.get_all_operations()]  # type: ignore[union-attr]  # our own document is valid: another test says so
    assert len(operations) > 10
    failed = {}
    for operation in operations:
        for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):

            @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
            @given(case=operation.as_strategy(generation_mode=mode))
            def ask(case: Any) -> None:
                started = time.monotonic()
                case.call_and_validate(checks=checks, headers={"Accept-Encoding": "identity"})
                assert time.monotonic() - started < 10, "it hangs"

            try:
                ask()
            except Unsatisfiable:
                pass  # without a parameter there is no wrong request
            except BaseException as error:  # groups of failures, too; all are told at the end
                failed[f"{operation.method} {operation.path} {mode.value}"] = str(error)[:600]
    assert json.loads(server.get("ready")[2])["status"] == "ready"
    assert not failed, "\n".join(f"{name}: {why}" for name, why in failed.items())
