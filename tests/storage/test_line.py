"""Processes that share a PostgreSQL: one of them at a time is on duty, and another when it is gone."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest
from structlog.testing import capture_logs

from storage import line as lines
from storage.duties import Alone, Duty, Key, next_to_give, next_to_take
from storage.line import Line
from tests.processes.cable import Cable

CHALCO, APAN, LEON, OTUMBA = (Duty("send", bot) for bot in ("chalco", "apan", "leon", "otumba"))
EAR = Duty("listen", "chalco")
HANG_UP = """
SELECT count(pg_terminate_backend(pid)) FROM pg_locks
WHERE locktype = 'advisory' AND mode = 'ExclusiveLock' AND objsubid = 2
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""

on_postgres = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)


class Town:
    """Where several processes are at work, so that one can wait for what becomes of them."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.changed = asyncio.Condition()

    async def until(self, so: Callable[[], bool]) -> None:
        async with asyncio.timeout(20), self.changed:
            await self.changed.wait_for(so)

    async def tell(self) -> None:
        async with self.changed:
            self.changed.notify_all()


class Process:
    """One of several, with its line; it ends what it does only while it may."""

    def __init__(self, town: Town, *duties: Duty) -> None:
        self.town = town
        self._bell = asyncio.Event()
        self.line = Line(town.url, bell=self._bell.set)
        self.doing: set[Duty] = set()
        self.heard = 0
        self.may_end = asyncio.Event()
        self.may_end.set()
        self._tasks = {duty: self._task(duty) for duty in duties}

    def _task(self, duty: Duty) -> Callable[[], Coroutine[Any, Any, None]]:
        async def work() -> None:
            self.doing.add(duty)
            await self.town.tell()
            try:
                await asyncio.Event().wait()
            finally:
                await self.may_end.wait()
                self.doing.remove(duty)
                await self.town.tell()

        return work

    async def _listen(self) -> None:
        while True:
            await self._bell.wait()
            self._bell.clear()
            self.heard += 1
            await self.town.tell()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            listening = group.create_task(self._listen())
            try:
                await self.line.run(self._tasks)
            finally:
                listening.cancel()

    async def does(self, count: int) -> None:
        """Wait until it does so many things."""
        await self.town.until(lambda: len(self.doing) == count)

    async def hears(self, times: int) -> None:
        """Wait until its bell was rung so often."""
        await self.town.until(lambda: self.heard >= times)


@asynccontextmanager
async def at_work(*processes: Process) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(process.run()) for process in processes]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()


@pytest.fixture
def town(database_url: str) -> Town:
    return Town(database_url)


@pytest.fixture
def haste(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "_LOOK", 0.05)
    monkeypatch.setattr(lines, "_HANDOVER", 0.2)


async def hang_up(url: str) -> int:
    """Cut the line of whoever is on duty."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return int(await connection.fetchval(HANG_UP))
    finally:
        await connection.close()


@on_postgres
@pytest.mark.usefixtures("haste")
async def test_one_is_on_duty_and_another_when_it_is_gone(town: Town) -> None:
    first, second = Process(town, CHALCO, EAR), Process(town, CHALCO, EAR)
    async with at_work(second):
        async with at_work(first):
            await town.until(lambda: len(first.doing | second.doing) == 2)
            assert not first.doing & second.doing
            assert [one.line.has(CHALCO) for one in (first, second)].count(True) == 1
        assert first.doing == set()
        await second.does(2)
        assert second.line.has(CHALCO)
        assert second.line.has(EAR)
        assert not first.line.has(CHALCO)


@on_postgres
@pytest.mark.usefixtures("haste")
async def test_what_there_is_to_do_is_shared_and_taken_over(town: Town) -> None:
    everything = (CHALCO, APAN, LEON, OTUMBA)
    first, second = Process(town, *everything), Process(town, *everything)
    async with at_work(first):
        await first.does(4)
        async with at_work(second):
            await second.does(2)
            await first.does(2)
            assert first.doing | second.doing == set(everything)
        await first.does(4)


@on_postgres
@pytest.mark.usefixtures("haste")
async def test_nobody_takes_over_what_is_not_finished(town: Town) -> None:
    first, second = Process(town, CHALCO, APAN), Process(town, CHALCO, APAN)
    async with at_work(first):
        await first.does(2)
        first.may_end.clear()
        async with at_work(second):
            # Whoever is asked to give something back goes on with it until it is done; each ring takes a while.
            for count in range(1, 20):
                await second.hears(count)
                assert (len(first.doing), len(second.doing)) == (2, 0)
                assert first.line.has(CHALCO)
                assert first.line.has(APAN)
                first.line.ring()
            first.may_end.set()
            await second.does(1)
            await first.does(1)


@on_postgres
@pytest.mark.usefixtures("haste")
async def test_whoever_loses_the_line_stops_at_once_and_may_have_it_again(town: Town) -> None:
    first, second = Process(town, CHALCO), Process(town, CHALCO)
    async with at_work(first):
        await first.does(1)
        with capture_logs() as logs:
            assert await hang_up(town.url) == 1
            await first.does(0)
            assert not first.line.has(CHALCO)
            await first.does(1)
        assert [line["event"] for line in logs if line["log_level"] == "warning"] == ["line_cut"]
        async with at_work(second):
            await second.hears(1)
            assert await hang_up(town.url) == 1
            await first.does(0)
            await town.until(lambda: bool(first.doing | second.doing))
            assert first.doing != second.doing


