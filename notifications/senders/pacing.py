"""How many calls a stretch of time may hold, by the clock of whoever is called; and whose turn it is.

When a call comes there is not known here: it is after it began and before it was answered. So its place
is taken when it begins, and what time gives back is counted from the answer: however long calls are on
their way, and whichever overtakes which, there are never more of them there than there may be.
"""

import asyncio
import heapq
import itertools
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

# So many chats are remembered before those that have long been quiet are forgotten.
_CHATS = 10_000


class _Places(ABC):
    """So many places; the next that becomes free is for whoever is awaited, and otherwise for who came first."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.free = most
        self._waiting: list[tuple[bool, int, asyncio.Future[None]]] = []
        self._order = itertools.count()
        self._given_back: deque[float] = deque()

    @asynccontextmanager
    async def place(self, *, awaited: bool = False) -> AsyncIterator[None]:
        """Wait for a place, for a call to be made inside."""
        if self.free:
            self.free -= 1
        else:
            await self._called(awaited=awaited)
        try:
            yield
        finally:
            loop = asyncio.get_running_loop()
            self._given_back.append(self._back_at(loop.time()))
            loop.call_at(self._given_back[-1], self._give_back)

    def until_free(self) -> timedelta | None:
        """How long until there is a place again, where somebody has been answered who took one."""
        if not self._given_back:
            return None
        return timedelta(seconds=max(0.0, self._given_back[0] - asyncio.get_running_loop().time()))

    @abstractmethod
    def _back_at(self, answered: float) -> float:
        """When the place of a call may be taken again."""

    def _give_back(self) -> None:
        self._given_back.popleft()
        self._call_next()

    def _call_next(self) -> None:
        self.free += 1
        while self._waiting and self.free:
            _, _, call = heapq.heappop(self._waiting)
            if not call.done():
                call.set_result(None)
                self.free -= 1

    async def _called(self, *, awaited: bool) -> None:
        call = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (not awaited, next(self._order), call))
        try:
            await call
        except asyncio.CancelledError:
            if not call.cancelled():  # it was called in the same moment, and nobody else will be
                self._call_next()
            raise


class Window(_Places):
    """So many calls in any stretch of so many seconds, wherever it begins."""

    def __init__(self, *, most: int, seconds: float) -> None:
        super().__init__(most)
        self._seconds = seconds

    def _back_at(self, answered: float) -> float:
        return answered + self._seconds


class Bucket(_Places):
    """A burst of calls, and then one in so many seconds."""

    def __init__(self, *, burst: int, gap: float) -> None:
        super().__init__(burst)
        self._gap = gap
        self._last = 0.0

    def _back_at(self, answered: float) -> float:
        self._last = max(self._last, answered) + self._gap
        return self._last


class Pace:
    """Lets each chat have a burst, and then about one call a second (Telegram's bots FAQ)."""

    def __init__(self, *, burst: int, per_second: float) -> None:
        self._burst = burst
        self._gap = 1 / per_second
        self._chats: dict[str, Bucket] = {}

    @asynccontextmanager
    async def turn(self, chat: str) -> AsyncIterator[None]:
        """Wait until this chat may have another call, to be made inside."""
        if len(self._chats) > _CHATS:
            self._chats = {key: one for key, one in self._chats.items() if one.free < one.most}
        async with self._chats.setdefault(chat, Bucket(burst=self._burst, gap=self._gap)).place():
            yield

    def is_calm(self, chat: str) -> bool:
        """Whether a chat has at least half of its burst left: room for what could be left undone as well."""
        bucket = self._chats.get(chat)
        return bucket is None or bucket.free * 2 >= bucket.most
