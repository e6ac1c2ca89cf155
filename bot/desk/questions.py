"""What a form shows: a question with its offers, the summary, the confirmation."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.desk import describing, known, likely, pickers
from bot.desk.visit import Button, Rows, Screen, Visit, in_rows
from bot.flows.draft import ENCLOSED, Draft
from bot.flows.intake import LOST_AFTER, Form, Position, beside, check_notice, ticked
from bot.flows.procedure import Procedure, Requisito
from bot.flows.requisitos import Misread, Picked, Said, Typed
from bot.flows.words import place_in

_TICK = "✓ "
_PICKERS = ("calendar", "first_days", "other_hour", "other_day", "usual_hours")
_AHEAD = (*_PICKERS, "done", "drop", "mend", "keep", "skip")
_LISTED = 16
# More than these, or longer, and a phone shows the buttons only by scrolling: then they carry their numbers.
_SHORT_LIST = 8
_SHORT_LABEL = 18
_NUMBERS_IN_A_ROW = 5


async def question(
    visit: Visit,
    draft: Draft,
    form: Form,
    law: Procedure | None,
    here: Position,
    *,
    echo: str | None,
    trouble: Misread | None,
    taken: Sequence[Mapping[str, Any]] = (),
) -> Screen:
    """What the draft asks now, with what is already known as its first buttons."""
    asked = here.asked
    given = {**form.earlier, **draft.answers}
    rows, listed, picking = await _answers(visit, draft, form, asked)
    facts = {
        "title": law.title if law else None,
        **await _about(visit, draft),
        "place": here.place,
        "total": here.total,
        "label": asked.label,
        "ask": asked.ask,
        "kind": asked.kind,
        "example": asked.example,
        "required": asked.required,
        "options": listed,
        "current": await _shown(visit, asked, given),
        "echo": await _echo(visit, form, draft, echo),
        "trouble": {"reason": trouble.reason, **trouble.facts} if trouble else None,
        "lost": draft.misses >= LOST_AFTER,
        "contact": visit.manual.contact,
        "gathered": await _gathered(visit, draft),
        "ticked": [one.label for one in asked.options if one.id in ticked(draft, form, asked)],
        "day": draft.pending.get("date"),
        "doubt": draft.pending.get("hours"),
        "notice": _notice(visit, draft, form, asked),
        "recommended": _recommended(law) if law and _is_before(law, asked) else None,
        **picking,
        "taken": [dict(one) for one in taken],
    }
    return Screen("question", facts, (*rows, *_ways(visit, draft, form, asked)))


async def _answers(visit: Visit, draft: Draft, form: Form, asked: Requisito) -> tuple[Rows, list[str], dict[str, Any]]:
    """The answers to press, those that are listed under their number, and what is being picked from."""
    picking = {"calendar": None, "clock": None, "hour": None, "early": False}
    if asked.kind in pickers.KINDS:
        picker = pickers.picker(visit, draft, form, asked)
        return picker.rows, list(picker.listed), {**picking, **picker.facts}
    offers = likely.buttons(visit, draft) or await _offers(visit, draft, form, asked)
    labels = [label for label, _ in offers]
    # Ticks come and go; the keyboard must not move under the thumb.
    bare = [(label.removeprefix(_TICK), data) for label, data in offers]
    if len(offers) > _SHORT_LIST and max(len(label) for label, _ in bare) > _SHORT_LABEL:
        ticks = [_TICK if label.startswith(_TICK) else "" for label in labels]
        buttons = [(f"{tick}{n}", data) for n, (tick, (_, data)) in enumerate(zip(ticks, offers, strict=True), 1)]
        return in_rows(buttons, width=_NUMBERS_IN_A_ROW), labels, picking
    width = len(in_rows(bare)[0]) if bare else 1
    listed = labels if len(offers) <= _LISTED and known.are_numbered(asked) else []
    return in_rows(offers, width=width), listed, picking


async def _about(visit: Visit, draft: Draft) -> dict[str, str | None]:
    """The request that a form is about, if it is about one, and which of several things in it."""
    request = await visit.work.requests.get(draft.request) if draft.request else None
    turn = request.turn(draft.turn) if request and draft.turn else None
    return {"folio": request.folio if request else None, "item": turn.item if turn else None}


async def _shown(visit: Visit, asked: Requisito, known: Mapping[str, Any]) -> str | None:
    if asked.id not in known:
        return None
    [line] = await describing.answers(visit, [asked], {asked.id: known[asked.id]})
    return str(line["value"])


async def _echo(visit: Visit, form: Form, draft: Draft, key: str | None) -> dict[str, Any] | None:
    asked = next((one for one in form.asked(draft.answers, visit.setting) if one.id == key), None)
    if asked is None or key not in draft.answers:
        return None
    [line] = await describing.answers(visit, [asked], {asked.id: draft.answers[asked.id]})
    return line


async def _gathered(visit: Visit, draft: Draft) -> dict[str, Any] | None:
    got = draft.pending.get("files") or draft.answers.get(ENCLOSED)
    if not got:
        return None
    files = await visit.work.files.some([one for one in got if isinstance(one, int)])
    return {"count": len(got), "size": sum(one.size for one in files.values())}


def _is_before(law: Procedure, asked: Requisito) -> bool:
    return law.recommended_notice is not None and law.recommended_notice.before == asked.id


def _recommended(law: Procedure) -> dict[str, Any] | None:
    """The notice that the manual only recommends: said, and never asked about."""
    one = law.recommended_notice
    return {"amount": one.amount, "unit": one.unit, "cite": one.cite} if one else None


def _recommended_in_vain(visit: Visit, draft: Draft, form: Form, law: Procedure | None) -> dict[str, Any] | None:
    """The recommended notice, where the date that was given comes sooner."""
    if law is None or law.recommended_notice is None or draft.purpose != "file":
        return None
    answer = draft.answers.get(law.recommended_notice.before)
    check = check_notice(law.recommended_notice, answer, visit.setting, form)
    return _recommended(law) if check is not None and not check.kept else None


def _notice(visit: Visit, draft: Draft, form: Form, asked: Requisito) -> dict[str, Any] | None:
    """What the manual asks and what there is, beside the question of what to do about it."""
    if form.notice is None or form.aviso is None:
        return None
    stated = {"amount": form.notice.amount, "unit": form.notice.unit, "cite": form.notice.cite}
    if asked.id == form.notice.before:
        return {**stated, "kept": True}
    check = form.check(draft.answers, visit.setting)
    if asked.id != form.aviso.way.id or check is None:
        return None
    first = check.earliest
    local = visit.manual.calendar.local(first) if isinstance(first, datetime) else first
    return {**stated, "kept": False, "given": check.given, "earliest": local.isoformat()}


async def _offers(visit: Visit, draft: Draft, form: Form, asked: Requisito) -> list[Button]:
    """The answers that can be given with one tap, what is already known first."""

    def button(label: str, key: str) -> Button:
        return (label, f"q:{draft.id}:{draft.step}:{key}")

    match asked.kind:
        case "choice":
            return [button(one.label, one.id) for one in asked.options]
        case "choices":
            on = ticked(draft, form, asked)
            return [button(f"{_TICK}{o.label}" if o.id in on else o.label, o.id) for o in asked.options]
        case "yes_no":
            return [button("Sí", "si"), button("No", "no")]
        case "area":
            return [button(visit.areas[key], f"a:{key}") for key in _areas_in_order(visit)[:_LISTED]]
    if draft.origin is not None and draft.origin.asked == asked.id:
        sentence = known.Known(" ".join(draft.origin.text.split()), Typed(draft.origin.text))
        return [button(sentence.button, "said")]
    return [button(one.button, one.key) for one in await known.answers(visit, draft, asked)]


def _areas_in_order(visit: Visit) -> list[str]:
    """The areas as they are offered: the person's own first."""
    own = [key for key in visit.person.areas if key in visit.areas]
    return [*own, *(key for key in visit.areas if key not in own)]


