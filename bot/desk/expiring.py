"""Drafts that nobody went on with: kept for a month, announced before they go, and gone."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.desk import addressing, filling
from bot.desk.visit import Screen, Visit
from bot.flows.draft import Draft
from bot.flows.people import Person
from storage.database import Work

KEPT = timedelta(days=30)
WARNING = timedelta(days=3)


async def fading(work: Work, manuals: list[str], now: datetime, *, limit: int) -> list[Draft]:
    """The drafts of which it is time to warn."""
    return await work.drafts.fading(manuals, since=now - KEPT + WARNING, limit=limit)


async def spent(work: Work, manuals: list[str], now: datetime, *, limit: int) -> list[Draft]:
    """The drafts whose time is over. Whoever was warned late has their three days all the same."""
    return await work.drafts.spent(manuals, since=now - KEPT, warned_before=now - WARNING, limit=limit)


async def warn(visit: Visit, draft: Draft) -> None:
    """Say that a draft will go, unless somebody goes on with it."""
    rows = ((visit.word("resume", f"r:{draft.id}"), visit.word("discard", f"x:{draft.id}")),)
    touched = draft.touched_at or visit.now
    goes = max(touched + KEPT, visit.now + WARNING)
    await _tell(visit, draft, "draft_fading", {"at": goes.isoformat()}, rows=rows, informs=False)


async def tell_end(visit: Visit, draft: Draft) -> None:
    """Say that a draft has gone, where there was something to lose."""
    if draft.purpose == "file":
        rows = ((visit.word("new", "m:new"),),)
        await _tell(visit, draft, "draft_gone", {"days": KEPT.days}, rows=rows, informs=True)


async def _tell(
    visit: Visit,
    draft: Draft,
    template: str,
    facts: dict[str, object],
    *,
    rows: tuple[tuple[tuple[str, str], ...], ...],
    informs: bool,
) -> None:
    for contact in await visit.work.people.contacts(visit.manual.id, [draft.person], now=visit.now):
        # What comes after a month of blocking the bot, or of having no role, would only confuse.
        if contact.reachable and contact.person.grants:
            progress = await filling.progress(replace(visit, person=contact.person), draft)
            screen = Screen(template, {**progress, **facts}, rows)
            await visit.post([addressing.to(visit, contact, screen, informs=informs)])


async def doomed(visit: Visit, person: Person) -> int:
    """How many drafts of somebody are about to go."""
    return await visit.work.drafts.doomed(person.id, since=visit.now - KEPT + WARNING)
