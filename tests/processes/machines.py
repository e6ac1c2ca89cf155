"""Several real processes, and a proxy before their webhooks."""

import asyncio
import itertools
import json
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from tests.notes import PATIENCE

ROOT = Path(__file__).parents[2]


class Proxy:
    """What stands before the listeners: each call goes to the next that answers."""

    def __init__(self, ports: list[int]) -> None:
        self._ports = ports
        self._turn = itertools.count()
        self._http: aiohttp.ClientSession
        self._runner: web.AppRunner
        self.url = ""
        self.broken = 0

    async def start(self) -> None:
        self._http = aiohttp.ClientSession()
        app = web.Application()
        app.router.add_post("/{path:.*}", self._pass_on)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        await self._runner.cleanup()
        await self._http.close()

    async def _pass_on(self, request: web.Request) -> web.Response:
        body = await request.read()
        headers = {
            name: value for name, value in request.headers.items() if name.lower().startswith(("x-", "content-t"))
        }
        first = next(self._turn)
        for place in range(len(self._ports)):
            port = self._ports[(first + place) % len(self._ports)]
            try:
                async with self._http.post(
                    f"http://127.0.0.1:{port}{request.path}", data=body, headers=headers
                ) as answer:
                    return web.Response(status=answer.status, body=await answer.read())
            except aiohttp.ClientConnectorError:
                continue
            except aiohttp.ClientError:  # it had the call and died: nobody knows what became of it
                break
        self.broken += 1
        return web.Response(status=502)


class Process:
    """One `python -m bot run`, with or without `--only …`, and what it writes."""

    def __init__(self, name: str, process: asyncio.subprocess.Process) -> None:
        self.name = name
        self.lines: list[dict[str, Any]] = []
        self._process = process
        self._changed = asyncio.Condition()

    @classmethod
    async def start(cls, part: str | None, **settings: str) -> "Process":
        """Start that part of a bot, or a whole one."""
        only = () if part is None else ("--only", part)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("OFICIALIA_")}
        given = {f"OFICIALIA_{name.upper()}": value for name, value in settings.items()}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", *only,
            stderr=asyncio.subprocess.PIPE, env={**kept, "PYTHONPATH": str(ROOT), **given},
        )  # fmt: skip
        return cls(part or "all", process)

    @property
    def pid(self) -> int:
        return self._process.pid

    async def read(self) -> None:
        """Read its log until it ends."""
        assert self._process.stderr is not None
        async for line in self._process.stderr:
            said = json.loads(line) if line.startswith(b"{") else {"event": line.decode().rstrip()}
            async with self._changed:
                self.lines.append(said)
                self._changed.notify_all()

    def events(self, name: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["event"] == name]

    async def until(self, event: str) -> None:
        """Wait until it has written that."""
        try:
            async with asyncio.timeout(PATIENCE), self._changed:
                await self._changed.wait_for(lambda: bool(self.events(event)))
        except TimeoutError as error:
            raise AssertionError(f"{self.name} never wrote {event}, but {self.lines[-20:]}") from error

    def send(self, what: signal.Signals) -> None:
        if self._process.returncode is None:
            self._process.send_signal(what)

    async def ended(self) -> int:
        return await asyncio.wait_for(self._process.wait(), PATIENCE)


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]
    finally:
        for one in sockets:
            one.close()
