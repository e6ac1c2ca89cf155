"""Going through the tray with one thumb: from one card to the next, without going back to the list.

Where somebody is, the message itself remembers: its buttons name the sieve and the turn that is shown, and
what comes before and after it is looked up when they are pressed. Others may have decided meanwhile.
"""

from datetime import time, timedelta
from typing import Any

from bot.desk.visit import Button, Visit
from storage.letters import Rows
from storage.tasks import Sieve

ALL = "all"
SIEVES = (ALL, "decide", "late", "today", "extra", "mine")


def sieve(visit: Visit, name: str) -> Sieve:
    """The sieve of that name, on the municipality's day; all of the tray, where there is none."""
    calendar = visit.manual.calendar
    today = calendar.local(visit.now).date()
    tomorrow = today + timedelta(days=1)
    known = name if name in SIEVES else ALL
    return Sieve(known, now=visit.now, dawn=calendar.at(today, time.min), dusk=calendar.at(tomorrow, time.min))


def label(visit: Visit, name: str) -> str:
    """What a sieve is called."""
    return visit.house.words.label(f"tray_{name}")


def walked(rows: Rows) -> str | None:
    """The sieve of the walk to which these buttons belong, if they belong to one."""
    row = kept(rows)
    return row[0][0][1].split(":")[1] if row else None


def kept(rows: Rows) -> tuple[tuple[Button, ...], ...]:
    """The row of these buttons with which one walks on, if there is one."""
    return tuple(tuple(row) for row in rows if any(_walks(data) for _, data in row))[:1]


def _walks(data: str) -> bool:
    kind, *parts = data.split(":")
    return kind == "j" or (kind == "l" and parts[1:2] == ["a"])


async def here(visit: Visit, request: int, turn: int) -> str | None:
    """The sieve of the walk on which somebody came to a turn: by this message, or by the card that is above."""
    if visit.message is not None:
        shown = await visit.work.said.lately(visit.manual.id, visit.platform, visit.chat, visit.message)
        for letter in shown:
            if letter.template == "home":
                break
            found = walked(letter.buttons)
            if found is not None:
                return found
    own = [one for one in await visit.work.said.cards(request, turn) if one.chat == visit.chat]
    return next((found for one in reversed(own) if (found := walked(one.buttons)) is not None), None)


async def along(visit: Visit, name: str, request: int, turn: int) -> tuple[tuple[Button, ...], ...]:
    """The way on from a card: the one before, the place among how many, the one after."""
    wanted = sieve(visit, name)
    place = await visit.work.tasks.place(visit.person, visit.manual, request, turn, wanted)
    if place is None or not place.there:
        return ()
    total = (await visit.work.tasks.counts(visit.person, visit.manual, wanted))[wanted.name]
    row: list[Button] = []
    if place.ahead:
        row.append((f"‹ {visit.house.words.label('previous')}", _data(wanted.name, "p", request, turn)))
    row.append((f"{place.ahead + 1} de {total}", f"l:{wanted.name}:a:{request}:{turn}"))
    if place.ahead + 1 < total:
        row.append((f"{visit.house.words.label('next')} ›", _data(wanted.name, "n", request, turn)))
    return (tuple(row),)


async def onward(visit: Visit, name: str, request: int, turn: int) -> tuple[dict[str, Any], tuple[Button, ...]]:
    """What is left once a turn is over, and the way to it."""
    wanted = sieve(visit, name)
    count = (await visit.work.tasks.counts(visit.person, visit.manual, wanted))[wanted.name]
    left = {"count": count, "sieve": label(visit, wanted.name) if wanted.name != ALL else None}
    return left, (to_next(visit, wanted.name, request, turn) if count else visit.word("tray", "m:tray"),)


def to_next(visit: Visit, name: str, request: int, turn: int) -> Button:
    """The way from a turn that is over to the one after it."""
    return visit.word("onward", _data(name, "n", request, turn))


def _data(name: str, way: str, request: int, turn: int) -> str:
    return f"j:{name}:{way}:{request}:{turn}"


async def focus_on(visit: Visit, rows: tuple[tuple[Button, ...], ...]) -> None:
    """Let what is typed next mean these buttons, unless a form is being filled in."""
    if visit.person.id and (await visit.work.people.before(visit.person.id)).draft is None:
        buttons = tuple(button for row in rows for button in row)
        await visit.work.people.put_before(visit.person.id, draft=None, focus=buttons)
