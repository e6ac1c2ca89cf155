"""Each person's updates in order, different people's side by side, and nobody waits for whoever is slow."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from aiogram.types import Update


class Lines:
    """What Telegram brought and is being dealt with; `hear` returns once an update is stored.

    To ask on from a number confirms all before it. So while somebody is slow (a file on a bad
    line), the first that is not stored is asked for again, and brings along what is new.
    """

    def __init__(self, group: asyncio.TaskGroup, hear: Callable[[Update], Awaitable[None]]) -> None:
        self._group = group
        self._hear = hear
        self._lines: dict[int, deque[Update]] = {}
        self._open: set[int] = set()
        self._brought: set[int] = set()
        self._next: int | None = None
        self._stored = asyncio.Event()

    @property
    def offset(self) -> int | None:
        """From where to ask on."""
        return min(self._open, default=self._next)

    def new(self, brought: list[dict[str, Any]], *, since: int | None) -> list[dict[str, Any]]:
        """Of what was brought when asked from there, give what was not brought the last time, in its own order.

        To forget more than the last time would cost little, since the desk knows a repeat; to remember
        more could lose an update: Telegram may begin to count anew.
        """
        numbered = {raw["update_id"]: raw for raw in brought}
        known = self._open | {number for number in self._brought if since is not None and number >= since}
        self._brought = set(numbered)
        if numbered:
            self._next = max(numbered) + 1
        return [numbered[number] for number in sorted(numbered.keys() - known)]

    def take(self, update: Update, *, whose: int) -> None:
        """Deal with an update once all that the same person did before is stored."""
        self._open.add(update.update_id)
        if whose in self._lines:
            self._lines[whose].append(update)
        else:
            self._lines[whose] = deque([update])
            self._group.create_task(self._walk(whose))

    async def stored(self, patience: float) -> None:
        """Wait until everything that was taken is stored, but no longer than so many seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while self._open:
                    self._stored.clear()
                    await self._stored.wait()

    async def _walk(self, whose: int) -> None:
        line = self._lines[whose]
        while line:
            await self._hear(line[0])
            self._open.discard(line.popleft().update_id)
        del self._lines[whose]
        self._stored.set()
