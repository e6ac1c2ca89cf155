"""One stream of changes for each municipality, so that a page with many phones needs one connection."""

import asyncio
import contextlib
from collections.abc import Iterator

from bot.sandbox.errors import Json

BACKLOG = 1000


class Stream:
    """Tells every listener what changed; a listener that does not keep up loses the oldest news."""

    def __init__(self) -> None:
        self._listeners: dict[asyncio.Queue[Json | None], str] = {}

    @contextlib.contextmanager
    def listen(self, manual: str) -> Iterator[asyncio.Queue[Json | None]]:
        news: asyncio.Queue[Json | None] = asyncio.Queue()
        self._listeners[news] = manual
        try:
            yield news
        finally:
            self._listeners.pop(news, None)

    def publish(self, manual: str | None, event: Json) -> None:
        """Tell the listeners of one municipality, or of all of them."""
        for news, listens_to in self._listeners.items():
            if manual in (None, listens_to):
                if news.qsize() >= BACKLOG:
                    news.get_nowait()
                news.put_nowait(event)

    def close(self) -> None:
        """Send everybody home."""
        for news in self._listeners:
            news.put_nowait(None)
