"""Thirty-two people at once, each asking for a coverage from the first message to the folio."""

import asyncio
import itertools
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import aiohttp

PEOPLE = 32
FIRST = 9001
SECRET = "bench-secret"
PROCEDURE = "gch-ccs-p01-2023"

# What is sent (a text, or a button's data) and what the answer must hold.
STEPS: tuple[tuple[str, str, str], ...] = (
    ("text", "nueva", "Que cubran un evento"),
    ("press", f"n:{PROCEDURE}", "¿Cómo se llama el evento"),
    ("text", "Inauguración de la Casa de Cultura", "¿Qué día y a qué hora"),
    ("text", "15 de diciembre de 2031 5 pm", "lugar y su dirección"),
    ("text", "Casa de Cultura, Av. Solidaridad 12", "Foto y video"),
    ("text", "foto y video", "Revisa antes de enviar"),
    ("text", "enviar", "folio"),
)


@dataclass
class Heard:
    """What each chat was told since it was last looked at."""

    waiting: dict[int, tuple[str, asyncio.Future[None]]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def told(self, chat: int, method: str, text: str) -> None:
        self.counts[method] += 1
        wanted = self.waiting.get(chat)
        if wanted is not None and wanted[0] in text and not wanted[1].done():
            wanted[1].set_result(None)


@dataclass
class Load:
    """What a run measured: each step's seconds, from Telegram's call to the answer in the chat, and when it began."""

    steps: list[float]
    began: list[float]
    seconds: float
    updates: int

    @property
    def rate(self) -> float:
        return self.updates / self.seconds

    def percentile(self, of: int) -> float:
        return statistics.quantiles(self.steps, n=100)[of - 1] * 1000


async def drive(
    url: str, heard: Heard, *, dialogues: int, people: int = PEOPLE, pauses: Iterator[float] | None = None
) -> Load:
    """Bring `dialogues` of each person to the bot that listens at `url`, all people at once.

    `pauses`: for how many seconds one of them reads and types before the next answer; otherwise not at all.
    """
    pauses = pauses or itertools.repeat(0.0)
    numbers = itertools.count(int(time.time() * 1000) % 10**9 * 1000)
    load = Load([], [], 0.0, 0)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for place in range(people):
                group.create_task(_person(http, url, FIRST + place, heard, numbers, load, dialogues, pauses))
        return replace(load, seconds=time.perf_counter() - began, updates=len(load.steps))


async def _person(
    http: aiohttp.ClientSession,
    url: str,
    person: int,
    heard: Heard,
    numbers: "itertools.count[int]",
    load: Load,
    dialogues: int,
    pauses: Iterator[float],
) -> None:
    loop = asyncio.get_running_loop()
    for kind, said, answer in STEPS * dialogues:
        await asyncio.sleep(next(pauses))
        answered: asyncio.Future[None] = loop.create_future()
        heard.waiting[person] = (answer, answered)
        began = time.perf_counter()
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        async with http.post(url, json=update(next(numbers), person, kind, said), headers=headers) as taken:
            assert taken.status == 200, await taken.text()
        async with asyncio.timeout(300):
            await answered
        load.began.append(began)
        load.steps.append(time.perf_counter() - began)


def update(number: int, person: int, kind: str, said: str) -> dict[str, object]:
    chat = {"id": person, "type": "private", "first_name": "Ana"}
    sender = {"id": person, "is_bot": False, "first_name": "Ana", "language_code": "es"}
    message = {"message_id": number % 10**6 + 1, "date": 1763000000, "chat": chat, "from": sender, "text": said}
    if kind == "text":
        return {"update_id": number, "message": message}
    query = {
        "id": str(number),
        "from": sender,
        "chat_instance": "1",
        "data": said,
        "message": {**message, "from": {"id": 7000000001, "is_bot": True, "first_name": "Bot"}, "text": "…"},
    }
    return {"update_id": number, "callback_query": query}


def median(values: Sequence[float]) -> float:
    return statistics.median(values)
