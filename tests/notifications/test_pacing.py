"""Whose turn it is to call, and how many calls a second holds."""

import asyncio

from notifications.senders.pacing import Queue, Window


async def test_whoever_is_awaited_goes_before_those_who_came_earlier() -> None:
    queue, went, first, here = Queue(), list[str](), asyncio.Event(), asyncio.Event()

    async def go(name: str, *, awaited: bool = False) -> None:
        async with queue.turn(awaited=awaited):
            went.append(name)
            first.set()
            await here.wait()

    async with asyncio.TaskGroup() as group:
        for name in ("uno", "dos", "tres"):
            group.create_task(go(name))
        for name in ("ana", "rosa"):
            group.create_task(go(name, awaited=True))
        await first.wait()
        assert went == ["uno"]
        here.set()
    assert went == ["uno", "ana", "rosa", "dos", "tres"]


async def test_whoever_leaves_the_queue_keeps_nobody_waiting() -> None:
    queue, went, first, here = Queue(), list[str](), asyncio.Event(), asyncio.Event()

    async def go(name: str) -> None:
        async with queue.turn(awaited=False):
            went.append(name)
            first.set()
            await here.wait()

    async with asyncio.TaskGroup() as group:
        tasks = {name: group.create_task(go(name)) for name in ("uno", "dos", "tres", "cuatro")}
        await first.wait()
        tasks["dos"].cancel()
        # It is called and leaves in the same moment.
        tasks["uno"].cancel()
        tasks["tres"].cancel()
        here.set()
    assert went == ["uno", "cuatro"]


async def test_a_second_never_holds_more_calls_than_it_may_wherever_it_begins() -> None:
    window, now = Window(most=2, seconds=0.1, arrives=60), asyncio.get_running_loop().time
    begun, answered = list[float](), list[float]()

    async def call() -> None:
        async with window.place():
            begun.append(now())
            await asyncio.sleep(0)
            answered.append(now())

    async with asyncio.TaskGroup() as group:
        for _ in range(6):
            group.create_task(call())
    # However late a call came there before it was answered, two later it was another stretch of time.
    for earlier, later in zip(answered, begun[2:], strict=False):
        assert later >= earlier + 0.1 - 0.001


async def test_a_call_that_is_long_answered_for_takes_its_place_only_until_it_has_arrived() -> None:
    window, begun, upload = Window(most=1, seconds=0.01, arrives=0.01), asyncio.Event(), asyncio.Event()

    async def send_a_film() -> None:
        async with window.place():
            begun.set()
            await upload.wait()

    async with asyncio.TaskGroup() as group:
        group.create_task(send_a_film())
        await begun.wait()
        async with asyncio.timeout(60), window.place():
            upload.set()
