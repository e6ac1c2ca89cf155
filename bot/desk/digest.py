"""The digest: what waits for somebody, in one message on the morning of a working day."""

from typing import Any

from bot.desk import addressing, describing, expiring
from bot.desk.visit import Screen, Visit
from bot.flows.quiet import is_late
from storage.people import Contact

_LINES = 5


async def send(visit: Visit, contact: Contact) -> None:
    """Say to somebody what waits for them, if anything does, they can be reached, and want to hear of it."""
    if not contact.reachable or not contact.person.grants or not contact.prefs.digest:
        return
    screen = await _screen(visit, contact)
    if screen is not None:
        await visit.post([addressing.to(visit, contact, screen)])


async def _screen(visit: Visit, contact: Contact) -> Screen | None:
    found = await visit.work.tasks.tray(contact.person, visit.manual, limit=_LINES + 1)
    if not found:
        return None
    total = len(found) if len(found) <= _LINES else await visit.work.tasks.count(contact.person, visit.manual)
    lines: list[dict[str, Any]] = []
    for one in found[:_LINES]:
        law = await visit.work.editions.get(visit.manual.id, one.procedure, one.edition)
        if law is None:
            continue
        activity = law.activity(one.turn.activity)
        lines.append(
            {
                "folio": one.folio,
                "wish": law.wish,
                "activity": {"n": activity.n, "total": law.total, "text": activity.text},
                "question": activity.question if one.turn.stage == "choose" else None,
                "item": one.turn.item,
                "due": describing.moment(one.turn.due),
                "late": one.turn.due is not None and is_late(one.turn.due, visit.manual, visit.now),
            }
        )
    facts = {
        "name": contact.person.name,
        "tasks": lines,
        "count": total,
        "drafts": await expiring.doomed(visit, contact.person),
    }
    tray = (f"{visit.house.words.label('tray')} ({total})", "m:tray")
    return Screen("digest", facts, ((tray, visit.word("prefs", "m:prefs")),))
