"""Who is told when: what waits for the morning, what is urgent, and what each person prefers."""

from collections.abc import Iterable
from datetime import datetime, time

from bot.desk import bringing, describing
from bot.desk.incoming import Popup
from bot.desk.visit import Button, Screen, Visit, home_row
from bot.flows import remarks
from bot.flows.people import may_act
from bot.flows.procedure import Manual, Procedure
from bot.flows.quiet import DIGEST_AT, Prefs, is_off
from bot.flows.request import Request
from storage.database import Work


async def let_go(work: Work, manuals: Iterable[Manual], now: datetime) -> int:
    """In the morning, let out what waited for it; on a day off without a sound."""
    waiting = await work.letters.wait()
    count = 0
    for manual in manuals:
        if manual.id in waiting and not manual.hours.is_night(now, manual.calendar):
            count += await work.letters.let_go(manual.id, silent=is_off(manual, now))
    return count


async def told_at(visit: Visit, request: Request) -> str | None:
    """When those who wait for a request will hear of it, if that is not now."""
    if not await visit.work.letters.waits(request.id):
        return None
    return describing.moment(visit.manual.hours.morning(visit.now, visit.manual.calendar))


def may_urge(visit: Visit, law: Procedure, request: Request) -> bool:
    """Whether this person can say that a request cannot wait: their own, of a kind that may be urgent, out of hours."""
    return (
        law.urgent
        and request.requester == visit.person.id
        and request.state == "open"
        and not request.urgent
        and is_off(visit.manual, visit.now)
        and any(not may_act(visit.person, turn, visit.manual) for turn in request.turns)
    )


async def urge(visit: Visit, request_id: int) -> None:
    """Tell whoever must act at once, whatever the hour, and from now on with all that follows."""
    visit.message = None  # the folio stays above
    request = await visit.work.requests.get(request_id, lock=True)
    if request is None or request.manual != visit.manual.id or request.requester != visit.person.id:
        visit.popup = Popup("popup/unknown", {}, alert=True)
        return
    law = await visit.law_of(request)
    if not may_urge(visit, law, request):
        visit.popup = Popup("popup/no_hurry", {"told": request.urgent, "open": request.state == "open"}, alert=True)
        return
    event = remarks.comment(request, visit.gesture, visit.house.words.label("urgent"))
    after = await visit.work.requests.save(request, request.but(urgent=True), [event], now=visit.now)
    for turn in after.turns:
        if not may_act(visit.person, turn, visit.manual):
            await visit.work.letters.drop(after.id, turn.key)
            await bringing.push(visit, law, after, turn)
    facts = {**describing.head(visit, law, after, after.activity), **describing.where_now(visit, law, after)}
    rows = ((visit.word("view", f"v:{after.id}"), visit.word("comment", f"c:{after.id}")), *home_row(visit))
    await visit.show(Screen("urged", facts, rows), request=after.id)


async def prefs(visit: Visit) -> None:
    """How this person is told things, each line with the button that changes it."""
    now = await visit.work.people.prefs(visit.person.id)
    hours = visit.manual.hours
    facts = {
        **now.model_dump(),
        "digest_at": _hour(DIGEST_AT),
        "opens": _hour(hours.opens),
        "closes": _hour(hours.closes),
    }
    buttons: list[Button] = [
        visit.word(f"{key}_{'on' if getattr(now, key) else 'off'}", f"tell:{key}") for key in Prefs.model_fields
    ]
    await visit.show(Screen("prefs", facts, (*((one,) for one in buttons), *home_row(visit))))


def _hour(hour: time) -> str:
    return f"{hour.hour}:{hour.minute:02}"


async def prefer(visit: Visit, key: str) -> None:
    """Change one of a person's preferences to its opposite, and show how they stand."""
    if key not in Prefs.model_fields:
        visit.popup = Popup("popup/unknown", {}, alert=True)
        return
    now = await visit.work.people.prefs(visit.person.id)
    await visit.work.people.prefer(visit.person.id, now.model_copy(update={key: not getattr(now, key)}))
    await prefs(visit)
