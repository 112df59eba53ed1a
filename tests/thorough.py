"""How often tests with made-up input try: enough for each run, or more if ``THOROUGH`` is set."""

from __future__ import annotations

import os


def times(usual: int, thorough: int) -> int:
    """The number of examples."""
    return thorough if os.environ.get("THOROUGH") else usual
