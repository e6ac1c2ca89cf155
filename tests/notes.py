"""A Telegram that outlives the bots that speak to it, and takes notes of what they say."""

import asyncio
import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.sandbox.server import Sandbox

# Whoever waits for several processes on a busy machine waits so long, in seconds.
PATIENCE = 120.0

_SPEAKING = ("send", "edit")
_TAKEN = web.HTTPOk.status_code


@dataclass(frozen=True)
class Call:
    """What a bot said in a chat, and what Telegram answered.

    `message` is the one that it became, or that it was to change. `at`: at which second of the loop's clock.
    """

    method: str
    chat: str
    message: str
    text: str = ""
    status: int = _TAKEN
    at: float = 0.0

    @property
    def taken(self) -> bool:
        return self.status == _TAKEN


class Telegram(Sandbox):
    """The sandbox's Bot API, noting everything that bots say, in order."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.calls: list[Call] = []
        self._changed = asyncio.Condition()

    @property
    def said(self) -> list[Call]:
        return [one for one in self.calls if one.taken]

    @property
    def refused(self) -> list[Call]:
        return [one for one in self.calls if not one.taken]

    def _application(self) -> web.Application:
        app = super()._application()
        app.middlewares.append(self._note)
        return app

    @web.middleware
    async def _note(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        answer = await handler(request)
        method = request.path.rpartition("/")[2]
        if request.path.startswith("/bot") and isinstance(answer, web.Response):
            told = json.loads(answer.text or "{}")
            if method.startswith(_SPEAKING):
                form = parse_qs((await request.read()).decode(errors="replace"))
                await self._noted(_call(method, form, told, answer.status))
            else:
                self._asked(method, told)
        return answer

    def _asked(self, method: str, told: dict[str, Any]) -> None:
        """A bot has asked for something else, and this is what it is told."""

    async def _noted(self, call: Call) -> None:
        """A bot has said something."""
        self.calls.append(call)
        async with self._changed:
            self._changed.notify_all()

    async def until(self, so: Callable[[], bool]) -> None:
        """Wait until what was said makes it so."""
        async with asyncio.timeout(PATIENCE), self._changed:
            await self._changed.wait_for(so)

    async def something(self) -> None:
        """Wait a moment for something more to be said."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.2), self._changed:
                await self._changed.wait()


def _call(method: str, form: dict[str, list[str]], told: dict[str, Any], status: int) -> Call:
    def given(name: str) -> str:
        return form.get(name, ["none"])[0]

    now = asyncio.get_running_loop().time()
    became = told["result"] if status == _TAKEN else {}
    # What comes with a file is in no form that is read here: Telegram's answer says where it is.
    chat = str(became["chat"]["id"]) if became else given("chat_id")
    message = str(became["message_id"]) if became else given("message_id")
    return Call(method, chat, message, form.get("text", [""])[0], status, now)
