"""Who of a pool has a turn: handed to whoever has least to do, from one to another, or taken by whoever is free."""

from collections.abc import Sequence
from dataclasses import replace

from bot.desk import addressing, bringing, cards, describing, walking
from bot.desk.incoming import Popup
from bot.desk.visit import Screen, Visit, home_row, in_rows
from bot.flows.events import BOT, Event, Happened
from bot.flows.people import acts_as, may_act
from bot.flows.procedure import Procedure
from bot.flows.request import Progress, Request, Turn
from bot.flows.staff import Candidate, advance, assign, decline, fairest, release
from storage.people import Contact


async def hand_over(visit: Visit, before: Request, request: Request) -> tuple[Request, tuple[Event, ...]]:
    """Hand each new turn of a pool to whoever of it is free and has least to do.

    Whoever had the request keeps it, while they are there. With nobody free, the
    turn waits in the pool.
    """
    events: list[Event] = []
    for turn in request.turns:
        if turn.pool is None or before.turn(turn.key) is not None or await _is_there(visit, turn):
            continue
        request, handed = await _handed(visit, request, turn)
        events.extend(handed)
    return request, tuple(events)


async def _is_there(visit: Visit, turn: Turn) -> bool:
    """Whether somebody has the turn who can do it: whoever acts now is certainly there."""
    if turn.person is None or turn.person == visit.person.id:
        return turn.person is not None
    known = await visit.work.people.contacts(visit.manual.id, [turn.person], now=visit.now)
    return any(_can(one, turn.pool or "") for one in known)


def _can(contact: Contact, pool: str) -> bool:
    return contact.reachable and contact.person.available and contact.person.holds(pool)


async def _handed(visit: Visit, request: Request, turn: Turn) -> tuple[Request, tuple[Event, ...]]:
    pool = turn.pool or ""
    contacts = await _pool(visit, pool)
    chosen = fairest(await _candidates(visit, contacts, pool), declined=request.declined.get(pool, ()))
    if chosen is None:
        return release(request, turn.key, pool=pool), ()
    name = next(one.person.name for one in contacts if one.person.id == chosen)
    event = _event(visit, turn, "assigned", note=name, bot=True)
    return assign(request, turn.key, pool=pool, person=chosen), (event,)


async def _pool(visit: Visit, pool: str) -> list[Contact]:
    """Everybody of a pool, each once."""
    ids = await visit.work.people.holders(visit.manual.id, pool, None, now=visit.now)
    found = await visit.work.people.contacts(visit.manual.id, ids, now=visit.now)
    return list({one.person.id: one for one in found}.values())


async def _candidates(visit: Visit, contacts: Sequence[Contact], pool: str) -> list[Candidate]:
    ids = [one.person.id for one in contacts]
    loads = await visit.work.tasks.loads(visit.manual.id, ids)
    busy = await visit.work.tasks.last_busy(visit.manual.id, ids)
    return [
        Candidate(one.person.id, _can(one, pool), loads[one.person.id], busy.get(one.person.id)) for one in contacts
    ]


def _event(visit: Visit, turn: Turn, kind: Happened, *, note: str | None = None, bot: bool = False) -> Event:
    return Event(
        at=visit.now,
        activity=turn.activity,
        kind=kind,
        actor=None if bot else visit.person.id,
        name=BOT if bot else visit.person.name,
        role=turn.role if bot else acts_as(visit.person, turn),
        note=note,
    )


async def choose_staff(visit: Visit, request_id: int, key: int) -> None:
    """Show whom a turn can be handed to: who is there, and what each already has."""
    found = await _reassignable(visit, request_id, key)
    if found is None:
        return
    request, turn, law = found
    contacts = await _pool(visit, turn.pool or "")
    names = {one.person.id: one.person.name for one in contacts}
    declined = request.declined.get(turn.pool or "", ())
    candidates = await _candidates(visit, contacts, turn.pool or "")
    candidates.sort(key=lambda one: (not one.available, one.person in declined, one.load))
    people = [
        {
            "name": names[one.person],
            "load": one.load,
            "available": one.available,
            "declined": one.person in declined,
            "has_it": one.person == turn.person,
        }
        for one in candidates
    ]
    buttons = [(names[one.person], f"a:{request.id}:{key}:{one.person}") for one in candidates]
    facts = {**describing.head(visit, law, request, turn.activity), "people": people}
    back = visit.word("back", f"k:{request.id}:{key}")
    await visit.show(Screen("choose_staff", facts, (*in_rows(buttons), (back,))))


