"""Whose turn it is to call, and how many calls Telegram counts in a second: in a time of their own, wherever it is."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.message import Attachment, Message, TryLaterError
from notifications.senders.pacing import Bucket, Pace, Window
from notifications.senders.telegram import TelegramSender
from tests.notifications.far import Far, crowded, drained
from tests.virtual import at_once, lose

TOKEN = "4242:AAfar"
ANA, ROSA, OBRAS = "1101", "1102", "-55"
NEAR = itertools.repeat((0.0, 0.0))

seconds = st.one_of(st.just(0.0), st.floats(0, 0.3), st.floats(0, 30))
# How long somebody waits before a call, how long it takes there, how long its answer takes back.
hours = st.lists(st.tuples(seconds, seconds, seconds), min_size=1, max_size=60)
rarely = settings(max_examples=60)


@dataclass
class Counter:
    """Where calls come, after one another or all at once."""

    came: list[float] = field(default_factory=list)

    async def calls(self, places: Window | Bucket, hours: Sequence[tuple[float, float, float]]) -> None:
        async def call(place: int, before: float, there: float, back: float) -> None:
            await asyncio.sleep(before)
            async with places.place(awaited=place % 3 == 0):
                await asyncio.sleep(there)
                self.came.append(asyncio.get_running_loop().time())
                await asyncio.sleep(back)

        async with asyncio.TaskGroup() as group:
            for place, hour in enumerate(hours):
                group.create_task(call(place, *hour))


@given(hours, st.integers(1, 5))
def test_no_second_holds_more_calls_than_it_may_wherever_it_begins_and_however_far_away(
    hours: list[tuple[float, float, float]], most: int
) -> None:
    counter = Counter()
    at_once(counter.calls(Window(most=most, seconds=1.0), hours))
    assert len(counter.came) == len(hours)
    assert crowded(counter.came, most=most, seconds=1.0) == []


@given(hours, st.integers(1, 5))
def test_a_burst_is_never_more_than_it_may_be_however_far_away(
    hours: list[tuple[float, float, float]], burst: int
) -> None:
    counter = Counter()
    at_once(counter.calls(Bucket(burst=burst, gap=1.0), hours))
    assert len(counter.came) == len(hours)
    assert drained(counter.came, burst=burst, gap=1.0) == []


@pytest.mark.parametrize("place", [Window(most=1, seconds=1.0), Bucket(burst=1, gap=1.0)])
def test_a_place_is_back_neither_earlier_nor_later_than_it_may(place: Window | Bucket) -> None:
    counter = Counter()
    at_once(counter.calls(place, [(0.0, 0.0, 0.5), (1.499, 0.0, 0.0), (2.6, 0.0, 0.0), (6.0, 0.0, 0.0)]))
    assert counter.came == pytest.approx([0.0, 1.5, 2.6, 6.0], abs=0.0005)


def test_who_comes_while_the_machine_is_busy_does_not_overtake_who_waits() -> None:
    went: list[str] = []

    async def go(window: Window, name: str) -> None:
        async with window.place():
            went.append(name)

    async def speak() -> None:
        window = Window(most=1, seconds=1.0)
        await go(window, "uno")
        async with asyncio.TaskGroup() as group:
            group.create_task(go(window, "dos"))
            await asyncio.sleep(0)
            lose(2.0)  # there is a place now, and nobody was woken for it yet
            await go(window, "tres")

    at_once(speak())
    assert went == ["uno", "dos", "tres"]


def test_who_counts_sees_what_is_too_much() -> None:
    assert crowded([0.0, 0.5, 0.9, 1.0, 1.4], most=2, seconds=1.0) == [0.9, 1.0, 1.4]
    assert crowded([0.0, 0.5, 1.0, 1.5], most=2, seconds=1.0) == []
    assert drained([0.0, 0.0, 0.5, 1.0, 1.5], burst=2, gap=1.0) == [0.5, 1.5]
    assert drained([0.0, 0.0, 1.0, 3.0, 3.0], burst=2, gap=1.0) == []


@asynccontextmanager
async def speaking(wire: Far, *, rate: float, burst: int) -> AsyncIterator[TelegramSender]:
    sender = TelegramSender(TOKEN, api="https://far", rate=rate, pace=Pace(burst=burst, per_second=1), wire=wire)
    await sender.open()
    try:
        yield sender
    finally:
        await sender.close()


gestures = st.lists(
    st.tuples(st.sampled_from([ANA, ROSA, OBRAS]), st.sampled_from(["send", "edit", "strip"]), st.booleans(), seconds),
    min_size=1,
    max_size=50,
)


async def say(sender: TelegramSender, chat: str, what: str, awaited: bool, before: float) -> None:  # noqa: FBT001 (as it is drawn)
    await asyncio.sleep(before)
    try:
        if what == "send":
            await sender.send(chat, Message("aviso"), awaited=awaited)
        elif what == "edit":
            await sender.edit(chat, "7", Message("aviso"), awaited=awaited)
        else:
            await sender.strip(chat, "7", awaited=awaited)
    except TryLaterError:  # a group's twenty of a minute
        assert chat == OBRAS


@rarely
@given(gestures, st.lists(st.tuples(seconds, seconds), min_size=50, max_size=50))
def test_whatever_is_said_telegram_never_counts_too_much(
    gestures: list[tuple[str, str, bool, float]], ways: list[tuple[float, float]]
) -> None:
    wire = Far(iter(ways))

    async def speak() -> None:
        async with speaking(wire, rate=4, burst=3) as sender, asyncio.TaskGroup() as group:
            for gesture in gestures:
                group.create_task(say(sender, *gesture))

    at_once(speak())
    assert crowded(wire.hours, most=4, seconds=1.0) == []
    for chat, hours in wire.of_each_chat().items():
        assert drained(hours, burst=3, gap=1.0) == []
        assert chat != OBRAS or crowded(hours, most=20, seconds=60.0) == []


async def digests(sender: TelegramSender, many: int) -> None:
    async with asyncio.TaskGroup() as group:
        for place in range(many):
            group.create_task(sender.send(str(2000 + place), Message("resumen")))


@pytest.mark.parametrize("way", [0.0, 0.02, 0.1])
def test_as_many_calls_are_made_as_can_be_known_not_to_be_too_many(way: float) -> None:
    wire = Far(itertools.repeat((way / 2, way / 2)))

    async def speak() -> None:
        async with speaking(wire, rate=30, burst=20) as sender:
            await digests(sender, 600)

    at_once(speak())
    rate = 599 / (wire.hours[-1] - wire.hours[0])
    assert 0.99 * 30 / (1 + way) <= rate


@pytest.mark.parametrize("after", [0.5, 3.21, 7.77])
def test_an_answer_is_the_next_call_of_all(after: float) -> None:
    wire = Far(itertools.repeat((0.03, 0.02)))
    asked: list[float] = []

    async def speak() -> None:
        async with speaking(wire, rate=30, burst=20) as sender, asyncio.TaskGroup() as group:
            group.create_task(digests(sender, 300))
            await asyncio.sleep(after)
            asked.append(asyncio.get_running_loop().time())
            await sender.send(ANA, Message("respuesta"), awaited=True)

    at_once(speak())
    [answer] = [one.at for one in wire.came if one.chat == ANA]
    # Whatever came between was on its way before it was asked for.
    assert not [one for one in wire.came if asked[0] + 0.03 < one.at < answer]


def test_a_chat_has_a_burst_and_then_its_pace_and_delays_nobody_else() -> None:
    wire = Far(NEAR)

    async def speak() -> None:
        async with speaking(wire, rate=30, burst=3) as sender, asyncio.TaskGroup() as group:
            for chat in (ANA, ANA, ANA, ANA, ANA, ROSA):
                group.create_task(sender.send(chat, Message("aviso"), awaited=True))

    at_once(speak())
    assert wire.of_each_chat() == {ANA: pytest.approx([0, 0, 0, 1, 2], abs=0.01), ROSA: [pytest.approx(0, abs=0.01)]}


def test_buttons_stay_where_taking_them_away_would_make_an_answer_wait() -> None:
    wire = Far(NEAR)

    async def speak() -> None:
        async with speaking(wire, rate=30, burst=4) as sender:
            for _ in range(5):
                await sender.send(ANA, Message("pregunta"), awaited=True)
                await sender.strip(ANA, "7", awaited=True)
            await asyncio.sleep(10)
            await sender.strip(ANA, "7", awaited=True)

    at_once(speak())
    sent, stripped = "sendMessage", "editMessageReplyMarkup"
    assert [one.method for one in wire.came] == [sent, stripped, sent, sent, sent, sent, stripped]


def test_a_picture_that_goes_as_a_file_is_two_calls(tmp_path: Path) -> None:
    wire = Far(NEAR)
    path = tmp_path / "a3f1"
    path.write_bytes(b"no picture")

    async def speak() -> None:
        async with speaking(wire, rate=30, burst=1) as sender:
            await sender.send(ANA, Message("foto", attachment=Attachment(path, "a.png", photo=True)))

    at_once(speak())
    assert [one.method for one in wire.came] == ["sendPhoto", "sendDocument"]
    assert drained(wire.hours, burst=1, gap=1.0) == []


async def test_whoever_leaves_the_line_keeps_nobody_waiting() -> None:
    window, went, first, here = Window(most=1, seconds=0), list[str](), asyncio.Event(), asyncio.Event()

    async def go(name: str) -> None:
        async with window.place():
            went.append(name)
            first.set()
            await here.wait()

    async with asyncio.TaskGroup() as group:
        tasks = {name: group.create_task(go(name)) for name in ("uno", "dos", "tres", "cuatro")}
        await first.wait()
        tasks["dos"].cancel()
        here.set()
    assert went == ["uno", "tres", "cuatro"]


async def test_whoever_is_called_and_leaves_in_the_same_moment_keeps_nobody_waiting() -> None:
    window, went = Window(most=1, seconds=0), list[str]()

    async def go(name: str) -> None:
        async with window.place():
            went.append(name)

    async with asyncio.TaskGroup() as group:
        async with window.place():
            tasks = [group.create_task(go(name)) for name in ("uno", "dos")]
            await asyncio.sleep(0)
        tasks[0].cancel()
    assert went == ["dos"]
