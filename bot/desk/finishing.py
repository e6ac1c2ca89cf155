"""What a form was for, once all is said: a request is filed or withdrawn, a turn taken, something said."""

from collections.abc import Mapping
from typing import Any

from bot.desk import acting, concluding, describing, staffing, talk, telling
from bot.desk.visit import Screen, Visit, home_row
from bot.flows.draft import ALBUM, CAPTION, ENCLOSED, Draft
from bot.flows.intake import Form, extraordinary
from bot.flows.procedure import Procedure
from bot.flows.request import Request
from bot.flows.routing import Refused, begin, withdraw


async def carry_out(visit: Visit, draft: Draft, form: Form, law: Procedure | None, values: Mapping[str, Any]) -> None:
    """Do what a draft was for, with what it was told: `values`. The draft itself is put away already."""
    match draft.purpose:
        case "file" if law is not None:
            await _file(visit, draft, form, law, values)
        case "correct" if law is not None:
            groups = {one.group for one in law.requisitos if one.group is not None}
            mended = {key: values[key] for key in [*(one.id for one in law.requisitos), *groups] if key in values}
            await acting.finish(visit, draft, mended)
        case "act":
            await acting.finish(visit, draft, values)
        case "withdraw":
            await _withdraw(visit, draft, values)
        case "ask":
            await talk.ask(visit, draft.request or 0, str(values["pregunta"]))
        case "comment":
            await talk.say(visit, draft.request or 0, await _saying(visit, draft, str(values["comentario"])))
        case "answer":
            remark = await _saying(visit, draft, str(values["respuesta"]))
            await talk.say(visit, draft.request or 0, remark, question=int(draft.option or 0))
        case "rate":
            await _remark(visit, draft, values)
        case "decline":
            await _decline(visit, draft, values)


async def must_wait(visit: Visit, draft: Draft, law: Procedure) -> bool:
    """Say that a request cannot be sent, where its author's role has ended meanwhile; tells whether so. It is kept."""
    if draft.purpose != "file" or opening_role(visit, law, draft.area or "") is not None:
        return False
    facts = {"area": visit.areas.get(draft.area or ""), "contact": visit.manual.contact}
    await visit.show(Screen("cannot_send", facts, ((visit.word("drafts", "m:drafts"), visit.word("home", "m:home")),)))
    return True


async def _file(visit: Visit, draft: Draft, form: Form, law: Procedure, values: Mapping[str, Any]) -> None:
    area = draft.area or ""
    sent, received = form.stamps(visit.setting)
    groups = {one.group for one in law.requisitos if one.group is not None}
    given = {key: values[key] for key in [*(one.id for one in law.requisitos), *groups] if key in values}
    request = Request(
        id=0,
        manual=visit.manual.id,
        procedure=law.code,
        edition=draft.edition,
        folio=await concluding.folio(visit, law.series),
        requester=visit.person.id,
        area=area,
        answers=given,
        sent_at=sent,
        received_at=received,
        wanted=concluding.wanted(visit, law, given),
        extraordinary=extraordinary(draft, form, visit.setting),
        opened_as=opening_role(visit, law, area),
        on_behalf=values.get("a_nombre_de"),
        activity=law.first.n,
    )
    request = await visit.work.requests.file(request)
    request = await concluding.conclude(visit, law, request, begin(visit.manual, law, request, visit.gesture))
    facts = {
        **describing.head(visit, law, request, request.activity),
        "received_at": received.isoformat() if received != sent else None,
        "extraordinary": request.extraordinary is not None,
        "notes": law.notes_for(given),
        "told_at": await telling.told_at(visit, request),
        "may_urge": telling.may_urge(visit, law, request),
        **describing.where_now(visit, law, request),
    }
    view, comment = visit.word("view", f"v:{request.id}"), visit.word("comment", f"c:{request.id}")
    away, again = visit.word("withdraw", f"w:{request.id}"), visit.word("repeat", f"z:{request.id}")
    hurry = ((visit.word("urgent", f"urge:{request.id}"),),) if facts["may_urge"] else ()
    screen = Screen("filed", facts, (*hurry, (view, comment), (away, again), *home_row(visit)))
    await visit.show(screen, request=request.id)


def opening_role(visit: Visit, law: Procedure, area: str) -> str | None:
    """The role in which this person may open the procedure for an area; an office's, for none."""
    for role in law.opened_by:
        of_area = visit.manual.roles[role].of_area
        if of_area == bool(area) and visit.person.holds(role, area or None):
            return role
    return None


async def _withdraw(visit: Visit, draft: Draft, values: Mapping[str, Any]) -> None:
    request = await visit.work.requests.get(draft.request or 0, lock=True)
    if request is None or request.requester != visit.person.id:
        return
    law = await visit.law_of(request)
    outcome = withdraw(visit.manual, law, request, visit.gesture, values.get("motivo"))
    if isinstance(outcome, Refused):
        await visit.show(Screen("closed_already", {"folio": request.folio}, home_row(visit)))
        return
    after = await concluding.conclude(visit, law, request, outcome)
    facts = {**describing.head(visit, law, after, after.activity), "outcome": after.outcome}
    await visit.show(Screen("withdrawn", facts, home_row(visit)), request=request.id)


async def _saying(visit: Visit, draft: Draft, text: str) -> talk.Remark:
    ids = draft.answers.get(ENCLOSED, [])
    known = await visit.work.files.some(ids)
    words = "\n".join(one for one in (draft.answers.get(CAPTION, ""), text) if one)
    # What comes after it of the same album is said with it.
    return talk.Remark(words, tuple(known[one] for one in ids if one in known), draft.answers.get(ALBUM))


async def _remark(visit: Visit, draft: Draft, values: Mapping[str, Any]) -> None:
    if values.get("comentario"):
        await visit.work.ratings.remark(draft.request or 0, str(values["comentario"]))
    await visit.show(Screen("rated", {}, home_row(visit)))


async def _decline(visit: Visit, draft: Draft, values: Mapping[str, Any]) -> None:
    request = await visit.work.requests.get(draft.request or 0, lock=True)
    turn = request.turn(draft.turn or 0) if request else None
    if request is None:
        return
    if turn is None:
        await acting.late(visit, request, draft.turn or 0)
    elif turn.person != visit.person.id:
        await staffing.taken(visit, await visit.law_of(request), request, turn)
    else:
        await staffing.pass_on(visit, request, turn, str(values["motivo"]))
