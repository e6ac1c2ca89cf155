"""Webhooks: delivered in order, with the secret, again until accepted."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.sandbox.webhooks import pause
from tests.sandbox.doors import ANA, BETO, Door


class Listener:
    """A bot that listens by webhook and answers as the story demands."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[tuple[str, dict[str, object]]] = asyncio.Queue()
        self.answers: list[web.Response] = []
        self.url = ""

    async def receive(self, request: web.Request) -> web.Response:
        update = await request.json()
        self.heard.put_nowait((request.headers.get("X-Telegram-Bot-Api-Secret-Token", ""), update))
        return self.answers.pop(0) if self.answers else web.Response()

    async def next_text(self) -> object:
        async with asyncio.timeout(10):
            _, update = await self.heard.get()
        message = update["message"]
        return message["text"] if isinstance(message, dict) else None


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    bot = Listener()
    app = web.Application()
    app.add_routes([web.post("/hook", bot.receive)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    bot.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield bot
    await runner.cleanup()


async def settled(door: Door) -> None:
    """Wait until nothing is left to deliver."""
    async with asyncio.timeout(10):
        while (await door.call("getWebhookInfo"))["pending_update_count"]:
            pass


async def test_updates_come_with_the_secret_and_in_order(door: Door, listener: Listener) -> None:
    await door.says(ANA.id, "antes")
    assert await door.call("setWebhook", url=listener.url, secret_token="s3cr3t_-")
    async with asyncio.timeout(10):
        secret, update = await listener.heard.get()
    assert secret == "s3cr3t_-"
    assert update["update_id"]
    await door.says(ANA.id, "uno")
    await door.says(ANA.id, "dos")
    assert [await listener.next_text(), await listener.next_text()] == ["uno", "dos"]
    await settled(door)
    info = await door.call("getWebhookInfo")
    assert (info["url"], info["max_connections"]) == (listener.url, 40)
    assert "last_error_message" not in info


async def test_whatever_is_not_accepted_comes_again(door: Door, listener: Listener) -> None:
    listener.answers.append(web.Response(status=500))
    await door.call("setWebhook", url=listener.url)
    await door.says(ANA.id, "uno")
    assert [await listener.next_text(), await listener.next_text()] == ["uno", "uno"]
    await settled(door)
    error = (await door.call("getWebhookInfo"))["last_error_message"]
    assert error == "Wrong response from the webhook: 500 Internal Server Error"


async def test_a_failing_chat_holds_up_only_itself(door: Door, listener: Listener) -> None:
    listener.answers += [web.Response(status=400, headers={"Retry-After": "3600"}), web.Response()]
    await door.call("setWebhook", url=listener.url)
    await door.says(ANA.id, "uno")
    assert await listener.next_text() == "uno"
    await door.says(ANA.id, "dos")
    await door.says(BETO.id, "tres")
    assert await listener.next_text() == "tres"
    assert (await door.call("getWebhookInfo"))["pending_update_count"] >= 2


async def test_what_is_late_is_overtaken(door: Door, listener: Listener) -> None:
    await door.call("setWebhook", url=listener.url)
    await door.tries("faults", fault="late", seconds=3600)
    await door.says(ANA.id, "uno")
    await door.says(ANA.id, "dos")
    assert await listener.next_text() == "dos"
    await door.tries("time", advance=3600)
    assert await listener.next_text() == "uno"


async def test_an_accepting_answer_may_hold_one_call(door: Door, listener: Listener) -> None:
    reply = {"method": "sendMessage", "chat_id": ANA.id, "text": "al vuelo"}
    listener.answers.append(web.json_response(reply))
    await door.call("setWebhook", url=listener.url)
    sent = await door.says(ANA.id, "hola")
    await listener.next_text()
    before = sent["message_id"]
    screen = await door.sees(ANA.id, after=1, wait=10)
    assert [message["text"] for message in screen["messages"]] == ["al vuelo"]
    assert screen["messages"][0]["message_id"] > before


async def test_polling_and_a_webhook_exclude_each_other(door: Door, listener: Listener) -> None:
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(door.try_call("getUpdates", timeout=50))
        await door.sees(ANA.id)
        await door.call("setWebhook", url=listener.url)
    assert waiting.result()["error_code"] == 409
    refusal = await door.refusal("getUpdates")
    assert refusal.startswith("Conflict: can't use getUpdates method while webhook is active")
    answer = await door.try_call("deleteWebhook")
    assert answer == {"ok": True, "result": True, "description": "Webhook was deleted"}
    await door.says(ANA.id, "hola")
    assert len(await door.updates()) == 1


async def test_pending_updates_can_be_dropped(door: Door) -> None:
    await door.says(ANA.id, "hola")
    await door.call("deleteWebhook", drop_pending_updates=True)
    assert (await door.call("getWebhookInfo"))["pending_update_count"] == 0


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"url": "ftp://127.0.0.1/x"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "http://example.com/x"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        (
            {"url": "https://example.com:8080/x"},
            "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
        ({"url": "http://127.0.0.1:9/x", "secret_token": "ñ"}, "secret token contains unallowed characters"),
        ({"url": "http://127.0.0.1:9/x", "secret_token": "x" * 257}, "secret token is too long"),
        ({"url": "http://127.0.0.1:9/x"}, "bad webhook: Connection refused"),
    ],
)
async def test_webhooks_that_telegram_would_refuse(door: Door, params: dict[str, str], reason: str) -> None:
    assert await door.refusal("setWebhook", **params) == f"Bad Request: {reason}"


async def test_a_second_webhook_within_a_second_is_too_much(door: Door, listener: Listener) -> None:
    calls = (door.try_call("setWebhook", url=f"{listener.url}?{number}") for number in "ab")
    answers = await asyncio.gather(*calls)
    assert sorted(answer.get("error_code", 200) for answer in answers) == [200, 429]


@pytest.mark.parametrize(("failures", "seconds"), [(1, 0), (2, 2), (3, 4), (4, 8), (6, 32)])
def test_pauses_double(failures: int, seconds: float) -> None:
    assert pause(failures) == seconds


def test_pauses_end_at_a_minute_or_two_and_obey_the_listener() -> None:
    assert 60 <= pause(50) <= 120
    assert pause(1, 30) == 30
    assert pause(1, 99999) == 3600
