"""Who of a pool has a turn: handed to whoever has least to do, and from one to another."""

from bot.desk import cards
from bot.desk.incoming import Popup
from bot.desk.visit import Screen, Visit, in_rows
from bot.flows.events import Event
from bot.flows.people import may_act
from bot.flows.procedure import Activity, Procedure
from bot.flows.request import Request, Turn
from bot.flows.routing import assign


async def hand_over(
    visit: Visit, law: Procedure, before: Request, request: Request
) -> tuple[Request, tuple[Event, ...]]:
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
            handed_on = Screen("handed", facts, ((visit.word("view", f"v:{request.id}"),),))
            await visit.post([cards.edited(visit, copy, handed_on, request.id)])
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
