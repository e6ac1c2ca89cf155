"""What can befall a database while a bot is at work, and end again."""

import resource
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from tests.processes.cable import Cable
from tests.processes.machines import Process


class Trouble(Protocol):
    """`felt_as`: what the bot writes in its log, where it is not just kept waiting."""

    felt_as: str | None

    def begins(self) -> None: ...

    async def ends(self) -> None: ...


class Away:
    """PostgreSQL ends every connection and lets nobody in, and is back."""

    felt_as: str | None = "line_cut"

    def __init__(self, cable: Cable) -> None:
        self._cable = cable

    def begins(self) -> None:
        self._cable.cut()

    async def ends(self) -> None:
        await self._cable.connect()


class Silent:
    """PostgreSQL hears and does not answer; then it does, or else its connections end and new ones are taken."""

    felt_as: str | None = None

    def __init__(self, cable: Cable, *, for_good: bool) -> None:
        self._cable = cable
        self._for_good = for_good

    def begins(self) -> None:
        self._cable.go_dead()

    async def ends(self) -> None:
        if self._for_good:
            self._cable.cut()
            await self._cable.connect()
        self._cable.recover()


class FullDisk:
    """The process may make no file larger."""

    felt_as: str | None = "not_stored_yet"

    def __init__(self, process: Callable[[], Process]) -> None:
        self._process = process
        self._before = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)

    def begins(self) -> None:
        pid = self._process().pid
        self._before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, self._before[1]))

    async def ends(self) -> None:
        resource.prlimit(self._process().pid, resource.RLIMIT_FSIZE, self._before)


class Held:
    """Another process writes to the SQLite file, and takes its time."""

    felt_as: str | None = None

    def __init__(self, file: Path) -> None:
        self._file = file
        self._writer: sqlite3.Connection

    def begins(self) -> None:
        self._writer = sqlite3.connect(self._file, isolation_level=None, timeout=60)
        self._writer.execute("BEGIN IMMEDIATE")

    async def ends(self) -> None:
        self._writer.execute("ROLLBACK")
        self._writer.close()
