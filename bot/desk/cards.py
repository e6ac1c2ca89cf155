"""What is said about a request: the card of a turn, how it ended, and news for those who wait."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.desk import going, hands, walking, weighing
from bot.desk.visit import Button, Screen, Visit, in_rows
from bot.flows.events import HANDS, Event, standing
from bot.flows.intake import concrete
from bot.flows.people import ADMINISTRATOR, Person, may_act
from bot.flows.procedure import Activity, Option, Procedure, Requisito
from bot.flows.quiet import Prefs, Way, way_to_tell
from bot.flows.request import Question, Request, Turn
from bot.flows.requisitos import show
from storage.files import Kept
from storage.groups import Group
from storage.letters import Card, Letter
from storage.people import Contact

_WAITS_SHOWN = 3
FILE_KINDS = frozenset({"files", "photos"})


def head(visit: Visit, law: Procedure, request: Request, n: str) -> dict[str, Any]:
    """What every message about a request names: the folio and the manual's activity."""
    return {
        "folio": request.folio,
        "title": law.title,
        "activity": {"n": n, "total": law.total, "text": law.activity(n).text},
        "office": visit.manual.office,
    }


async def answers(visit: Visit, asked: Sequence[Requisito], values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The answers as they are read, in order; those not given are left out."""
    asked = [concrete(one, visit.areas) for one in asked]
    things = [
        values,
        *(one for key in values.values() if isinstance(key, list) for one in key if isinstance(one, dict)),
    ]
    lists = [key for thing in things for key in thing.values() if isinstance(key, list)]
    ids = [one for key in lists for one in key if isinstance(one, int)]
    files = await visit.work.files.some(ids)
    plain = [one for one in asked if one.id in values and (one.group is None or one.group not in values)]
    lines = [{"label": one.label, "value": shown(one, values[one.id], files), "kind": one.kind} for one in plain]
    for group in dict.fromkeys(one.group for one in asked):
        if group is not None and group in values:
            fields = [one for one in asked if one.group == group]
            lines.extend(_thing(fields, thing, number, files) for number, thing in enumerate(values[group], start=1))
    return lines


def _thing(
    fields: Sequence[Requisito], thing: Mapping[str, Any], number: int, files: Mapping[int, Kept]
) -> dict[str, Any]:
    """One of several things, with all that is known of it."""
    said = [f"{one.label}: {shown(one, thing[one.id], files)}" for one in fields if one.id in thing]
    return {"label": str(number), "value": " · ".join(said)}


def shown(asked: Requisito, value: Any, files: Mapping[int, Kept]) -> str:
    """One answer as it is read: files by their names."""
    if asked.kind not in FILE_KINDS:
        return show(asked, value)
    return ", ".join(files[one].name if isinstance(one, int) and one in files else str(one) for one in value)


def party(visit: Visit, role: str) -> str:
    """How the manual names whoever holds a role."""
    known = visit.manual.roles.get(role)
    return known.party if known else role


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
        **head(visit, law, request, turn.activity),
        "place": going.place(law, activity, own),
        "notes": law.notes_for(own) if concerns or activity.goes_to else (),
        "question": activity.question if turn.stage == "choose" else None,
        "area": visit.areas.get(request.area) or request.on_behalf or visit.manual.office,
        "requester": requester[0].person.name if requester else "",
        "item": turn.item,
        "whose": activity.whose,
        "said": _last_word(law, record),
        "answers": await answers(visit, going.in_order(law, activity), own),
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
        "questions": [question(one) for one in request.unanswered],
        "urgent": request.urgent,
        "files": len(await files_of(visit, law, request)),
        **await weighing.weighed(visit, law, request, turn, record),
    }
    facts = weighing.folded(facts, page)
    rows = _card_rows(visit, request, turn, activity, reader or visit.person)
    return Screen("card", facts, (*rows, *weighing.rows(visit, request, turn, facts)))


async def files_of(visit: Visit, law: Procedure, request: Request) -> list[Kept]:
    """Every file of a request: those that were asked for, and those that its activities gathered."""
    found = await files_in(visit, law.requisitos, request.answers)
    for key, values in request.given.items():
        n = key.partition("#")[0].partition("/")[0]
        found.extend(await files_in(visit, fields_of(law.activity(n)), values))
    return found


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
    acts = _act_rows(request, turn, activity)
    own = in_rows(hands.ways(visit, activity, request.id, turn, reader))
    # What nobody has is taken first; what somebody has is done first.
    return (*own, *acts, *in_rows(more)) if turn.person is None else (*acts, *own, *in_rows(more))


def _act_rows(request: Request, turn: Turn, activity: Activity) -> tuple[tuple[Button, ...], ...]:
    prefix = f"t:{request.id}:{turn.key}"
    if turn.stage == "choose":
        acts = [(option.label, f"{prefix}:{option.id}") for option in activity.options if _by(option, turn)]
    else:
        acts = [(activity.action or "", f"{prefix}:!")]
    return in_rows(acts, width=2 if len(acts) < 4 else None)  # noqa: PLR2004 (three fit)


def question(asked: Question) -> dict[str, Any]:
    """An open question as facts carry it."""
    return {"by": asked.name, "at": asked.at.isoformat(), "text": asked.text}


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
            lines.extend(await answers(visit, fields_of(law.activity(n)), values))
    return lines


def _last_word(law: Procedure, record: Sequence[Event]) -> dict[str, Any] | None:
    """What whoever chose last gave as a reason: the next in line must not have to look for it."""
    for event in reversed(record):
        if event.kind in {"decided", "reviewed"}:
            label = _label(law.activity(event.activity), event.option)
            return {"by": event.name, "did": label, "note": event.note} if event.note else None
        if event.kind in {"filed", "corrected", "performed", "delivered"} and event.actor is not None:
            return None
    return None


def fields_of(activity: Activity) -> tuple[Requisito, ...]:
    """Everything that an activity may ask of whoever performs it."""
    return (*activity.form, *(field for option in activity.options for field in option.form))


async def _clashes(visit: Visit, law: Procedure, request: Request, activity: Activity) -> list[str]:
    """What else there is at that hour: in the agenda that the activity is booked in, or will be once it is decided."""
    booked = activity if activity.agenda else None
    if activity.does == "decide":
        booked = booked or next((one for one in law.activities if one.agenda), None)
    if request.wanted is None or booked is None:
        return []
    return await visit.work.requests.clashes(visit.manual.id, booked.role, request.wanted, but=request.id)


async def holders(visit: Visit, request: Request, turn: Turn) -> tuple[list[Contact], list[Contact]]:
    """Who is asked to take a turn, and who is shown it in silence because they could."""
    role = visit.manual.roles[turn.role]
    ids = await visit.work.people.holders(
        visit.manual.id, visit.manual.with_role(turn.role), turn.area if role.of_area else None, now=visit.now
    )
    if role.of_area and turn.branch is None and request.requester in ids:
        ids = [request.requester]
    could: list[int] = []
    if turn.pool is not None:
        pool = await visit.work.people.holders(visit.manual.id, turn.pool, None, now=visit.now)
        mine = [one for one in pool if turn.person in (None, one)]
        could = [one for one in ids if one not in mine]
        ids = mine or ids
        could = [one for one in could if one not in ids]
    people = visit.work.people
    return (
        await people.contacts(visit.manual.id, ids, now=visit.now),
        await people.contacts(visit.manual.id, could, now=visit.now),
    )


async def push(
    visit: Visit,
    law: Procedure,
    request: Request,
    turn: Turn,
    *,
    reminder: bool = False,
    silent: bool = False,
    but: int | None = None,
    events: Sequence[Event] = (),
) -> None:
    """Bring a turn's card to whoever must take it, `but` somebody who has it already; or remind them of it.

    Of a pool of which nobody could be handed the turn, those who are away are shown it
    in silence, and whoever they serve must hear of it.
    """
    asked, informed = await holders(visit, request, turn)
    adrift = turn.pool is not None and turn.person is None
    screen = await card(visit, law, request, turn)
    if reminder:
        screen, informed = replace(screen, template="reminder"), []
    files = [] if reminder or turn.stage == "act" else await _results_files(visit, law, request, turn, events)
    for contact in asked:
        if contact.person.id == but:
            continue
        for one in files:
            await visit.post([_enclosure(visit, contact, request, law, turn, one)])
        theirs = _read_by(visit, law, request, turn, contact.person, screen)
        hushed = silent or (adrift and not reminder and _stays_away(request, turn, contact.person))
        await visit.post([to(visit, contact, theirs, silent=hushed, request=request, turn=turn.key)])
    for contact in informed:
        theirs = _read_by(visit, law, request, turn, contact.person, screen)
        await visit.post(
            [to(visit, contact, theirs, silent=silent, informs=not adrift, request=request, turn=turn.key)]
        )
    if not reminder:
        if screen.facts["fold"]:  # nobody unfolds what is in a group
            screen = await card(visit, law, request, turn, page=1)
        await _push_to_groups(visit, request, turn, law.activity(turn.activity), screen, silent=silent)
    if not asked:
        await _nobody(visit, law, request, turn)


def _read_by(visit: Visit, law: Procedure, request: Request, turn: Turn, reader: Person, screen: Screen) -> Screen:
    """The same card with the buttons of whoever reads it."""
    rows = _card_rows(visit, request, turn, law.activity(turn.activity), reader)
    return replace(screen, rows=(*rows, *weighing.rows(visit, request, turn, screen.facts)))


def _stays_away(request: Request, turn: Turn, person: Person) -> bool:
    pool = turn.pool or ""
    return person.holds(pool) and (not person.available or person.id in request.declined.get(pool, ()))


async def _push_to_groups(
    visit: Visit, request: Request, turn: Turn, activity: Activity, screen: Screen, *, silent: bool
) -> None:
    """Bring a card that one tap settles to the groups of its role, with nothing but the buttons that do.

    Of a pool, what waits with nobody's name on it: whoever takes it goes on in private.
    """
    rows: tuple[tuple[Button, ...], ...]
    if turn.pool is not None:
        roles = frozenset({turn.pool} if turn.person is None else ())
        rows = ((visit.word("take", f"h:{request.id}:{turn.key}:{hands.ACTS['take']}"),),)
    else:
        one_tap = turn.stage == "choose" or (activity.does not in {"correct", "plan"} and not activity.form)
        roles = visit.manual.with_role(turn.role) if one_tap else frozenset()
        rows = _act_rows(request, turn, activity)
    for group in await visit.work.groups.every(visit.manual.id, roles) if roles else ():
        theirs = replace(screen, rows=rows)
        await visit.post([to_group(visit, group, theirs, silent=silent, request=request, turn=turn.key)])


async def _results_files(
    visit: Visit,
    law: Procedure,
    request: Request,
    turn: Turn,
    events: Sequence[Event],
    kinds: Collection[str] = FILE_KINDS,
) -> list[Kept]:
    """The files of what was just done: a proposal under review, the results of what is closed."""
    found: dict[int, Kept] = {}
    for n in dict.fromkeys([turn.activity, *(one.activity for one in events)]):
        for key, values in request.given.items():
            if key == n or (key.startswith(f"{n}/") and turn.branch in (None, key.partition("/")[2])):
                asked = [one for one in fields_of(law.activity(n)) if one.kind in kinds]
                found.update({one.id: one for one in await files_in(visit, asked, values)})
    return list(found.values())


async def files_in(visit: Visit, asked: Sequence[Requisito], values: Mapping[str, Any]) -> list[Kept]:
    """The files among some answers, in order."""
    ids = [file for one in asked if one.kind in FILE_KINDS for file in values.get(one.id, ()) if isinstance(file, int)]
    found = await visit.work.files.some(ids)
    return [found[one] for one in ids if one in found]


def _enclosure(visit: Visit, contact: Contact, request: Request, law: Procedure, turn: Turn, file: Kept) -> Letter:
    facts = {**head(visit, law, request, turn.activity), "name": file.name, "round": request.round}
    key = turn.key or None  # what comes with a card is said together with it, or not at all
    letter = to(visit, contact, Screen("enclosure", facts), silent=True, request=request, turn=key)
    return replace(letter, file=file.id)


def to(
    visit: Visit,
    contact: Contact,
    screen: Screen,
    *,
    silent: bool = False,
    informs: bool = False,
    request: Request | None = None,
    turn: int | None = None,
) -> Letter:
    """A letter with a screen, for somebody who did not just ask for it: when, and how loud, is up to the hour and them.

    `informs`: nothing is asked of them, so that it makes no sound unless they want it to.
    """
    way = _way(visit, contact.prefs, contact.active_at, request, informs=informs)
    return Letter(
        manual=visit.manual.id,
        platform=contact.platform,
        chat=contact.chat,
        person=contact.person.id,
        template=screen.template,
        facts=screen.facts,
        buttons=screen.rows,
        silent=silent or way == "silent",
        request=request.id if request else None,
        turn=turn,
        held=not contact.reachable,
        quiet=way == "wait",
    )


def to_group(
    visit: Visit,
    group: Group,
    screen: Screen,
    *,
    silent: bool = False,
    request: Request | None = None,
    turn: int | None = None,
) -> Letter:
    """A letter with a screen, for everybody in a group: it keeps the hours of those who said nothing about theirs."""
    way = _way(visit, Prefs(), None, request, informs=False)
    return Letter(
        manual=visit.manual.id,
        platform=group.platform,
        chat=group.chat,
        template=screen.template,
        facts=screen.facts,
        buttons=screen.rows,
        silent=silent or way == "silent",
        request=request.id if request else None,
        turn=turn,
        quiet=way == "wait",
    )


def _way(visit: Visit, prefs: Prefs, active_at: datetime | None, request: Request | None, *, informs: bool) -> Way:
    urgent = request is not None and request.urgent
    return way_to_tell(visit.manual, visit.now, prefs, active_at=active_at, urgent=urgent, informs=informs)


async def _nobody(visit: Visit, law: Procedure, request: Request, turn: Turn) -> None:
    """Nobody holds the role: the request would wait unseen, so whoever administers is told."""
    ids = await visit.work.people.holders(visit.manual.id, ADMINISTRATOR, None, now=visit.now)
    facts = {**head(visit, law, request, turn.activity), "party": party(visit, turn.role)}
    for contact in await visit.work.people.contacts(visit.manual.id, ids, now=visit.now):
        await visit.post([to(visit, contact, Screen("nobody", facts), request=request)])


async def settle(
    visit: Visit,
    law: Procedure,
    request: Request,
    turn: Turn,
    events: Sequence[Event],
    *,
    undo: tuple[Button, ...] = (),
) -> int | None:
    """Show on every copy of a turn's card how it ended, and take its buttons away.

    `undo` goes on the copy of whoever acted, never on a group's; gives the letter that shows it there.
    """
    await visit.work.letters.drop(request.id, turn.key)
    row = (visit.word("view", f"v:{request.id}"),)
    facts = ended_facts(visit, law, request, turn.activity, events)
    walk = await walking.here(visit, request.id, turn.key)
    copies = await visit.work.letters.cards(request.id, turn.key)
    pressed = (visit.chat, visit.message)
    if visit.message is not None and not visit.group and pressed not in [(one.chat, one.message) for one in copies]:
        copies.append(Card(0, visit.message, visit.platform, visit.chat, visit.person.id))
    mine = [one for one in copies if one.person is not None and one.person == visit.person.id]
    own = next((one for one in mine if one.message == visit.message), mine[-1] if mine else None)
    shown: int | None = None
    for copy in copies:
        mine_row = (*row, *undo) if copy is own else row
        if copy is own and not visit.group:
            screen = await ended(visit, request, turn.key, facts, mine_row, walk)
        else:
            theirs = walking.walked(copy.buttons)
            on = ((walking.to_next(visit, theirs, request.id, turn.key),),) if theirs else ()
            screen = Screen("ended", facts, (mine_row, *on))
        [key] = await visit.post([edited(visit, copy, screen, request.id)])
        shown = key if copy is own else shown
    return shown


async def ended(
    visit: Visit, request: Request, key: int, facts: dict[str, Any], row: tuple[Button, ...], walk: str | None
) -> Screen:
    """How a turn ended, for whoever is here; with what is left where they walk through the tray."""
    if walk is None:
        return Screen("ended", facts, (row,))
    left, on = await walking.onward(visit, walk, request.id, key)
    await walking.focus_on(visit, (row, on))
    return Screen("ended", {**facts, "left": left}, (row, on))


def edited_again(shown: Letter, rows: tuple[tuple[Button, ...], ...], **facts: Any) -> Letter:
    """The same letter with other buttons, and these facts besides."""
    facts = {**shown.facts, **facts}
    return replace(shown, buttons=rows, facts=facts, kind="edit", edits=None, silent=True, id=0, attempts=0)


def edited(visit: Visit, copy: Card, screen: Screen, request: int) -> Letter:
    """A letter that turns a card already sent, or about to be, into something else; a group's is nobody's."""
    return Letter(
        manual=visit.manual.id,
        platform=copy.platform,
        chat=copy.chat,
        person=copy.person,
        template=screen.template,
        facts=screen.facts,
        buttons=screen.rows if copy.person is not None else (),
        kind="edit",
        edits=copy.letter or None,
        message=copy.message,
        silent=True,
        request=request,
    )


def ended_facts(visit: Visit, law: Procedure, request: Request, n: str, events: Sequence[Event]) -> dict[str, Any]:
    """How a turn ended: what was done, by whom and when."""
    act = next((one for one in events if one.activity == n), events[0] if events else None)
    activity = law.activity(n)
    option = activity.option(act.option) if act and act.option else None
    return {
        **head(visit, law, request, n),
        "did": option.label if option else activity.action,
        "withdrawn": bool(act and act.kind == "withdrawn"),
        "undone": bool(act and act.kind == "undone"),
        "by": act.name if act else "",
        "at": (act.at if act else visit.now).isoformat(),
        "note": act.note if act else None,
        "left": None,
        **where_now(visit, law, request),
    }


def where_now(visit: Visit, law: Procedure, request: Request) -> dict[str, Any]:
    """Where a request stands, in words: what waits, for whom and until when; or how it ended.

    Of many side by side, the first few: an area needs no list of all the others.
    """
    waits = [
        {
            "n": turn.activity,
            "text": law.activity(turn.activity).question
            if turn.stage == "choose"
            else law.activity(turn.activity).text,
            "party": law.activity(turn.activity).whose or party(visit, turn.role),
            "item": turn.item,
            "due": turn.due.isoformat() if turn.due else None,
        }
        for turn in request.turns[:_WAITS_SHOWN]
    ]
    return {"waits": waits, "state": request.state, "outcome": request.outcome}


async def news(
    visit: Visit,
    law: Procedure,
    request: Request,
    events: Sequence[Event],
    *,
    rating: tuple[tuple[Button, ...], ...] = (),
) -> None:
    """Tell whoever filed the request what has become of it, unless they did it or are being asked.

    `rating`: the buttons that ask them how they were attended.
    """
    if request.requester == visit.person.id:
        return
    closed = request.state == "closed"
    [contact] = await visit.work.people.contacts(visit.manual.id, [request.requester], now=visit.now)
    asked = any(may_act(contact.person, turn, visit.manual) for turn in request.turns)
    if asked and not closed:
        return
    last = request.activity
    done = [one for one in events if one.kind not in HANDS]
    acts = [
        {
            "n": one.activity,
            "text": law.activity(one.activity).text,
            "by": one.name,
            "kind": one.kind,
            "option": _label(law.activity(one.activity), one.option),
            "note": one.note,
        }
        for one in events
        if one.kind != "closed"
    ]
    facts = {
        **head(visit, law, request, last),
        "acts": acts,
        "numbers": sorted(request.numbers.values()),
        "given": await _results(visit, law, request, done),
        "rating": "" if rating else None,
        **where_now(visit, law, request),
    }
    # A photo shows what was found, and is of use at once; a document may still have to be reviewed.
    kinds = FILE_KINDS if closed else frozenset({"photos"})
    if done:
        turn = Turn(key=0, activity=done[-1].activity, stage="act", role=law.activity(last).role)
        for file in await _results_files(visit, law, request, turn, done, kinds):
            await visit.post([_enclosure(visit, contact, request, law, turn, file)])
    rows = (*rating, tuple(_afterwards(visit, request)))
    await visit.post([to(visit, contact, Screen("news", facts, rows), informs=not closed, request=request)])


async def _results(visit: Visit, law: Procedure, request: Request, events: Sequence[Event]) -> list[dict[str, Any]]:
    """What the forms of the activities just performed gathered."""
    lines: list[dict[str, Any]] = []
    for n in dict.fromkeys(one.activity for one in events):
        for key, values in request.given.items():
            if key == n or key.startswith(f"{n}/"):
                lines.extend(await answers(visit, fields_of(law.activity(n)), values))
    return lines


def _afterwards(visit: Visit, request: Request) -> list[Button]:
    buttons = [visit.word("view", f"v:{request.id}")]
    if request.state == "open":
        buttons.append(visit.word("comment", f"c:{request.id}"))
    return buttons


def _label(activity: Activity, option: str | None) -> str | None:
    found = activity.option(option) if option else None
    return found.label if found else None


async def tell(visit: Visit, law: Procedure, request: Request, role: str, n: str) -> None:
    """Let a role know, in silence, that an activity was performed."""
    roles = visit.manual.with_role(role)
    ids = await visit.work.people.holders(visit.manual.id, roles, None, now=visit.now)
    contacts = await visit.work.people.contacts(visit.manual.id, ids, now=visit.now)
    facts = {
        **head(visit, law, request, n),
        "acts": [{"n": n, "text": law.activity(n).text, "by": visit.person.name, "kind": "performed",
                  "option": None, "note": None}],
        "numbers": [],
        "given": [],
        "rating": None,
        **where_now(visit, law, request),
    }  # fmt: skip
    rows = ((visit.word("view", f"v:{request.id}"),),)
    for contact in contacts:
        if contact.person.id != visit.person.id:
            await visit.post([to(visit, contact, Screen("news", facts, rows), informs=True, request=request)])


def moment(at: datetime | None) -> str | None:
    """A moment as facts carry it."""
    return at.isoformat() if at else None
