"""What follows from a gesture: it is stored, numbers are given, turns handed over, and everybody concerned is told."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.desk import bringing, cards, describing, rating, staffing, talk, walking
from bot.desk.visit import Button, Screen, Visit
from bot.flows.effects import Begin, Book, Count, Effect, Tell
from bot.flows.events import Event
from bot.flows.procedure import Link, Procedure
from bot.flows.request import Request, Turn
from bot.flows.requisitos import moments, subject
from bot.flows.routing import Outcome, begin_linked

_AFTER_EVENT = timedelta(hours=2)


async def conclude(
    visit: Visit,
    law: Procedure,
    before: Request,
    outcome: Outcome,
    *,
    option: str | None = None,
    typed: bool = False,
    undo: bool = False,
) -> Request:
    """Store what a gesture did and promise every message that follows from it.

    `typed`: whoever did it pressed nothing, and is answered below what they wrote.
    `undo`: they may take it back within the minute.
    """
    request, events = await _numbered(visit, outcome)
    request, handed = await staffing.hand_over(visit, before, request)
    events = (*events, *handed)
    request = _dated(visit, law, before, request)
    request = await visit.work.requests.save(before, request, events, now=visit.now, option=option)
    if request.state == "closed":
        await talk.close(visit, law, before)
    gone = [turn for turn in before.turns if request.turn(turn.key) is None]
    back = (visit.word("undo", f"o:{request.id}:{request.revision}"),) if undo else ()
    shown: int | None = None
    walk = await walking.here(visit, request.id, gone[0].key) if typed and gone else None
    for turn in gone:
        shown = await bringing.settle(visit, law, request, turn, events, undo=() if typed else back)
    if typed:
        shown = await visit.note(
            await _told(visit, law, request, gone, events, undo=back, walk=walk), request=request.id
        )
    if undo:
        await visit.work.undos.keep(before, request, person=visit.person.id, letter=shown, now=visit.now)
    await _effects(visit, law, request, outcome.effects)
    asked = await rating.ask(visit, law, before, request, events)
    await bringing.news(visit, law, request, events, before=before, rating=asked)
    if asked and request.requester == visit.person.id:
        await visit.note(_asking(visit, law, request, asked), silent=True, request=request.id)
    rung = False
    for turn in request.turns:
        if before.turn(turn.key) is None:
            # A campaign opens a turn for each of its items: the first rings, the others are just there.
            await bringing.push(visit, law, request, turn, events=events, silent=rung and turn.branch is not None)
            await remember(visit, law, request, turn)
            rung = rung or turn.area is None
    return request


async def _told(
    visit: Visit,
    law: Procedure,
    request: Request,
    gone: Sequence[Turn],
    events: Sequence[Event],
    *,
    undo: tuple[Button, ...],
    walk: str | None,
) -> Screen:
    """What whoever typed their act is answered: the card is far above by now."""
    n = gone[0].activity if gone else request.activity
    facts = describing.ended_facts(visit, law, request, n, events, item=gone[0].item if gone else None)
    row = (*bringing.to_view(visit, request, visit.person), visit.word("tray", "m:tray"), *undo)
    return await cards.ended(visit, request, gone[0].key if gone else 0, facts, row, walk)


def _asking(visit: Visit, law: Procedure, request: Request, rows: rating.Rows) -> Screen:
    """Who ends their own request gets no news of it, and is asked by itself."""
    return Screen("rating", {**describing.head(visit, law, request, request.activity), "rating": ""}, rows)


async def _numbered(visit: Visit, outcome: Outcome) -> tuple[Request, tuple[Event, ...]]:
    """Give the numbers that were wanted, each with its line in the record."""
    request, events = outcome.request, outcome.events
    for effect in outcome.effects:
        if isinstance(effect, Count) and effect.series not in request.numbers:
            number = await folio(visit, effect.series)
            request = request.but(numbers={**request.numbers, effect.series: number})
            line = Event(at=visit.now, activity=effect.activity, kind="numbered", note=number)
            place = next((i for i, one in enumerate(events) if one.activity == effect.activity), len(events) - 1)
            events = (*events[: place + 1], line, *events[place + 1 :])
    return request, events


async def folio(visit: Visit, series: str) -> str:
    """The next folio of a series in the municipality's year."""
    year = visit.manual.calendar.local(visit.now).year
    number = await visit.work.requests.number(visit.manual.id, series, year=year)
    tag = "".join(part[0] for part in series.split("_")).upper() if series.islower() else series
    return f"{visit.manual.prefix}-{tag}-{year}-{number:04d}"


def _dated(visit: Visit, law: Procedure, before: Request, request: Request) -> Request:
    """Keep the moment for which a request is wanted in step with its answers."""
    if request.answers == before.answers and before.wanted is not None:
        return request
    return request.but(wanted=wanted(visit, law, request.answers))


def wanted(visit: Visit, law: Procedure, given: Mapping[str, Any]) -> datetime | None:
    """The moment for which something is asked: the one that its notice runs to, or its only date."""
    key = law.notice.before if law.notice else None
    if key is None:
        key = next((one.id for one in law.requisitos if one.kind in {"date", "datetime"}), None)
    return moments(given.get(key or ""), visit.manual.calendar)[0]


async def _effects(visit: Visit, law: Procedure, request: Request, effects: Sequence[Effect]) -> None:
    for effect in effects:
        match effect:
            case Book(role=role, starts=starts, ends=ends):
                title = f"{request.folio} · {subject(law, request.answers)}"
                await visit.work.requests.book(request, role=role, title=title, starts=starts, ends=ends)
            case Tell(role=role, activity=n):
                await bringing.tell(visit, law, request, role, n)
            case Begin(link=link):
                await _begin_linked(visit, request, link)
            case Count():
                pass


async def _begin_linked(visit: Visit, parent: Request, link: Link) -> None:
    """Begin the request that another one led to, with a folio of its own."""
    law = visit.manual.procedure(link.procedure)
    if law is None:
        return
    answers = {their: parent.answers[mine] for their, mine in link.answers.items() if mine in parent.answers}
    request = Request(
        id=0,
        manual=visit.manual.id,
        procedure=law.code,
        edition=visit.editions[visit.manual.id, law.code],
        folio=await folio(visit, law.series),
        requester=parent.requester,
        area=parent.area,
        answers=answers,
        sent_at=visit.now,
        received_at=visit.now,
        wanted=parent.wanted,
        opened_as=parent.opened_as,
        on_behalf=parent.on_behalf,
        parent=parent.id,
        activity=link.at,
    )
    request = await visit.work.requests.file(request)
    outcome = begin_linked(visit.manual, law, request, visit.gesture, at=link.at, parent=parent.folio)
    await conclude(visit, law, request, outcome)


async def remember(visit: Visit, law: Procedure, request: Request, turn: Turn) -> None:
    """Look again when the event is over, or when an internal term ends."""
    activity = law.activity(turn.activity)
    starts, ends = moments(request.answers.get(activity.not_before or ""), visit.manual.calendar)
    at = (ends or starts + _AFTER_EVENT) if starts else turn.due if activity.term else None
    if at is not None and at > visit.now:
        await visit.work.requests.remind(request, turn.key, kind="due", at=at)
