"""Whose turn it is to call, and how many calls a stretch of time may hold."""

import asyncio
import heapq
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Queue:
    """Lets one in at a time: those that somebody waits for before all others, and otherwise in order."""

    def __init__(self) -> None:
        self._taken = False
        self._waiting: list[tuple[bool, int, asyncio.Future[None]]] = []
        self._order = itertools.count()

    @asynccontextmanager
    async def turn(self, *, awaited: bool) -> AsyncIterator[None]:
        if self._taken:
            await self._called(awaited=awaited)
        self._taken = True
        try:
            yield
        finally:
            self._next()

    async def _called(self, *, awaited: bool) -> None:
        call = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (not awaited, next(self._order), call))
        try:
            await call
        except asyncio.CancelledError:
            if not call.cancelled():  # it was called in the same moment, and nobody else will be
                self._next()
            raise

    def _next(self) -> None:
        self._taken = False
        while self._waiting and not self._taken:
            _, _, call = heapq.heappop(self._waiting)
            if not call.done():
                call.set_result(None)
                self._taken = True


class Window:
    """So many calls in any stretch of so many seconds, wherever it begins, by the clock of whoever is called.

    When a call comes there is not known here: it is after it began and before it was answered. So it counts
    until so many seconds after the answer, or after `arrives`, by when it is there.
    """

    def __init__(self, *, most: int, seconds: float, arrives: float) -> None:
        self._room = asyncio.Semaphore(most)
        self._seconds = seconds
        self._arrives = arrives

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Wait until there is room for a call, to be made inside."""
        await self._room.acquire()
        loop = asyncio.get_running_loop()
        latest = loop.time() + self._arrives
        gone = loop.call_at(latest + self._seconds, self._room.release)
        try:
            yield
        finally:
            if loop.time() < latest:
                gone.cancel()
                loop.call_later(self._seconds, self._room.release)
