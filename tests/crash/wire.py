"""A Telegram that outlives the bot, notes what it took, and springs a trap at a chosen call."""

import asyncio
import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

import aiohttp
from aiohttp import web
from aiohttp.typedefs import Handler

from bot.sandbox.server import Sandbox
from tests.processes.machines import Proxy

SPEAKING = ("send", "edit")


@dataclass(frozen=True)
class Call:
    """A message that a bot sent, or one that it changed: whether Telegram took it or refused it."""

    method: str
    chat: str
    message: str
    taken: bool


@dataclass
class Trap:
    """Springs so many seconds after the call of that kind for which `left` is 1."""

    kind: str
    left: int
    delay: float
    spring: Callable[[], None]

    def sees(self, kind: str) -> None:
        if kind != self.kind or self.left <= 0:
            return
        self.left -= 1
        if self.left:
            return
        if self.delay:
            asyncio.get_running_loop().call_later(self.delay, self.spring)
        else:
            self.spring()  # before the answer is on its way


class Telegram(Sandbox):
    """The sandbox's Bot API. `taken` and `handed` are what a trap can wait for."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.calls: list[Call] = []
        self.trap: Trap | None = None
        self._changed = asyncio.Condition()

    def _application(self) -> web.Application:
        app = super()._application()
        app.middlewares.append(self._note)
        return app

    @web.middleware
    async def _note(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        answer = await handler(request)
        if not request.path.startswith("/bot") or not isinstance(answer, web.Response):
            return answer
        method = request.path.rpartition("/")[2]
        said = json.loads(answer.text or "{}")
        if method == "getUpdates":
            for _ in said.get("result") or ():
                self.happens("handed")
        elif method.startswith(SPEAKING):
            await self._noted(method, request, answer.status, said)
        return answer

    async def _noted(self, method: str, request: web.Request, status: int, said: dict[str, Any]) -> None:
        if status == web.HTTPOk.status_code:
            told = said["result"]
            self.calls.append(Call(method, str(told["chat"]["id"]), str(told["message_id"]), taken=True))
        else:
            form = parse_qs((await request.read()).decode(errors="replace"))
            message = form.get("message_id", ["none"])[0]
            self.calls.append(Call(method, form.get("chat_id", ["none"])[0], message, taken=False))
        self.happens("taken")
        async with self._changed:
            self._changed.notify_all()

    def happens(self, kind: str) -> None:
        if self.trap is not None:
            self.trap.sees(kind)

    def acknowledged(self) -> set[str]:
        """The updates that the bot has confirmed: by its next offset, or with a 200."""
        return {str(row["id"]) for _, row in self._state.store.rows("delivered")}

    def unheard(self) -> int:
        """How many updates wait for the bot."""
        return sum(len(bot.queue.pending) for bot in self._state.bots.values())

    async def something(self) -> None:
        """Wait a moment for something more to be said."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.2), self._changed:
                await self._changed.wait()

    async def hears_the_last_of_the_dead(self) -> None:
        """Wait until every call that a process now dead had put on the wire has been dealt with."""
        async with aiohttp.ClientSession() as http:
            for _ in range(2):
                async with http.get(f"{self.url}/sandbox/time") as answer:
                    assert answer.status == web.HTTPOk.status_code


class Door(Proxy):
    """What stands before the webhooks; each call that it passes on can spring the trap."""

    def __init__(self, ports: list[int], telegram: Telegram) -> None:
        super().__init__(ports)
        self._telegram = telegram

    async def _pass_on(self, request: web.Request) -> web.Response:
        self._telegram.happens("handed")
        return await super()._pass_on(request)
