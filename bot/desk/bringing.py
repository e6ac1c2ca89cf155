"""To whom a card goes, and who hears of what became of it: those who may act, their groups, those who wait."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from bot.desk import addressing, cards, describing, hands, walking
from bot.desk.visit import Button, Screen, Visit
from bot.flows.events import HANDS, Event
from bot.flows.people import ADMINISTRATOR, Person, may_act, may_look
from bot.flows.procedure import Activity, Procedure
from bot.flows.request import Request, Turn
from storage.files import Kept
from storage.letters import Letter
from storage.people import Contact
from storage.said import Card


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
    screen = await cards.card(visit, law, request, turn)
    if reminder:
        screen, informed = replace(screen, template="reminder"), []
    files = [] if reminder or turn.stage == "act" else await _results_files(visit, law, request, turn, events)
    for contact in asked:
        if contact.person.id == but:
            continue
        for one in files:
            await visit.post([_enclosure(visit, contact, request, law, turn, one)])
        theirs = cards.read_by(visit, law, request, turn, contact.person, screen)
        hushed = silent or (adrift and not reminder and _stays_away(request, turn, contact.person))
        await visit.post([addressing.to(visit, contact, theirs, silent=hushed, request=request, turn=turn.key)])
    for contact in informed:
        theirs = cards.read_by(visit, law, request, turn, contact.person, screen)
        await visit.post(
            [addressing.to(visit, contact, theirs, silent=silent, informs=not adrift, request=request, turn=turn.key)]
        )
    if not reminder:
        if screen.facts["fold"]:  # nobody unfolds what is in a group
            screen = await cards.card(visit, law, request, turn, page=1)
        await _push_to_groups(visit, request, turn, law.activity(turn.activity), screen, silent=silent)
    if not asked:
        await _nobody(visit, law, request, turn)


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
        rows = cards.act_rows(request, turn, activity)
    for group in await visit.work.groups.every(visit.manual.id, roles) if roles else ():
        theirs = replace(screen, rows=rows)
        await visit.post([addressing.to_group(visit, group, theirs, silent=silent, request=request, turn=turn.key)])


async def _results_files(
    visit: Visit,
    law: Procedure,
    request: Request,
    turn: Turn,
    events: Sequence[Event],
    kinds: Collection[str] = describing.FILE_KINDS,
) -> list[Kept]:
    """The files of what was just done: a proposal under review, the results of what is closed."""
    found: dict[int, Kept] = {}
    for n in dict.fromkeys([turn.activity, *(one.activity for one in events)]):
        for key, values in request.given.items():
            if key == n or (key.startswith(f"{n}/") and turn.branch in (None, key.partition("/")[2])):
                asked = [one for one in describing.fields_of(law.activity(n)) if one.kind in kinds]
                found.update({one.id: one for one in await describing.files_in(visit, asked, values)})
    return list(found.values())


def _enclosure(visit: Visit, contact: Contact, request: Request, law: Procedure, turn: Turn, file: Kept) -> Letter:
    facts = {**describing.head(visit, law, request, turn.activity), "name": file.name, "round": request.round}
    key = turn.key or None  # what comes with a card is said together with it, or not at all
    letter = addressing.to(visit, contact, Screen("enclosure", facts), silent=True, request=request, turn=key)
    return replace(letter, file=file.id)


async def _nobody(visit: Visit, law: Procedure, request: Request, turn: Turn) -> None:
    """Nobody holds the role: the request would wait unseen, so whoever administers is told."""
    ids = await visit.work.people.holders(visit.manual.id, ADMINISTRATOR, None, now=visit.now)
    facts = {**describing.head(visit, law, request, turn.activity), "party": describing.party(visit, turn.role)}
    for contact in await visit.work.people.contacts(visit.manual.id, ids, now=visit.now):
        await visit.post([addressing.to(visit, contact, Screen("nobody", facts), request=request)])


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
    facts = describing.ended_facts(visit, law, request, turn.activity, events, item=turn.item)
    walk = await walking.here(visit, request.id, turn.key)
    copies = await visit.work.said.cards(request.id, turn.key)
    pressed = (visit.chat, visit.message)
    if visit.message is not None and pressed not in [(one.chat, one.message) for one in copies]:
        person = None if visit.group else visit.person.id
        copies.append(Card(0, visit.message, visit.platform, visit.chat, person))
    readers = await _readers(visit, copies)
    mine = [one for one in copies if one.person is not None and one.person == visit.person.id]
    own = next((one for one in mine if one.message == visit.message), mine[-1] if mine else None)
    shown: int | None = None
    for copy in copies:
        row = to_view(visit, request, readers.get(copy.person))
        mine_row = (*row, *undo) if copy is own else row
        if copy is own and not visit.group:
            screen = await cards.ended(visit, request, turn.key, facts, mine_row, walk)
        else:
            theirs = walking.walked(copy.buttons)
            on = ((walking.to_next(visit, theirs, request.id, turn.key),),) if theirs else ()
            screen = Screen("ended", facts, tuple(one for one in (mine_row, *on) if one))
        [key] = await visit.post([addressing.edited(visit, copy, screen, request.id)])
        shown = key if copy is own else shown
    return shown


async def _readers(visit: Visit, copies: Sequence[Card]) -> dict[int | None, Person]:
    ids = list({one.person for one in copies if one.person is not None})
    return {one.person.id: one.person for one in await visit.work.people.contacts(visit.manual.id, ids, now=visit.now)}


def to_view(visit: Visit, request: Request, reader: Person | None) -> tuple[Button, ...]:
    """The way to the whole request, for whoever may look at it though the turn is not theirs any more."""
    looks = reader is not None and may_look(reader, request, visit.manual)
    return (visit.word("view", f"v:{request.id}"),) if looks else ()


async def news(
    visit: Visit,
    law: Procedure,
    request: Request,
    events: Sequence[Event],
    *,
    before: Request | None = None,
    rating: tuple[tuple[Button, ...], ...] = (),
) -> None:
    """Tell whoever filed the request what has become of it, unless they did it or are being asked.

    `before`: how it was; of several things side by side, only what is new is told. `rating`: the buttons that ask
    them how they were attended.
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
            "option": describing.label_of(law.activity(one.activity), one.option),
            "note": one.note,
        }
        for one in events
        if one.kind not in {"closed", "settled"}  # which is said already, or follows by itself
    ]
    facts = {
        **describing.head(visit, law, request, last),
        "acts": acts,
        "numbers": sorted(request.numbers.values()),
        "given": await _results(visit, law, request, done, before),
        "rating": "" if rating else None,
        **describing.where_now(visit, law, request),
    }
    # A photo shows what was found, and is of use at once; a document may still have to be reviewed.
    kinds = describing.FILE_KINDS if closed else frozenset({"photos"})
    if done:
        turn = Turn(key=0, activity=done[-1].activity, stage="act", role=law.activity(last).role)
        for file in await _results_files(visit, law, request, turn, done, kinds):
            await visit.post([_enclosure(visit, contact, request, law, turn, file)])
    rows = (*rating, tuple(_afterwards(visit, request)))
    await visit.post([addressing.to(visit, contact, Screen("news", facts, rows), informs=not closed, request=request)])


