"""How long whoever writes waits while the clock makes the morning's digest for 3,000 people, and an hour before.

`python -m tests.bench.morning [--people N] [--database URL]`; a database that is given must be empty. There is no
HTTP in it: the desk and its database alone.
"""

import argparse
import asyncio
import gc
import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.__main__ import sqlite
from tests.bench.drive import FIRST, PEOPLE, STEPS
from tests.bench.growth import MANUAL, NOW, PLATFORM, Town, settled

# A Thursday, at half past eight in Chalco; and an hour before.
_MORNING = datetime(2030, 11, 28, 14, 30, tzinfo=UTC)
_BEFORE = datetime(2030, 11, 28, 13, 30, tzinfo=UTC)
_REQUESTS = 6
_READS = 0.02


async def crowd(town: Town, people: int) -> None:
    """So many people, each of whom has the same requests to decide on."""
    for place in range(1, _REQUESTS):
        await town.dialogue(FIRST + place, STEPS[2][1], {})
    async with town.database.transaction() as work:
        for place in range(people):
            somebody = await work.people.meet(MANUAL, PLATFORM, str(10**6 + place), name=f"Persona {place}", now=NOW)
            await work.people.give(somebody, "coordinador", None, now=NOW)
            await work.people.accept_privacy(somebody.id, now=NOW)


async def waits(town: Town, *, at_least: int = 0) -> tuple[list[float], int, float]:
    """The seconds that a step takes while time passes; what had become due, and how long that took.

    So many steps `at_least`, however little that is.
    """
    began = time.perf_counter()
    passing = asyncio.create_task(_pass_time(town))  # noqa: TID251 (it is awaited below)
    steps: list[float] = []
    while not passing.done() or len(steps) < at_least:
        at = time.perf_counter()
        await town.say(FIRST + PEOPLE - 1, "text", "hola")
        steps.append(time.perf_counter() - at)
        await asyncio.sleep(_READS)
    done, ended = await passing
    return steps, done, ended - began


async def _pass_time(town: Town) -> tuple[int, float]:
    count = 0
    while passed := await town.desk.pass_time():
        count += passed
    return count, time.perf_counter()


async def measure(people: int, database: str | None) -> str:
    async with AsyncExitStack() as stack:
        url = database or sqlite(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        town = await stack.enter_async_context(settled(url))
        await crowd(town, people)
        gc.collect()
        gc.freeze()  # as the bot does
        town.now = _BEFORE
        calm, _, _ = await waits(town, at_least=200)
        town.now = _MORNING
        steps, count, seconds = await waits(town)
    lines = ["| | steps | p50 ms | p95 ms | worst ms |", "| --- | --: | --: | --: | --: |"]
    for name, taken in (("an hour before", calm), (f"{count} digests in {seconds:.1f} s", steps)):
        cuts = [1000 * one for one in statistics.quantiles(taken, n=20)]
        lines.append(f"| {name} | {len(taken)} | {cuts[9]:.1f} | {cuts[18]:.1f} | {1000 * max(taken):.1f} |")
    return "\n".join(lines)


async def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=3000)
    parser.add_argument("--database", help="another database than SQLite, empty")
    given = parser.parse_args(arguments)
    print(await measure(given.people, given.database))  # noqa: T201 (what it is for)


if __name__ == "__main__":
    asyncio.run(main())
