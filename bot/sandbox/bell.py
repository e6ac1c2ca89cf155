"""Waking whoever waits: long polls, held chats and streams, without anybody asking again and again."""

import asyncio


class Bell:
    """Ring it and everybody who was waiting goes on."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)
        self._waiting.clear()

    def next_ring(self) -> asyncio.Future[None]:
        """Promise the next ring, counting from this very moment."""
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(waiting)
        waiting.add_done_callback(self._waiting.discard)
        return waiting

    async def wait(self, seconds: float | None = None) -> None:
        """Return at the next ring, or after so many seconds of real time, whichever comes first."""
        waiting = self.next_ring()
        try:
            await asyncio.wait({waiting}, timeout=seconds)
        finally:
            waiting.cancel()
