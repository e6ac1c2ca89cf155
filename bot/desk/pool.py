"""People of a pool: whether they are there for work, and what they say of a turn."""

from collections.abc import Sequence
from typing import Any

from bot.desk import acting, consulting, describing, filling, hands, staffing, trays
from bot.desk.incoming import Popup
from bot.desk.visit import Button, Screen, Visit, home_row, in_rows
from bot.flows.people import pools_of
from bot.flows.request import Request, Turn
from bot.flows.requisitos import subject
from storage.tasks import Waiting

_SHOWN = 6


async def away(visit: Visit) -> None:
    """From now on nothing is handed to the person; what they have stays theirs until they pass it on."""
    if not pools_of(visit.person, visit.manual):
        await consulting.home(visit, lost=True)
        return
    await visit.work.people.be_available(visit.person.id, available=False)
    kept = await visit.work.tasks.held(visit.manual.id, visit.person.id)
    if len(kept) == 1:
        key = f"{kept[0].request}:{kept[0].turn.key}"
        buttons = [visit.word("cannot", f"h:{key}:no"), visit.word("reassign", f"a:{key}")]
    else:
        buttons = [(one.folio, f"k:{one.request}:{one.turn.key}") for one in kept[:_SHOWN]]
    facts = {"turns": await _lines(visit, kept[:_SHOWN]), "count": len(kept)}
    rows = (*in_rows(buttons, width=2), (visit.word("available", "m:available"), visit.word("home", "m:home")))
    await visit.show(Screen("away", facts, rows))


async def available(visit: Visit) -> None:
    """The person may be handed work again; what waits with nobody's name on it is offered at once."""
    pools = pools_of(visit.person, visit.manual)
    if not pools:
        await consulting.home(visit, lost=True)
        return
    await visit.work.people.be_available(visit.person.id, available=True)
    waiting = await visit.work.tasks.unassigned(visit.manual.id, pools)
    if len(waiting) == 1:
        key = f"{waiting[0].request}:{waiting[0].turn.key}"
        buttons: list[Button] = [visit.word("take", f"h:{key}:take"), visit.word("card", f"k:{key}")]
    else:
        buttons = [(one.folio, f"k:{one.request}:{one.turn.key}") for one in waiting[:_SHOWN]]
    facts = {"turns": await _lines(visit, waiting[:_SHOWN]), "count": len(waiting)}
    await visit.show(Screen("available", facts, (*in_rows(buttons, width=2), *home_row(visit))))


async def _lines(visit: Visit, turns: Sequence[Waiting]) -> list[dict[str, Any]]:
    lines = []
    for one in turns:
        request = await visit.work.requests.get(one.request)
        if request is not None:
            law = await visit.law_of(request)
            lines.append({"folio": one.folio, "wish": law.wish, "subject": subject(law, request.answers)})
    return lines


async def press(visit: Visit, request_id: int, key: int, act: str) -> None:
    """Take a turn, accept it, set out, or say that one cannot."""
    request = await visit.work.requests.get(request_id, lock=True)
    if request is None or request.manual != visit.manual.id or act not in hands.ACTS.values():
        visit.popup = Popup("popup/unknown", {}, alert=True)
        return
    turn = request.turn(key)
    if turn is None:
        await acting.late(visit, request, key)
    elif turn.pool is None or not visit.person.holds(turn.pool):
        visit.popup = Popup("popup/not_yours", {"party": describing.party(visit, turn.pool or turn.role)}, alert=True)
    elif act == "take":
        await staffing.take(visit, request, turn)
    elif turn.person != visit.person.id:
        await _not_theirs(visit, request, turn)
    elif act == "yes":
        await staffing.accept(visit, request, turn)
    elif act == "go":
        await staffing.set_out(visit, request, turn)
    else:
        await filling.open_act(visit, filling.about(visit, request, "decline").but(turn=turn.key))


async def _not_theirs(visit: Visit, request: Request, turn: Turn) -> None:
    if turn.person is None:
        visit.popup = Popup("popup/stale", {}, alert=True)
        await trays.show_card(visit, request.id, turn.key)
    else:
        await staffing.taken(visit, await visit.law_of(request), request, turn)
