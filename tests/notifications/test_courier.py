"""The outbox: in order for each chat, nobody waiting for somebody else, and nothing lost."""

import asyncio
import errno
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from structlog.testing import capture_logs

from bot.flows.request import Turn
from notifications import courier as couriers
from notifications.courier import Bell, Courier
from notifications.message import (
    GoneError,
    Message,
    MovedError,
    OffDutyError,
    OutsideError,
    RefusedError,
    TryLaterError,
    UnreachableError,
)
from notifications.render import Renderer
from storage.database import Database, UnavailableError, Work
from storage.files import Vault
from storage.letters import MAP, Letter
from storage.tables import LETTER
from tests.filing import request_by
from tests.flows.shipped import COVERAGE

TEN = datetime(2026, 11, 18, 16, 0, tzinfo=UTC)
ANA, ROSA, DIEGO = "1101", "1102", "1103"
OBRAS, GREATER_OBRAS = "-55", "-1000000000055"
SLOW_DOWN = timedelta(seconds=5)


class Wire:
    """The far end: it takes what it is given, or makes the trouble that a chat is due."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []
        self.done: list[tuple[str, str, str]] = []
        self.awaited: dict[str, bool] = {}
        self.trouble: dict[str, list[Exception]] = {}
        self.before: Callable[[str], None] = lambda _: None
        self.shut: dict[str, asyncio.Event] = {}
        self.at_the_door: dict[str, asyncio.Event] = {}
        self.heard = asyncio.Condition()

    async def send(self, chat: str, message: Message, *, awaited: bool = False) -> str:
        self.awaited[message.html] = awaited
        await self._takes(chat)
        self.said.append((chat, message.html))
        async with self.heard:
            self.heard.notify_all()
        return str(len(self.said))

    async def edit(self, chat: str, message_id: str, message: Message, *, awaited: bool = False) -> None:
        self.awaited[message.html] = awaited
        await self._takes(chat)
        self.done.append((chat, message_id, message.html))

    async def strip(self, chat: str, message_id: str, *, awaited: bool = False) -> None:
        self.awaited["(strip)"] = awaited
        await self._takes(chat)
        self.done.append((chat, message_id, "(strip)"))

    async def _takes(self, chat: str) -> None:
        self.before(chat)
        if chat in self.shut:
            self.at_the_door.setdefault(chat, asyncio.Event()).set()
            await self.shut[chat].wait()
        if self.trouble.get(chat):
            raise self.trouble[chat].pop(0)

    async def reached(self, chat: str) -> None:
        """Wait until something is on its way to a chat that is shut."""
        async with asyncio.timeout(20):
            await self.at_the_door.setdefault(chat, asyncio.Event()).wait()

    async def until(self, *said: tuple[str, str]) -> None:
        """Wait until all of this was said, whatever else was."""
        async with asyncio.timeout(20), self.heard:
            await self.heard.wait_for(lambda: all(one in self.said for one in said))


class Fragile(Database):
    """A database that is away when it is told to be."""

    away = 0

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Work]:
        if self.away:
            self.away -= 1
            raise UnavailableError("OperationalError")
        async with super().transaction() as work:
            yield work


class Office:
    """An outbox, its courier, and a clock that stands still until it is moved."""

    def __init__(self, database: Fragile, folder: Path) -> None:
        self.now = TEN
        self.database = database
        self.wire = Wire()
        self.other = Wire()
        (folder / "words.html.j2").write_text("{{ text }}", encoding="utf-8")
        (folder / "group_lost.html.j2").write_text("fuera de {{ title }}", encoding="utf-8")
        (folder / "map.html.j2").write_text("el flujo", encoding="utf-8")
        (folder / "broken.html.j2").write_text("{{ nobody_gave_this }}", encoding="utf-8")
        zone = ZoneInfo("America/Mexico_City")
        self.bell = Bell()
        self._renderer = Renderer({"chalco": zone, "apan": zone}, folder)
        self._vault = Vault(folder / "files")
        self.courier = self.hires()

    def hires(self, *, shared: bool = False) -> Courier:
        """Another courier for the same outbox; one of those that share it has a bell of its own."""
        return Courier(
            self.database,
            self._renderer,
            {("chalco", "telegram"): self.wire, ("apan", "telegram"): self.other},
            self._vault,
            draw=lambda manual, law, mark: f"{manual} {law.code} {mark}".encode(),
            clock=lambda: self.now,
            bell=Bell() if shared else self.bell,
            shared=shared,
        )

    async def posts(self, *letters: Letter) -> list[int]:
        async with self.database.transaction() as work:
            return await work.letters.post(letters, now=self.now)

    async def delivers(self, **later: float) -> None:
        self.now += timedelta(**later)
        await self.courier.deliver_due()

    async def wait(self) -> timedelta | None:
        """How long until something that was postponed is tried again."""
        async with self.database.transaction() as work:
            earliest = select(func.min(LETTER.c.not_before)).where(LETTER.c.state == "pending")
            at = (await work._hands.run_once(earliest)).scalar()
        return at - self.now if at else None


@pytest.fixture
async def office(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    monkeypatch.setattr(couriers, "_POLL", 0.02)
    database = Fragile(database_url)
    yield Office(database, tmp_path)
    await database.close()


def letter(chat: str, text: str, *, manual: str = "chalco", template: str = "words") -> Letter:
    return Letter(manual=manual, platform="telegram", chat=chat, template=template, facts={"text": text})


def edit(chat: str, text: str, *, of: int) -> Letter:
    return Letter(
        manual="chalco", platform="telegram", chat=chat, template="words", facts={"text": text}, kind="edit", edits=of
    )


def too_fast(seconds: int = 5) -> TryLaterError:
    return TryLaterError("Flood control exceeded", timedelta(seconds=seconds), limited=True)


def goes_away_once(office: Office) -> Callable[[str], None]:
    """Take the database away just when something reaches the wire."""

    def leave(_: str) -> None:
        office.database.away = 1
        office.wire.before = lambda _: None

    return leave


def heard_by(wire: Wire, chat: str) -> Sequence[str]:
    return [text for one, text in wire.said if one == chat]


async def test_each_chat_hears_in_the_order_of_saying(office: Office) -> None:
    await office.posts(*(letter(chat, f"{n}") for n in range(5) for chat in (ANA, ROSA)))
    await office.delivers()
    assert heard_by(office.wire, ANA) == heard_by(office.wire, ROSA) == ["0", "1", "2", "3", "4"]
    assert await office.courier.deliver_due() == 0


async def test_order_is_kept_while_an_earlier_letter_waits(office: Office) -> None:
    office.wire.trouble[ANA] = [TryLaterError("Bad Gateway", timedelta(seconds=2))]
    await office.posts(letter(ANA, "uno"), letter(ANA, "dos"), letter(ROSA, "hola"))
    await office.delivers()
    assert office.wire.said == [(ROSA, "hola")]
    await office.delivers(seconds=2)
    assert heard_by(office.wire, ANA) == ["uno", "dos"]


async def test_what_somebody_waits_for_goes_before_what_is_told_to_many(office: Office) -> None:
    many = [str(2000 + place) for place in range(40)]
    await office.posts(*(letter(chat, "resumen") for chat in (*many, ANA)))
    await office.posts(replace(letter(ROSA, "respuesta"), awaited=True))
    await office.delivers()
    assert office.wire.said[0] == (ROSA, "respuesta")
    assert [chat for chat, _ in office.wire.said[1:]] == [*many, ANA]
    assert office.wire.awaited == {"respuesta": True, "resumen": False}


async def test_what_stands_before_an_awaited_letter_goes_first_and_as_soon(office: Office) -> None:
    many = [str(2000 + place) for place in range(40)]
    await office.posts(*(letter(chat, "resumen") for chat in many), letter(ANA, "aviso"), letter(ANA, "otro"))
    await office.posts(replace(letter(ANA, "respuesta"), awaited=True), letter(ANA, "después"))
    async with office.database.transaction() as work:
        first, *others = await work.letters.due(now=TEN)
    assert (first.chat, first.facts, first.awaited) == (ANA, {"text": "aviso"}, True)
    assert [one.chat for one in others] == many
    await office.delivers()
    assert heard_by(office.wire, ANA) == ["aviso", "otro", "respuesta", "después"]
    assert [office.wire.awaited[one] for one in heard_by(office.wire, ANA)] == [True, True, True, False]


async def test_what_somebody_waits_for_finds_room_while_all_that_is_told_to_many_is_slow(office: Office) -> None:
    many = [str(2000 + place) for place in range(40)]
    office.wire.shut = dict.fromkeys(many, asyncio.Event())
    await office.posts(*(letter(chat, "resumen") for chat in many))
    async with asyncio.TaskGroup() as group:
        running = group.create_task(office.courier.run())
        await office.wire.reached(many[31])
        await office.posts(replace(letter(ROSA, "respuesta"), awaited=True), letter(ANA, "aviso"))
        office.bell.ring()
        await office.wire.until((ROSA, "respuesta"))
        assert office.wire.said == [(ROSA, "respuesta")]
        office.wire.shut[many[0]].set()
        await office.wire.until(*((chat, "resumen") for chat in many), (ANA, "aviso"))
        running.cancel()


async def test_what_one_town_tells_to_many_delays_no_other_town(office: Office) -> None:
    many = [str(2000 + place) for place in range(200)]
    office.wire.shut = dict.fromkeys(many, asyncio.Event())
    await office.posts(*(letter(chat, "resumen") for chat in many), replace(letter(ROSA, "tarjeta"), manual="apan"))
    async with asyncio.TaskGroup() as group:
        running = group.create_task(office.courier.run())
        await office.other.until((ROSA, "tarjeta"))
        assert office.wire.said == []
        office.wire.shut[many[0]].set()
        await office.wire.until(*((chat, "resumen") for chat in many))
        running.cancel()


async def test_a_file_that_cannot_be_read_now_is_sent_later(office: Office) -> None:
    office.wire.trouble[ANA] = [OSError(errno.EMFILE, "Too many open files")]
    await office.posts(letter(ANA, "uno"), letter(ANA, "dos"))
    await office.delivers()
    assert office.wire.said == []
    await office.delivers(seconds=2)
    assert office.wire.said == [(ANA, "uno"), (ANA, "dos")]


async def test_a_file_that_is_gone_keeps_nothing_else(office: Office) -> None:
    office.wire.trouble[ANA] = [FileNotFoundError(errno.ENOENT, "No such file or directory")]
    await office.posts(letter(ANA, "uno"), letter(ANA, "dos"))
    await office.delivers()
    assert office.wire.said == [(ANA, "dos")]


async def test_an_awaited_letter_that_is_postponed_hides_nobody_elses(office: Office) -> None:
    office.wire.trouble[ANA] = [too_fast(60)]
    await office.posts(replace(letter(ANA, "uno"), awaited=True))
    await office.delivers()
    await office.posts(replace(letter(ROSA, "dos"), awaited=True), letter(DIEGO, "tres"))
    async with office.database.transaction() as work:
        [only] = await work.letters.due(now=TEN, limit=1)
    assert only.chat == ROSA
    await office.delivers()
    assert office.wire.said == [(ROSA, "dos"), (DIEGO, "tres")]


async def test_one_chats_429_delays_nobody_else(office: Office) -> None:
    office.wire.trouble[ANA] = [too_fast(60)]
    await office.posts(letter(ANA, "uno"), letter(ROSA, "dos"))
    await office.delivers()
    await office.posts(letter(DIEGO, "tres"))
    await office.delivers()
    assert office.wire.said == [(ROSA, "dos"), (DIEGO, "tres")]
    await office.delivers(seconds=59)
    assert heard_by(office.wire, ANA) == []
    await office.delivers(seconds=1)
    assert heard_by(office.wire, ANA) == ["uno"]


async def test_one_slow_chat_delays_nobody_else(office: Office) -> None:
    office.wire.shut[ANA] = asyncio.Event()
    await office.posts(letter(ANA, "uno"), letter(ANA, "dos"), letter(ROSA, "hola"))
    async with asyncio.TaskGroup() as group:
        running = group.create_task(office.courier.run())
        await office.wire.until((ROSA, "hola"))
        await office.posts(letter(DIEGO, "después"))
        office.bell.ring()
        await office.wire.until((DIEGO, "después"))
        assert heard_by(office.wire, ANA) == []
        office.wire.shut[ANA].set()
        await office.wire.until((ANA, "uno"), (ANA, "dos"))
        running.cancel()
    assert heard_by(office.wire, ANA) == ["uno", "dos"]


async def test_a_second_chats_429_pauses_that_bot_and_no_other(office: Office) -> None:
    office.wire.trouble = {ANA: [too_fast(5)], ROSA: [too_fast(7)]}
    await office.posts(letter(ANA, "uno"), letter(ROSA, "dos"))
    await office.delivers()
    # More letters wait for the paused bot than are looked at in one go.
    await office.posts(*(letter(f"2{n:03}", "aviso") for n in range(70)), letter(ANA, "allá", manual="apan"))
    await office.delivers(seconds=6)
    assert office.wire.said == []
    assert office.other.said == [(ANA, "allá")]
    await office.delivers(seconds=1)
    assert len(office.wire.said) == 72


async def test_two_chats_that_are_refused_each_for_itself_pause_nobody_else(office: Office) -> None:
    office.wire.trouble = {ANA: [too_fast(600)], ROSA: [too_fast(600)]}
    await office.posts(letter(ANA, "uno"), letter(DIEGO, "dos"), letter(ROSA, "tres"))
    await office.delivers()
    await office.posts(letter(DIEGO, "cuatro"))
    await office.delivers(seconds=1)
    assert office.wire.said == [(DIEGO, "dos"), (DIEGO, "cuatro")]
    await office.delivers(seconds=599)
    assert sorted(office.wire.said[2:]) == [(ANA, "uno"), (ROSA, "tres")]


async def test_who_must_wait_long_is_told_at_once_with_all_that_waits_behind(office: Office) -> None:
    office.wire.trouble = {ANA: [too_fast(3600)], ROSA: [too_fast(5)]}
    [first, *_] = await office.posts(letter(ANA, "uno"), letter(ANA, "dos"), letter(ROSA, "tres"))
    await office.posts(replace(letter(ANA, ""), kind="strip", edits=first))  # which nobody misses
    await office.delivers()
    async with office.database.transaction() as work:
        [told] = await work.letters.troubled("chalco")
    assert (told.chat, told.state, told.error, told.count) == (ANA, "pending", "Flood control exceeded", 2)


async def test_what_keeps_failing_is_tried_ever_more_rarely(office: Office) -> None:
    office.wire.trouble[ANA] = [TryLaterError("Timed out", timedelta(seconds=2)) for _ in range(12)]
    await office.posts(letter(ANA, "uno"))
    waits: list[float] = []
    for _ in range(12):
        await office.courier.deliver_due()
        wait = await office.wait()
        assert wait is not None
        waits.append(wait.total_seconds())
        office.now += wait
    assert waits == [2, 4, 8, 16, 32, 60, 60, 60, 60, 60, 60, 60]
    async with office.database.transaction() as work:
        [told] = await work.letters.troubled("chalco")
    assert (told.chat, told.state, told.error, told.count) == (ANA, "pending", "Timed out", 1)
    await office.delivers()
    assert heard_by(office.wire, ANA) == ["uno"]


async def test_a_429_waits_as_long_as_it_says(office: Office) -> None:
    office.wire.trouble[ANA] = [too_fast(3), too_fast(3), too_fast(3600)]
    await office.posts(letter(ANA, "uno"))
    for seconds in (3, 3, 3600):
        await office.courier.deliver_due()
        assert await office.wait() == timedelta(seconds=seconds)
        office.now += timedelta(seconds=seconds)
    await office.delivers()
    assert heard_by(office.wire, ANA) == ["uno"]


def away(seconds: int) -> TryLaterError:
    return TryLaterError("Bad Gateway", timedelta(seconds=seconds))


@pytest.mark.parametrize("trouble", [away(5), too_fast(5)])
async def test_a_clock_that_is_set_back_keeps_no_letter_waiting(office: Office, trouble: TryLaterError) -> None:
    office.wire.trouble[ANA] = [trouble]
    await office.posts(letter(ANA, "uno"), letter(ANA, "dos"))
    await office.delivers()
    assert office.wire.said == []
    office.courier = office.hires()  # started again since, it knows no more than the outbox
    await office.delivers(hours=-1)
    assert heard_by(office.wire, ANA) == ["uno", "dos"]


async def test_a_clock_that_is_set_forward_and_back_says_all_of_it_once_and_in_order(office: Office) -> None:
    office.wire.trouble[ANA] = [too_fast(600), too_fast(600)]
    await office.posts(letter(ANA, "uno"), letter(ANA, "dos"))
    await office.delivers()
    await office.delivers(hours=1)  # too early, so Telegram makes it wait again
    assert office.wire.said == []
    await office.posts(letter(ANA, "tres"))
    await office.delivers(hours=-1)
    await office.posts(letter(ANA, "cuatro"))
    await office.delivers()
    assert heard_by(office.wire, ANA) == ["uno", "dos", "tres", "cuatro"]


async def test_a_clock_that_is_set_back_ends_the_pause_of_a_bot(office: Office) -> None:
    office.wire.trouble = {ANA: [too_fast(5)], ROSA: [too_fast(5)]}
    await office.posts(letter(ANA, "uno"), letter(ROSA, "dos"))
    await office.delivers()
    await office.posts(letter(DIEGO, "tres"))
    await office.delivers()
    assert office.wire.said == []
    await office.delivers(hours=-1)
    assert sorted(office.wire.said) == [(ANA, "uno"), (ROSA, "dos"), (DIEGO, "tres")]


async def test_what_was_refused_before_the_clock_was_set_back_pauses_nobody(office: Office) -> None:
    office.wire.trouble = {ANA: [too_fast(5), away(5)], ROSA: [too_fast(5)]}
    await office.posts(letter(ANA, "uno"))
    await office.delivers()
    await office.posts(letter(ROSA, "dos"))
    await office.delivers(hours=-1)
    await office.posts(letter(DIEGO, "tres"))
    await office.delivers()
    assert office.wire.said == [(DIEGO, "tres")]


async def test_what_is_said_to_somebody_who_blocks_us_waits_for_them(office: Office) -> None:
    async with office.database.transaction() as work:
        ana = await work.people.meet("chalco", "telegram", ANA, name="Ana Robles", now=TEN)
    office.wire.trouble[ANA] = [UnreachableError("Forbidden: bot was blocked by the user")]
    first = letter(ANA, "uno")
    await office.posts(first, letter(ANA, "dos"), letter(ROSA, "hola"))
    await office.delivers()
    await office.delivers(days=3)
    assert office.wire.said == [(ROSA, "hola")]
    async with office.database.transaction() as work:
        [contact] = await work.people.contacts("chalco", [ana.id], now=TEN)
        assert not contact.reachable
        [trouble] = await work.letters.troubled("chalco")
        told = (trouble.state, trouble.error, trouble.count)
        assert told == ("held", "Forbidden: bot was blocked by the user", 2)
        await work.letters.release("chalco", "telegram", ANA)
    await office.delivers()
    assert heard_by(office.wire, ANA) == ["uno", "dos"]


@pytest.mark.parametrize("trouble", ["template", "refusal"])
async def test_a_letter_that_cannot_be_said_is_lost_alone_and_told(office: Office, trouble: str) -> None:
    template = "broken" if trouble == "template" else "words"
    office.wire.trouble[ANA] = [RefusedError("can't parse entities")] if trouble == "refusal" else []
    await office.posts(letter(ANA, "mal", template=template), letter(ANA, "bien"), letter(ROSA, "hola"))
    with capture_logs() as logs:
        await office.delivers()
    assert sorted(office.wire.said) == [(ANA, "bien"), (ROSA, "hola")]
    [lost] = [line for line in logs if line["event"] == "letter_undeliverable"]
    assert (lost["log_level"], lost["template"]) == ("error", template)
    async with office.database.transaction() as work:
        [told] = await work.letters.troubled("chalco")
    assert (told.chat, told.state, told.count) == (ANA, "dead", 1)
    assert ("nobody_gave_this" if trouble == "template" else "can't parse") in told.error


async def test_a_letter_of_a_municipality_without_a_bot_is_told(office: Office) -> None:
    await office.posts(letter(ANA, "hola", manual="ninguno"))
    with capture_logs() as logs:
        await office.delivers()
    assert [line["event"] for line in logs] == ["letter_undeliverable"]


async def test_a_picture_that_finds_no_room_on_the_disk_is_said_when_there_is_some(
    office: Office, tmp_path: Path
) -> None:
    async with office.database.transaction() as work:
        await work.editions.publish("chalco", COVERAGE, "1", now=TEN)
    (tmp_path / "files").touch()  # a folder cannot be made there
    facts = {"procedure": COVERAGE.code, "edition": "1", "mark": "2"}
    await office.posts(replace(letter(ANA, ""), template=MAP, facts=facts), letter(ANA, "después"))
    await office.delivers()
    assert office.wire.said == []
    (tmp_path / "files").unlink()
    await office.delivers(seconds=2)
    assert [text for _, text in office.wire.said] == ["el flujo", "después"]


async def test_a_mistake_of_ours_while_the_database_is_away_stops_nobody(office: Office) -> None:
    office.wire.trouble[ANA] = [RuntimeError("ours")]
    office.wire.before = goes_away_once(office)
    await office.posts(letter(ANA, "uno"), letter(ROSA, "hola"))
    await office.delivers()
    assert sorted(office.wire.said) == [(ANA, "uno"), (ROSA, "hola")]


async def test_an_edit_of_a_letter_not_yet_sent_waits_for_it(office: Office) -> None:
    office.wire.trouble[ANA] = [too_fast()]
    [card] = await office.posts(letter(ANA, "¿Cumple?"))
    await office.posts(edit(ANA, "✓ Sí cumple", of=card))
    await office.delivers()
    assert (office.wire.said, office.wire.done) == ([], [])
    await office.delivers(seconds=5)
    assert office.wire.said == [(ANA, "¿Cumple?")]
    assert office.wire.done == [(ANA, "1", "✓ Sí cumple")]


async def test_an_edit_of_a_letter_that_was_lost_is_said_anew(office: Office) -> None:
    [card] = await office.posts(letter(ANA, "mal", template="broken"))
    await office.posts(edit(ANA, "✓ Sí cumple", of=card))
    await office.delivers()
    assert office.wire.said == [(ANA, "✓ Sí cumple")]


async def test_what_should_change_a_message_that_is_gone_is_said_anew(office: Office) -> None:
    [card] = await office.posts(letter(ANA, "¿Cumple?"))
    await office.delivers()
    office.wire.trouble[ANA] = [GoneError("Message to edit not found")]
    [changed] = await office.posts(edit(ANA, "✓ Sí cumple", of=card))
    await office.delivers()
    assert office.wire.said == [(ANA, "¿Cumple?"), (ANA, "✓ Sí cumple")]
    async with office.database.transaction() as work:
        assert await work.said.message_of(changed) == "2"
    strip = Letter(manual="chalco", platform="telegram", chat=ANA, template="", kind="strip", edits=changed)
    office.wire.trouble[ANA] = [GoneError("Message to edit not found")]
    await office.posts(strip, strip)
    await office.delivers()
    assert office.wire.done == [(ANA, "2", "(strip)")]


async def test_what_is_said_takes_the_buttons_of_an_earlier_letter_away(office: Office) -> None:
    [asked] = await office.posts(letter(ANA, "¿Qué día?"))
    await office.posts(replace(letter(ANA, "¿En qué lugar?"), strips=asked))
    await office.delivers()
    assert office.wire.said == [(ANA, "¿Qué día?"), (ANA, "¿En qué lugar?")]
    assert office.wire.done == [(ANA, "1", "(strip)")]


@pytest.mark.parametrize("trouble", [too_fast(5), GoneError("Message to edit not found"), ValueError("no number")])
async def test_buttons_that_do_not_go_are_nobodys_trouble(office: Office, trouble: Exception) -> None:
    [asked] = await office.posts(letter(ANA, "¿Qué día?"))
    await office.delivers()

    def after_what_is_said(_: str) -> None:
        if len(office.wire.said) == 2:
            office.wire.trouble[ANA] = [trouble]
            office.wire.before = lambda _: None

    office.wire.before = after_what_is_said
    with capture_logs() as logs:
        answer, _ = await office.posts(replace(letter(ANA, "¿En qué lugar?"), strips=asked), letter(ANA, "Otra cosa"))
        await office.delivers()
    assert [log["event"] for log in logs] == ["buttons_stay"]
    assert heard_by(office.wire, ANA) == ["¿Qué día?", "¿En qué lugar?", "Otra cosa"]
    assert office.wire.done == []
    async with office.database.transaction() as work:
        assert await work.said.message_of(answer) == "2"
        assert await work.letters.troubled("chalco") == []


async def test_nothing_comes_before_buttons_that_are_going_and_what_was_said_is_marked_meanwhile(
    office: Office,
) -> None:
    [asked] = await office.posts(letter(ANA, "¿Qué día?"))
    await office.delivers()

    def after_what_is_said(_: str) -> None:
        if len(office.wire.said) == 2:
            office.wire.shut.setdefault(ANA, asyncio.Event())

    async def is_marked(key: int) -> None:
        async with asyncio.timeout(20):
            while True:
                async with office.database.transaction() as work:
                    if await work.said.message_of(key) is not None:
                        return

    office.wire.before = after_what_is_said
    [answer] = await office.posts(replace(letter(ANA, "¿En qué lugar?"), strips=asked))
    async with asyncio.TaskGroup() as group:
        running = group.create_task(office.courier.run())
        await office.wire.reached(ANA)
        await is_marked(answer)
        await office.posts(edit(ANA, "Menú", of=asked), letter(ROSA, "hola"))
        office.bell.ring()
        await office.wire.until((ROSA, "hola"))
        assert "Menú" not in office.wire.awaited, "it is on its way already"
        office.wire.before = lambda _: None
        office.wire.shut.pop(ANA).set()
        await office.posts(letter(ANA, "fin"))
        office.bell.ring()
        await office.wire.until((ANA, "fin"))
        running.cancel()
    assert office.wire.done == [(ANA, "1", "(strip)"), (ANA, "1", "Menú")]


async def test_what_was_taken_is_noted_when_the_database_is_back_and_not_said_again(office: Office) -> None:
    await office.posts(letter(ANA, "uno"), letter(ANA, "dos"))

    def leave(_: str) -> None:
        office.database.away = 3
        office.wire.before = lambda _: None

    office.wire.before = leave
    with capture_logs() as logs:
        await office.delivers()
    assert office.wire.said == [(ANA, "uno"), (ANA, "dos")]
    assert [line["event"] for line in logs] == ["delivery_not_noted_yet"] * 3


async def showing(office: Office, chat: str, message: str) -> str | None:
    """What the bot takes a message to say."""
    async with Database.transaction(office.database) as work:
        found = await work.said.showing("chalco", "telegram", chat, message)
    return found.facts["text"] if found else None


async def test_an_answer_to_what_was_taken_and_is_not_marked_yet_is_understood(office: Office) -> None:
    await office.posts(letter(ANA, "uno"), letter(ANA, "dos"), letter(ROSA, "otra"), letter(ANA, "tres"))
    answered: list[str | None] = []

    async def at_once() -> None:
        for _ in range(3):
            async with office.wire.heard:
                await office.wire.heard.wait_for(lambda: len(heard_by(office.wire, ANA)) >= len(answered) + 1)
            place = office.wire.said.index((ANA, heard_by(office.wire, ANA)[-1]))
            answered.append(await showing(office, ANA, str(place + 1)))
            office.database.away = 0

    office.wire.before = lambda _: setattr(office.database, "away", 1_000_000)
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        group.create_task(at_once())
        group.create_task(office.courier.deliver_due())
    assert answered == ["uno", "dos", "tres"]
    assert await showing(office, ANA, "1") == "uno"
    assert await showing(office, ROSA, "99") is None


async def test_only_what_was_on_its_way_when_the_process_died_is_said_again(office: Office) -> None:
    """The one repeat there is: whoever dies between Telegram's answer and our mark."""
    await office.posts(letter(ANA, "uno"), letter(ANA, "dos"))
    office.wire.before = lambda _: setattr(office.database, "away", 1_000_000)
    async with asyncio.TaskGroup() as group:
        dying = group.create_task(office.courier.deliver_due())
        await office.wire.until((ANA, "uno"))
        dying.cancel()
    office.wire.before = lambda _: None
    office.database.away = 0
    await office.hires().deliver_due()
    assert heard_by(office.wire, ANA) == ["uno", "uno", "dos"]
    # Whichever of the two somebody answers, they mean the same.
    assert [await showing(office, ANA, one) for one in ("1", "2", "3", "4")] == ["uno", "uno", "dos", None]


