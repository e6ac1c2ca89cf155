"""Finding a request again, by its folio, what it says, whose it is or its date."""

from typing import Any

from bot.desk import acting, consulting, describing
from bot.desk.incoming import Popup
from bot.desk.visit import Button, Screen, Visit, home_row, in_rows
from bot.flows.draft import Draft
from bot.flows.people import ADMINISTRATOR
from bot.flows.request import Request
from bot.flows.requisitos import subject
from bot.flows.search import Wanted, numbered, wanted

FIELD = "busqueda"
_PAGE = 6
_KEPT = 5
_LONGEST = 200


def may_search(visit: Visit) -> bool:
    """Whether there may be anything for them to find."""
    return any(role != ADMINISTRATOR for role in visit.person.roles)


async def begin(visit: Visit) -> None:
    """Ask what is looked for: what is written next is that, unless it is a way out."""
    draft = await visit.work.drafts.open(_draft(visit), now=visit.now)
    await visit.show(Screen("search", {}, home_row(visit)), draft=draft.id)


def _draft(visit: Visit) -> Draft:
    return Draft(id=0, person=visit.person.id, manual=visit.manual.id, purpose="search")


async def typed(visit: Visit, text: str) -> bool:
    """Look for what follows the word «buscar»; tells whether there was such a word and more."""
    head, _, rest = text.partition(" ")
    sought = bool(rest.strip()) and visit.house.words.read(head, ("search",)) is not None
    if sought:
        await look_for(visit, rest)
    return sought


async def asked(visit: Visit, draft: Draft, text: str) -> None:
    """Take what was written while a search was being asked for."""
    if visit.house.words.read(text, ("home", "cancel", "back")):
        await visit.work.drafts.discard(draft.id)
        await consulting.home(visit)
    else:
        await look_for(visit, text, draft)


async def look_for(visit: Visit, text: str, draft: Draft | None = None) -> None:
    """Show what is found, the newest first; the words are kept, so that its pages can be turned."""
    text = text.strip()[:_LONGEST]
    folio = consulting.FOLIO.fullmatch(text)
    if folio is not None:
        await consulting.find(visit, folio.group())
        return
    kept = draft or await visit.work.drafts.open(_draft(visit), now=visit.now)
    await visit.work.drafts.save(kept.but(answers={FIELD: text}), now=visit.now)
    earlier = [one.id for one in await visit.work.drafts.of(visit.person.id) if one.purpose == "search"]
    for old in earlier[_KEPT:]:
        await visit.work.drafts.discard(old)
    await results(visit, kept.id)


async def results(visit: Visit, draft: int, way: str = "", request: int | None = None) -> None:
    """A page of what was found: from the newest on, or the one before or after a request, or from it on."""
    kept = await visit.work.drafts.get(draft, person=visit.person.id)
    if kept is None or FIELD not in kept.answers:
        visit.popup = Popup("popup/question_gone", {}, alert=True)
        return
    text = str(kept.answers[FIELD])
    sought = await _sought(visit, text)
    if sought is None:
        await _none(visit, text)
        return
    newer, page, older = await _page(visit, sought, way, request)
    if not page:
        await (results(visit, draft) if way else _none(visit, text))
        return
    lines, buttons = [], []
    for one in page:
        lines.append(await _line(visit, one))
        buttons.append((one.folio, f"v:{one.id}:b:{draft}:{page[0].id}"))
    turning: list[Button] = []
    if newer:
        turning.append((f"‹ {visit.house.words.label('previous')}", f"b:{draft}:p:{page[0].id}"))
    if older:
        turning.append((f"{visit.house.words.label('next')} ›", f"b:{draft}:n:{page[-1].id}"))
    rows = (*in_rows(buttons, width=2), *((tuple(turning),) if turning else ()), _out(visit))
    await visit.show(Screen("results", {"text": text, "requests": lines, "more": older}, rows))


async def _none(visit: Visit, text: str) -> None:
    await visit.show(Screen("results", {"text": text, "requests": [], "more": False}, (_out(visit),)))


def _out(visit: Visit) -> tuple[Button, ...]:
    return (visit.word("search", "m:search"), *home_row(visit)[0])


async def _sought(visit: Visit, text: str) -> Wanted | None:
    """What the words look for: figures alone are a folio's number, if there is such a one."""
    alone = numbered(text, manual=visit.manual)
    if alone is not None and await visit.work.search.find(visit.person, visit.manual, alone, limit=1):
        return alone
    now = visit.manual.calendar.local(visit.now)
    return wanted(text, manual=visit.manual, areas=visit.areas, now=now)


async def _page(visit: Visit, sought: Wanted, way: str, request: int | None) -> tuple[bool, list[Request], bool]:
    """A page, and whether there are newer and older ones."""
    find, person, manual = visit.work.search.find, visit.person, visit.manual
    if way == "p":
        ids = await find(person, manual, sought, limit=_PAGE, after=request)
    else:
        before = {"n": request, "a": (request or 0) + 1}.get(way)
        ids = await find(person, manual, sought, limit=_PAGE, before=before)
    if not ids:
        return False, [], False
    newer = bool(way) and bool(await find(person, manual, sought, limit=1, after=ids[0]))
    older = bool(await find(person, manual, sought, limit=1, before=ids[-1]))
    found = [await visit.work.requests.get(one) for one in ids]
    # The index says whose a request is; whoever may not look does not even read its line.
    return newer, [one for one in found if one is not None and acting.may_look(visit, one)], older


async def _line(visit: Visit, request: Request) -> dict[str, Any]:
    law = await visit.law_of(request)
    return {
        "folio": request.folio,
        "wish": law.wish,
        "area": visit.areas.get(request.area) or request.on_behalf or visit.manual.office,
        "subject": subject(law, request.answers),
        "wanted": describing.moment(request.wanted),
        "sent_at": request.sent_at.isoformat(),
        **describing.where_now(visit, law, request),
    }


def back(visit: Visit, parts: list[str]) -> Button | None:
    """The way back to the results from which a request was opened."""
    if len(parts) < 3 or parts[0] != "b":  # noqa: PLR2004 (whence, draft and page)
        return None
    return visit.word("results", f"b:{parts[1]}:a:{parts[2]}")
