"""Turns: taking one, and all that follows from it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.desk import cards
from bot.desk.incoming import Popup
from bot.desk.visit import Screen, Visit, in_rows
from bot.flows.draft import Draft
from bot.flows.effects import Begin, Book, Count, Effect, Tell
from bot.flows.events import Event
from bot.flows.intake import AGAIN, Form
from bot.flows.people import may_act, may_see
from bot.flows.procedure import Activity, Link, Option, Procedure, Requisito
from bot.flows.request import Request, Returned, Turn
from bot.flows.requisitos import moments
from bot.flows.routing import Outcome, Refused, assign, begin_linked, perform
from storage.letters import Letter
from storage.people import Contact

_AFTER_EVENT = timedelta(hours=2)


async def press(visit: Visit, request_id: int, key: int, act: str) -> Draft | None:
    """Take a turn by its button: at once, or by opening the form that it needs (which is given)."""
    request = await visit.work.requests.get(request_id, lock=True)
    if request is None or request.manual != visit.manual.id:
        visit.popup = Popup("popup/unknown", {}, alert=True)
        return None
    turn = request.turn(key)
    if turn is None:
        await late(visit, request, key)
        return None
    if not may_act(visit.person, turn, visit.manual):
        visit.popup = Popup("popup/not_yours", {"party": cards.party(visit, turn.role)}, alert=True)
        return None
    law = await visit.law_of(request)
    activity = law.activity(turn.activity)
    option = _option(activity, turn, act)
    if option is None and (turn.stage == "choose" or act != "!"):
        visit.popup = Popup("popup/stale", {}, alert=True)
        return None
    form = form_of(visit, law, request, activity, option)
    if activity.does == "correct" and turn.stage == "act":
        return _correction(visit, law, request, turn)
    if form.fields or form.confirm or form.confirm_early:
        return Draft(
            id=0,
            person=visit.person.id,
            manual=visit.manual.id,
            purpose="act",
            procedure=request.procedure,
            edition=request.edition,
            request=request.id,
            turn=key,
            option=option.id if option else None,
            answers=proposal(visit, activity) if activity.does == "plan" else {},
        )
    await take(visit, request, turn, option=option, values={}, answered=None)
    return None


def _option(activity: Activity, turn: Turn, act: str) -> Option | None:
    option = activity.option(act) if turn.stage == "choose" else None
    return option if option and option.by in (None, turn.role) else None


def settled(law: Procedure, request: Request) -> frozenset[str]:
    """The requisitos that a correction leaves alone: those asked before and not returned, answered or skipped."""
    groups = {one.group for one in law.requisitos if one.group is not None}
    asked = {one.id for one in law.requisitos if one.is_asked(request.answers)}
    again = {f"{group}{AGAIN}" for group in groups}
    return frozenset({*asked, *request.answers, *again}) - returned_of(law, request)


def returned_of(law: Procedure, request: Request) -> frozenset[str]:
    """What must be answered again: what was returned, and all of a group of which something was."""
    wrong = set(request.returned.requisitos) if request.returned else set()
    groups = {one.group for one in law.requisitos if one.id in wrong and one.group is not None}
    fields = {one.id for one in law.requisitos if one.group in groups}
    return frozenset({*wrong, *fields, *groups, *(f"{group}{AGAIN}" for group in groups)})


def _correction(visit: Visit, law: Procedure, request: Request, turn: Turn) -> Draft:
    wrong = returned_of(law, request)
    kept = {key: value for key, value in request.answers.items() if key not in wrong}
    for group in dict.fromkeys(one.group for one in law.requisitos):
        if group is not None and group in kept:
            # The last of them stands in its own fields, and will join the others again.
            kept[group], kept[f"{group}{AGAIN}"] = kept[group][:-1], False
    skipped = tuple(one.id for one in law.requisitos if one.id in settled(law, request) and one.id not in kept)
    return Draft(
        id=0,
        person=visit.person.id,
        manual=visit.manual.id,
        purpose="correct",
        procedure=request.procedure,
        edition=request.edition,
        request=request.id,
        turn=turn.key,
        area=request.area,
        answers=kept,
        skipped=skipped,
    )


def form_of(visit: Visit, law: Procedure, request: Request, activity: Activity, option: Option | None) -> Form:
    """What taking a turn asks for."""
    if activity.does == "plan":
        return Form(plan_fields(visit, activity), reviewed=True, verb=activity.action)
    if option is None:
        return Form(activity.form, confirm_early=_too_early(visit, request, activity))
    fields = option.form
    if option.asks == "reason":
        fields = (*visit.house.reason, *fields)
    if option.asks == "return":
        fields = (*visit.house.returning(law, request.answers).fields, *fields)
    early = _too_early(visit, request, activity) if option.to is not None and option.asks is None else None
    return Form(fields, confirm=option.confirm, confirm_early=early)


def _too_early(visit: Visit, request: Request, activity: Activity) -> datetime | None:
    """The moment before which it would be surprising that this is done, while it has not come."""
    moment = moments(request.answers.get(activity.not_before or ""), visit.manual.calendar)[0]
    return moment if moment is not None and visit.now < moment else None


def plan_fields(visit: Visit, activity: Activity) -> tuple[Requisito, ...]:
    """A date for each area, or for each thing of the list that the campaign goes through."""
    things = visit.areas if activity.plan == "areas" else visit.manual.lists.get(activity.plan or "", {})
    return tuple(
        Requisito(id=key, label=name, ask=name, kind="date", required=False, cite=activity.cite)
        for key, name in things.items()
    )


def proposal(visit: Visit, activity: Activity) -> dict[str, str]:
    """A working day for each thing of a campaign, one after the other, to be moved at will."""
    day = visit.manual.calendar.local(visit.now).date()
    proposed: dict[str, str] = {}
    for one in plan_fields(visit, activity):
        day = visit.manual.calendar.next_business_day(day, inclusive=False)
        proposed[one.id] = day.isoformat()
    return proposed


async def late(visit: Visit, request: Request, key: int) -> None:
    """Say what became of a turn that is no longer open, and bring the pressed card up to date."""
    ended = await visit.work.tasks.ended(request.id, key)
    if ended is None or not may_look(visit, request):
        visit.popup = Popup("popup/stale", {}, alert=True)
        return
    law = await visit.law_of(request)
    activity = law.activity(ended.activity)
    option = activity.option(ended.option) if ended.option else None
    facts = {
        "folio": request.folio,
        "by": ended.by or "",
        "at": cards.moment(ended.at),
        "did": option.label if option else activity.action,
    }
    visit.popup = Popup("popup/late", facts, alert=True)
    screen = Screen(
        "ended",
        {
            **cards.head(visit, law, request, ended.activity),
            **facts,
            "withdrawn": False,
            "note": None,
            **cards.where_now(visit, law, request),
        },
        ((visit.word("view", f"v:{request.id}"),),),
    )
    await visit.show(screen)


def may_look(visit: Visit, request: Request) -> bool:
    """Whether the person may look at a request: their own, their area's, their office's, or one handed to them."""
    return (
        may_see(visit.person, area=request.area, requester=request.requester, manual=visit.manual)
        or visit.person.id in request.staff.values()
        or any(may_act(visit.person, turn, visit.manual) for turn in request.turns)
    )


async def finish(visit: Visit, draft: Draft, values: Mapping[str, Any]) -> None:
    """Take the turn for which a form was filled in, if it is still there."""
    request = await visit.work.requests.get(draft.request or 0, lock=True)
    if request is None:
        return
    turn = request.turn(draft.turn or 0)
    if turn is None:
        await late(visit, request, draft.turn or 0)
        return
    if not may_act(visit.person, turn, visit.manual):
        await visit.show(not_yours(visit, turn.role))
        return
    law = await visit.law_of(request)
    activity = law.activity(turn.activity)
    option = activity.option(draft.option) if draft.option else None
    await take(visit, request, turn, option=option, values=values, answered=draft)


async def take(
    visit: Visit,
    request: Request,
    turn: Turn,
    *,
    option: Option | None,
    values: Mapping[str, Any],
    answered: Draft | None,
) -> None:
    """Perform the activity and everything that follows by itself, and tell everybody concerned."""
    law = await visit.law_of(request)
    own = {**values}
    returned, note = None, None
    if option is not None and option.asks == "return":
        returned = Returned(
            requisitos=tuple(own.pop("requisitos", ())),
            comment=own.pop("comentario", ""),
            by=visit.person.name,
        )
    if option is not None and option.asks == "reason":
        note = own.pop("motivo", None)
    before = request
    if turn.pool is not None and turn.person is None and visit.person.holds(turn.pool):
        request = assign(request, turn.key, pool=turn.pool, person=visit.person.id)
    outcome = perform(
        visit.manual,
        law,
        request,
        turn.key,
        visit.gesture,
        option=option.id if option else None,
        values=own,
        returned=returned,
        note=note,
    )
    if isinstance(outcome, Refused):
        visit.popup = Popup("popup/stale", {}, alert=True)
        return
    did = option.label if option else law.activity(turn.activity).action
    visit.popup = Popup("popup/done", {"folio": request.folio, "did": did})
    await conclude(visit, law, before, outcome, option=option.id if option else None, answered=answered)


async def conclude(
    visit: Visit,
    law: Procedure,
    before: Request,
    outcome: Outcome,
    *,
    option: str | None = None,
    answered: Draft | None = None,
) -> Request:
    """Store what a gesture did and promise every message that follows from it."""
    request, events = await _numbered(visit, outcome)
    request, handed = await _handed(visit, law, before, request)
    events = (*events, *handed)
    request = _dated(visit, law, before, request)
    request = await visit.work.requests.save(before, request, events, now=visit.now, option=option)
    await _effects(visit, law, request, outcome.effects)
    gone = [turn for turn in before.turns if request.turn(turn.key) is None]
    for turn in gone:
        await cards.settle(visit, law, request, turn, events)
    if answered is not None and visit.message is None:
        await visit.post([_told(visit, law, request, gone, events)])
    await cards.news(visit, law, request, events)
    rung = False
    for turn in request.turns:
        if before.turn(turn.key) is None:
            # A campaign opens a turn for each of its items: the first rings, the others are just there.
            await cards.push(visit, law, request, turn, events=events, quiet=rung and turn.branch is not None)
            await _remember(visit, law, request, turn)
            rung = rung or turn.area is None
    return request


def _told(visit: Visit, law: Procedure, request: Request, gone: Sequence[Turn], events: Sequence[Event]) -> Letter:
    """What whoever typed their act is answered: the card is far above by now."""
    n = gone[0].activity if gone else request.activity
    return Letter(
        manual=visit.manual.id,
        platform=visit.platform,
        chat=visit.chat,
        person=visit.person.id,
        template="ended",
        facts=cards.ended_facts(visit, law, request, n, events),
        buttons=((visit.word("view", f"v:{request.id}"), visit.word("tray", "m:tray")),),
    )


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


async def _handed(visit: Visit, law: Procedure, before: Request, request: Request) -> tuple[Request, tuple[Event, ...]]:
    """Hand each new turn of a pool to whoever of it has least to do."""
    events: list[Event] = []
    for turn in request.turns:
        if turn.pool is None or turn.person is not None or before.turn(turn.key) is not None:
            continue
        pool = await visit.work.people.holders(visit.manual.id, turn.pool, None, now=visit.now)
        loads = await visit.work.tasks.loads(visit.manual.id, pool)
        if not pool:
            continue
        chosen = min(pool, key=lambda one: (loads[one], pool.index(one)))
        request = assign(request, turn.key, pool=turn.pool, person=chosen)
        [contact] = await visit.work.people.contacts(visit.manual.id, [chosen], now=visit.now)
        events.append(_assigned(visit, law.activity(turn.activity), contact.person.name, bot=True))
    return request, tuple(events)


def _assigned(visit: Visit, activity: Activity, name: str, *, bot: bool) -> Event:
    return Event(
        at=visit.now,
        activity=activity.n,
        kind="assigned",
        actor=None if bot else visit.person.id,
        name="bot" if bot else visit.person.name,
        role=activity.role,
        note=name,
    )


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
                title = f"{request.folio} · {subject(law, request)}"
                await visit.work.requests.book(request, role=role, title=title, starts=starts, ends=ends)
            case Tell(role=role, activity=n):
                await cards.tell(visit, law, request, role, n)
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


def subject(law: Procedure, request: Request) -> str:
    """What a request is about, in its requester's words."""
    first = law.requisitos[0] if law.requisitos else None
    value = request.answers.get(first.id) if first else None
    return value if isinstance(value, str) else law.wish