async def test_a_courier_told_to_stop_says_nothing_new_and_notes_what_was_on_its_way(office: Office) -> None:
    office.wire.shut[ANA] = asyncio.Event()
    await office.posts(letter(ANA, "uno"), letter(ANA, "dos"))
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        running = group.create_task(office.courier.run())
        await office.wire.reached(ANA)
        running.cancel()
        await office.posts(letter(ROSA, "tarde"))
        office.bell.ring()
        office.wire.shut[ANA].set()
    assert office.wire.said == [(ANA, "uno")]
    await office.hires().deliver_due()
    assert office.wire.said == [(ANA, "uno"), (ANA, "dos"), (ROSA, "tarde")]


async def test_a_courier_among_others_speaks_only_for_the_bots_it_is_given(office: Office) -> None:
    one, other = office.hires(shared=True), office.hires(shared=True)
    await office.posts(letter(ANA, "uno"), letter(ANA, "allá", manual="apan"), letter(ANA, "dos"))
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        tasks = [group.create_task(one.run()), group.create_task(other.run())]
        speaking = group.create_task(one.speak_for(("chalco", "telegram")))
        await office.wire.until((ANA, "uno"), (ANA, "dos"))
        assert office.other.said == []
        office.wire.shut[ANA] = asyncio.Event()
        await office.posts(letter(ANA, "tres"), letter(ANA, "cuatro"))
        office.bell.ring()
        await office.wire.reached(ANA)
        speaking.cancel()
        tasks.append(group.create_task(other.speak_for(("apan", "telegram"))))
        await office.other.until((ANA, "allá"))
        assert not speaking.done()  # what is on its way is still the first one's
        office.wire.shut[ANA].set()
        await asyncio.wait([speaking])
        tasks.append(group.create_task(other.speak_for(("chalco", "telegram"))))
        await office.wire.until((ANA, "cuatro"))
        for task in tasks:
            task.cancel()
    assert heard_by(office.wire, ANA) == ["uno", "dos", "tres", "cuatro"]
    assert office.other.said == [(ANA, "allá")]


