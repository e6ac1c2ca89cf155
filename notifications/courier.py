"""Empties the outbox: at least once, in order for each person, and never lost.

A letter is marked once the platform has taken it, together with whatever else arrived
meanwhile. If the process dies between the two, that letter is sent again: the only repeat
there is, and one at most in a chat, for its next letter waits for the mark. Where several couriers
share an outbox, one of them at a time speaks for a bot: what keeps the order of a chat
and the rate of a bot within a process keeps them among all.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import NamedTuple

import structlog

from bot.flows.procedure import Procedure
from notifications.message import (
    Attachment,
    GoneError,
    Message,
    MovedError,
    OffDutyError,
    OutsideError,
    RefusedError,
    Sender,
    TryLaterError,
    UnreachableError,
)
from notifications.render import CAPTION, TEXT, Renderer
from storage.database import Database, UnavailableError, UnstorableError, Work
from storage.files import Vault
from storage.letters import MAP, Letter

_log = structlog.get_logger(__name__)

_POLL = 1.0
# Once Telegram is back, whoever has just written waits no longer than that for what they are told.
_LONGEST_WAIT = timedelta(minutes=1)
# How long to wait for room on the disk, at first.
_NO_ROOM = timedelta(seconds=2)
# How many letters are on their way at once, and how many more of those that somebody waits for.
_AT_ONCE = 32
_SPARE = 16
# How long what is on its way may take once we are told to stop.
_FAREWELL = 10.0

Bot = tuple[str, str]
Chat = tuple[str, str, str]


class _Wait(NamedTuple):
    """From when to when something waits. At an hour before it began the clock has been set back: it is over."""

    since: datetime
    until: datetime

    def lasts(self, now: datetime) -> bool:
        return self.since <= now < self.until


class Bell:
    """Rung when there may be something to deliver; the poll is only the safety net."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()

    async def wait(self, seconds: float) -> None:
        """Wait until it is rung, or so long."""
        # Not `wait_for`: in Python 3.11 it loses a cancellation that comes together with the bell.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        self._rung.clear()


