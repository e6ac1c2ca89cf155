"""Looking without changing anything: the menu, the lists, one request and its history."""

import re
from typing import Any

from bot.desk import acting, describing, filling, finishing, linking, rating, talk, telling, trays
from bot.desk.incoming import Popup
from bot.desk.opening import openable
from bot.desk.visit import Button, Screen, Visit, home_row, in_rows
from bot.flows import remarks
from bot.flows.draft import Draft
from bot.flows.people import ADMINISTRATOR, Person, may_act, pools_of
from bot.flows.procedure import Procedure
from bot.flows.request import Request
from storage.letters import MAP

FOLIO = re.compile(r"(?i)\b[A-Z]{2,4}-[A-Z0-9-]{1,12}-\d{4}-\d{4,}\b")
_PAGE = 6
_LONGEST_LABEL = 40


async def home(visit: Visit, *, greeting: bool = False, lost: bool = False) -> None:
    """The menu: everything that this person can do, and what waits for them."""
    waiting = await visit.work.tasks.count(visit.person, visit.manual)
    drafts = await _drafts(visit)
    asked = sum(len(one.unanswered) for one in await visit.work.requests.questioned(visit.person.id))
    buttons: list[Button] = []
    if openable(visit):
        buttons.append(visit.word("new", "m:new"))
        buttons.append(visit.word("mine", "m:mine"))
    tray = visit.house.words.label("tray")
    buttons.append((f"{tray} ({waiting})" if waiting else tray, "m:tray"))
    if any(role != ADMINISTRATOR for role in visit.person.roles):
        buttons.append(visit.word("search", "m:search"))
    if asked:
        buttons.append((f"{visit.house.words.label('answer')} ({asked})", "m:answer"))
    if drafts:
        buttons.append((f"{visit.house.words.label('drafts')} ({len(drafts)})", "m:drafts"))
    serves = bool(pools_of(visit.person, visit.manual))
    if serves:
        buttons.append(
            visit.word("away", "m:away") if visit.person.available else visit.word("available", "m:available")
        )
    buttons.append(visit.word("prefs", "m:prefs"))
    buttons.append(visit.word("help", "m:help"))
    if visit.person.holds(ADMINISTRATOR):
        admin = ("invite", "people", "troubles")
        buttons.extend(visit.word(key, f"m:{key}") for key in admin)
    if any(visit.manual.roles[key].serves is None for key in linking.linkable(visit)):
        buttons.append(visit.word("groups", "m:groups"))
    facts = {
        "name": visit.person.name,
        "office": visit.manual.office,
        "manual": visit.manual.title,
        "roles": names_of(visit, visit.person),
        "waiting": waiting,
        "drafts": len(drafts),
        "asked": asked,
        "available": visit.person.available if serves else None,
        "can_open": bool(openable(visit)),
        "last": await filling.progress(visit, drafts[0]) if drafts else None,
        "greeting": greeting,
        "lost": lost,
        "contact": visit.manual.contact,
    }
    on = ((visit.word("resume", f"r:{drafts[0].id}"),),) if drafts else ()
    await visit.show(Screen("home", facts, (*on, *in_rows(buttons, width=2))))


def names_of(visit: Visit, person: Person) -> list[str]:
    """Somebody's roles as they are called, each with its area."""
    names = []
    for grant in person.grants:
        role = visit.manual.roles.get(grant.role)
        label = role.label if role else grant.role.capitalize()
        area = visit.areas.get(grant.area or "")
        names.append(f"{label} · {area}" if area else label)
    return names


async def _drafts(visit: Visit) -> list[Draft]:
    """What the person has not sent yet, the last touched first."""
    known = [one for one in await visit.work.drafts.of(visit.person.id) if one.purpose in {"file", "correct"}]
    return [one for one in known if not await filling.is_over(visit, one)]


async def resume(visit: Visit) -> None:
    """Go on with the draft there is; of several, ask which."""
    known = await _drafts(visit)
    if len(known) == 1:
        await filling.show_draft(visit, known[0])
    else:
        await drafts(visit)


async def discard(visit: Visit) -> None:
    """Show the draft there is with the button that throws it away: a word alone does not."""
    known = await _drafts(visit)
    if len(known) == 1:
        await filling.show_kept(visit, known[0])
    else:
        await drafts(visit)


