"""A killed sandbox comes back as it was: nothing here ever says goodbye to the first one."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiohttp

from bot.sandbox.clock import SandboxClock
from bot.sandbox.server import Sandbox
from tests.sandbox.doors import ANA, BETO, TOWN, Door

Build = Callable[[SandboxClock], Sandbox]


@asynccontextmanager
async def reborn(build: Build) -> AsyncIterator[Door]:
    world = build(SandboxClock())
    await world.start()
    try:
        async with aiohttp.ClientSession(world.url) as session:
            yield Door(session, TOWN.token, TOWN.id)
    finally:
        await world.stop()


async def test_everything_is_there_after_a_kill(door: Door, build: Build) -> None:
    await door.says(ANA.id, "confirmada")
    [first] = await door.updates()
    pending = await door.says(ANA.id, "pendiente")
    await door.updates(offset=first["update_id"] + 1)
    await door.sends_file(BETO.id, "document", "a.txt", b"abc")
    sent = await door.call("sendMessage", chat_id=ANA.id, text="botón", reply_markup={"keyboard": [["Uno"]]})
    gone = await door.call("sendMessage", chat_id=ANA.id, text="borrado")
    await door.call("deleteMessage", chat_id=ANA.id, message_id=gone["message_id"])
    pressed = await door.does(ANA.id, "presses", message_id=sent["message_id"], data="y")
    await door.call("answerCallbackQuery", callback_query_id=pressed["callback_query_id"], text="visto")
    await door.does(BETO.id, "block", blocked=True)
    _, stranger = await door.tries("people", name="Dora")
    await door.call("setMyCommands", commands=[{"command": "inicio", "description": "Empezar"}])
    await door.tries("time", advance=60)
    before = await door.sees(ANA.id)

    async with reborn(build) as again:
        assert await again.sees(ANA.id) == before
        assert (await again.look(f"people/{ANA.id}/popups"))[0]["text"] == "visto"
        updates = await again.updates()
        assert [update["update_id"] for update in updates][:2] == [pending["update_id"], pending["update_id"] + 1]
        assert (await again.call("getMyCommands"))[0]["command"] == "inicio"
        refusal = await again.refusal("sendMessage", chat_id=BETO.id, text="x")
        assert refusal == "Forbidden: bot was blocked by the user"
        refusal = await again.refusal("sendMessage", chat_id=stranger["id"], text="x")
        assert refusal == "Forbidden: bot can't initiate conversation with a user"
        file = await again.call("getFile", file_id=updates[1]["message"]["document"]["file_id"])
        async with again.session.get(f"/file/bot{TOWN.token}/{file['file_path']}") as answer:
            assert await answer.read() == b"abc"
        later = await again.call("sendMessage", chat_id=ANA.id, text="sigue")
        assert later["message_id"] > gone["message_id"]
        assert later["date"] >= sent["date"] + 60
        newer = await again.says(ANA.id, "nueva")
        assert newer["update_id"] > updates[-1]["update_id"]
        status, _ = await again.tries("redeliver", update_id=first["update_id"])
        assert status == 200


async def test_what_was_late_when_it_was_killed_is_there(door: Door, build: Build) -> None:
    await door.tries("faults", fault="late", seconds=7200, times=2)
    for text in ("uno", "dos"):
        await door.says(ANA.id, text)
    assert await door.updates() == []
    async with reborn(build) as again:
        assert [one["message"]["text"] for one in await again.updates()] == ["uno", "dos"]
        assert await again.look("faults") == []


async def test_a_stopped_sandbox_starts_again(build: Build) -> None:
    async with reborn(build) as door:
        await door.tries("time", now="2031-01-01T09:00:00")
    async with reborn(build) as door:
        assert (await door.look("time"))["now"].startswith("2031-01-01T15:00")
