"""A loop whose clock nobody waits for: when all that is left to do is to wait, the hour has come."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

# What a turn of the loop takes, in seconds: a clock that stood still would never bring what is a hair's breadth away.
_TURN = 1e-6


class _Impatient(selectors.SelectSelector):
    """Waits for no hour, and for a thread or a socket only where there is nothing else to wait for."""

    def __init__(self) -> None:
        super().__init__()
        self.passed = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.passed += max(timeout or 0.0, _TURN)
        return super().select(None if timeout is None else 0)


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._hours = _Impatient()
        super().__init__(self._hours)

    def time(self) -> float:
        return self._hours.passed


def lose(seconds: float) -> None:
    """Let so much time pass in one turn of the loop, as where the machine has other things to do."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, _Loop)
    loop._hours.passed += seconds


def at_once(work: Coroutine[Any, Any, T]) -> T:
    """Run something in a time of its own, which begins at nought and takes none of ours."""
    with asyncio.Runner(loop_factory=_Loop) as runner:
        return runner.run(work)