async def drafts(visit: Visit) -> None:
    """The forms left half filled."""
    lines, buttons = [], []
    for one in await _drafts(visit):
        line = await filling.progress(visit, one)
        lines.append({**line, "at": describing.moment(one.touched_at)})
        buttons.append((f"{line['title']} ({line['done']} de {line['total']})"[:_LONGEST_LABEL], f"r:{one.id}"))
    await visit.show(Screen("drafts", {"drafts": lines}, (*in_rows(buttons, width=1), *home_row(visit))))


async def find(visit: Visit, folio: str) -> None:
    """Show the request of a folio, or its card where it is this person's turn."""
    request = await visit.work.requests.by_folio(visit.manual.id, folio)
    if request is None or not acting.may_look(visit, request):
        await visit.show(Screen("no_request", {"folio": folio[:64]}, home_row(visit)))
        return
    for turn in request.turns:
        if may_act(visit.person, turn, visit.manual):
            await trays.show_card(visit, request.id, turn.key)
            return
    await view(visit, request.id)


async def view(visit: Visit, request_id: int, *, log: bool = False, back: Button | None = None) -> None:
    """One request as it stands, or its history; `back` leads to the list from which it was opened."""
    request = await seen(visit, request_id)
    if request is None:
        return
    law = await visit.law_of(request)
    facts: dict[str, Any] = {
        **describing.head(visit, law, request, request.activity),
        "area": visit.areas.get(request.area) or request.on_behalf or visit.manual.office,
        **describing.where_now(visit, law, request),
    }
    if log:
        facts["events"] = [_told(law, one) for one in await talk.lines(visit, request)]
        screen = Screen("log", facts, ((visit.word("back", f"v:{request.id}"),), *home_row(visit)))
        await visit.show(screen, request=request.id)
        return
    facts["answers"] = await describing.answers(visit, law.requisitos, request.answers)
    facts["extraordinary"] = request.extraordinary.model_dump() if request.extraordinary else None
    rated = await visit.work.ratings.get(request.id)
    facts["rating"] = rating.described(visit, rated) if rated else None
    facts["numbers"] = sorted(request.numbers.values())
    facts["questions"] = [describing.question(one) for one in request.unanswered]
    facts["sent_at"] = request.sent_at.isoformat()
    facts["received_at"] = request.received_at.isoformat()
    rows = await _view_rows(visit, law, request, back)
    await visit.show(Screen("view", facts, rows), request=request.id)


def _told(law: Procedure, event: Any) -> dict[str, Any]:
    activity = law.activity(event.activity)
    option = activity.option(event.option) if event.option else None
    return {
        "n": event.activity,
        "text": activity.text,
        "kind": event.kind,
        "by": event.name,
        "at": event.at.isoformat(),
        "option": option.label if option else None,
        "note": event.note,
        "files": len(event.files),
    }


async def _view_rows(
    visit: Visit, law: Procedure, request: Request, back: Button | None
) -> tuple[tuple[Button, ...], ...]:
    buttons = [
        (f"{visit.house.words.label('card')} {turn.activity}", f"k:{request.id}:{turn.key}")
        for turn in request.turns
        if may_act(visit.person, turn, visit.manual)
    ]
    if telling.may_urge(visit, law, request):
        buttons.append(visit.word("urgent", f"urge:{request.id}"))
    buttons.append(visit.word("log", f"v:{request.id}:log"))
    if await describing.files_of(visit, law, request) or await talk.files(visit, request):
        buttons.append(visit.word("files", f"v:{request.id}:files"))
    buttons.append(visit.word("map", f"v:{request.id}:map"))
    if request.state == "open":
        buttons.append(visit.word("comment", f"c:{request.id}"))
    if request.state == "open" and remarks.turn_to_ask(visit.person, request, visit.manual) is not None:
        buttons.append(visit.word("ask", f"y:{request.id}"))
    if remarks.may_answer(visit.person, request):
        buttons.extend(_to_answer(visit, request))
    if request.requester == visit.person.id:
        if request.state == "open":
            buttons.append(visit.word("withdraw", f"w:{request.id}"))
        buttons.append(visit.word("repeat", f"z:{request.id}"))
    out = home_row(visit)
    return (*in_rows(buttons, width=2), *(((back, *out[0]),) if back else out))


