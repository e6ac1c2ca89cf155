"""The line: how the processes that share a PostgreSQL know of each other.

Each keeps one connection for nothing else. A duty is an advisory lock that it holds: a
process that dies, hangs or cannot be reached loses its line, and with it its duties, and
another takes them over. The line also rings: there is something to deliver.
"""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, NamedTuple, TypeAlias

import asyncpg
import structlog
from sqlalchemy import NullPool
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from storage.database import NO_ANSWER
from storage.dialect import number_of
from storage.duties import Duty, Key, Kind, Task, next_to_give, next_to_take

_log = structlog.get_logger(__name__)

# In seconds. Whoever has not been answered for `_TRUST` does nothing more on its own account; the server hangs up
# only later (`_SILENCE`), so that nobody takes over from somebody who still acts. Then the new one waits (`_HANDOVER`)
# for what its predecessor may have on its way, which also keeps a bot's rate.
_LOOK = 1.0
_PATIENCE = 3.0
_TRUST = 7.0
_SILENCE = 10
_HANDOVER = 2.0
# Rings that come together are one, and they come no faster than this.
_GAP = 0.02

_CHANNEL = "letters"
_KINDS: tuple[Kind, ...] = ("send", "listen")
_ABLE = {kind: number_of("able to", kind, bits=31) for kind in _KINDS}
_HELD = {kind: number_of("on duty to", kind, bits=31) for kind in _KINDS}
_LOCKS = """
SELECT classid::bigint, objid::bigint, pid FROM pg_locks
WHERE locktype = 'advisory' AND objsubid = 2 AND granted
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
Talk: TypeAlias = "asyncpg.Connection[Any]"
# Whoever asks between the server's last word and the end of the connection is told of an error inside the driver.
_AWAY = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, DBAPIError, *NO_ANSWER)


class Line:
    """One process's line. `bell` is rung when another process, or a line that was mended, says so."""

    def __init__(self, url: str, *, bell: Callable[[], None]) -> None:
        self._url = url
        self._bell = bell
        self._asked = asyncio.Event()
        self._answered = float("-inf")
        self._told = False
        self._mine: set[Key] = set()
        self._wait_for: dict[Key, float] = {}
        self._tasks: dict[Key, asyncio.Task[None]] = {}

    def has(self, duty: Duty) -> bool:
        """Tell whether this process may act: to be asked at the last moment."""
        return _key(duty) in self._mine and _time() < self._answered + _TRUST

    def ring(self) -> None:
        """Tell the other processes, soon, that there may be something to deliver."""
        self._asked.set()

    async def run(self, tasks: Mapping[Duty, Task]) -> None:
        """Do each of these while on duty for it, until cancelled."""
        mine = {_key(duty): _Mine(duty, task) for duty, task in tasks.items()}
        async with asyncio.TaskGroup() as group:
            while True:
                try:
                    async with self._talking() as talk:
                        self._told = False
                        await self._serve(talk, mine, group)
                except _AWAY as error:
                    if not self._told:
                        _log.warning("line_cut", error=type(error).__name__)
                    self._told = True
                finally:
                    self._drop()
                await asyncio.sleep(_LOOK)

    @asynccontextmanager
    async def _talking(self) -> AsyncIterator[Talk]:
        engine = create_async_engine(self._url, poolclass=NullPool, hide_parameters=True)
        try:
            async with asyncio.timeout(2 * _PATIENCE):
                connection = await engine.connect()
            try:
                raw: Any = await connection.get_raw_connection()
                talk: Talk = raw.driver_connection
                talk.add_termination_listener(lambda _: self._drop())
                await talk.execute(f"SET idle_session_timeout = '{_SILENCE}s'", timeout=_PATIENCE)
                await talk.execute("SET application_name = 'oficialia: line'", timeout=_PATIENCE)
                await talk.add_listener(_CHANNEL, self._rung)
                yield talk
            finally:
                with contextlib.suppress(*_AWAY):
                    await connection.invalidate()
                await connection.close()
        finally:
            await engine.dispose()

    async def _serve(self, talk: Talk, mine: Mapping[Key, "_Mine"], group: asyncio.TaskGroup) -> None:
        for kind, number in mine:
            await talk.execute("SELECT pg_advisory_lock_shared($1, $2)", _ABLE[kind], number, timeout=_PATIENCE)
        self._bell()  # for what was rung while nobody listened
        try:
            while True:
                await self._look(talk, mine, group)
                await self._wait(talk)
        except asyncio.CancelledError:
            await self._farewell(talk)
            raise

    async def _look(self, talk: Talk, mine: Mapping[Key, "_Mine"], group: asyncio.TaskGroup) -> None:
        able, held = await self._ask(talk)
        me = talk.get_server_pid()
        for key in [key for key, task in self._tasks.items() if task.done()]:
            del self._tasks[key]
            if held.get(key) == me:
                self._mine.discard(key)
                await talk.execute("SELECT pg_advisory_unlock($1, $2)", _HELD[key[0]], key[1], timeout=_PATIENCE)
                del held[key]
                _log.info("off_duty", **mine[key].duty._asdict())
        free = [key for key in mine if key not in self._tasks]
        while (taken := next_to_take(free, me, able, held)) is not None:
            query = "SELECT pg_try_advisory_lock($1, $2)"
            if await talk.fetchval(query, _HELD[taken[0]], taken[1], timeout=_PATIENCE):
                held[taken] = me
                self._mine.add(taken)
                self._tasks[taken] = group.create_task(self._begin(mine[taken], after=self._wait_for.pop(taken, 0.0)))
            else:
                held[taken] = 0  # somebody was faster; who, is seen at the next look
        self._wait_for.update({key: _HANDOVER for key in mine if held.get(key, me) != me})
        if not any(task.cancelling() for task in self._tasks.values()):
            given = next_to_give(me, able, held)
            if given is not None:
                self._tasks[given].cancel()

    async def _begin(self, mine: "_Mine", *, after: float) -> None:
        await asyncio.sleep(after)
        _log.info("on_duty", **mine.duty._asdict())
        await mine.task()

    async def _ask(self, talk: Talk) -> tuple[dict[Key, set[int]], dict[Key, int]]:
        """Ask who could take which duty and who has it; and be heard of."""
        asked = _time()
        rows = await talk.fetch(_LOCKS, timeout=_PATIENCE)
        self._answered = asked
        able: dict[Key, set[int]] = defaultdict(set)
        held: dict[Key, int] = {}
        for lock, number, process in rows:
            for kind in _KINDS:
                if lock == _ABLE[kind]:
                    able[kind, number].add(process)
                elif lock == _HELD[kind]:
                    held[kind, number] = process
        return able, held

    async def _wait(self, talk: Talk) -> None:
        """Let time pass until the next look, and ring when asked to."""
        end = _time() + _LOOK
        while (left := end - _time()) > 0:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._asked.wait()
            if self._asked.is_set():
                self._asked.clear()
                await talk.execute(f"NOTIFY {_CHANNEL}", timeout=_PATIENCE)
                await asyncio.sleep(_GAP)

    async def _farewell(self, talk: Talk) -> None:
        """Stay on duty until what was begun is finished."""
        self._end_all()
        with contextlib.suppress(*_AWAY):
            while left := [task for task in self._tasks.values() if not task.done()]:
                await asyncio.wait(left, timeout=_LOOK)
                await self._ask(talk)

    def _drop(self) -> None:
        """Off duty for everything, from this very moment."""
        self._wait_for.update(dict.fromkeys(self._mine, _HANDOVER))
        self._mine.clear()
        self._end_all()

    def _end_all(self) -> None:
        for task in self._tasks.values():
            if not task.cancelling():
                task.cancel()

    def _rung(self, talk: Any, process: int, _channel: str, _payload: object) -> None:
        if process != talk.get_server_pid():
            self._bell()


class _Mine(NamedTuple):
    duty: Duty
    task: Task


def _key(duty: Duty) -> Key:
    return duty.kind, number_of(duty.bot, bits=31)


def _time() -> float:
    return asyncio.get_running_loop().time()
