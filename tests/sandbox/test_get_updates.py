"""Long polling: offsets confirm, rivals conflict, old updates expire."""

import asyncio

from tests.sandbox.doors import ANA, Door

RIVAL = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


async def test_an_update_returns_until_its_offset_passes(door: Door) -> None:
    for text in ("uno", "dos", "tres"):
        await door.says(ANA.id, text)
    first, second, third = await door.updates()
    assert second["update_id"] == first["update_id"] + 1
    again = await door.updates(offset=second["update_id"])
    assert again == [second, third]
    assert await door.updates(offset=first["update_id"]) == [second, third]


async def test_a_negative_offset_keeps_the_last_and_forgets_the_rest(door: Door) -> None:
    for text in ("uno", "dos", "tres"):
        await door.says(ANA.id, text)
    [last] = await door.updates(offset=-1)
    assert last["message"]["text"] == "tres"
    assert await door.updates(offset=0) == [last]


async def test_an_offset_in_the_far_future_reads_from_the_start(door: Door) -> None:
    sent = await door.says(ANA.id, "uno")
    [update] = await door.updates(offset=sent["update_id"] + 1000)
    assert update["update_id"] == sent["update_id"]


async def test_a_waiting_poll_ends_with_the_first_update(door: Door) -> None:
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(door.updates(timeout=30))
        await door.says(ANA.id, "hola")
    assert [update["message"]["text"] for update in waiting.result()] == ["hola"]


async def test_limits_are_clamped(door: Door) -> None:
    for number in range(3):
        await door.says(ANA.id, f"{number}")
    assert len(await door.updates(limit=0)) == 1
    assert len(await door.updates(limit=2, offset=-3)) == 2
    assert len(await door.updates(limit=1000, offset=-4)) == 3


async def test_of_two_rivals_the_older_is_sent_away(door: Door) -> None:
    async with asyncio.TaskGroup() as group:
        polls = {group.create_task(door.try_call("getUpdates", timeout=50, offset=number)) for number in (1, 2)}
        done, waiting = await asyncio.wait(polls, return_when=asyncio.FIRST_COMPLETED)
        await door.says(ANA.id, "hola")
    [older], [newer] = done, waiting
    assert older.result()["description"] == RIVAL
    assert newer.result()["result"][0]["message"]["text"] == "hola"


async def test_only_wanted_kinds_come_and_the_wish_is_remembered(door: Door) -> None:
    await door.updates(allowed_updates=["callback_query"], offset=-1)
    ignored = await door.says(ANA.id, "hola")
    assert ignored["update_id"] is None
    sent = await door.call("sendMessage", chat_id=ANA.id, text="¿?")
    await door.does(ANA.id, "presses", message_id=sent["message_id"], data="y")
    [update] = await door.updates(offset=-2)
    assert "callback_query" in update
    await door.updates(allowed_updates=[], offset=-3)
    assert (await door.says(ANA.id, "hola"))["update_id"]


async def test_old_updates_are_not_worth_telling(door: Door) -> None:
    sent = await door.call("sendMessage", chat_id=ANA.id, text="¿?")
    await door.does(ANA.id, "presses", message_id=sent["message_id"], data="y")
    await door.says(ANA.id, "hola")
    await door.tries("time", advance=151)
    [update] = await door.updates()
    assert update["message"]["text"] == "hola"
    await door.tries("time", advance=24 * 3600)
    await door.says(ANA.id, "adiós")
    [update] = await door.updates(offset=-5)
    assert update["message"]["text"] == "adiós"


async def test_a_confirmed_update_can_be_delivered_once_more(door: Door) -> None:
    sent = await door.says(ANA.id, "hola")
    [update] = await door.updates()
    offset = update["update_id"] + 1
    status, _ = await door.tries("redeliver", update_id=1)
    assert status == 404
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(door.updates(offset=offset, timeout=30))
        await door.sees(ANA.id)
        status, _ = await door.tries("redeliver", update_id=sent["update_id"])
    assert status == 200
    assert waiting.result() == [update]
    await door.says(ANA.id, "otra")
    assert [later["message"]["text"] for later in await door.updates(offset=offset + 0)] == ["otra"]


async def test_late_answers_to_a_press_are_refused(door: Door) -> None:
    late = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    sent = await door.call("sendMessage", chat_id=ANA.id, text="¿?")
    pressed = await door.does(ANA.id, "presses", message_id=sent["message_id"], data="y")
    assert await door.refusal("answerCallbackQuery", callback_query_id="12") == late
    await door.tries("time", advance=151)
    assert await door.refusal("answerCallbackQuery", callback_query_id=pressed["callback_query_id"]) == late
