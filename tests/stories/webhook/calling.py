"""A world in which Telegram calls us, and whoever else knows the address."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
from pydantic import SecretStr

from bot.desk import Desk
from bot.desk.incoming import Incoming, Popup
from storage.database import UnavailableError
from tests.stories.stage import staged
from tests.story import Phone, World

SECRET = "nobody-guesses-it_7"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


class Absent:
    """A desk whose database is away for so many events."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.away = 0
        self.turned_away: list[str] = []

    async def receive(self, incoming: Incoming) -> Popup | None:
        if self.away:
            self.away -= 1
            self.turned_away.append(incoming.update)
            raise UnavailableError("OperationalError")
        return await self._desk.receive(incoming)


@dataclass
class Door:
    """Where Telegram calls."""

    url: str
    http: aiohttp.ClientSession
    desk: Absent

    async def calls(self, body: Any, secret: str | None = SECRET, *, manual: str = "chalco") -> int:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} | ({HEADER: secret} if secret is not None else {})
        async with self.http.post(f"{self.url}/telegram/{manual}", data=BytesIO(content), headers=headers) as answer:
            return answer.status

    async def opens(self, *, secret: str, body: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Begin a call: everything but its body, which is announced by a header."""
        host, _, port = self.url.removeprefix("http://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(f"POST /telegram/chalco HTTP/1.1\r\nHost: x\r\n{body}\r\n{HEADER}: {secret}\r\n\r\n".encode())
        await writer.drain()
        return reader, writer

    async def pours(self, size: int, secret: str, *, chunked: bool = False) -> bytes:
        """Send so much, until it is answered; gives the answer's first line."""
        announced = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {size}"
        reader, writer = await self.opens(secret=secret, body=announced)
        piece = b"10000\r\n" + b" " * 65536 + b"\r\n" if chunked else b" " * 65536

        async def pour() -> None:
            with contextlib.suppress(ConnectionError):
                for _ in range(size // 65536):
                    writer.write(piece)
                    await writer.drain()
                writer.write(b"0\r\n\r\n" if chunked else b"")

        async with asyncio.TaskGroup() as group:
            pouring = group.create_task(pour())
            line = await reader.readline()
            pouring.cancel()
        writer.close()
        return line


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextlib.asynccontextmanager
async def called(database_url: str, data: Path) -> AsyncIterator[tuple[World, Door]]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    settings: dict[str, Any] = {"webhook_url": f"{url}/", "webhook_secret": SecretStr(SECRET), "webhook_port": port}
    async with staged(database_url, data, **settings) as stage:
        desk = Absent(stage.app.desk)
        stage.app.ears["chalco"]._desk = desk
        yield stage.world, Door(url, stage.world.http, desk)


def update(number: int, text: str) -> dict[str, Any]:
    """A message of Ana's, as Telegram writes it."""
    ana = {"id": 1101, "is_bot": False, "first_name": "Ana", "last_name": "Robles"}
    chat = {"id": 1101, "type": "private", "first_name": "Ana"}
    message = {"message_id": 5000 + number, "date": 1795017600, "chat": chat, "from": ana, "text": text}
    return {"update_id": 800_000_000 + number, "message": message}


async def asked(ana: Phone) -> None:
    """Ana has a form before her, so whatever else reaches the bot would be an answer."""
    await ana.says("/nueva GCH-CCS-P01-2023")
    await ana.hears("Nombre del evento · Paso 1 de 4")
