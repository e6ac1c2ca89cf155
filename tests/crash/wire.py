"""A Telegram that springs a trap at a chosen call."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp import web

from tests import notes
from tests.notes import Call
from tests.processes.machines import Proxy


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


class Telegram(notes.Telegram):
    """`taken` and `handed` are what a trap can wait for."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.trap: Trap | None = None

    def _asked(self, method: str, told: dict[str, Any]) -> None:
        if method == "getUpdates":
            for _ in told.get("result") or ():
                self.happens("handed")

    async def _noted(self, call: Call) -> None:
        await super()._noted(call)
        self.happens("taken")  # before the answer is on its way

    def happens(self, kind: str) -> None:
        if self.trap is not None:
            self.trap.sees(kind)

    def acknowledged(self) -> set[str]:
        """The updates that the bot has confirmed: by its next offset, or with a 200."""
        return {str(row["id"]) for _, row in self._state.store.rows("delivered")}

    def unheard(self) -> int:
        """How many updates wait for the bot."""
        return sum(len(bot.queue.pending) for bot in self._state.bots.values())

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