async def test_what_is_another_couriers_by_now_stays_as_it_was(office: Office) -> None:
    office.wire.trouble[ANA] = [OffDutyError()]
    await office.posts(letter(ANA, "uno"))
    with capture_logs() as logs:
        await office.delivers()
    assert office.wire.said == [(ANA, "uno")]
    assert [line["event"] for line in logs] == ["letter_left_to_another"]


async def test_a_courier_told_to_stop_while_the_bell_rings_stops(office: Office) -> None:
    async with asyncio.timeout(20):
        for turn in range(20):
            async with asyncio.TaskGroup() as group:
                running = group.create_task(office.courier.run())
                await office.posts(letter(ANA, f"{turn}"))
                office.bell.ring()
                await office.wire.until((ANA, f"{turn}"))
                office.bell.ring()
                running.cancel()
    assert heard_by(office.wire, ANA)[-1] == "19"


async def test_an_outbox_that_cannot_be_read_is_read_again(office: Office) -> None:
    await office.posts(letter(ANA, "uno"))
    office.database.away = 3
    async with asyncio.TaskGroup() as group:
        running = group.create_task(office.courier.run())
        await office.wire.until((ANA, "uno"))
        running.cancel()
    assert office.wire.said == [(ANA, "uno")]


async def linked_by_ana(office: Office) -> int:
    """A group that Ana linked to a role, and a request whose cards go there; gives the request."""
    async with office.database.transaction() as work:
        ana = await work.people.meet("chalco", "telegram", ANA, name="Ana Robles", now=TEN)
        group = await work.groups.open("chalco", "telegram", OBRAS, title="Obras", person=ana.id, now=TEN)
        await work.groups.link(group.id, "coordinador", person=ana.id, now=TEN)
        request = await work.requests.file(request_by(ana.id, at=TEN))
        turns = [Turn(key=key, activity="2", stage="choose", role="coordinador") for key in (1, 2, 3)]
        opened = await work.requests.save(request, request.but(turns=tuple(turns)), [], now=TEN)
        await work.requests.save(opened, opened.but(turns=tuple(turns[1:])), [], now=TEN)
        return request.id