def _ways(visit: Visit, draft: Draft, form: Form, asked: Requisito) -> Rows:
    """To other days and hours, forward, back and out, on every question."""
    keys = beside(draft, form, asked, visit.setting_for(draft))
    if not (draft.pending.get("ticked") or draft.pending.get("files")):
        keys.pop("done", None)
    if draft.answers.get(ENCLOSED):
        keys["done"] = "done"
    if asked.required or draft.pending.get("files"):  # what was sent is not left out by a slip
        keys.pop("skip")
    prefix = f"q:{draft.id}:{draft.step}"
    ahead = [visit.word(one, f"{prefix}:{keys[one]}") for one in _AHEAD if one in keys]
    out = tuple(visit.word(key, f"{prefix}:{key}") for key in ("back", "cancel", "why"))
    return (*in_rows(ahead, width=2), out)


async def review(visit: Visit, draft: Draft, form: Form, law: Procedure | None) -> Screen:
    """Every answer, a way to change any, and a verb."""
    asked = form.asked(draft.answers, visit.setting)
    check = form.check(draft.answers, visit.setting)
    sent, received = form.stamps(visit.setting)
    send = send_label(visit, draft, form, law)
    facts = {
        "title": law.title if law else None,
        **await _about(visit, draft),
        "answers": await describing.answers(visit, asked, draft.answers),
        "kept": check.kept if check else None,
        "recommended": _recommended_in_vain(visit, draft, form, law),
        "received_at": received.isoformat() if received != sent and not draft.request else None,
        "remarks": law.remarks_for(draft.answers) if law else (),
        "send": send,
    }
    prefix = f"q:{draft.id}:{draft.step}"
    rows = (
        ((send, f"{prefix}:send"),),
        *(((visit.word("mend", f"{prefix}:mend"),),) if "mend" in draft.pending else ()),
        (visit.word("change", f"{prefix}:change"), visit.word("cancel", f"{prefix}:cancel")),
    )
    return Screen("review", facts, rows)


