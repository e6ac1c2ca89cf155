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
from math import ceil

# So many chats are remembered before those that have long been quiet are forgotten.
_CHATS = 1_000


class _Places(ABC):
    """So many places; the next that becomes free is for whoever is awaited, and otherwise for who came first."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._taken = 0
        self._waiting: list[tuple[bool, int, asyncio.Future[None]]] = []
        self._order = itertools.count()
        self._alarm: asyncio.TimerHandle | None = None

    @property
    def free(self) -> int:
        return max(0, self.most - self._taken - self._coming(_now()))

    @asynccontextmanager
    async def place(self, *, awaited: bool = False) -> AsyncIterator[None]:
        """Wait for a place, for a call to be made inside."""
        if self._waiting or not self.free:
            await self._called(awaited=awaited)
        else:
            self._taken += 1
        try:
            yield
        finally:
            self._taken -= 1
            self._answered(_now())
            self._call()

    def until_free(self) -> timedelta | None:
        """How long until there is a place again, where somebody has been answered who took one."""
        now = _now()
        return timedelta(seconds=self._next(now) - now) if self._coming(now) else None

    @abstractmethod
    def _answered(self, now: float) -> None:
        """Note that a call was answered now."""

    @abstractmethod
    def _coming(self, now: float) -> int:
        """How many calls were answered whose places may not be taken again yet."""

    @abstractmethod
    def _next(self, now: float) -> float:
        """When the next of these places may be taken again; there is one."""

    async def _called(self, *, awaited: bool) -> None:
        call = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (not awaited, next(self._order), call))
        self._look_out()
        try:
            await call
        except asyncio.CancelledError:
            if not call.cancelled():  # it was called in the same moment, and nobody else will be
                self._taken -= 1
                self._call()
            raise

    def _call(self) -> None:
        """Call whoever waits, as far as there are places, and look out for the next place."""
        while self._waiting and self.free:
            _, _, call = heapq.heappop(self._waiting)
            if not call.done():
                call.set_result(None)
                self._taken += 1
        self._look_out()

    def _look_out(self) -> None:
        # Nobody needs to be woken for a place that nobody waits for.
        now = _now()
        if self._waiting and self._alarm is None and self._coming(now):
            self._alarm = asyncio.get_running_loop().call_at(self._next(now), self._wake)

    def _wake(self) -> None:
        self._alarm = None
        self._call()


class Window(_Places):
    """So many calls in any stretch of so many seconds, wherever it begins."""

    def __init__(self, *, most: int, seconds: float) -> None:
        super().__init__(most)
        self._seconds = seconds
        self._back: deque[float] = deque()

    def _answered(self, now: float) -> None:
        self._back.append(now + self._seconds)

    def _coming(self, now: float) -> int:
        while self._back and self._back[0] <= now:
            self._back.popleft()
        return len(self._back)

    def _next(self, now: float) -> float:
        del now
        return self._back[0]


class Bucket(_Places):
    """A burst of calls, and then one in so many seconds."""

    def __init__(self, *, burst: int, gap: float) -> None:
        super().__init__(burst)
        self._gap = gap
        # When all its places are back: one after the other, however many they are.
        self._full = 0.0

    def _answered(self, now: float) -> None:
        self._full = max(self._full, now) + self._gap

    def _coming(self, now: float) -> int:
        return max(0, ceil((self._full - now) / self._gap))

    def _next(self, now: float) -> float:
        return self._full - (self._coming(now) - 1) * self._gap


def _now() -> float:
    return asyncio.get_running_loop().time()


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
        bucket = self._chats.get(chat)
        if bucket is None:
            bucket = self._chats[chat] = Bucket(burst=self._burst, gap=self._gap)
        async with bucket.place():
            yield

    def is_calm(self, chat: str) -> bool:
        """Whether a chat has at least half of its burst left: room for what could be left undone as well."""
        bucket = self._chats.get(chat)
        return bucket is None or bucket.free * 2 >= bucket.most