async def _remember(visit: Visit, law: Procedure, request: Request, turn: Turn) -> None:
    """Look again when the event is over, or when an internal term ends."""
    activity = law.activity(turn.activity)
    starts, ends = moments(request.answers.get(activity.not_before or ""), visit.manual.calendar)
    at = (ends or starts + _AFTER_EVENT) if starts else turn.due if activity.term else None
    if at is not None and at > visit.now:
        await visit.work.requests.remind(request, turn.key, kind="due", at=at)


async def choose_staff(visit: Visit, request_id: int, key: int) -> None:
    """Show whom a turn can be handed to, with what each already has."""
    found = await _reassignable(visit, request_id, key)
    if found is None:
        return
    request, turn, law = found
    pool = await visit.work.people.holders(visit.manual.id, turn.pool or "", None, now=visit.now)
    loads = await visit.work.tasks.loads(visit.manual.id, pool)
    contacts = await visit.work.people.contacts(visit.manual.id, pool, now=visit.now)
    people = [{"name": one.person.name, "load": loads[one.person.id]} for one in contacts]
    buttons = [(one.person.name, f"a:{request.id}:{key}:{one.person.id}") for one in contacts]
    facts = {**cards.head(visit, law, request, turn.activity), "people": people}
    back = visit.word("back", f"k:{request.id}:{key}")
    await visit.show(Screen("choose_staff", facts, (*in_rows(buttons), (back,))))