def send_label(visit: Visit, draft: Draft, form: Form, law: Procedure | None) -> str:
    """The last button of a summary: the manual's own label, where it has one."""
    if form.verb is not None:
        return form.verb
    if law is not None and draft.purpose == "file" and law.first.does == "file" and law.first.action:
        return law.first.action
    if draft.purpose in {"file", "act"}:
        return visit.house.words.label("send")
    return visit.house.words.label("send_again")


async def confirmation(visit: Visit, draft: Draft, form: Form) -> Screen:
    """The consequence, and the safe choice first."""
    request = await visit.work.requests.get(draft.request or 0)
    label = visit.house.words.label("withdraw")
    if request is not None and draft.purpose == "act":
        law = await visit.law_of(request)
        turn = request.turn(draft.turn or 0)
        activity = law.activity(turn.activity if turn else request.activity)
        option = activity.option(draft.option) if draft.option else None
        label = (option.label if option else activity.action) or ""
    facts = {
        "folio": request.folio if request else None,
        "label": label,
        "consequence": form.confirm,
        "early": describing.moment(form.confirm_early),
    }
    prefix = f"q:{draft.id}:{draft.step}"
    rows = ((visit.word("not_yet", f"{prefix}:cancel"), (label, f"{prefix}:send")),)
    return Screen("confirm", facts, rows)


async def offered(visit: Visit, draft: Draft, form: Form, asked: Requisito, said: Said) -> Said:
    """Turn a button with something known (a day, a recent place) or its number into that answer."""
    said = likely.meant(visit, draft, said)
    if draft.origin is not None and draft.origin.asked == asked.id and said in (Typed("1"), Picked("said")):
        return Typed(draft.origin.text)
    if isinstance(said, Typed) and asked.kind == "area" and not asked.several:
        place = place_in(said.text.strip(), len(visit.areas))
        return said if place is None else Picked(f"a:{_areas_in_order(visit)[place]}")
    if isinstance(said, Typed) and asked.kind in pickers.KINDS:
        return pickers.numbered(visit, draft, form, asked, said)
    return await known.meant(visit, draft, asked, said)
