"""Mis solicitudes: what somebody has asked for, and what their area has; open or ended."""

from typing import Any

from bot.desk import describing
from bot.desk.visit import Button, Screen, Visit, home_row, in_rows
from bot.flows.request import Request
from bot.flows.requisitos import subject
from storage.requests import MOST_COUNTED

_PAGE = 6
_WHOSE = ("me", "area")
_STATES = ("all", "open", "closed")


async def mine(visit: Visit, whose: str = "me", state: str = "all", way: str = "", request: int | None = None) -> None:
    """A page of what was asked for: from the newest on, the one before or after a request, or from it on."""
    areas = visit.person.areas
    whose = whose if whose == "area" and areas else "me"
    state = state if state in _STATES else "all"
    of = areas if whose == "area" else None
    found = visit.work.requests.filed
    only = None if state == "all" else state
    before = {"n": request, "a": (request or 0) + 1}.get(way)
    after = request if way == "p" else None
    page = await found(visit.person, of, state=only, limit=_PAGE, before=before, after=after)
    newer = bool(page and way) and bool(await found(visit.person, of, state=only, limit=1, after=page[0].id))
    older = bool(page) and bool(await found(visit.person, of, state=only, limit=1, before=page[-1].id))
    names = await _names(visit, page)
    facts = {
        "requests": [await _line(visit, one, names) for one in page],
        "whose": whose,
        "state": None if state == "all" else visit.house.words.label(f"mine_{state}"),
        "older": bool(way),
    }
    here = f"f:{whose}:{state}"
    buttons = [(one.folio, f"v:{one.id}:{here}:{page[0].id}") for one in page]
    turning: list[Button] = []
    if newer:
        turning.append((f"‹ {visit.house.words.label('previous')}", f"{here}:p:{page[0].id}"))
    if older:
        turning.append((f"{visit.house.words.label('next')} ›", f"{here}:n:{page[-1].id}"))
    rows = (
        *in_rows(buttons, width=2),
        *((tuple(turning),) if turning else ()),
        *in_rows(await _sieves(visit, areas, whose, state), width=2),
        *home_row(visit),
    )
    await visit.show(Screen("mine", facts, rows))


async def _sieves(visit: Visit, areas: tuple[str, ...], whose: str, state: str) -> list[Button]:
    """The other lists in which there is something."""
    count = visit.work.requests.filed_counts
    own = await count(visit.person, None)
    theirs = await count(visit.person, areas) if areas else {}
    counts = own if whose == "me" else theirs
    known = {**counts, "all": sum(counts.values())}
    shown = [one for one in _STATES if one != state and known.get(one) and (known["all"] > 1 or state != "all")]
    labels = visit.house.words.label
    buttons = [(f"{labels(f'mine_{one}')} ({_so_many(known[one])})", f"f:{whose}:{one}") for one in shown]
    other, there = ("area", theirs) if whose == "me" else ("me", own)
    if there and there != counts:
        buttons.append((f"{labels(f'mine_{other}')} ({_so_many(sum(there.values()))})", f"f:{other}:{state}"))
    return buttons


def _so_many(count: int) -> str:
    return str(count) if count < MOST_COUNTED else f"{MOST_COUNTED - 1}+"


async def _names(visit: Visit, page: list[Request]) -> dict[int, str]:
    ids = list(dict.fromkeys(one.requester for one in page if one.requester != visit.person.id))
    known = await visit.work.people.contacts(visit.manual.id, ids, now=visit.now)
    return {one.person.id: one.person.name for one in known}


async def _line(visit: Visit, request: Request, names: dict[int, str]) -> dict[str, Any]:
    law = await visit.law_of(request)
    return {
        "folio": request.folio,
        "wish": law.wish,
        "subject": subject(law, request.answers),
        "by": names.get(request.requester),
        "questions": [describing.question(one) for one in request.unanswered],
        **describing.where_now(visit, law, request),
    }


def back(visit: Visit, parts: list[str]) -> Button | None:
    """The way back to the list from which a request was opened."""
    if len(parts) < 4 or parts[0] != "f":  # noqa: PLR2004 (whence, whose, which and page)
        return None
    return visit.word("list", f"f:{parts[1]}:{parts[2]}:a:{parts[3]}")
