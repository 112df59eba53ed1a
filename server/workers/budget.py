"""How much time the queries of one client may take together: a bucket that fills with worker seconds, a share each second."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

_MANY: Final = 10_000


@dataclass(slots=True)
class Budget:
    """``seconds`` a minute for each client, and twice as much at once for one that asked nothing before; 0: no limit.

    A client is whatever name the web process gives it; one without a name is not metered.
    """

    seconds: float
    _spent: dict[str, tuple[float, float]] = field(default_factory=dict)

    def wait(self, client: str, now: float) -> float:
        """How many seconds the client must wait until it may ask; 0 for not at all."""
        if not self.seconds or not client:
            return 0.0
        return max(0.0, (self._debt(client, now) - 2 * self.seconds) * 60 / self.seconds)

    def spend(self, client: str, seconds: float, now: float) -> None:
        """A query of the client took so long."""
        if not self.seconds or not client:
            return
        self._spent[client] = (self._debt(client, now) + seconds, now)
        if len(self._spent) > _MANY:
            self._spent = {name: spent for name, spent in self._spent.items() if self._debt(name, now) > 0}

    def _debt(self, client: str, now: float) -> float:
        debt, then = self._spent.get(client, (0.0, now))
        return max(0.0, debt - (now - then) * self.seconds / 60)