async def _results(
    visit: Visit, law: Procedure, request: Request, events: Sequence[Event], before: Request | None
) -> list[dict[str, Any]]:
    """What the forms of the activities just performed gathered."""
    earlier = before.given if before is not None else {}
    lines: list[dict[str, Any]] = []
    for n in dict.fromkeys(one.activity for one in events):
        for key, values in request.given.items():
            if key == n or (key.startswith(f"{n}/") and earlier.get(key) != values):
                lines.extend(await describing.answers(visit, describing.fields_of(law.activity(n)), values))
    return lines


def _afterwards(visit: Visit, request: Request) -> list[Button]:
    buttons = [visit.word("view", f"v:{request.id}")]
    if request.state == "open":
        buttons.append(visit.word("comment", f"c:{request.id}"))
    return buttons


async def tell(visit: Visit, law: Procedure, request: Request, role: str, n: str) -> None:
    """Let a role know, in silence, that an activity was performed."""
    roles = visit.manual.with_role(role)
    ids = await visit.work.people.holders(visit.manual.id, roles, None, now=visit.now)
    contacts = await visit.work.people.contacts(visit.manual.id, ids, now=visit.now)
    facts = {
        **describing.head(visit, law, request, n),
        "acts": [{"n": n, "text": law.activity(n).text, "by": visit.person.name, "kind": "performed",
                  "option": None, "note": None}],
        "numbers": [],
        "given": [],
        "rating": None,
        **describing.where_now(visit, law, request),
    }  # fmt: skip
    rows = ((visit.word("view", f"v:{request.id}"),),)
    for contact in contacts:
        if contact.person.id != visit.person.id:
            await visit.post(
                [addressing.to(visit, contact, Screen("news", facts, rows), informs=True, request=request)]
            )
