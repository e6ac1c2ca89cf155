"""The tray: what waits for somebody by due date, in pages and through sieves, and the walk from card to card."""

from typing import Any

from bot.desk import acting, cards, describing, walking
from bot.desk.incoming import Popup
from bot.desk.visit import Button, Screen, Visit, home_row, in_rows
from bot.desk.walking import ALL, SIEVES
from bot.flows.people import may_act
from bot.flows.requisitos import subject
from storage.tasks import Waiting

_PAGE = 6
_LONGEST_LABEL = 40


async def tray(visit: Visit, name: str = ALL, ahead: int = 0) -> None:
    """What waits for the person, by due date: the page on which the turn is that has so many ahead of it."""
    tasks, sieve = visit.work.tasks, walking.sieve(visit, name)
    counts = await tasks.counts(visit.person, visit.manual, sieve)
    total = counts[sieve.name]
    first = min(ahead, max(total - 1, 0)) // _PAGE * _PAGE
    found = await tasks.tray(visit.person, visit.manual, sieve=sieve, limit=_PAGE, offset=first)
    lines, buttons = [], []
    for one in found:
        line, label = await _line(visit, one)
        lines.append({**line, "late": one.turn.due is not None and sieve.is_late(one.turn.due)})
        buttons.append((label, f"k:{one.request}:{one.turn.key}:{sieve.name}"))
    facts = {
        "tasks": lines,
        "count": total,
        "first": first + 1,
        "sieve": walking.label(visit, sieve.name) if sieve.name != ALL else None,
        "all": counts[ALL],
    }
    rows = (
        *in_rows(buttons, width=2),
        *_turning(visit, found, sieve.name, before=first > 0, after=first + _PAGE < total),
        *in_rows(_sieves(visit, counts, sieve.name), width=2),
        *home_row(visit),
    )
    await visit.show(Screen("tray", facts, rows))


async def _line(visit: Visit, one: Waiting) -> tuple[dict[str, Any], str]:
    law = await visit.law(one.procedure, one.edition, one.folio)
    activity = law.activity(one.turn.activity)
    line = {
        "folio": one.folio,
        "wish": law.wish,
        "area": visit.areas.get(one.area) or one.on_behalf or visit.manual.office,
        "subject": subject(law, one.answers),
        "activity": {"n": activity.n, "total": law.total, "text": activity.text},
        "question": activity.question if one.turn.stage == "choose" else None,
        "due": describing.moment(one.turn.due),
        "item": one.turn.item,
        "extraordinary": one.extraordinary,
    }
    return line, named(one.folio, one.turn.item)


def named(folio: str, item: str | None) -> str:
    """A turn as a button names it: of several of one request, each by what it is about."""
    return f"{item} · {folio}"[:_LONGEST_LABEL] if item else folio


def _turning(
    visit: Visit, found: list[Waiting], name: str, *, before: bool, after: bool
) -> tuple[tuple[Button, ...], ...]:
    """The pages before and after this one, named by its first and last turn: a number would mean others tomorrow."""
    row: list[Button] = []
    if before and found:
        row.append((f"‹ {visit.house.words.label('previous')}", f"l:{name}:p:{found[0].request}:{found[0].turn.key}"))
    if after and found:
        row.append((f"{visit.house.words.label('next')} ›", f"l:{name}:n:{found[-1].request}:{found[-1].turn.key}"))
    return (tuple(row),) if row else ()


def _sieves(visit: Visit, counts: dict[str, int], current: str) -> list[Button]:
    """The sieves in which there is something, but for the one that is shown."""
    if counts[ALL] < 2 and current == ALL:  # noqa: PLR2004 (one alone needs no sieve)
        return []
    shown = [one for one in SIEVES if one != current and counts[one]]
    return [(f"{walking.label(visit, one)} ({counts[one]})", f"l:{one}") for one in shown]


async def turn_page(visit: Visit, name: str, way: str, request: int, key: int) -> None:
    """Show the page before or after the one that began or ended with a turn, or the one on which it is."""
    sieve = walking.sieve(visit, name)
    place = await visit.work.tasks.place(visit.person, visit.manual, request, key, sieve)
    if place is None:
        await tray(visit, name)
        return
    ahead = {"p": place.ahead - 1, "n": place.ahead + place.there}.get(way, place.ahead)
    await tray(visit, name, max(ahead, 0))


async def walk(visit: Visit, name: str, way: str, request: int, key: int) -> None:
    """Show the card before or after a turn, wherever that turn is by now; with none left, the tray."""
    tasks, sieve = visit.work.tasks, walking.sieve(visit, name)
    place = await tasks.place(visit.person, visit.manual, request, key, sieve)
    if place is None:
        await tray(visit, name)
        return
    ahead = place.ahead - 1 if way == "p" else place.ahead + place.there
    found = await tasks.tray(visit.person, visit.manual, sieve=sieve, limit=1, offset=max(ahead, 0))
    if not found and not place.there:  # what was passed over on the way is still pending
        found = await tasks.tray(visit.person, visit.manual, sieve=sieve, limit=1)
    if not found:
        await tray(visit, name)
        return
    await show_card(visit, found[0].request, found[0].turn.key, name)


async def show_card(visit: Visit, request_id: int, key: int, name: str | None = None, page: int = 0) -> None:
    """Show the card of a turn, or what became of it.

    `name` is the sieve of the walk that it belongs to, `page` the part of it that is read.
    """
    request = await visit.work.requests.get(request_id)
    if request is None or request.manual != visit.manual.id:
        visit.popup = Popup("popup/unknown", {}, alert=True)
        return
    turn = request.turn(key)
    if turn is None:
        await acting.late(visit, request, key)
    elif not may_act(visit.person, turn, visit.manual):
        visit.popup = Popup("popup/not_yours", {"party": describing.party(visit, turn.role)}, alert=True)
    else:
        await cards.present(visit, await visit.law_of(request), request, turn, sieve=name, page=page)
