"""The card of a turn: all that is needed to take it, the buttons that do, and how it ended."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.desk import describing, going, hands, walking, weighing
from bot.desk.visit import Button, Screen, Visit, in_rows
from bot.flows.events import Event, standing
from bot.flows.people import Person
from bot.flows.procedure import Activity, Option, Procedure
from bot.flows.request import Request, Turn


async def present(
    visit: Visit, law: Procedure, request: Request, turn: Turn, *, sieve: str | None = None, page: int = 0
) -> None:
    """Show a turn's card to whoever is here, with the way on where they came to it by the tray (through `sieve`).

    `page` is as in `card`.
    """
    screen = await card(visit, law, request, turn, page=page)
    walk = sieve or await walking.here(visit, request.id, turn.key)
    if walk is not None:
        screen = replace(screen, rows=(*screen.rows, *await walking.along(visit, walk, request.id, turn.key)))
    await visit.show(screen, request=request.id, turn=turn.key)


async def card(
    visit: Visit, law: Procedure, request: Request, turn: Turn, *, reader: Person | None = None, page: int = 0
) -> Screen:
    """All that is needed to take a turn, and its buttons by the labels of the catalogue.

    `reader` is whose card it is, where that is not whoever is here. What is long is folded, but for
    the `page` of it that is asked for, from one on.
    """
    activity = law.activity(turn.activity)
    requester = await visit.work.people.contacts(visit.manual.id, [request.requester], now=visit.now)
    held = await visit.work.people.contacts(visit.manual.id, [turn.person] if turn.person else [], now=visit.now)
    record = standing(line.event for line in await visit.work.requests.record(request.id))
    own = _own(law, request, turn)
    concerns = turn.role == law.first.role or turn.pool is not None
    facts = {
        **describing.head(visit, law, request, turn.activity),
        "place": going.place(law, activity, own),
        "notes": law.notes_for(own) if concerns or activity.goes_to else (),
        "question": activity.question if turn.stage == "choose" else None,
        "area": visit.areas.get(request.area) or request.on_behalf or visit.manual.office,
        "requester": requester[0].person.name if requester else "",
        "item": turn.item,
        "whose": activity.whose,
        # The record does not say of which of several things a word was.
        "said": _last_word(law, record) if turn.branch is None else None,
        "answers": await describing.answers(visit, going.in_order(law, activity), own),
        "sent_at": request.sent_at.isoformat(),
        "received_at": request.received_at.isoformat(),
        "extraordinary": _mark(visit, law, request),
        "returned": _returned(law, request, activity),
        "round": request.round if activity.does == "deliver" else 0,
        "due": turn.due.isoformat() if turn.due else None,
        "numbers": sorted(request.numbers.values()),
        "given": await _given(visit, law, request, turn),
        "handed_to": held[0].person.name if held else None,
        "progress": turn.progress,
        "passed": await hands.passed(visit, request, turn),
        "pool": turn.pool is not None and turn.person is None,
        "remarks": [one.text for one in law.remarks if not one.when] if concerns else (),
        "clashes": await _clashes(visit, law, request, activity),
        "questions": [describing.question(one) for one in request.unanswered],
        "urgent": request.urgent,
        "files": len(await describing.files_of(visit, law, request)),
        **await weighing.weighed(visit, law, request, turn, record),
    }
    facts = weighing.folded(facts, page)
    rows = _card_rows(visit, request, turn, activity, reader or visit.person)
    return Screen("card", facts, (*rows, *weighing.rows(visit, request, turn, facts)))


def read_by(visit: Visit, law: Procedure, request: Request, turn: Turn, reader: Person, screen: Screen) -> Screen:
    """The same card with the buttons of whoever reads it."""
    rows = _card_rows(visit, request, turn, law.activity(turn.activity), reader)
    return replace(screen, rows=(*rows, *weighing.rows(visit, request, turn, screen.facts)))


def _own(law: Procedure, request: Request, turn: Turn) -> Mapping[str, Any]:
    """The answers that a turn is about: of several things, the one that it goes through."""
    groups = {one.group for one in law.requisitos if one.group is not None and one.group in request.answers}
    if turn.branch is None or not turn.branch.isdecimal() or not groups:
        return request.answers
    place = int(turn.branch) - 1
    return {key: value[place : place + 1] if key in groups else value for key, value in request.answers.items()}


def _card_rows(
    visit: Visit, request: Request, turn: Turn, activity: Activity, reader: Person
) -> tuple[tuple[Button, ...], ...]:
    more = [visit.word("view", f"v:{request.id}"), visit.word("comment", f"c:{request.id}")]
    if reader.id != request.requester:  # who has nobody to ask
        more.append(visit.word("ask", f"y:{request.id}"))
    more.extend(hands.handing(visit, request.id, turn, reader))
    acts = act_rows(request, turn, activity)
    own = in_rows(hands.ways(visit, activity, request.id, turn, reader))
    # What nobody has is taken first; what somebody has is done first.
    return (*own, *acts, *in_rows(more)) if turn.person is None else (*acts, *own, *in_rows(more))


def act_rows(request: Request, turn: Turn, activity: Activity) -> tuple[tuple[Button, ...], ...]:
    prefix = f"t:{request.id}:{turn.key}"
    if turn.stage == "choose":
        acts = [(option.label, f"{prefix}:{option.id}") for option in activity.options if _by(option, turn)]
    else:
        acts = [(activity.action or "", f"{prefix}:!")]
    return in_rows(acts, width=2 if len(acts) < 4 else None)  # noqa: PLR2004 (three fit)


def _by(option: Option, turn: Turn) -> bool:
    return option.by is None or option.by == turn.role


def _mark(visit: Visit, law: Procedure, request: Request) -> dict[str, Any] | None:
    if request.extraordinary is None:
        return None
    return {
        **request.extraordinary.model_dump(),
        "cite": law.notice.cite if law.notice else visit.manual.office,
    }


def _returned(law: Procedure, request: Request, activity: Activity) -> dict[str, Any] | None:
    if request.returned is None or activity.does != "correct":
        return None
    labels = [one.label for one in law.requisitos if one.id in request.returned.requisitos]
    return {"labels": labels, "comment": request.returned.comment, "by": request.returned.by}


async def _given(visit: Visit, law: Procedure, request: Request, turn: Turn) -> list[dict[str, Any]]:
    """What earlier activities gathered in their forms: of several side by side, the turn's own, or all of them."""
    lines: list[dict[str, Any]] = []
    for key, values in request.given.items():
        n, _, branch = key.partition("/")
        if "#" not in key and (not branch or turn.branch in (None, branch)):
            lines.extend(await describing.answers(visit, describing.fields_of(law.activity(n)), values))
    return lines


