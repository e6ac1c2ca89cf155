"""Trouble on request, and the doors that stay closed to strangers' pages."""

import aiohttp
import pytest

from bot.sandbox.clock import SandboxClock
from bot.sandbox.server import Sandbox
from tests.sandbox.doors import ANA, BETO, TOWN, Door


async def test_too_many_requests_says_how_long_to_wait(door: Door) -> None:
    await door.tries("faults", fault="429", retry_after=7, times=2, chat=ANA.id)
    assert await door.call("sendMessage", chat_id=BETO.id, text="x")
    url = f"/bot{TOWN.token}/sendMessage"
    async with door.session.post(url, json={"chat_id": ANA.id, "text": "x"}) as answer:
        assert answer.headers["Retry-After"] == "7"
        body = await answer.json()
    assert body == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 7",
        "parameters": {"retry_after": 7},
    }
    assert (await door.look("faults"))[0]["times"] == 1
    await door.refusal("sendMessage", chat_id=ANA.id, text="x")
    assert await door.call("sendMessage", chat_id=ANA.id, text="x")


@pytest.mark.parametrize(
    ("fault", "description"),
    [
        ("500", "Internal Server Error: restart"),
        ("blocked", "Forbidden: bot was blocked by the user"),
        ("deactivated", "Forbidden: user is deactivated"),
    ],
)
async def test_a_fault_strikes_once(door: Door, fault: str, description: str) -> None:
    await door.tries("faults", fault=fault)
    assert await door.call("getMe")
    assert await door.refusal("sendMessage", chat_id=ANA.id, text="x") == description
    assert await door.call("sendMessage", chat_id=ANA.id, text="x")


async def test_the_front_end_answers_in_html(door: Door) -> None:
    await door.tries("faults", fault="502", method="sendMessage")
    async with door.session.post(f"/bot{TOWN.token}/sendMessage", json={}) as answer:
        assert (answer.status, answer.content_type) == (502, "text/html")


@pytest.mark.parametrize(("fault", "arrives"), [("drop", 0), ("lose_response", 1)])
async def test_a_broken_connection_may_come_before_or_after_the_deed(door: Door, fault: str, arrives: int) -> None:
    await door.tries("faults", fault=fault)
    with pytest.raises(aiohttp.ClientError):
        await door.call("sendMessage", chat_id=ANA.id, text="x")
    assert len((await door.sees(ANA.id))["messages"]) == arrives


async def test_listening_is_only_disturbed_by_name(door: Door) -> None:
    await door.tries("faults", fault="500")
    await door.says(ANA.id, "hola")
    assert await door.updates()
    await door.tries("faults", fault="conflict")
    assert (await door.refusal("getUpdates")).startswith("Conflict: terminated by other getUpdates request")


async def test_faults_can_be_slow_and_can_be_cleared(door: Door) -> None:
    await door.tries("faults", fault="slow", seconds=0)
    assert await door.call("sendMessage", chat_id=ANA.id, text="x")
    await door.tries("faults", fault="500", times=0)
    await door.refusal("sendMessage", chat_id=ANA.id, text="x")
    await door.refusal("sendMessage", chat_id=ANA.id, text="x")
    async with door.session.delete("/sandbox/faults") as answer:
        assert await answer.json() == []
    assert await door.call("sendMessage", chat_id=ANA.id, text="x")
    status, answer = await door.tries("faults", fault="ñ")
    assert (status, answer["error"]) == (400, "No conozco la falla «ñ».")


async def test_a_download_fails_only_by_name(door: Door) -> None:
    await door.sends_file(ANA.id, "document", "a.txt", b"abc")
    [update] = await door.updates()
    file = await door.call("getFile", file_id=update["message"]["document"]["file_id"])
    await door.tries("faults", fault="500", method="file")
    path = f"/file/bot{TOWN.token}/{file['file_path']}"
    async with door.session.get(path) as answer:
        assert answer.status == 500
    async with door.session.get(path) as answer:
        assert await answer.read() == b"abc"


async def test_the_pace_can_be_enforced(door: Door) -> None:
    await door.tries("faults", fault="pace", per_second=30, per_chat=0, per_group_minute=1)
    _, group = await door.tries("groups", title="Obras", members=[ANA.id])
    assert await door.call("sendMessage", chat_id=group["id"], text="x")
    refusal = await door.refusal("sendMessage", chat_id=group["id"], text="x")
    assert refusal.startswith("Too Many Requests: retry after ")
    assert 1 < int(refusal.split()[-1]) <= 60
    assert await door.call("sendMessage", chat_id=BETO.id, text="x")


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "http://evil.example"}])
async def test_foreign_pages_stay_outside(door: Door, headers: dict[str, str]) -> None:
    for path in ("/sandbox/people", f"/bot{TOWN.token}/getMe"):
        async with door.session.post(path, json={"manual": TOWN.id, "name": "x"}, headers=headers) as answer:
            assert answer.status == 403


async def test_its_own_page_may_come_in(door: Door, sandbox: Sandbox) -> None:
    headers = {"Origin": sandbox.url}
    async with door.session.post("/sandbox/people", json={"manual": TOWN.id, "name": "x"}, headers=headers) as answer:
        assert answer.status == 200
    async with door.session.get("/") as answer:
        assert answer.status == 200
        assert answer.headers["Cache-Control"] == "no-cache"
    async with door.session.get("/page/..%2Fserver.py") as answer:
        assert answer.status == 404


async def test_it_listens_on_this_machine_only(build: object, clock: SandboxClock) -> None:
    assert callable(build)
    world: Sandbox = build(clock)
    with pytest.raises(ValueError, match="this machine"):
        await world.start("0.0.0.0")  # noqa: S104 - the very thing that must be refused
    await world.stop()


async def test_one_stream_tells_every_change(door: Door) -> None:
    async with door.session.get("/sandbox/stream", params={"manual": TOWN.id}) as stream:
        assert stream.content_type == "text/event-stream"
        assert await stream.content.readuntil(b"\n\n")
        sent = await door.call("sendMessage", chat_id=ANA.id, text="x")
        assert await stream.content.readuntil(b"\n\n") == b'data: {"person":1001,"revision":1}\n\n'
        await door.call("sendChatAction", chat_id=BETO.id, action="typing")
        assert await stream.content.readuntil(b"\n\n") == b'data: {"person":1002,"typing":true}\n\n'
        pressed = await door.does(ANA.id, "presses", message_id=sent["message_id"], data="y")
        await door.call("answerCallbackQuery", callback_query_id=pressed["callback_query_id"], text="ya")
        assert b'"popup":{"text":"ya"' in await stream.content.readuntil(b"\n\n")
        await door.tries("time", now="2031-01-01T15:00:00+00:00")
        assert b'{"clock":"2031-01-01T15:00:0' in await stream.content.readuntil(b"\n\n")
