"""What people say about a request to one another."""

from bot.desk import cards
from bot.desk.visit import Screen, Visit, home_row
from bot.flows.events import Event
from bot.flows.request import Request
from storage.people import Contact


async def comment(visit: Visit, request: Request, text: str) -> None:
    """Write a comment into the record and bring it to everybody who takes part."""
    law = await visit.law_of(request)
    event = Event(
        at=visit.now,
        activity=request.activity,
        kind="commented",
        actor=visit.person.id,
        name=visit.person.name,
        note=text,
    )
    await visit.work.requests.save(request, request, [event], now=visit.now)
    facts = {**cards.head(visit, law, request, request.activity), "by": visit.person.name, "text": text}
    row = (visit.word("view", f"v:{request.id}"), visit.word("comment", f"c:{request.id}"))
    reached = 0
    for contact in await partakers(visit, request):
        if contact.person.id != visit.person.id:
            reached += 1
            await visit.post([cards.to(visit, contact, Screen("comment", facts, (row,)), request=request.id)])
    screen = Screen("commented", {**facts, "reached": reached}, ((row[0],), *home_row(visit)))
    await visit.show(screen, request=request.id)


async def partakers(visit: Visit, request: Request) -> list[Contact]:
    """Whoever filed it, whoever has acted on it, and whoever must act now, each once."""
    ids = [request.requester, *request.staff.values()]
    ids.extend(one.event.actor for one in await visit.work.requests.record(request.id) if one.event.actor)
    known = await visit.work.people.contacts(visit.manual.id, list(dict.fromkeys(ids)), now=visit.now)
    partakers = {one.person.id: one for one in known if one.person.grants}
    for turn in request.turns:
        asked, _ = await cards.holders(visit, request, turn)
        partakers.update({one.person.id: one for one in asked})
    return list(partakers.values())
