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
_CHATS = 1_000


class _Places(ABC):
    """So many places; the next that becomes free is for whoever is awaited, and otherwise for who came first."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._taken = 0
        # When the places of the calls that were answered may be taken again, in order.
        self._coming: deque[float] = deque()
        self._waiting: list[tuple[bool, int, asyncio.Future[None]]] = []
        self._order = itertools.count()
        self._alarm: asyncio.TimerHandle | None = None

    @property
    def free(self) -> int:
        now = asyncio.get_running_loop().time()
        while self._coming and self._coming[0] <= now:
            self._coming.popleft()
        return self.most - self._taken - len(self._coming)

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
            self._coming.append(self._back_at(asyncio.get_running_loop().time()))
            self._look_out()

    def until_free(self) -> timedelta | None:
        """How long until there is a place again, where somebody has been answered who took one."""
        if not self._coming:
            return None
        return timedelta(seconds=max(0.0, self._coming[0] - asyncio.get_running_loop().time()))

    @abstractmethod
    def _back_at(self, answered: float) -> float:
        """When the place of a call may be taken again; no earlier than that of one answered before."""

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
        if self._waiting and self._coming and self._alarm is None:
            self._alarm = asyncio.get_running_loop().call_at(self._coming[0], self._wake)

    def _wake(self) -> None:
        self._alarm = None
        self._call()


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
        bucket = self._chats.get(chat)
        if bucket is None:
            bucket = self._chats[chat] = Bucket(burst=self._burst, gap=self._gap)
        async with bucket.place():
            yield

    def is_calm(self, chat: str) -> bool:
        """Whether a chat has at least half of its burst left: room for what could be left undone as well."""
        bucket = self._chats.get(chat)
        return bucket is None or bucket.free * 2 >= bucket.most
