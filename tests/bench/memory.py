"""What the process keeps: its resident memory while it answers a hundred thousand updates.

`python -m tests.bench.memory [--updates N] [--database URL]`. Between the dialogues of those who are known,
strangers write, each from a chat that was never seen before.
"""

import argparse
import asyncio
import itertools
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import aiohttp

from tests.bench.__main__ import ours, prepare, sqlite
from tests.bench.drive import FIRST, PEOPLE, SECRET, STEPS, Heard, drive, update
from tests.bench.stub import Stub

# Parts of the whole at which to look.
_LOOKS = (0.0, 0.1, 0.25, 0.5, 0.75, 1.0)
_DIALOGUES = 4
_STRANGERS = 100
_FIRST_STRANGER = FIRST + 1_000_000


def resident(pid: int) -> float:
    """Megabytes that a process holds now."""
    [line] = [one for one in Path(f"/proc/{pid}/status").read_text().splitlines() if one.startswith("VmRSS")]
    return int(line.split()[1]) / 1024


async def _strangers(url: str, heard: Heard, first: int) -> None:
    """Let so many people write who never did before, and wait until each is answered."""
    numbers = itertools.count(int(time.time() * 1000) % 10**9 * 1000 + 1)
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    loop = asyncio.get_running_loop()
    answered = []
    async with aiohttp.ClientSession() as http:
        for person in range(first, first + _STRANGERS):
            future: asyncio.Future[None] = loop.create_future()
            heard.waiting[person] = ("", future)
            answered.append(future)
            async with http.post(url, json=update(next(numbers), person, "text", "hola"), headers=headers) as taken:
                assert taken.status == 200, await taken.text()
    async with asyncio.timeout(300):
        await asyncio.gather(*answered)
    for person in range(first, first + _STRANGERS):
        del heard.waiting[person]


async def measure(updates: int, database: str | None) -> dict[int, float]:
    """Megabytes after so many updates."""
    heard, found = Heard(), dict[int, float]()
    looks = [int(updates * part) for part in _LOOKS]
    with tempfile.TemporaryDirectory() as folder:
        url = database or sqlite(Path(folder))
        await prepare(url)
        async with Stub(heard.told) as stub, ours(stub.url, Path(folder), url) as (port, pid):
            webhook = f"http://127.0.0.1:{port}/telegram/chalco"
            await drive(webhook, heard, dialogues=1)
            done, strangers = 0, itertools.count(_FIRST_STRANGER, _STRANGERS)
            while True:
                while looks and done >= looks[0]:
                    looks.pop(0)
                    found[done] = resident(pid)
                    print(f"{done:>9,} updates {found[done]:7.1f} MB", flush=True)  # noqa: T201 (what it is for)
                if not looks:
                    return found
                load = await drive(webhook, heard, dialogues=_DIALOGUES)
                await _strangers(webhook, heard, next(strangers))
                done += load.updates + _STRANGERS


def report(found: dict[int, float]) -> str:
    first = next(iter(found.values()))
    lines = ["| updates | MB | |", "| --: | --: | --: |"]
    lines += [f"| {done:,} | {held:.1f} | × {held / first:.2f} |" for done, held in found.items()]
    return "\n".join(lines)


async def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--updates", type=int, default=100_000)
    parser.add_argument("--database", help="another database than SQLite, empty")
    given = parser.parse_args(arguments)
    least = len(STEPS) * PEOPLE
    print(report(await measure(max(given.updates, least), given.database)))  # noqa: T201 (what it is for)


if __name__ == "__main__":
    asyncio.run(main())