async def reassign(visit: Visit, request_id: int, key: int, person: int) -> None:
    """Hand a turn to somebody of its pool."""
    found = await _reassignable(visit, request_id, key)
    if found is None:
        return
    request, turn, law = found
    pool = await visit.work.people.holders(visit.manual.id, turn.pool or "", None, now=visit.now)
    if person not in pool:
        visit.popup = Popup("popup/stale", {}, alert=True)
        return
    [chosen] = await visit.work.people.contacts(visit.manual.id, [person], now=visit.now)
    after = assign(request, key, pool=turn.pool or "", person=person)
    event = _assigned(visit, law.activity(turn.activity), chosen.person.name, bot=False)
    copies = await visit.work.letters.cards(request.id, key)
    after = await visit.work.requests.save(request, after, [event], now=visit.now)
    handed = after.turn(key)
    if handed is None:
        return
    screen = await cards.card(visit, law, after, handed)
    facts = {**cards.head(visit, law, after, turn.activity), "name": chosen.person.name}
    for copy in copies:
        if copy.person not in (visit.person.id, person):
            await visit.post(
                [cards.edited(visit, copy, Screen("handed", facts, ((visit.word("view", f"v:{request.id}"),),)))]
            )
    if person != visit.person.id:
        await visit.post([cards.to(visit, chosen, screen, request=request.id, turn=key)])
    visit.popup = Popup("popup/handed", {"name": chosen.person.name})
    await visit.show(screen, request=request.id, turn=key)


