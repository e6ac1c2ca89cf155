"""The sandbox's clock: real time plus an offset, so that a whole procedure can be lived in one afternoon."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class SandboxClock:
    """Say what time it is in the sandbox, as an aware UTC datetime."""

    def __init__(self) -> None:
        self._offset = timedelta(0)
        self._listeners: list[Callable[[], None]] = []

    def __call__(self) -> datetime:
        return self._real() + self._offset

    @property
    def offset(self) -> timedelta:
        return self._offset

    def advance(self, by: timedelta) -> None:
        self.shift(self._offset + by)

    def set(self, now: datetime) -> None:
        """Make it be `now`, which may lie in the past."""
        self.shift(now.astimezone(UTC) - self._real())

    def shift(self, offset: timedelta) -> None:
        """Stand this far from real time."""
        self._offset = offset
        for listener in self._listeners:
            listener()

    def listen(self, listener: Callable[[], None]) -> None:
        """Call `listener` after every jump."""
        self._listeners.append(listener)

    def forget(self, listener: Callable[[], None]) -> None:
        self._listeners.remove(listener)

    @staticmethod
    def _real() -> datetime:
        return datetime.now(UTC)  # noqa: TID251 - this module is the clock that everybody else is given
