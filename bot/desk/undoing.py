"""Taking back one's own act, within a minute, where nothing irreversible has left."""

from bot.desk import addressing, bringing, cards, concluding, describing, talk
from bot.desk.incoming import Popup
from bot.desk.visit import Visit
from bot.flows.events import TALK, Event
from bot.flows.people import acts_as, may_act
from bot.flows.procedure import Procedure
from bot.flows.request import Request, Turn
from bot.flows.routing import taken_back
from storage.undo import Undo


async def last(visit: Visit) -> None:
    """Take back the last act of whoever types so, without saying which."""
    undo = await visit.work.undos.last_of(visit.person.id, now=visit.now)
    if undo is not None:
        await take_back(visit, undo.request, undo.revision)
    else:
        visit.popup = Popup("popup/undo_over", {}, alert=True)


async def take_back(visit: Visit, request_id: int, revision: int) -> None:
    """Put a request back as it was before one's own act, unless somebody has gone on from there."""
    request = await visit.work.requests.get(request_id, lock=True)
    undo = await visit.work.undos.get(request_id, revision)
    if request is None or undo is None or undo.person != visit.person.id or not undo.holds(visit.now):
        visit.popup = Popup("popup/undo_over", {}, alert=True)
        return
    if request.revision != undo.revision and not await _only_talked(visit, undo):
        visit.popup = Popup("popup/undo_late", {"folio": request.folio}, alert=True)
        return
    gone = [turn for turn in undo.before.turns if request.turn(turn.key) is None]
    if not any(may_act(visit.person, turn, visit.manual) for turn in gone):
        visit.popup = Popup("popup/not_yours", {"party": describing.party(visit, gone[0].role)}, alert=True)
        return
    await _restore(visit, request, undo)


async def _only_talked(visit: Visit, undo: Undo) -> bool:
    """Whether nothing has happened since but comments, questions and answers, which stay as they are."""
    since = [one.event.kind for one in await visit.work.requests.record(undo.request) if one.seq > undo.lines]
    return undo.lines > 0 and bool(since) and set(since) <= TALK


async def _restore(visit: Visit, request: Request, undo: Undo) -> None:
    law = await visit.law_of(request)
    after = taken_back(undo.before, request)
    again = [turn for turn in after.turns if request.turn(turn.key) is None]
    mine = next(turn for turn in again if may_act(visit.person, turn, visit.manual))
    event = Event(
        at=visit.now,
        activity=mine.activity,
        kind="undone",
        actor=visit.person.id,
        name=visit.person.name,
        role=acts_as(visit.person, mine),
    )
    after = await visit.work.requests.save(request, after, [event], now=visit.now)
    await visit.work.undos.restore_agenda(undo)
    await visit.work.undos.forget(undo.request, undo.revision)
    pressed, visit.message = visit.message, None  # it becomes the card again, at the end
    for turn in request.turns:
        if after.turn(turn.key) is None:
            await bringing.settle(visit, law, after, turn, [event])
    if request.state == "closed":
        await talk.reopen(visit, law, after)
    await bringing.news(visit, law, after, [event])
    for turn in again:
        await bringing.push(visit, law, after, turn, silent=True, but=visit.person.id)
        await concluding.remember(visit, law, after, turn)
    if pressed is None:
        await _says_so_above(visit, law, after, mine, undo, event)
    visit.message = pressed
    await cards.present(visit, law, after, mine)
    visit.popup = Popup("popup/undone", {"folio": after.folio})


async def _says_so_above(visit: Visit, law: Procedure, request: Request, turn: Turn, undo: Undo, event: Event) -> None:
    """Whoever typed it has the card below; what showed the act must not go on saying that it stands."""
    shown = await visit.work.said.still(undo.letter) if undo.letter is not None else None
    if shown is not None:
        facts = describing.ended_facts(visit, law, request, turn.activity, [event], item=turn.item)
        rows = ((visit.word("view", f"v:{request.id}"),),)
        await visit.post([addressing.edited_again(shown, rows, **facts)])


async def end(visit: Visit, undo: Undo) -> None:
    """Take the button away once its minute is over, if the message still shows it."""
    if undo.letter is None:
        return
    shown = await visit.work.said.still(undo.letter)
    if shown is not None:
        rows = tuple(tuple(one for one in row if not one[1].startswith("o:")) for row in shown.buttons)
        await visit.post([addressing.edited_again(shown, tuple(row for row in rows if row))])
