"""Trouble on request, and the doors that stay closed to strangers' pages."""

import asyncio

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


async def test_a_flood_holds_everybody_for_a_while(door: Door) -> None:
    await door.tries("faults", fault="flood", seconds=60)
    for person in (ANA.id, BETO.id):
        assert await door.refusal("sendMessage", chat_id=person, text="x") == "Too Many Requests: retry after 60"
    assert await door.updates() == []
    await door.tries("time", advance=50)
    assert await door.refusal("sendMessage", chat_id=ANA.id, text="x") == "Too Many Requests: retry after 10"
    assert (await door.look("faults"))[0]["met"] == 3
    await door.tries("time", advance=10)
    assert await door.call("sendMessage", chat_id=ANA.id, text="x")
    assert await door.look("faults") == []


@pytest.mark.parametrize(("fault", "arrives"), [("slow", 0), ("slow_answer", 1)])
async def test_who_hangs_up_on_a_slow_answer_does_not_know_what_was_done(door: Door, fault: str, arrives: int) -> None:
    await door.tries("faults", fault=fault, seconds=600)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1):
            await door.call("sendMessage", chat_id=ANA.id, text="x")
    assert len((await door.sees(ANA.id))["messages"]) == arrives


@pytest.mark.parametrize("fault", ["slow", "slow_answer"])
async def test_what_is_slow_is_so_until_the_faults_are_cleared(door: Door, fault: str) -> None:
    await door.tries("faults", fault=fault, seconds=600)
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        slow = group.create_task(door.call("sendMessage", chat_id=ANA.id, text="x"))
        while await door.look("faults"):
            pass
        async with door.session.delete("/sandbox/faults"):
            pass
        assert (await slow)["text"] == "x"


async def test_an_answer_to_a_press_comes_too_late(door: Door) -> None:
    sent = await door.call("sendMessage", chat_id=ANA.id, text="x")
    pressed = await door.does(ANA.id, "presses", message_id=sent["message_id"], data="y")
    await door.tries("faults", fault="expired")
    assert await door.call("sendMessage", chat_id=ANA.id, text="x")
    refusal = await door.refusal("answerCallbackQuery", callback_query_id=pressed["callback_query_id"])
    assert refusal.startswith("Bad Request: query is too old")
    assert await door.call("answerCallbackQuery", callback_query_id=pressed["callback_query_id"])


async def test_updates_come_the_wrong_way_round(door: Door) -> None:
    await door.tries("faults", fault="reversed")
    first = await door.says(ANA.id, "uno")
    assert [one["message"]["text"] for one in await door.updates()] == ["uno"]
    await door.says(ANA.id, "dos")
    assert [one["message"]["text"] for one in await door.updates(offset=-2)] == ["dos", "uno"]
    assert [one["message"]["text"] for one in await door.updates(offset=first["update_id"])] == ["uno", "dos"]


async def test_an_update_comes_late_under_a_later_number(door: Door) -> None:
    await door.tries("faults", fault="late", seconds=7200, chat=ANA.id)
    assert (await door.says(ANA.id, "temprano"))["update_id"] is None
    later = await door.says(ANA.id, "después")
    assert [one["message"]["text"] for one in await door.updates()] == ["después"]
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(door.updates(offset=later["update_id"] + 1, timeout=50))
        await door.tries("time", advance=7200)
    [late] = waiting.result()
    assert late["message"]["text"] == "temprano"
    assert late["update_id"] > later["update_id"]


async def test_what_is_late_comes_by_itself_when_it_is_due(door: Door) -> None:
    await door.tries("faults", fault="late", seconds=0.3)
    await door.says(ANA.id, "hola")
    assert [one["message"]["text"] for one in await door.updates(timeout=50)] == ["hola"]


async def test_a_late_press_is_not_worth_telling(door: Door) -> None:
    sent = await door.call("sendMessage", chat_id=ANA.id, text="x")
    await door.tries("faults", fault="late", seconds=151, update="callback_query", times=2)
    await door.says(ANA.id, "hola")
    for person in (ANA.id, ANA.id):
        await door.does(person, "presses", message_id=sent["message_id"], data="y")
    [update] = await door.updates()
    async with door.session.delete("/sandbox/faults"):  # which brings what is late at once
        pass
    assert len(await door.updates(offset=update["update_id"] + 1)) == 2
    await door.tries("faults", fault="late", seconds=151, update="callback_query")
    await door.does(ANA.id, "presses", message_id=sent["message_id"], data="y")
    await door.tries("time", advance=151)
    assert await door.updates(offset=update["update_id"] + 3) == []


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
