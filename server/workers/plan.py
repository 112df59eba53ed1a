"""What a zygote is told when it is started."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from communique.server.meter import Limits


@dataclass(frozen=True, slots=True)
class Plan:
    """What a zygote is to do: the ``store`` to read, the ``socket`` to listen on, and what queries may take.

    ``workers`` answer at once, ``queue`` more queries may wait, each for ``patience`` seconds; ``budget`` is the worker seconds a minute of
    one client; ``servers`` are those that queries may ask, for which workers must be able to open connections.  A worker that did
    nothing for ``rest`` seconds is replaced if it holds more than ``own`` bytes that it does not share.
    """

    store: str
    socket: str
    workers: int = 2
    queue: int = 64
    patience: float = 10.0
    budget: float = 0.0
    limits: Limits = field(default_factory=Limits)
    servers: tuple[str, ...] = ()
    rest: float = 5.0
    own: int = 32_000_000

    def written(self) -> str:
        """The plan as JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, text: str) -> Plan:
        """The plan that ``written`` wrote."""
        told = json.loads(text)
        return cls(**{**told, "limits": Limits(**told["limits"]), "servers": tuple(told["servers"])})