def _to_answer(visit: Visit, request: Request) -> list[Button]:
    """A button for each open question, by its number where there are several."""
    label, asked = visit.house.words.label("answer"), request.unanswered
    return [
        (f"{label} {place}" if len(asked) > 1 else label, f"y:{request.id}:{one.key}")
        for place, one in enumerate(asked, start=1)
    ]


async def send_files(visit: Visit, request_id: int) -> None:
    """Bring every file of a request."""
    request = await seen(visit, request_id)
    if request is None:
        return
    law = await visit.law_of(request)
    for one in await describing.files_of(visit, law, request):
        facts = {**describing.head(visit, law, request, request.activity), "name": one.name, "round": 0}
        await visit.note(Screen("enclosure", facts), file=one.id, silent=True, request=request.id)
    await talk.send_files(visit, law, request)


async def send_map(visit: Visit, request_id: int) -> None:
    """Bring the procedure's flow, with the request's present activity marked."""
    request = await seen(visit, request_id)
    if request is None:
        return
    law = await visit.law_of(request)
    facts = {
        **describing.head(visit, law, request, request.activity),
        "procedure": request.procedure,
        "edition": request.edition,
        "mark": request.activity if request.state == "open" else None,
    }
    await visit.note(Screen(MAP, facts), silent=True, request=request.id)
    visit.popup = Popup("popup/map", {"folio": request.folio})


async def seen(visit: Visit, request_id: int) -> Request | None:
    """The request, if this person may look at it."""
    request = await visit.work.requests.get(request_id)
    if request is None or request.manual != visit.manual.id or not acting.may_look(visit, request):
        visit.popup = Popup("popup/unknown", {}, alert=True)
        return None
    return request


async def begin_comment(visit: Visit, request_id: int) -> None:
    """Ask for a comment on a request."""
    request = await seen(visit, request_id)
    if request is not None and request.state == "closed":
        await talk.not_said(visit, request, "closed")
    elif request is not None:
        await filling.open_form(visit, filling.about(visit, request, "comment"))


async def begin_withdrawal(visit: Visit, request_id: int) -> None:
    """Ask whether the person really wants to withdraw their request."""
    request = await seen(visit, request_id)
    if request is None:
        return
    if request.requester != visit.person.id or request.state == "closed":
        visit.popup = Popup("popup/stale", {}, alert=True)
        return
    await filling.open_form(visit, filling.about(visit, request, "withdraw"))


async def repeat(visit: Visit, request_id: int) -> None:
    """Open the form of an earlier request with its answers, but for dates and files."""
    request = await seen(visit, request_id)
    law = visit.manual.procedure(request.procedure) if request else None
    if request is None or law is None:
        return
    fresh = {"date", "datetime", "time", "files", "photos"}
    given = {
        one.id: request.answers[one.id] for one in law.requisitos if one.id in request.answers and one.kind not in fresh
    }
    if finishing.opening_role(visit, law, request.area) is None:
        visit.popup = Popup("popup/not_yours", {"party": describing.party(visit, law.opened_by[0])}, alert=True)
        return
    await filling.new_request(visit, law, request.area, given)


async def help_(visit: Visit) -> None:
    """What the bot does, and how to reach a person."""
    facts = {
        "office": visit.manual.office,
        "contact": visit.manual.contact,
        "can_open": bool(openable(visit)),
        "administrator": visit.person.holds(ADMINISTRATOR),
    }
    await visit.show(Screen("help", facts, home_row(visit)))


async def troubles(visit: Visit) -> None:
    """Who cannot be reached, for whoever administers."""
    if not visit.person.holds(ADMINISTRATOR):
        visit.popup = Popup("popup/stale", {}, alert=True)
        return
    lines = []
    for one in await visit.work.letters.troubled(visit.manual.id):
        group = await visit.work.groups.at(visit.manual.id, one.platform, one.chat)
        known = await visit.work.people.at(visit.manual.id, one.platform, one.chat, now=visit.now)
        name = group.title if group else known.person.name if known else ""
        lines.append({"name": name, "count": one.count, "state": one.state, "error": one.error})
    await visit.show(Screen("troubles", {"people": lines}, home_row(visit)))