async def test_a_group_that_moves_takes_along_what_waits_and_what_is_open(office: Office) -> None:
    request = await linked_by_ana(office)
    cards = [
        replace(letter(OBRAS, text), request=request, turn=turn) for turn, text in ((1, "decidida"), (2, "abierta"))
    ]
    decided, _ = await office.posts(*cards)
    await office.delivers()
    waits = replace(letter(OBRAS, "espera"), request=request, turn=3)
    taken_back = edit(OBRAS, "espera, corregida", of=decided + 3)
    strip = replace(edit(OBRAS, "", of=decided), kind="strip")
    office.wire.trouble[OBRAS] = [MovedError("upgraded", GREATER_OBRAS)]
    await office.posts(edit(OBRAS, "decidida por Rosa", of=decided), waits, taken_back, strip)
    async with office.database.transaction() as work:
        assert [one.id for one in await work.letters.due(now=office.now)] == [decided + 2]
    await office.delivers()
    # What was said in the old group cannot be changed there; what is still open is asked again.
    assert heard_by(office.wire, GREATER_OBRAS) == ["decidida por Rosa", "espera", "abierta"]
    assert office.wire.done == [(GREATER_OBRAS, "4", "espera, corregida")]
    async with office.database.transaction() as work:
        for turn, messages in ((1, []), (2, ["5"]), (3, [])):
            copies = await work.said.cards(request, turn)
            assert [(one.chat, one.message) for one in copies] == [(GREATER_OBRAS, one) for one in messages]
        [group] = await work.groups.every("chalco")
        assert (group.chat, group.role) == (GREATER_OBRAS, "coordinador")
        assert await work.letters.troubled("chalco") == []