async def reassign(visit: Visit, request_id: int, key: int, person: int) -> None:
    """Hand a turn to somebody of its pool, and tell whoever had it."""
    found = await _reassignable(visit, request_id, key)
    if found is None:
        return
    request, turn, law = found
    pool = turn.pool or ""
    chosen = next((one for one in await _pool(visit, pool) if one.person.id == person), None)
    if chosen is None:
        visit.popup = Popup("popup/stale", {}, alert=True)
        return
    name, had = chosen.person.name, turn.person
    _over_the_press(visit, Popup("popup/handed", {"name": name}))
    if person == had:
        await cards.present(visit, law, request, turn)
        return
    own = person == visit.person.id
    after = assign(request, key, pool=pool, person=person, progress="accepted" if own else "")
    handed, now = await _save(visit, law, request, after, turn, [_event(visit, turn, "assigned", note=name)])
    if not own:
        screen = await cards.card(visit, law, handed, now, reader=chosen.person)
        await visit.post([addressing.to(visit, chosen, screen, request=handed, turn=key)])
    if had is not None and had != visit.person.id:
        await _tell_whoever_had_it(visit, law, handed, turn, name)
    await cards.present(visit, law, handed, now)


async def _tell_whoever_had_it(visit: Visit, law: Procedure, request: Request, turn: Turn, name: str) -> None:
    facts = {**describing.head(visit, law, request, turn.activity), "name": name, "by": visit.person.name}
    rows = ((visit.word("view", f"v:{request.id}"), visit.word("tray", "m:tray")),)
    for contact in await visit.work.people.contacts(visit.manual.id, [turn.person or 0], now=visit.now):
        await visit.post([addressing.to(visit, contact, Screen("reassigned", facts, rows), request=request)])


async def _reassignable(visit: Visit, request_id: int, key: int) -> tuple[Request, Turn, Procedure] | None:
    request = await visit.work.requests.get(request_id, lock=True)
    turn = request.turn(key) if request and request.manual == visit.manual.id else None
    if request is None or turn is None or turn.pool is None:
        visit.popup = Popup("popup/stale", {}, alert=True)
        return None
    if not may_act(visit.person, turn, visit.manual):
        visit.popup = Popup("popup/not_yours", {"party": describing.party(visit, turn.role)}, alert=True)
        return None
    return request, turn, await visit.law_of(request)


async def take(visit: Visit, request: Request, turn: Turn) -> None:
    """Give a turn that waits in the pool to whoever asks for it first; the others are told who did."""
    law = await visit.law_of(request)
    if turn.person is not None and turn.person != visit.person.id:
        await taken(visit, law, request, turn)
        return
    _over_the_press(visit, Popup("popup/handed", {"name": visit.person.name}))
    if turn.person is None:
        after = assign(request, turn.key, pool=turn.pool or "", person=visit.person.id, progress="accepted")
        event = _event(visit, turn, "assigned", note=visit.person.name)
        request, turn = await _save(visit, law, request, after, turn, [event])
    await cards.present(visit, law, request, turn)


async def taken(visit: Visit, law: Procedure, request: Request, turn: Turn) -> None:
    """Say who has a turn that somebody else reached for, and bring the pressed card up to date."""
    known = await visit.work.people.contacts(visit.manual.id, [turn.person or 0], now=visit.now)
    name = known[0].person.name if known else ""
    visit.popup = Popup("popup/taken", {"folio": request.folio, "name": name}, alert=True)
    if visit.message is not None:
        await visit.show(_handed_screen(visit, law, request, turn, name, how="has"), request=request.id)


async def accept(visit: Visit, request: Request, turn: Turn) -> None:
    """Note that whoever has a turn will take it, and tell whoever asked."""
    await _go_on(visit, request, turn, "accepted", "accepted", "popup/accepted")


async def set_out(visit: Visit, request: Request, turn: Turn) -> None:
    """The same, once they are on their way."""
    await _go_on(visit, request, turn, "under_way", "set_out", "popup/set_out")


async def _go_on(visit: Visit, request: Request, turn: Turn, progress: Progress, kind: Happened, said: str) -> None:
    law = await visit.law_of(request)
    if turn.progress not in (progress, "under_way"):
        after = advance(request, turn.key, progress)
        request, turn = await _save(visit, law, request, after, turn, [_event(visit, turn, kind)])
        _over_the_press(visit, Popup(said, {"folio": request.folio}))
    await cards.present(visit, law, request, turn)