async def _reassignable(visit: Visit, request_id: int, key: int) -> tuple[Request, Turn, Procedure] | None:
    request = await visit.work.requests.get(request_id, lock=True)
    turn = request.turn(key) if request and request.manual == visit.manual.id else None
    if request is None or turn is None or turn.pool is None:
        visit.popup = Popup("popup/stale", {}, alert=True)
        return None
    if not may_act(visit.person, turn, visit.manual):
        visit.popup = Popup("popup/not_yours", {"party": cards.party(visit, turn.role)}, alert=True)
        return None
    return request, turn, await visit.law_of(request)


def home_row(visit: Visit) -> tuple[tuple[tuple[str, str], ...], ...]:
    """The way back to the menu."""
    return ((visit.word("home", "m:home"),),)


async def comment(visit: Visit, request: Request, text: str) -> None:
    """Write a comment into the record and bring it to everybody who takes part."""
    law = await visit.law_of(request)
    event = Event(
        at=visit.now,
        activity=request.activity,
        kind="commented",
        actor=visit.person.id,
        name=visit.person.name,
        note=text,
    )
    await visit.work.requests.save(request, request, [event], now=visit.now)
    facts = {**cards.head(visit, law, request, request.activity), "by": visit.person.name, "text": text}
    row = (visit.word("view", f"v:{request.id}"), visit.word("comment", f"c:{request.id}"))
    reached = 0
    for contact in await _partakers(visit, request):
        if contact.person.id != visit.person.id:
            reached += 1
            await visit.post([cards.to(visit, contact, Screen("comment", facts, (row,)))])
    await visit.show(Screen("commented", {**facts, "reached": reached}, ((row[0],), *home_row(visit))))


async def _partakers(visit: Visit, request: Request) -> list[Contact]:
    """Whoever filed it, whoever has acted on it, and whoever must act now, each once."""
    ids = [request.requester, *request.staff.values()]
    ids.extend(one.event.actor for one in await visit.work.requests.record(request.id) if one.event.actor)
    known = await visit.work.people.contacts(visit.manual.id, list(dict.fromkeys(ids)), now=visit.now)
    partakers = {one.person.id: one for one in known if one.person.grants}
    for turn in request.turns:
        asked, _ = await cards.holders(visit, request, turn)
        partakers.update({one.person.id: one for one in asked})
    return list(partakers.values())


def not_yours(visit: Visit, role: str) -> Screen:
    """Say whose act this is."""
    return Screen("not_yours", {"party": cards.party(visit, role)}, home_row(visit))
