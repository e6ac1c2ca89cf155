"""How long it takes from the command to the first answer, in a process of its own.

`python -m tests.bench.start [--times N] [--database URL]`; the database is at its newest revision already.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.bench.__main__ import cpu, ours, prepare, sqlite
from tests.bench.drive import Heard, drive
from tests.bench.stub import Stub


async def measure(database: str | None) -> tuple[float, float, float]:
    """Seconds until it listens and until the first message has its answer, and how long it computed for a dialogue."""
    heard = Heard()
    with tempfile.TemporaryDirectory() as folder:
        url = database or sqlite(Path(folder))
        await prepare(url)
        async with Stub(heard.told) as stub:
            began = time.perf_counter()
            async with ours(stub.url, Path(folder), url) as (port, pid):
                listening = time.perf_counter()
                load = await drive(f"http://127.0.0.1:{port}/telegram/chalco", heard, dialogues=1, people=1)
                spent = cpu(pid)
                return listening - began, load.began[0] + load.steps[0] - began, spent


async def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--database", help="another database than SQLite, prepared or empty")
    given = parser.parse_args(arguments)
    times = [await measure(given.database) for _ in range(given.times)]
    listening, answered, spent = (statistics.median(values) for values in zip(*times, strict=True))
    print(f"listens after {listening:.2f} s, has answered after {answered:.2f} s, of {spent:.2f} s CPU")  # noqa: T201 (what it is for)


if __name__ == "__main__":
    asyncio.run(main())