@on_postgres
@pytest.mark.usefixtures("haste")
async def test_who_asks_just_as_the_server_hangs_up_loses_the_line_and_nothing_more(database_url: str) -> None:
    cable = Cable(database_url)
    await cable.connect()
    process = Process(Town(cable.url), CHALCO)
    async with at_work(process):
        await process.does(1)
        cable.linger()
        with capture_logs() as logs:
            assert await hang_up(database_url) == 1
            await process.does(0)
            await process.does(1)
        assert [line["event"] for line in logs if line["log_level"] == "warning"] == ["line_cut"]
    await cable.remove()


@on_postgres
@pytest.mark.usefixtures("haste")
async def test_who_is_not_answered_does_not_act(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that was stopped for a while must not go on where it was when it wakes up."""
    process = Process(town, CHALCO)
    async with at_work(process):
        await process.does(1)
        assert process.line.has(CHALCO)
        monkeypatch.setattr(lines, "_TRUST", -1.0)
        assert not process.line.has(CHALCO)


@on_postgres
@pytest.mark.usefixtures("haste")
async def test_whoever_hangs_loses_the_line(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = Process(town, CHALCO), Process(town, CHALCO)
    monkeypatch.setattr(lines, "_SILENCE", 1)
    monkeypatch.setattr(lines, "_LOOK", 3600.0)
    async with at_work(first):
        await first.does(1)
        monkeypatch.setattr(lines, "_LOOK", 0.05)
        async with at_work(second):
            await second.does(1)
            assert first.doing == set()
            assert not first.line.has(CHALCO)


@on_postgres
@pytest.mark.usefixtures("haste")
async def test_a_ring_is_heard_by_the_others_once(town: Town) -> None:
    first, second, third = (Process(town) for _ in range(3))
    async with at_work(first, second, third):
        for one in (first, second, third):
            await one.hears(1)  # when its line stands, for what was rung before
        for _ in range(20):
            first.line.ring()
        await second.hears(2)
        await third.hears(2)
        third.line.ring()
        await second.hears(3)
        await first.hears(2)
        assert (first.heard, second.heard, third.heard) == (2, 3, 2)


@on_postgres
@pytest.mark.usefixtures("haste")
async def test_a_task_that_fails_ends_the_process(town: Town) -> None:
    async def fails() -> None:
        raise LookupError

    with pytest.raises(ExceptionGroup) as failure:
        await Line(town.url, bell=lambda: None).run({CHALCO: fails})
    assert failure.group_contains(LookupError)


async def test_who_is_alone_is_always_on_duty() -> None:
    done: list[str] = []

    async def work() -> None:
        done.append("work")

    alone = Alone()
    alone.ring()
    await alone.run({CHALCO: work, EAR: work})
    assert done == ["work", "work"]
    assert alone.has(CHALCO)


A, B, C, D = (("send", number) for number in range(4))
HEAR: Key = ("listen", 0)


@pytest.mark.parametrize(
    ("me", "able", "held", "taken"),
    [
        (1, {A: {1}}, {}, A),
        (1, {A: {1}}, {A: 2}, None),
        (1, {A: {1, 2}, B: {1, 2}}, {A: 1}, None),  # the other has less to do
        (2, {A: {1, 2}, B: {1, 2}}, {A: 1}, B),
        (1, {A: {1, 2}, B: {1}}, {A: 1}, B),  # the other could not take it
        (1, {A: {1, 2}, HEAR: {1, 2}}, {A: 1}, HEAR),  # to speak and to listen are counted apart
        (1, {A: {1}, C: {2}}, {C: 2}, A),
    ],
)
def test_what_is_free_goes_to_whoever_has_least_to_do(
    me: int, able: dict[Key, set[int]], held: dict[Key, int], taken: Key | None
) -> None:
    assert next_to_take([key for key, who in able.items() if me in who], me, able, held) == taken


@pytest.mark.parametrize(
    ("me", "able", "held", "given"),
    [
        (1, {A: {1, 2}}, {A: 1}, None),  # it would only change hands
        (1, {A: {1, 2}, B: {1, 2}}, {A: 1, B: 1}, A),
        (1, {A: {1, 2}, B: {1, 2}, C: {1, 2}}, {A: 1, B: 1, C: 2}, None),
        (1, {A: {1}, B: {1, 2}}, {A: 1, B: 1}, B),
        (1, {A: {1}, B: {1}}, {A: 1, B: 1}, None),
        (2, {A: {1, 2}, B: {1, 2}}, {A: 1, B: 1}, None),
    ],
)
def test_nobody_keeps_what_would_be_evener_elsewhere(
    me: int, able: dict[Key, set[int]], held: dict[Key, int], given: Key | None
) -> None:
    assert next_to_give(me, able, held) == given
