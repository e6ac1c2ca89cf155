"""Turns: taking one, by its button or by the form that it needs."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.desk import cards, concluding, describing, staffing, walking
from bot.desk.incoming import Popup
from bot.desk.visit import Screen, Visit, home_row
from bot.flows import people
from bot.flows.draft import Draft
from bot.flows.effects import Begin, Count, Effect
from bot.flows.events import Happened
from bot.flows.intake import AGAIN, Form
from bot.flows.people import may_act
from bot.flows.procedure import Activity, Option, Procedure, Requisito
from bot.flows.request import Request, Returned, Turn
from bot.flows.requisitos import moments
from bot.flows.routing import Refused, perform
from bot.flows.staff import assign
from storage.tasks import Ended


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
        if turn.pool is not None and visit.person.holds(turn.pool):
            await staffing.taken(visit, await visit.law_of(request), request, turn)
            return None
        visit.popup = Popup("popup/not_yours", {"party": describing.party(visit, turn.role)}, alert=True)
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
    await take(visit, request, turn, option=option, values={})
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
        fields = (*visit.house.reasons(option), *fields)
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
    how = await _without_being_done(visit, request, ended)
    facts = {
        **describing.how_it_ended(visit, law, request, ended.activity, option=ended.option, how=how),
        "item": ended.item,
        "by": ended.by or "",
        "at": describing.moment(ended.at),
        "note": None,
    }
    visit.popup = Popup("popup/late", facts, alert=True)
    walk = await walking.here(visit, request.id, key)
    row = (visit.word("view", f"v:{request.id}"),)
    await visit.show(await cards.ended(visit, request, key, facts, row, walk), aside=True, request=request.id)


async def _without_being_done(visit: Visit, request: Request, ended: Ended) -> Happened | None:
    """What took a turn away that nobody performed: what came before it was taken back, or all of it withdrawn."""
    if ended.option is not None:
        return None
    record = [line.event for line in await visit.work.requests.record(request.id)]
    there = [one.kind for one in record if one.at == ended.at and one.kind in {"withdrawn", "undone"}]
    return there[-1] if there else None


def may_look(visit: Visit, request: Request) -> bool:
    """Whether the person may look at a request: their own, their area's, their office's, or one handed to them."""
    return people.may_look(visit.person, request, visit.manual)


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
    await take(visit, request, turn, option=option, values=values)


async def take(
    visit: Visit,
    request: Request,
    turn: Turn,
    *,
    option: Option | None,
    values: Mapping[str, Any],
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
    activity = law.activity(turn.activity)
    did = option.label if option else activity.action
    visit.popup = Popup("popup/done", {"folio": request.folio, "did": did})
    await concluding.conclude(
        visit,
        law,
        before,
        outcome,
        option=option.id if option else None,
        typed=visit.message is None and not visit.group,
        undo=can_be_undone(activity, option, own, outcome.effects),
    )


def can_be_undone(
    activity: Activity, option: Option | None, values: Mapping[str, Any], effects: Sequence[Effect]
) -> bool:
    """Whether nothing irreversible leaves with an act.

    Files are delivered, a folio once given leaves no hole, a linked request is on its way, and
    what has a second screen has been thought over. What begins beside a turn ends none.
    """
    files = any(one.kind in describing.FILE_KINDS and values.get(one.id) for one in describing.fields_of(activity))
    begun = any(isinstance(one, Count | Begin) for one in effects)
    thought_over = option is not None and (option.confirm or option.spawns)
    return activity.does != "plan" and not thought_over and not files and not begun


def not_yours(visit: Visit, role: str) -> Screen:
    """Say whose act this is."""
    return Screen("not_yours", {"party": describing.party(visit, role)}, home_row(visit))
