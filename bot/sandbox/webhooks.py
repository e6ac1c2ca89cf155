"""Delivers updates to webhooks: in order within a chat, in parallel between chats, again until accepted."""

import asyncio
import json
import random
import ssl
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import aiohttp

from bot.sandbox.bots import Bot
from bot.sandbox.errors import Json
from bot.sandbox.params import Params
from bot.sandbox.state import State
from bot.sandbox.updates import Update

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name, not a secret
READ_SECONDS = 60.0
LONGEST_PAUSE = 3600.0
CAP = (60.0, 120.0)
GONE = 410
GONE_SECONDS = 23 * 3600.0
REPLY_LIMIT = 64 * 1024

Run = Callable[[Bot, str, Params], Awaitable[None]]
"""Executes the method that a webhook's answer may hold."""


def pause(failures: int, retry_after: float = 0.0) -> float:
    """Say how long to wait after so many failures in a row: not at all, then 2, 4, 8… seconds."""
    if retry_after > 0:
        return min(retry_after, LONGEST_PAUSE)
    if failures <= 1:
        return 0.0
    cap = random.uniform(*CAP)  # noqa: S311 - spreads retries, hides nothing
    return min(2.0 ** min(failures - 1, 10), cap)


@dataclass
class _Outcome:
    accepted: bool
    error: str = ""
    retry_after: float = 0.0
    gone: bool = False


@dataclass
class _Round:
    """One webhook as it is set now."""

    bot: Bot
    webhook: Json
    session: aiohttp.ClientSession
    slots: asyncio.Semaphore
    busy: set[str] = field(default_factory=set)
    gone_since: float | None = None


class Webhooks:
    """One courier for each bot whose webhook is set."""

    def __init__(self, state: State, run: Run) -> None:
        self._state = state
        self._run = run

    async def serve(self, bot: Bot) -> None:
        """Deliver for one bot for as long as the sandbox lives, whatever its webhook is at the time."""
        while True:
            changed = bot.queue.webhook_changed.next_ring()
            try:
                if bot.webhook is None:
                    await changed
                else:
                    await self._until(changed, bot, bot.webhook)
            finally:
                changed.cancel()

    async def _until(self, changed: asyncio.Future[None], bot: Bot, webhook: Json) -> None:
        serving = asyncio.ensure_future(self._deliver(bot, webhook))
        try:
            await asyncio.wait({changed, serving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            serving.cancel()
            await asyncio.wait({serving})
        if not serving.cancelled() and (error := serving.exception()):
            raise error

    async def _deliver(self, bot: Bot, webhook: Json) -> None:
        trust: ssl.SSLContext | bool = True
        if webhook["certificate"]:
            trust = ssl.create_default_context(cadata=webhook["certificate"])
        connector = aiohttp.TCPConnector(limit=webhook["max_connections"], ssl=trust)
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=READ_SECONDS)
        async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
            slots = asyncio.Semaphore(webhook["max_connections"])
            around = _Round(bot, webhook, session, slots)
            async with asyncio.TaskGroup() as lanes:
                while True:
                    for lane in bot.queue.lanes():
                        if lane not in around.busy:
                            around.busy.add(lane)
                            lanes.create_task(self._drain(around, lane))
                    await bot.queue.bell.wait(min(LONGEST_PAUSE, bot.queue.until_late()))

    async def _drain(self, around: _Round, lane: str) -> None:
        """Empty one lane; an update that fails holds up only those behind it."""
        failures = 0
        queue = around.bot.queue
        try:
            while (update := queue.head(lane)) is not None:
                self._state.store.commit()
                async with around.slots:
                    outcome = await self._post(around, update)
                if outcome.accepted:
                    failures = 0
                    queue.confirm_again(update) if update in queue.again else queue.confirm(update.id)
                    self._state.store.commit()
                    continue
                failures += 1
                self._complain(around, outcome)
                await asyncio.sleep(pause(failures, outcome.retry_after))
        finally:
            around.busy.discard(lane)

    async def _post(self, around: _Round, update: Update) -> _Outcome:
        headers = {"Content-Type": "application/json"}
        if around.webhook["secret"]:
            headers[SECRET_HEADER] = around.webhook["secret"]
        body = json.dumps(update.json(), ensure_ascii=False).encode()
        url = around.webhook["url"]
        try:
            async with around.session.post(url, data=body, headers=headers, allow_redirects=False) as answer:
                if answer.ok and answer.status < 300:  # noqa: PLR2004 - any 2xx accepts
                    await self._reply(around.bot, answer)
                    return _Outcome(accepted=True)
                error = f"Wrong response from the webhook: {answer.status} {answer.reason}"
                after = answer.headers.get("Retry-After", "")
                seconds = float(after) if after.isdecimal() else 0.0
                return _Outcome(accepted=False, error=error, retry_after=seconds, gone=answer.status == GONE)
        except aiohttp.ClientConnectorError:
            return _Outcome(accepted=False, error="Connection refused")
        except TimeoutError:
            return _Outcome(accepted=False, error="Read timeout expired")
        except aiohttp.ClientError:
            return _Outcome(accepted=False, error="Connection closed by the webhook")

    async def _reply(self, bot: Bot, answer: aiohttp.ClientResponse) -> None:
        """Execute the one method that an accepting answer may name; nobody hears how it went."""
        body = await answer.content.read(REPLY_LIMIT)
        try:
            form = answer.content_type == "application/x-www-form-urlencoded"
            call = dict(parse_qsl(body.decode())) if form else json.loads(body or b"{}")
        except ValueError:
            return
        if isinstance(call, dict) and isinstance(call.get("method"), str):
            await self._run(bot, call["method"], Params(call))

    def _complain(self, around: _Round, outcome: _Outcome) -> None:
        error = {"last_error_date": self._state.now(), "last_error_message": outcome.error}
        around.bot.set("webhook_error", error)
        if not outcome.gone:
            around.gone_since = None
        else:
            around.gone_since = around.gone_since or time.monotonic()
            if time.monotonic() - around.gone_since > GONE_SECONDS:
                around.bot.set("webhook", None)
                around.bot.queue.webhook_changed.ring()
        self._state.store.commit()
