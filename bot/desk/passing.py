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

_log = structlog.get_logger(__name__)

# Telegram brings an update again for a day at most.
_MEMORY = timedelta(days=7)
# How much is dealt with, and how many rows are thrown away, before whoever writes meanwhile has their turn.
_AT_A_TIME = 10
_ROWS_AT_A_TIME = 500


@dataclass(frozen=True)
class Tick:
    """What it takes to deal with all that has become due.

    `clock` gives the moment, in UTC. `alone` makes the visit of nobody, in a municipality.
    """

    database: Database
    manuals: Mapping[str, Manual]
    clock: Callable[[], datetime]
    alone: Callable[[Work, str, datetime], Awaitable[Visit]]

    async def pass_time(self) -> int:
        """Remind of some of what has become due, say what waited for its hour, forget what is too old.

        A little of each in a transaction of its own; tells how much, which is nothing once nothing is left. A mistake
        of ours over one kind keeps none of the others from its hour.
        """
        kinds = (self._reminders, self._undos, self._forgetting, self._morning, self._fading, self._fade, self._digests)
        count = 0
        for kind in kinds:
            with _kept_to_itself("due_not_done", kind=kind.__name__):
                async with self.database.transaction() as work:
                    # Not before: what others stored meanwhile would be later than now.
                    count += await kind(work, self.clock())
        return count

    async def _reminders(self, work: Work, now: datetime) -> int:
        found = await work.requests.reminders(list(self.manuals), now=now, limit=_AT_A_TIME)
        for reminder in found:
            await work.requests.reminded(reminder.id)
            with _kept_to_itself("reminder_failed", request=reminder.request):
                async with work.apart():
                    await self._remind(work, reminder, now)
        return len(found)

    async def _undos(self, work: Work, now: datetime) -> int:
        over = await work.undos.over(list(self.manuals), now=now, limit=_AT_A_TIME)
        for request, revision in over:
            with _kept_to_itself("undo_not_ended", request=request):
                async with work.apart():
                    await self._end_undo(work, request, revision, now)
            await work.undos.forget(request, revision)
        return len(over)

    async def _forgetting(self, work: Work, now: datetime) -> int:
        return await work.requests.forget_updates(before=now - _MEMORY, limit=_ROWS_AT_A_TIME)

    async def _morning(self, work: Work, now: datetime) -> int:
        return await telling.let_go(work, self.manuals.values(), now)

    async def _fading(self, work: Work, now: datetime) -> int:
        """Warn of the drafts that will go."""
        fading = await expiring.fading(work, list(self.manuals), now, limit=_AT_A_TIME)
        for draft in fading:
            await work.drafts.warned(draft.id, now=now)
            with _kept_to_itself("draft_not_announced", draft=draft.id):
                async with work.apart():
                    await expiring.warn(await self.alone(work, draft.manual, now), draft)
        return len(fading)

    async def _fade(self, work: Work, now: datetime) -> int:
        """Let those drafts go whose time is over."""
        spent = await expiring.spent(work, list(self.manuals), now, limit=_AT_A_TIME)
        for draft in spent:
            with _kept_to_itself("draft_end_not_told", draft=draft.id):
                async with work.apart():
                    await expiring.tell_end(await self.alone(work, draft.manual, now), draft)
            await work.drafts.discard(draft.id)
        return len(spent)

    async def _digests(self, work: Work, now: datetime) -> int:
        """On the morning of a working day, tell everybody once what waits for them."""
        count = 0
        for manual in self.manuals.values():
            since = digest_since(manual, now)
            if since is None:
                continue
            ids = await work.people.without_digest(manual.id, since.date(), before=since, limit=_AT_A_TIME - count)
            count += len(ids)
            await work.people.had_digest(ids, since.date())
            visit = await self.alone(work, manual.id, now)
            for contact in await work.people.contacts(manual.id, ids, now=now):
                with _kept_to_itself("digest_failed", person=contact.person.id):
                    async with work.apart():
                        await digest.send(visit, contact)
        return count

    async def _end_undo(self, work: Work, request: int, revision: int, now: datetime) -> None:
        undo = await work.undos.get(request, revision)
        if undo is not None:
            await undoing.end(await self.alone(work, undo.before.manual, now), undo)

    async def _remind(self, work: Work, reminder: Reminder, now: datetime) -> None:
        request = await work.requests.get(reminder.request)
        turn = request.turn(reminder.turn) if request else None
        if request is None or turn is None:
            return
        visit = await self.alone(work, request.manual, now)
        law = await visit.law_of(request)
        await bringing.push(visit, law, request, turn, reminder=True)


@contextmanager
def _kept_to_itself(event: str, **about: object) -> Iterator[None]:
    """A mistake of ours over one thing that is due must not keep the others from their hour."""
    try:
        yield
    except UnavailableError:
        raise
    except Exception as error:  # noqa: BLE001 (whatever it is, the others must go on)
        _log.exception(event, error=type(error).__name__, **about)
