"""What the clock brings: reminders, acts that cannot be undone any more, drafts that fade, the morning's letters."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.desk import bringing, expiring, telling, undoing
from bot.desk.visit import Visit
from bot.flows.procedure import Manual
from bot.flows.quiet import is_digest_time
from storage.database import Database, UnavailableError, Work
from storage.requests import Reminder
from storage.undo import Undo

_log = structlog.get_logger(__name__)

# Telegram brings an update again for a day at most.
_MEMORY = timedelta(days=7)


@dataclass(frozen=True)
class Tick:
    """A moment, and what it takes to deal with all that has become due by then.

    `alone` makes the visit of nobody, in a municipality.
    """

    database: Database
    manuals: Mapping[str, Manual]
    now: datetime
    alone: Callable[[Work, str, datetime], Awaitable[Visit]]

    async def pass_time(self) -> int:
        """Remind of what has become due, say what waited for its hour, and forget what is too old."""
        async with self.database.transaction() as work:
            found = await work.requests.reminders(now=self.now)
            for reminder in found:
                await work.requests.reminded(reminder.id)
                with _kept_to_itself("reminder_failed", request=reminder.request):
                    async with work.apart():
                        await self._remind(work, reminder)
            over = await work.undos.over(now=self.now)
            for undo in over:
                await work.undos.forget(undo)
                with _kept_to_itself("undo_not_ended", request=undo.request):
                    async with work.apart():
                        await self._end_undo(work, undo)
            if await work.once("", "forget updates", self.now.date()):
                await work.requests.forget_updates(before=self.now - _MEMORY)
            awoken = await telling.let_go(work, self.manuals.values(), self.now)
            faded = await self._fade(work)
        return len(found) + len(over) + awoken + faded + await self._digest()

    async def _fade(self, work: Work) -> int:
        """Warn of the drafts that will go, and let those go whose time is over."""
        manuals = list(self.manuals)
        fading = await expiring.fading(work, manuals, self.now)
        for draft in fading:
            await work.drafts.warned(draft.id, now=self.now)
            with _kept_to_itself("draft_not_announced", draft=draft.id):
                async with work.apart():
                    await expiring.warn(await self.alone(work, draft.manual, self.now), draft)
        spent = await expiring.spent(work, manuals, self.now)
        for draft in spent:
            with _kept_to_itself("draft_end_not_told", draft=draft.id):
                async with work.apart():
                    await expiring.tell_end(await self.alone(work, draft.manual, self.now), draft)
            await work.drafts.discard(draft.id)
        return len(fading) + len(spent)

    async def _digest(self) -> int:
        """On the morning of a working day, tell everybody once what waits for them."""
        count = 0
        for manual in self.manuals.values():
            if not is_digest_time(manual, self.now):
                continue
            async with self.database.transaction() as work:
                if not await work.once(manual.id, "digest", manual.calendar.local(self.now).date()):
                    continue
                visit = await self.alone(work, manual.id, self.now)
                doomed = await expiring.doomed(visit)
                laws: telling.Laws = {}
                for contact in await work.people.reached(manual.id, now=self.now):
                    with _kept_to_itself("digest_failed", person=contact.person.id):
                        async with work.apart():
                            count += await telling.digest(visit, contact, doomed.get(contact.person.id, 0), laws)
        return count

    async def _end_undo(self, work: Work, undo: Undo) -> None:
        if undo.before.manual in self.manuals:
            await undoing.end(await self.alone(work, undo.before.manual, self.now), undo)

    async def _remind(self, work: Work, reminder: Reminder) -> None:
        request = await work.requests.get(reminder.request)
        turn = request.turn(reminder.turn) if request else None
        if request is None or turn is None or request.manual not in self.manuals:
            return
        visit = await self.alone(work, request.manual, self.now)
        law = await visit.law_of(request)
        await bringing.push(visit, law, request, turn, reminder=True)


@contextmanager
def _kept_to_itself(event: str, **about: int) -> Iterator[None]:
    """A mistake of ours over one thing that is due must not keep the others from their hour."""
    try:
        yield
    except UnavailableError:
        raise
    except Exception as error:  # noqa: BLE001 (whatever it is, the others must go on)
        _log.exception(event, error=type(error).__name__, **about)