def _last_word(law: Procedure, record: Sequence[Event]) -> dict[str, Any] | None:
    """What whoever chose last gave as a reason: the next in line must not have to look for it."""
    for event in reversed(record):
        if event.kind in {"decided", "reviewed"}:
            label = describing.label_of(law.activity(event.activity), event.option)
            return {"by": event.name, "did": label, "note": event.note} if event.note else None
        if event.kind in {"filed", "corrected", "performed", "delivered"} and event.actor is not None:
            return None
    return None


async def _clashes(visit: Visit, law: Procedure, request: Request, activity: Activity) -> list[str]:
    """What else there is at that hour: in the agenda that the activity is booked in, or will be once it is decided."""
    booked = activity if activity.agenda else None
    if activity.does == "decide":
        booked = booked or next((one for one in law.activities if one.agenda), None)
    if request.wanted is None or booked is None:
        return []
    return await visit.work.requests.clashes(visit.manual.id, booked.role, request.wanted, but=request.id)


async def ended(
    visit: Visit, request: Request, key: int, facts: dict[str, Any], row: tuple[Button, ...], walk: str | None
) -> Screen:
    """How a turn ended, for whoever is here; with what is left where they walk through the tray."""
    if walk is None:
        return Screen("ended", facts, (row,) if row else ())
    left, on = await walking.onward(visit, walk, request.id, key)
    await walking.focus_on(visit, (row, on))
    return Screen("ended", {**facts, "left": left}, tuple(one for one in (row, on) if one))
