"""Many requests at once, by the core and the database alone: nobody's phone rings for them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bot import shelf
from bot.flows.edition import editions
from bot.flows.people import Area, Person
from bot.flows.request import Extraordinary, Request
from bot.flows.routing import Gesture, begin
from tests.story import ZONE, Phone, World

CATALOGUE = shelf.catalogue(shelf.MANUALS)
EDITIONS = editions(CATALOGUE)
RUSHED = Extraordinary(reason="Lo confirmaron hoy", given=20, asked=72, unit="hours")


async def filed(
    world: World,
    by: Phone,
    what: Sequence[dict[str, Any]],
    *,
    code: str = "GCH-CCS-P01-2023",
    wanted: Sequence[str | None] = (),
    rushed: Sequence[int] = (),
) -> list[str]:
    """File a procedure once for each of these answers, in the name of the enlace's area; gives the folios.

    `wanted` are the moments for which, in the municipality's hour; `rushed` counts those sent with little notice.
    """
    manual = CATALOGUE.manuals[world.manual]
    law = manual.procedure(code)
    assert law is not None
    now = await world.now()
    folios = []
    async with world.database.transaction() as work:
        contact = await work.people.at(manual.id, "telegram", str(by.person), now=now)
        assert contact is not None
        # The desk opens its house while we are already at the door.
        for key, area in manual.areas.items():
            await work.people.open_area(manual.id, Area(id=key, name=area.name, kind=area.kind))
        await work.editions.publish(manual.id, law, EDITIONS[manual.id, law.code], now=now)
        places = {one.id: one for one in await work.people.areas(manual.id)}
        for place, answers in enumerate(what):
            when = wanted[place] if place < len(wanted) else None
            number = await work.requests.number(manual.id, law.series, year=now.year)
            request = Request(
                id=0,
                manual=manual.id,
                procedure=law.code,
                edition=EDITIONS[manual.id, law.code],
                folio=f"{manual.prefix}-{law.series}-{now.year}-{number:04d}",
                requester=contact.person.id,
                area=contact.person.areas[0],
                answers=answers,
                sent_at=now,
                received_at=now,
                wanted=datetime.fromisoformat(when).replace(tzinfo=ZONE) if when else None,
                extraordinary=RUSHED if place in rushed else None,
                opened_as="enlace",
                activity=law.first.n,
            )
            request = await work.requests.file(request)
            outcome = begin(manual, law, request, Gesture(by=contact.person, at=now, areas=places))
            await work.requests.save(request, outcome.request, outcome.events, now=now)
            folios.append(request.folio)
    return folios


async def coverages(world: World, by: Phone, count: int, *, rushed: Sequence[int] = ()) -> list[str]:
    """So many coverages, each for a day after the one before: the first for the Friday of next week."""
    first = datetime(2026, 11, 27, 17, 0, tzinfo=ZONE)
    days = [(first + timedelta(days=place)).replace(tzinfo=None).isoformat() for place in range(count)]
    what = [
        {
            "evento": f"Desfile {place + 1}",
            "fecha": f"{day}-06:00",
            "lugar": {"text": "Plaza Cívica"},
            "formato": "foto",
        }
        for place, day in enumerate(days)
    ]
    return await filed(world, by, what, wanted=days, rushed=rushed)


async def person(world: World, phone: Phone) -> Person:
    """Whoever has that phone."""
    async with world.database.transaction() as work:
        contact = await work.people.at(world.manual, "telegram", str(phone.person), now=await world.now())
        assert contact is not None
        return contact.person
