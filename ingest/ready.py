"""Importing this module loads everything that reading needs.

The process from which the workers are forked imports it once, and all of them have the tables from it (``ingest/engine.py``).
"""

from __future__ import annotations

import gc

from communique.ingest.extract import extract
from communique.model import Document

# Composed; one sentence of each part of a readout, so that no table is left for later.
_READOUT = """Foreign Minister Asakura Speaks with Foreign Secretary Colborne

On 12 March 2024, Foreign Minister ASAKURA Nobuhiro of Japan held a telephone talk with Harriet Colborne, Foreign Secretary of the UK.

The two ministers condemned North Korea's missile launches and looked forward to the G7 Summit in June. Their talk lasted 20 minutes.
"""

extract(Document("ready", _READOUT, "", "ready", source="mofa", date="2024-03-12"))
gc.freeze()  # the tables stay: no collection need look at them, nor write into the pages that the workers share
