"""What lies between a process and its PostgreSQL, and what can become of it."""

import asyncio
import contextlib

from sqlalchemy import make_url


class Cable:
    """What lies between a bot and its PostgreSQL."""

    def __init__(self, database_url: str) -> None:
        self._there = make_url(database_url)
        self._port = 0
        self._server: asyncio.Server
        self._ends: set[asyncio.StreamWriter] = set()
        self._calls: set[asyncio.Task[None]] = set()
        self._carries = asyncio.Event()
        self._carries.set()
        self._closes = asyncio.Event()
        self._closes.set()

    @property
    def url(self) -> str:
        here = self._there.set(host="127.0.0.1", port=self._port)
        return here.render_as_string(hide_password=False)

    async def connect(self) -> None:
        """Let everybody through."""
        self._server = await asyncio.start_server(self._call, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    def cut(self) -> None:
        """End every connection, and let nobody in."""
        self._server.close()
        for one in self._ends:
            one.transport.abort()

    def go_dead(self) -> None:
        """Take whatever is given, and carry nothing."""
        self._carries.clear()

    def linger(self) -> None:
        """Keep open what one side has closed."""
        self._closes.clear()

    def recover(self) -> None:
        """Carry on, with all that was given meanwhile."""
        self._carries.set()

    def forget(self) -> None:
        """Carry what comes from now on; of what there was, nothing is ever carried and nothing ended."""
        self._carries = asyncio.Event()
        self._carries.set()

    async def remove(self) -> None:
        self.cut()
        for call in self._calls:
            call.cancel()
        await asyncio.gather(*self._calls, return_exceptions=True)

    async def _call(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        call, carries = asyncio.current_task(), self._carries
        assert call is not None
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)
        with contextlib.suppress(ConnectionError):
            answers, there = await asyncio.open_connection(self._there.host or "127.0.0.1", self._there.port or 5432)
            both = {writer, there}
            self._ends |= both
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(self._carry(reader, there, carries))
                    group.create_task(self._carry(answers, writer, carries))
            finally:
                self._ends -= both
                for one in both:
                    one.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, carries: asyncio.Event) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65536):
                await carries.wait()
                writer.write(data)
                await writer.drain()
        await self._closes.wait()
        writer.close()
