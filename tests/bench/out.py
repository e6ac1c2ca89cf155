"""A morning's digest for 3,000 chats at Telegram's pace, while some people type.

`python -m tests.bench.out [--chats N] [--typing N] [--database URL] [--only NAME …]`. The stub refuses what Telegram
would: more than 30 calls in a second, a chat that has had its burst, a group's 21st message of a minute.
"""

import argparse
import asyncio
import itertools
import statistics
import tempfile
import time
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from storage.database import Database
from storage.letters import Letter
from tests.bench.__main__ import ours, prepare, sqlite
from tests.bench.drive import Heard, drive
from tests.bench.stub import Stub

_RATE, _SECOND = 30, 1.0
_BURST = 20
_GROUP, _MINUTE = 20, 60.0
# One chat in so many is a group, and is told more than it may have in a minute.
_GROUPS = 500
_TO_A_GROUP = 25
_MORNING = "Buenos días"
# How many seconds somebody reads and types, at least and at most; and whoever is in a hurry.
_READS = (2.0, 3.0)
_HURRIES = (0.8, 1.2)
# Whether digests go out, whether people type, and how.
_LOADS = {
    "people type": (False, True, _READS),
    "digests go out": (True, False, _READS),
    "both": (True, True, _READS),
    "both, in a hurry": (True, True, _HURRIES),
}


@dataclass
class Window:
    """At most so many in any stretch of so many seconds, wherever it begins."""

    most: int
    seconds: float
    came: deque[float] = field(default_factory=deque)

    def has_room(self, now: float) -> bool:
        while self.came and self.came[0] <= now - self.seconds:
            self.came.popleft()
        return len(self.came) < self.most


class Strict(Stub):
    """A stub with Telegram's limits, which notes when each call came."""

    def __init__(self, heard: Heard) -> None:
        super().__init__(self._hear)
        self._heard = heard
        self._overall = Window(_RATE, _SECOND)
        self._groups: dict[int, Window] = defaultdict(lambda: Window(_GROUP, _MINUTE))
        self._bursts: dict[int, tuple[float, float]] = {}
        self.came: list[float] = []
        self.mornings = 0
        self.last_private = 0.0
        self.refused = 0

    def refuses(self, chat: int) -> bool:
        now = time.perf_counter()
        self.came.append(now)
        left, at = self._bursts.get(chat, (float(_BURST), now))
        left = min(float(_BURST), left + now - at)
        windows = [self._overall, *([self._groups[chat]] if chat < 0 else [])]
        if left < 1 or not all(one.has_room(now) for one in windows):
            self.refused += 1
            return True
        self._bursts[chat] = (left - 1, now)
        for one in windows:
            one.came.append(now)
        return False

    def _hear(self, chat: int, method: str, text: str) -> None:
        if _MORNING in text:
            self.mornings += 1
            if chat > 0:
                self.last_private = self.came[-1]
        self._heard.told(chat, method, text)


@dataclass(frozen=True)
class Measure:
    """When each call came and how long each answer took, in seconds, while digests went out to people.

    A group's last digests come a minute later, when there is nothing else to say.
    """

    came: Sequence[float]
    digests: int
    answers: Sequence[float]
    refused: int

    @property
    def seconds(self) -> float:
        return self.came[-1] - self.came[0]

    @property
    def rate(self) -> float:
        return (len(self.came) - 1) / self.seconds

    @property
    def most_in_a_second(self) -> int:
        """The most calls that came in any second, wherever it begins."""
        window, most = Window(len(self.came), _SECOND), 0
        for at in self.came:
            window.has_room(at)
            window.came.append(at)
            most = max(most, len(window.came))
        return most


async def promise(url: str, chats: int) -> int:
    """Put the morning's digest for so many chats into the outbox; tells how many letters that is."""
    facts = {"name": "Ana", "tasks": [], "count": 3, "drafts": 0}
    letters: list[Letter] = []
    for place in range(chats):
        is_group = place % _GROUPS == _GROUPS // 2
        chat = str(-100_000 - place if is_group else 100_000 + place)
        one = Letter(manual="chalco", platform="telegram", chat=chat, template="digest", facts=facts)
        letters.extend([one] * (_TO_A_GROUP if is_group else 1))
    database = Database(url)
    try:
        async with database.transaction() as work:
            await work.letters.post(letters, now=datetime.now(UTC))  # noqa: TID251 (the load is real, and so is its hour)
    finally:
        await database.close()
    return len(letters)


async def measure(chats: int, typing: int, database: str | None, *, reads: tuple[float, float] = _READS) -> Measure:
    """Let the digest out, and have people fill in forms for as long as that takes."""
    heard, answers = Heard(), list[tuple[float, float]]()
    reading = Random(chats)  # noqa: S311 (the same people every time)
    pauses = (reading.uniform(*reads) for _ in itertools.count())
    with tempfile.TemporaryDirectory() as folder:
        url = database or sqlite(Path(folder))
        await prepare(url)
        letters = await promise(url, chats)
        async with (
            Strict(heard) as stub,
            ours(stub.url, Path(folder), url, rate=str(_RATE), chat_burst=str(_BURST)) as (port, _),
        ):
            webhook = f"http://127.0.0.1:{port}/telegram/chalco"
            while True:
                load = await drive(webhook, heard, dialogues=1, people=typing, pauses=pauses)
                answers.extend(zip(load.began, load.steps, strict=True))
                if stub.mornings >= letters:
                    break
                if not typing:
                    await asyncio.sleep(_SECOND)
    last = stub.last_private or stub.came[-1]
    came = [at for at in stub.came if at <= last]
    return Measure(came, letters, [took for began, took in answers if began <= last], stub.refused)


def report(measures: dict[str, Measure]) -> str:
    lines = [
        "| | digests | calls | seconds | calls/s | most in any second | 429 | answers | p50 ms | p95 ms | worst ms |",
        "| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |",
    ]
    for name, one in measures.items():
        waits = sorted(1000 * seconds for seconds in one.answers) or [0.0, 0.0]
        cuts = statistics.quantiles(waits, n=20)
        figures = [one.digests, len(one.came), one.seconds]
        cells = [f"{value:.0f}" for value in figures]
        cells += [f"{one.rate:.2f}", str(one.most_in_a_second), str(one.refused)]
        cells += [str(len(one.answers)), *(f"{value:.0f}" for value in (cuts[9], cuts[18], waits[-1]))]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


async def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chats", type=int, default=3000)
    parser.add_argument("--typing", type=int, default=4)
    parser.add_argument("--database", help="another database than SQLite, empty")
    parser.add_argument("--only", nargs="*", default=list(_LOADS), choices=_LOADS)
    given = parser.parse_args(arguments)
    measures: dict[str, Measure] = {}
    for name in given.only:
        bulk, people, reads = _LOADS[name]
        measures[name] = await measure(bulk * given.chats, people * given.typing, given.database, reads=reads)
    print(report(measures))  # noqa: T201 (what it is for)


if __name__ == "__main__":
    asyncio.run(main())
