"""The process that started this one."""

from __future__ import annotations

import ctypes
import signal
import sys
from typing import Final

_DEATH_SIGNAL: Final = 1  # PR_SET_PDEATHSIG


def ends_with(number: signal.Signals) -> None:
    """Let this process get a signal when the one that started it is gone, however that ended; Linux only, elsewhere it does nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DEATH_SIGNAL, number)