async def pass_on(visit: Visit, request: Request, turn: Turn, reason: str) -> None:
    """Hand a turn to the next, because whoever had it cannot; with nobody free, put it back into the pool."""
    law = await visit.law_of(request)
    after = decline(request, turn.key, pool=turn.pool or "", person=visit.person.id)
    name = await _to_the_next(visit, law, request, after, turn, [_event(visit, turn, "declined", note=reason)])
    facts = {
        **describing.head(visit, law, request, turn.activity),
        "name": name,
        "party": describing.party(visit, turn.role),
    }
    rows = ((visit.word("view", f"v:{request.id}"), visit.word("tray", "m:tray")), *home_row(visit))
    await visit.show(Screen("passed_on", facts, rows), request=request.id)


async def take_off(visit: Visit, person: int, pool: str) -> None:
    """Hand what somebody has to the next, because they are no longer of the pool."""
    for one in await visit.work.tasks.held(visit.manual.id, person):
        request = await visit.work.requests.get(one.request, lock=True)
        turn = request.turn(one.turn.key) if request else None
        if request is not None and turn is not None and turn.pool == pool and turn.person == person:
            after = release(request, turn.key, pool=pool)
            await _to_the_next(visit, await visit.law_of(request), request, after, turn, [])


async def _to_the_next(
    visit: Visit, law: Procedure, before: Request, after: Request, turn: Turn, events: Sequence[Event]
) -> str | None:
    """Hand on a turn that somebody has left, and give the name of whoever has it now."""
    after, handed = await _handed(visit, after, turn)
    saved, now = await _save(visit, law, before, after, turn, [*events, *handed])
    if now.person is None:
        await bringing.push(visit, law, saved, now, but=visit.person.id)
        return None
    [chosen, *_] = await visit.work.people.contacts(visit.manual.id, [now.person], now=visit.now)
    screen = await cards.card(visit, law, saved, now, reader=chosen.person)
    await visit.post([addressing.to(visit, chosen, screen, request=saved, turn=now.key)])
    return chosen.person.name


def _over_the_press(visit: Visit, popup: Popup) -> None:
    """Say over a press what whoever typed reads on the card that comes."""
    if visit.message is not None:
        visit.popup = popup


async def _save(
    visit: Visit, law: Procedure, before: Request, after: Request, turn: Turn, events: Sequence[Event]
) -> tuple[Request, Turn]:
    """Store who has a turn now, show it on every copy of its card, and tell whoever asked."""
    copies = await visit.work.said.cards(before.id, turn.key)
    saved = await visit.work.requests.save(before, after, events, now=visit.now)
    now = saved.turn(turn.key) or turn
    readers = list({one.person for one in copies if one.person})
    known = {one.person.id: one.person for one in await visit.work.people.contacts(
        visit.manual.id, readers, now=visit.now)}  # fmt: skip
    holder = await visit.work.people.contacts(visit.manual.id, [now.person] if now.person else [], now=visit.now)
    name = holder[0].person.name if holder else ""
    how = "taken" if now.person == visit.person.id and turn.person is None else "reassigned"
    for copy in copies:
        if copy.person is None and now.person is not None:  # a group's: it asked who takes it
            if copy.quiet:
                await visit.work.letters.unsay(copy.letter)
                continue
            screen = _handed_screen(visit, law, saved, now, name, how=how)
            await visit.post([addressing.edited(visit, copy, screen, saved.id)])
        reader = known.get(copy.person or 0)
        pressed = visit.message is not None and (copy.chat, copy.message) == (visit.chat, visit.message)
        if reader is None or pressed:
            continue
        if copy.quiet and not may_act(reader, now, visit.manual):
            await visit.work.letters.unsay(copy.letter)
            continue
        if may_act(reader, now, visit.manual):
            screen = await cards.card(visit, law, saved, now, reader=reader)
            screen = replace(screen, rows=(*screen.rows, *walking.kept(copy.buttons)))
            await visit.post([replace(addressing.edited(visit, copy, screen, saved.id), turn=now.key)])
        else:
            screen = _handed_screen(visit, law, saved, now, name, how=how)
            await visit.post([addressing.edited(visit, copy, screen, saved.id)])
    if events:
        await bringing.news(visit, law, saved, events)
    return saved, now


def _handed_screen(visit: Visit, law: Procedure, request: Request, turn: Turn, name: str, *, how: str) -> Screen:
    facts = {**describing.head(visit, law, request, turn.activity), "name": name, "how": how}
    return Screen("handed", facts, ((visit.word("view", f"v:{request.id}"),),))