async def test_a_group_known_in_both_chats_becomes_one(office: Office) -> None:
    await linked_by_ana(office)
    async with office.database.transaction() as work:
        [old] = await work.groups.every("chalco")
        new = await work.groups.open(
            "chalco", "telegram", GREATER_OBRAS, title="Obras", person=old.person or 0, now=TEN
        )
        for _ in range(2):
            await work.groups.move("chalco", "telegram", OBRAS, to=GREATER_OBRAS, now=TEN)
        assert await work.groups.every("chalco") == [replace(new, role="coordinador")]


async def test_a_group_that_throws_us_out_is_forgotten_and_who_linked_it_is_told(office: Office) -> None:
    request = await linked_by_ana(office)
    await office.posts(replace(letter(OBRAS, "tarjeta"), request=request, turn=1))
    await office.delivers()
    office.wire.trouble[OBRAS] = [OutsideError("Forbidden: bot was kicked from the group chat")]
    await office.posts(letter(OBRAS, "uno"), letter(OBRAS, "dos"), letter(ROSA, "hola"))
    await office.delivers()
    assert office.wire.said == [(OBRAS, "tarjeta"), (ROSA, "hola"), (ANA, "fuera de Obras")]
    async with office.database.transaction() as work:
        assert await work.groups.every("chalco") == []
        assert await work.said.cards(request, 1) == []
        assert await work.letters.troubled("chalco") == []


async def test_a_group_in_which_we_may_not_write_is_told(office: Office) -> None:
    await linked_by_ana(office)
    office.wire.trouble[OBRAS] = [RefusedError("not enough rights to send text messages to the chat")]
    await office.posts(letter(OBRAS, "tarjeta"))
    await office.delivers()
    async with office.database.transaction() as work:
        [told] = await work.letters.troubled("chalco")
    assert (told.person, told.chat, told.state, told.count) == (None, OBRAS, "dead", 1)
    assert told.error.startswith("not enough rights")


async def test_a_group_that_moves_while_we_speak_is_told_again(office: Office) -> None:
    request = await linked_by_ana(office)
    office.wire.shut[OBRAS] = asyncio.Event()
    await office.posts(replace(letter(OBRAS, "tarjeta"), request=request, turn=1))
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        running = group.create_task(office.courier.run())
        await office.wire.reached(OBRAS)
        async with office.database.transaction() as work:
            await work.groups.move("chalco", "telegram", OBRAS, to=GREATER_OBRAS, now=office.now)
        office.wire.shut[OBRAS].set()
        await office.wire.until((OBRAS, "tarjeta"), (GREATER_OBRAS, "tarjeta"))
        running.cancel()