class Courier:
    """Delivers what waits.

    `senders` are the bots, by municipality and platform. `draw` gives the picture (PNG) of
    a municipality's procedure, with an activity marked. `shared`: other couriers may be at
    work in the same outbox, so this one delivers for nobody until it is told to `speak_for` them.
    """

    def __init__(
        self,
        database: Database,
        renderer: Renderer,
        senders: Mapping[Bot, Sender],
        vault: Vault,
        *,
        draw: Callable[[str, Procedure, str | None], bytes],
        clock: Callable[[], datetime],
        bell: Bell,
        shared: bool = False,
    ) -> None:
        self._database = database
        self._renderer = renderer
        self._senders = senders
        self._vault = vault
        self._draw = draw
        self._clock = clock
        self._bell = bell
        self._bots: set[Bot] | None = set() if shared else None
        # Chats with something on its way, or taken and not yet marked; and of what was taken, the platform's id.
        self._busy: set[Chat] = set()
        # Chats where old buttons are being taken away, which nothing must come before.
        self._stripping: set[Chat] = set()
        # Chats whose mark is being written: their next letter may be found, and another courier's turn must wait.
        self._unmarked: set[Chat] = set()
        self._taken: list[tuple[Letter, str | None]] = []
        self._arrived = asyncio.Event()
        self._paused: dict[Bot, _Wait] = {}
        self._limited: dict[Bot, tuple[str, _Wait]] = {}

    async def run(self) -> None:
        """Deliver until cancelled; what is on its way then still arrives. One chat's trouble delays nobody else."""
        async with asyncio.TaskGroup() as group:
            try:
                while True:
                    await self._round(group)
            except asyncio.CancelledError:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_FAREWELL):
                        await self._farewell()
                raise

    @property
    def _engaged(self) -> set[Chat]:
        return self._busy | self._stripping

    @property
    def _unquiet(self) -> set[Chat]:
        return self._engaged | self._unmarked

    async def speak_for(self, bot: Bot) -> None:
        """Deliver that bot's letters too, until cancelled; it ends when what is on its way has arrived."""
        if self._bots is None:
            return
        self._bots.add(bot)
        self._bell.ring()
        try:
            await asyncio.Event().wait()
        finally:
            self._bots.discard(bot)
            # Whoever speaks next waits no longer than we could: what is not marked by then is said again.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_FAREWELL):
                    await self._until_quiet(chat for chat in self._unquiet if chat[:2] == bot)

    async def _farewell(self) -> None:
        """Wait until all that is on its way has arrived, and mark it."""
        while self._engaged:
            await self._mark()
            if self._engaged and not self._taken:
                self._arrived.clear()
                await self._arrived.wait()

    async def _until_quiet(self, chats: Iterable[Chat]) -> None:
        """Wait until nothing is on its way to any of these chats."""
        awaited = set(chats)
        while awaited & self._unquiet:
            self._arrived.clear()
            await self._arrived.wait()

    async def _round(self, group: asyncio.TaskGroup) -> None:
        try:
            letters = await self._due()
        except (UnavailableError, UnstorableError) as error:  # what waits is safe there
            _log.warning("outbox_unreadable", error=str(error))
            letters = []
        # Asked for again: what was read a moment ago may be another courier's by now.
        letters = [letter for letter in letters if self._bots is None or _bot(letter) in self._bots]
        for letter in letters:
            self._busy.add(_chat(letter))
            group.create_task(self._carry(letter))
        if not letters:
            await self._bell.wait(_POLL)
        else:
            await self._bell.wait(0.001)

    async def deliver_due(self) -> int:
        """Deliver everything that can be delivered now, and tell how many letters that was."""
        count = 0
        while letters := await self._due():
            for letter in letters:
                self._busy.add(_chat(letter))
                await self._carry(letter)
            await self._mark()
            count += len(letters)
        return count

    async def _due(self) -> list[Letter]:
        """Mark what arrived, and find what may go now."""
        async with self._marking() as work:
            now = self._clock()
            engaged = self._engaged
            # Each bot has a rate of its own, and so many letters on their way: what one tells to many delays no other.
            shares = Counter(chat[:2] for chat in engaged)
            paused = {bot for bot, wait in self._paused.items() if wait.lasts(now)}
            paused |= {bot for bot, share in shares.items() if share >= _AT_ONCE + _SPARE}
            full = {bot for bot, share in shares.items() if share >= _AT_ONCE}
            if self._bots == set() or paused.issuperset(self._senders):
                return []
            bots = None if self._bots is None else tuple(self._bots)
            found = await work.letters.due(
                now=now,
                busy=tuple(engaged),
                paused=tuple(paused),
                full=tuple(full),
                bots=bots,
                limit=_AT_ONCE,
                spare=_SPARE,
            )
        return list(_fitting(found, shares))

    async def _mark(self) -> None:
        """Mark what arrived, however long that takes: to forget it would be to say it twice."""
        while self._taken:
            try:
                async with self._marking():
                    pass
            except (UnavailableError, UnstorableError) as error:
                _log.warning("delivery_not_noted_yet", error=str(error))
                await asyncio.sleep(_POLL)

    @asynccontextmanager
    async def _marking(self) -> AsyncIterator[Work]:
        """A transaction that marks what arrived; its chats are free for their next letter from inside it on."""
        taken, self._taken = self._taken, []
        chats = {_chat(one) for one, _ in taken}
        self._unmarked |= chats
        try:
            async with self._database.transaction() as work:
                await work.letters.delivered([(one.id, one.chat, message) for one, message in taken], now=self._clock())
                self._busy -= chats
                yield work
        except BaseException:
            self._taken = [*taken, *self._taken]
            self._busy |= chats
            raise
        finally:
            self._unmarked -= chats
            self._arrived.set()

    async def _carry(self, letter: Letter) -> None:
        arrived = False
        try:
            arrived = await self._deliver_or_lose(letter)
        except UnavailableError as error:  # still unmarked, so it will be tried again
            _log.warning("outbox_unwritable", letter=letter.id, error=str(error))
            await asyncio.sleep(_POLL)
        finally:
            if not arrived:
                self._busy.discard(_chat(letter))
            self._arrived.set()
            self._bell.ring()

    async def _deliver_or_lose(self, letter: Letter) -> bool:
        """Tell whether it arrived. A template that cannot be worded must not keep everybody else's letters."""
        try:
            return await self._deliver(letter)
        except UnavailableError:
            raise
        except Exception as error:  # noqa: BLE001 (whatever it is, the others must go on)
            _log.exception("letter_failed", letter=letter.id, template=letter.template)
            await self._lost(letter, f"{type(error).__name__}: {error}")
        return False

    async def _deliver(self, letter: Letter) -> bool:
        sender = self._senders.get((letter.manual, letter.platform))
        if sender is None:
            await self._lost(letter, "no bot speaks for this municipality")
            return False
        try:
            message = await self._speak(sender, letter)
        except TryLaterError as error:
            await self._postpone(letter, error)
        except UnreachableError as error:
            await self._hold(letter, str(error))
        except OutsideError as error:
            await self._leave(letter, str(error))
        except MovedError as error:
            await self._move(letter, error.chat)
        except RefusedError as error:
            await self._lost(letter, str(error))
        except OffDutyError:
            _log.info("letter_left_to_another", letter=letter.id)
        except FileNotFoundError:
            raise
        except OSError as error:  # too many files open, or a folder elsewhere that is away: it is there again later
            await self._postpone(letter, TryLaterError(error.strerror or type(error).__name__, _NO_ROOM))
        else:
            self._limited.pop(_bot(letter), None)
            self._taken.append((letter, message))
            if letter.kind == "send" and letter.message is not None:
                await self._strip_after(sender, letter, letter.message)
            return True
        return False

    async def _strip_after(self, sender: Sender, letter: Letter, message: str) -> None:
        """Take the buttons of an earlier message away, while what was said can be marked already."""
        self._stripping.add(_chat(letter))
        self._bell.ring()
        try:
            await sender.strip(letter.chat, message, awaited=letter.awaited)
        except Exception as error:  # noqa: BLE001 (whatever it is, the letter was said; and old buttons say that they are old)
            _log.info("buttons_stay", letter=letter.id, reason=f"{type(error).__name__}: {error}")
        finally:
            self._stripping.discard(_chat(letter))

    async def _speak(self, sender: Sender, letter: Letter) -> str | None:
        target = letter.message
        if letter.kind == "strip":
            if target is not None:
                with contextlib.suppress(GoneError):
                    await sender.strip(letter.chat, target, awaited=letter.awaited)
            return target
        message = await self._message(letter)
        if letter.kind == "edit" and target is not None:
            try:
                await sender.edit(letter.chat, target, message, awaited=letter.awaited)
            except GoneError:
                return await sender.send(letter.chat, message, awaited=letter.awaited)
            return target
        return await sender.send(letter.chat, message, awaited=letter.awaited)

    async def _message(self, letter: Letter) -> Message:
        attachment = None
        if letter.file is not None:
            async with self._database.transaction() as work:
                kept = (await work.files.some([letter.file])).get(letter.file)
            if kept is not None:
                attachment = Attachment(self._vault.path(kept.sha256), kept.name, kept.photo)
        if letter.template == MAP:
            attachment = await self._picture(letter)
        limit = CAPTION if attachment else TEXT
        html = self._renderer.text(letter.manual, letter.template, letter.facts, limit=limit)
        return Message(html, letter.buttons, letter.silent, attachment)

    async def _picture(self, letter: Letter) -> Attachment | None:
        """Draw the flow of the procedure that a letter is about, away from everybody else's letters."""
        code, edition = str(letter.facts["procedure"]), str(letter.facts["edition"])
        async with self._database.transaction() as work:
            law = await work.editions.get(letter.manual, code, edition)
        if law is None:
            return None
        png = await asyncio.to_thread(self._draw, letter.manual, law, letter.facts["mark"])
        try:
            digest = await asyncio.to_thread(self._vault.put, png)
        except OSError as error:
            raise TryLaterError(error.strerror or type(error).__name__, _NO_ROOM) from error
        return Attachment(self._vault.path(digest), f"{law.slug}.png", photo=False)

    async def _postpone(self, letter: Letter, error: TryLaterError) -> None:
        now = self._clock()
        growing = min(error.after * 2 ** min(letter.attempts, 8), max(_LONGEST_WAIT, error.after))
        wait = _Wait(now, now + (error.after if error.limited else growing))
        if error.limited and self._second_refusal(letter, wait):
            self._paused[_bot(letter)] = wait
        _log.info("letter_postponed", letter=letter.id, reason=str(error), until=wait.until.isoformat())
        async with self._database.transaction() as work:
            await work.letters.postponed(
                letter.id, now=now, until=wait.until, error=str(error), attempts=letter.attempts + 1
            )

    def _second_refusal(self, letter: Letter, wait: _Wait) -> bool:
        """Whether another chat was refused, and none taken since: then it is the bot that must slow down."""
        chat, earlier = self._limited.get(_bot(letter), (letter.chat, wait))
        self._limited[_bot(letter)] = (letter.chat, wait)
        return chat != letter.chat and earlier.lasts(wait.since)

    async def _hold(self, letter: Letter, reason: str) -> None:
        _log.info("person_unreachable", letter=letter.id, reason=reason)
        async with self._database.transaction() as work:
            await work.people.reachable(letter.manual, letter.platform, letter.chat, state="blocked")
            await work.letters.failed(letter.id, error=reason)
            await work.letters.hold(letter.manual, letter.platform, letter.chat)

    async def _leave(self, letter: Letter, reason: str) -> None:
        _log.info("group_lost", letter=letter.id, reason=reason)
        async with self._database.transaction() as work:
            await work.groups.leave(letter.manual, letter.platform, letter.chat, now=self._clock())

    async def _move(self, letter: Letter, chat: str) -> None:
        _log.info("group_moved", letter=letter.id, before=letter.chat, after=chat)
        async with self._database.transaction() as work:
            await work.groups.move(letter.manual, letter.platform, letter.chat, to=chat, now=self._clock())

    async def _lost(self, letter: Letter, reason: str) -> None:
        _log.error("letter_undeliverable", letter=letter.id, template=letter.template, reason=reason)
        async with self._database.transaction() as work:
            await work.letters.undeliverable(letter.id, error=reason)


def _fitting(letters: Iterable[Letter], shares: Counter[Bot]) -> Iterator[Letter]:
    """Those for which their bot has room; `shares` says how many each has on their way."""
    taken = Counter(shares)
    for one in letters:
        if taken[_bot(one)] < _AT_ONCE + (_SPARE if one.awaited else 0):
            taken[_bot(one)] += 1
            yield one


def _bot(letter: Letter) -> Bot:
    return (letter.manual, letter.platform)


def _chat(letter: Letter) -> Chat:
    return (letter.manual, letter.platform, letter.chat)
