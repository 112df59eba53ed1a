"""Requests made from our own OpenAPI document, right ones and wrong ones: none breaks the server, and it answers as it says.

Needs ``pip install schemathesis``, which brings a dozen packages and is therefore in no list of what is installed.
"""

from __future__ import annotations

import importlib.util
import os
import time
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable

EXAMPLES = int(os.environ.get("EXAMPLES", "15"))
pytestmark = pytest.mark.skipif(importlib.util.find_spec("schemathesis") is None, reason="schemathesis is not installed")


def test_no_request_that_the_document_allows_or_forbids_breaks_the_server(app: Flask) -> None:
    import schemathesis
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

    checks = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
    document = schemathesis.openapi.from_wsgi("/openapi.json", app)
    operations = [found.ok() for found in document.get_all_operations()]
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
    assert not failed, "\n".join(f"{name}: {why}" for name, why in failed.items())
