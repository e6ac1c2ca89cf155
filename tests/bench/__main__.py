"""Run every contender several times, one after the other in turns, and print what each costs.

`python -m tests.bench [--rounds N] [--dialogues N] [--only NAME …]`
"""

import argparse
import asyncio
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

from bot import shelf
from bot.flows.people import Area
from storage import migrate
from storage.database import Database
from tests.bench.drive import FIRST, PEOPLE, SECRET, Heard, Load, drive
from tests.bench.rivals import KINDS, TOKEN
from tests.bench.stub import Stub

OURS = "oficialia"
CONTENDERS = (OURS, *KINDS)
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Measure:
    """One run of one contender. `cpu`: seconds for a thousand updates. `peak` and `calm`: megabytes."""

    load: Load
    cpu: float
    peak: float


async def prepare(url: str) -> None:
    """Thirty-two enlaces of one area, past the aviso de privacidad, and somebody who decides."""
    await migrate.upgrade(url)
    database = Database(url)
    now = datetime.now(UTC)  # noqa: TID251 (the load is real, and so is its hour)
    manual = shelf.catalogue(shelf.MANUALS).manuals["chalco"]
    area = next(iter(manual.areas))
    try:
        async with database.transaction() as work:
            place = manual.areas[area]
            await work.people.open_area("chalco", Area(id=area, name=place.name, kind=place.kind))
            for account in range(FIRST, FIRST + PEOPLE + 1):
                person = await work.people.meet("chalco", "telegram", str(account), name=f"Persona {account}", now=now)
                last = account == FIRST + PEOPLE
                await work.people.give(person, "coordinador" if last else "enlace", None if last else area, now=now)
                await work.people.accept_privacy(person.id, now=now)
    finally:
        await database.close()


@asynccontextmanager
async def running(kind: str, api: str, folder: Path, database: str | None) -> AsyncIterator[tuple[int, int]]:
    """One contender as a process of its own; gives its port and its process id."""
    if kind == OURS:
        url = database or sqlite(folder)
        await prepare(url)
        async with ours(api, folder, url) as process:
            yield process
        return
    port = _free_port()
    command = [sys.executable, "-m", "tests.bench.rivals", kind, "--api", api, "--port", str(port)]
    async with _process([*command, "--folder", str(folder)], {}, port) as pid:
        yield port, pid


def sqlite(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder / 'oficialia.sqlite'}"


@asynccontextmanager
async def ours(api: str, folder: Path, url: str, **settings: str) -> AsyncIterator[tuple[int, int]]:
    """`python -m bot run` by webhook on a database that was prepared; at no pace unless `settings` say so."""
    port = _free_port()
    given = {
        "data": str(folder),
        "database": url,
        "manual": "chalco",
        "token": TOKEN,
        "telegram_api": api,
        "webhook_url": f"http://127.0.0.1:{port}",
        "webhook_secret": SECRET,
        "webhook_port": str(port),
        "rate": "100000",
        "chat_burst": "100000",
        **settings,
    }
    environment = {f"OFICIALIA_{name.upper()}": value for name, value in given.items()}
    async with _process([sys.executable, "-m", "bot", "run"], environment, port) as pid:
        yield port, pid


@asynccontextmanager
async def _process(command: list[str], environment: dict[str, str], port: int) -> AsyncIterator[int]:
    process = subprocess.Popen(command, env={**os.environ, **environment}, stderr=subprocess.DEVNULL)  # noqa: ASYNC220, S603 (ours)
    try:
        await _listening(port, process)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


async def _listening(port: int, process: "subprocess.Popen[bytes]") -> None:
    async with aiohttp.ClientSession() as http:
        for _ in range(600):
            if process.poll() is not None:
                raise RuntimeError(f"a contender ended with {process.returncode}")
            try:
                async with http.get(f"http://127.0.0.1:{port}/healthz") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.1)
    raise RuntimeError("a contender never listened")


def cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _peak(pid: int) -> float:
    [line] = [one for one in Path(f"/proc/{pid}/status").read_text().splitlines() if one.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


async def measure(kind: str, *, dialogues: int, database: str | None = None) -> Measure:
    """Warm one contender up with a dialogue a person, then measure it."""
    heard = Heard()
    with tempfile.TemporaryDirectory() as folder:
        async with Stub(heard.told) as stub, running(kind, stub.url, Path(folder), database) as (port, pid):
            url = f"http://127.0.0.1:{port}/telegram/chalco"
            await drive(url, heard, dialogues=1)
            before = cpu(pid)
            load = await drive(url, heard, dialogues=dialogues)
            spent = (cpu(pid) - before) / load.updates * 1000
            return Measure(load, spent, _peak(pid))


def report(measures: dict[str, list[Measure]]) -> str:
    """A table: the middle of the rounds for each contender, and our updates a second as a ratio of theirs."""
    lines = [
        "| | updates/s | p50 ms | p95 ms | p99 ms | CPU s / 1,000 | peak MB | ours / theirs |",
        "| --- | --: | --: | --: | --: | --: | --: | --: |",
    ]
    for kind, rounds in measures.items():
        rate = statistics.median(one.load.rate for one in rounds)
        pairs = zip(measures.get(OURS, rounds), rounds, strict=True)
        ratio = statistics.median(ours.load.rate / theirs.load.rate for ours, theirs in pairs)
        percentiles = [statistics.median(one.load.percentile(of) for one in rounds) for of in (50, 95, 99)]
        cpu, peak = (statistics.median(values) for values in zip(*((m.cpu, m.peak) for m in rounds), strict=True))
        times = " | ".join(f"{value:.0f}" for value in percentiles)
        lines.append(f"| {kind} | {rate:.0f} | {times} | {cpu:.2f} | {peak:.0f} | {ratio:.2f} |")
    return "\n".join(lines)


async def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dialogues", type=int, default=5)
    parser.add_argument("--only", nargs="*", default=list(CONTENDERS), choices=CONTENDERS)
    parser.add_argument("--database", help="for ours, another database than SQLite, empty")
    given = parser.parse_args(arguments)
    measures: dict[str, list[Measure]] = {kind: [] for kind in given.only}
    for _ in range(given.rounds):
        for kind in given.only:
            measures[kind].append(await measure(kind, dialogues=given.dialogues, database=given.database))
    print(report(measures))  # noqa: T201 (what it is for)


if __name__ == "__main__":
    asyncio.run(main())
