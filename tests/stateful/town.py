"""A municipality of which the real desk and a real database are all there is: no HTTP, no clock on the wall.

What people do goes to the desk as a channel would bring it. What is promised to them is
delivered here, worded by the real templates, and what they were ever shown is remembered,
so that any button can be pressed at any time.
"""

import asyncio
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from hypothesis import note

from bot import shelf
from bot.channels import TELEGRAM
from bot.desk import Desk
from bot.desk.incoming import Incoming, Popup, Pressed, Reachable, What, Wrote
from bot.flows.catalogue import Catalogue
from bot.flows.demo import Somebody
from bot.flows.draft import Draft
from bot.flows.people import ADMINISTRATOR
from notifications.render import POPUP, Renderer
from storage.database import Database
from storage.letters import Letter
from tests import plainness
from tests.stateful.seen import Seen, look

HOUSE = shelf.house()
CATALOGUE = shelf.catalogue(shelf.MANUALS)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
# Whoever asks again and again what is due hears at last that nothing is.
_ROUNDS = 60


@dataclass(frozen=True)
class Button:
    """A button that some chat was shown, and on which message."""

    message: str
    label: str
    data: str


@dataclass
class Town:
    """One municipality, with its demo people."""

    database: Database
    manual: str
    now: datetime
    people: dict[int, Somebody] = field(default_factory=dict)
    ids: dict[int, int] = field(default_factory=dict)
    shown: dict[str, list[Button]] = field(default_factory=lambda: defaultdict(list))
    about: dict[str, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))
    history: list[tuple[datetime, Incoming]] = field(default_factory=list)
    groups: dict[str, str] = field(default_factory=dict)
    secrets: list[str] = field(default_factory=list)
    mistakes: list[MutableMapping[str, Any]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.known = CATALOGUE.manuals[self.manual]
        self._renderer = Renderer({self.manual: ZoneInfo(self.known.zone)}, strict=True)
        self._desk = Desk(
            self.database,
            Catalogue(manuals={self.manual: self.known}),
            HOUSE,
            clock=self._tick,
            secret=self._secret,
            link=lambda _, query: f"https://t.me/oficialia_bot?{query}",
            bell=lambda: None,
        )

    def _tick(self) -> datetime:
        """No two acts share a moment, as on a real clock."""
        self.now += timedelta(milliseconds=1)
        return self.now

    def _secret(self) -> str:
        self.secrets.append(f"secreto{len(self.secrets)}")
        return self.secrets[-1]

    async def open(self) -> None:
        """Let the demo people in, past the aviso de privacidad, as the sandbox does."""
        await self._desk.open()
        async with self.database.transaction() as work:
            for one in shelf.demo(shelf.MANUALS, self.manual).people:
                person = await work.people.meet(self.manual, TELEGRAM, str(one.id), name=one.name, now=LONG_AGO)
                await work.people.accept_privacy(person.id, now=LONG_AGO)
                for role in one.roles:
                    area = one.area if role != ADMINISTRATOR else None
                    await work.people.give(person, role, area, now=LONG_AGO)
                self.people[one.id], self.ids[one.id] = one, person.id

    async def does(self, account: int, what: What, *, group: str | None = None) -> Popup | None:
        """Let somebody do something, and give what the desk shows over the chat."""
        incoming = Incoming(
            manual=self.manual,
            platform=TELEGRAM,
            update=str(next(self._numbers)),
            account=str(account),
            chat=group or str(account),
            name=self.people[account].name,
            what=what,
            group=self.groups.get(group) if group else None,
        )
        self.history.append((self.now, incoming))
        where = f" en {incoming.group}" if incoming.group else ""
        note(f"  {self.now:%d %H:%M:%S} {incoming.name}{where}: {what}")
        return await self.receive(incoming)

    async def receive(self, incoming: Incoming) -> Popup | None:
        """Bring one event to the desk, and what it says to those to whom it says it."""
        popup = await self._desk.receive(incoming)
        if popup is not None:
            assert popup.template != "popup/unexpected", popup
            said = self._renderer.popup(self.manual, popup.template, popup.facts)
            assert 0 < len(said) <= POPUP, popup
        return popup

    async def says(self, account: int, text: str, **more: Any) -> Popup | None:
        return await self.does(account, Wrote(text, **more))

    async def presses(
        self, account: int, data: str, *, message: str | None = None, group: str | None = None
    ) -> Popup | None:
        """Press a button, on the message that has it where somebody was shown one."""
        chat = group or str(account)
        if message is None:
            having = [one.message for one in self.shown[chat] if one.data == data]
            message = having[-1] if having else "999999"
        return await self.does(account, Pressed(data, message), group=group)

    async def passes(self, span: timedelta) -> None:
        """Let time pass, and whatever becomes due with it."""
        note(f"  ({span} later)")
        self.now += span
        for _ in range(_ROUNDS):
            if not await self._desk.pass_time():
                return
        raise AssertionError("what is due never ends")

    async def blocks(self, account: int, *, back: bool) -> None:
        await self.does(account, Reachable("ok" if back else "blocked"))

    async def draft_of(self, account: int) -> Draft | None:
        """The form that somebody is filling in."""
        async with self.database.transaction() as work:
            person = self.ids[account]
            before = await work.people.before(person)
            return await work.drafts.get(before.draft, person=person) if before.draft is not None else None

    async def looks(self, *, letters_after: int = 0) -> Seen:
        """Everything there is, as committed."""
        async with self.database.transaction() as work:
            return await look(work, letters_after=letters_after)

    async def delivers(self) -> None:
        """Bring everything that may be said now, each chat's letters in their order."""
        async with self.database.transaction() as work:
            while letters := await work.letters.due(now=self.now):
                said = []
                for letter in letters:
                    target = letter.message
                    if target is None and letter.edits is not None:
                        target = await work.said.message_of(letter.edits)
                    if target is None and letter.kind != "strip":
                        target = str(next(self._numbers))
                    self._read(letter, target or "")
                    said.append((letter.id, letter.chat, target))
                await work.letters.delivered(said, now=self.now)

    def _read(self, letter: Letter, message: str) -> None:
        """Word a letter and hold it to Telegram's limits and ours; remember its buttons."""
        assert letter.platform == TELEGRAM, letter
        assert letter.template != "unexpected", letter
        faults = [fault for one in plainness.read([letter], self._renderer.text) for fault in plainness.faults(one)]
        assert not faults, faults
        if letter.request is not None and message:
            self.about[letter.chat].append((message, letter.request))
        for row in letter.buttons:
            self.shown[letter.chat].extend(Button(message, label, data) for label, data in row)

    @contextmanager
    def attentive(self) -> Iterator[None]:
        """Nothing that the desk keeps to itself and its log goes unnoticed."""
        before = structlog.get_config()
        structlog.configure(processors=[structlog.processors.format_exc_info, self._keep])
        try:
            yield
        finally:
            structlog.configure(**before)
        assert not self.mistakes, "\n".join(str(one.get("exception", one)) for one in self.mistakes)

    def _keep(self, _: Any, level: str, event: MutableMapping[str, Any]) -> str:
        if level in {"error", "exception", "critical"}:
            self.mistakes.append(event)
        raise structlog.DropEvent


async def together(acts: Iterable[Any]) -> None:
    """Let several people act at the same instant."""
    await asyncio.gather(*acts)
