"""What the clock brings: reminders, acts that cannot be undone any more, drafts that fade, the morning's letters."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.desk import bringing, digest, expiring, telling, undoing
from bot.desk.visit import Visit
from bot.flows.procedure import Manual
from bot.flows.quiet import digest_since
from storage.database import Database, UnavailableError, Work
from storage.requests import Reminder
from storage.undo import Undo

_log = structlog.get_logger(__name__)

# Telegram brings an update again for a day at most.
_MEMORY = timedelta(days=7)
# How much is dealt with, and how many rows are thrown away, before whoever writes meanwhile has their turn.
_AT_A_TIME = 10
_ROWS_AT_A_TIME = 500


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
        """Remind of some of what has become due, say what waited for its hour, forget what is too old.

        A little of each in a transaction of its own; tells how much, which is nothing once nothing is left.
        """
        kinds = (self._reminders, self._undos, self._forgetting, self._morning, self._fading, self._fade, self._digests)
        count = 0
        for kind in kinds:
            async with self.database.transaction() as work:
                count += await kind(work)
        return count

    async def _reminders(self, work: Work) -> int:
        found = await work.requests.reminders(now=self.now, limit=_AT_A_TIME)
        for reminder in found:
            await work.requests.reminded(reminder.id)
            with _kept_to_itself("reminder_failed", request=reminder.request):
                async with work.apart():
                    await self._remind(work, reminder)
        return len(found)

    async def _undos(self, work: Work) -> int:
        over = await work.undos.over(now=self.now, limit=_AT_A_TIME)
        for undo in over:
            await work.undos.forget(undo)
            with _kept_to_itself("undo_not_ended", request=undo.request):
                async with work.apart():
                    await self._end_undo(work, undo)
        return len(over)

    async def _forgetting(self, work: Work) -> int:
        return await work.requests.forget_updates(before=self.now - _MEMORY, limit=_ROWS_AT_A_TIME)

    async def _morning(self, work: Work) -> int:
        return await telling.let_go(work, self.manuals.values(), self.now)

    async def _fading(self, work: Work) -> int:
        """Warn of the drafts that will go."""
        fading = await expiring.fading(work, list(self.manuals), self.now, limit=_AT_A_TIME)
        for draft in fading:
            await work.drafts.warned(draft.id, now=self.now)
            with _kept_to_itself("draft_not_announced", draft=draft.id):
                async with work.apart():
                    await expiring.warn(await self.alone(work, draft.manual, self.now), draft)
        return len(fading)

    async def _fade(self, work: Work) -> int:
        """Let those drafts go whose time is over."""
        spent = await expiring.spent(work, list(self.manuals), self.now, limit=_AT_A_TIME)
        for draft in spent:
            with _kept_to_itself("draft_end_not_told", draft=draft.id):
                async with work.apart():
                    await expiring.tell_end(await self.alone(work, draft.manual, self.now), draft)
            await work.drafts.discard(draft.id)
        return len(spent)

    async def _digests(self, work: Work) -> int:
        """On the morning of a working day, tell everybody once what waits for them."""
        count = 0
        for manual in self.manuals.values():
            since = digest_since(manual, self.now)
            if since is None:
                continue
            ids = await work.people.without_digest(manual.id, since.date(), before=since, limit=_AT_A_TIME - count)
            count += len(ids)
            await work.people.had_digest(ids, since.date())
            visit = await self.alone(work, manual.id, self.now)
            for contact in await work.people.contacts(manual.id, ids, now=self.now):
                with _kept_to_itself("digest_failed", person=contact.person.id):
                    async with work.apart():
                        await digest.send(visit, contact)
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
