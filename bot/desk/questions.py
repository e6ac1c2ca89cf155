"""What a form shows: a question with its offers, the summary, the confirmation."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from bot.desk import cards, likely, reasons
from bot.desk.visit import Button, Screen, Visit, in_rows
from bot.flows.draft import ENCLOSED, Draft
from bot.flows.intake import (
    Form,
    Position,
    check_notice,
)
from bot.flows.procedure import Procedure, Requisito
from bot.flows.requisitos import Misread, Picked, Said, Typed, brief_date, show
from bot.flows.words import place_in

_HOURS = ("09:00", "10:00", "11:00", "12:00", "13:00", "16:00", "17:00", "18:00")
_DAYS_OFFERED = 4
_LISTED = 16
_RECENT = 3
_MISSES_BEFORE_HELP = 3


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
    known = {**form.earlier, **draft.answers}
    offers = likely.buttons(visit, draft) or await _offers(visit, draft, form, asked)
    facts = {
        "title": law.title if law else None,
        "folio": await _folio(visit, draft),
        "place": here.place,
        "total": here.total,
        "label": asked.label,
        "ask": asked.ask,
        "kind": asked.kind,
        "example": asked.example,
        "required": asked.required,
        "options": [label for label, _ in offers] if len(offers) <= _LISTED else [],
        "current": await _shown(visit, asked, known),
        "echo": await _echo(visit, form, draft, echo),
        "trouble": {"reason": trouble.reason, **trouble.facts} if trouble else None,
        "lost": draft.misses >= _MISSES_BEFORE_HELP,
        "contact": visit.manual.contact,
        "gathered": await _gathered(visit, draft),
        "ticked": [one.label for one in asked.options if one.id in draft.pending.get("ticked", ())],
        "day": draft.pending.get("date"),
        "doubt": draft.pending.get("hours"),
        "notice": _notice(visit, draft, form, asked),
        "recommended": _recommended(law) if law and _is_before(law, asked) else None,
        "taken": [dict(one) for one in taken],
    }
    # Ticks come and go; the keyboard must not move under the thumb.
    bare = [(label.removeprefix("✓ "), data) for label, data in offers]
    width = len(in_rows(bare)[0]) if bare else 1
    return Screen("question", facts, (*in_rows(offers, width=width), *_ways(visit, draft, form, asked)))


async def _folio(visit: Visit, draft: Draft) -> str | None:
    request = await visit.work.requests.get(draft.request) if draft.request else None
    return request.folio if request else None


async def _shown(visit: Visit, asked: Requisito, known: Mapping[str, Any]) -> str | None:
    if asked.id not in known:
        return None
    [line] = await cards.answers(visit, [asked], {asked.id: known[asked.id]})
    return str(line["value"])


async def _echo(visit: Visit, form: Form, draft: Draft, key: str | None) -> dict[str, Any] | None:
    asked = next((one for one in form.asked(draft.answers, visit.setting) if one.id == key), None)
    if asked is None or key not in draft.answers:
        return None
    [line] = await cards.answers(visit, [asked], {asked.id: draft.answers[asked.id]})
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
            ticked = draft.pending.get("ticked", ())
            return [button(f"✓ {o.label}" if o.id in ticked else o.label, o.id) for o in asked.options]
        case "yes_no":
            return [button("Sí", "si"), button("No", "no")]
        case "date":
            return [button(brief_date(day), f"d:{day.isoformat()}") for day in _days(visit, draft, form)]
        case "datetime" | "time":
            hours = draft.pending.get("hours") or (_HOURS if "date" in draft.pending or asked.kind == "time" else ())
            if hours:
                return [button(f"{hour} h", f"h:{hour}") for hour in hours]
            return [button(brief_date(day), f"d:{day.isoformat()}") for day in _days(visit, draft, form)]
        case "area":
            return [button(visit.areas[key], f"a:{key}") for key in _areas_in_order(visit)[:_LISTED]]
    if draft.origin is not None and draft.origin.asked == asked.id:
        return [button(draft.origin.text[:40], "said")]
    if asked.offer == "name":
        return [button(visit.person.name, "me")]
    if asked.offer == "recent":
        return [button(text[:40], f"r:{n}") for n, text in enumerate(await _recent(visit, asked))]
    return reasons.offers(draft, asked)


def _areas_in_order(visit: Visit) -> list[str]:
    """The areas as they are offered: the person's own first."""
    own = [key for key in visit.person.areas if key in visit.areas]
    return [*own, *(key for key in visit.areas if key not in own)]


def _days(visit: Visit, draft: Draft, form: Form) -> list[date]:
    """The days that were doubtful; or the first that keeps the notice, and the working days after it."""
    if "days" in draft.pending:
        return [date.fromisoformat(day) for day in draft.pending["days"]]
    calendar = visit.manual.calendar
    today = calendar.local(visit.now).date()
    first = form.earliest(visit.setting) or calendar.next_business_day(today, inclusive=False)
    day = calendar.local(first).date() if isinstance(first, datetime) else first
    if not calendar.is_business_day(day):
        day = calendar.next_business_day(day, inclusive=True)
    days = [day]
    while len(days) < _DAYS_OFFERED:
        days.append(calendar.next_business_day(days[-1], inclusive=False))
    return days


async def _recent(visit: Visit, asked: Requisito) -> list[str]:
    earlier = await visit.work.requests.recent_answers(visit.person.id)
    texts = [
        show(asked, value) for one in earlier for value in one.values() if isinstance(value, dict) and "text" in value
    ]
    return list(dict.fromkeys(texts))[:_RECENT]


def _ways(visit: Visit, draft: Draft, form: Form, asked: Requisito) -> tuple[tuple[Button, ...], ...]:
    """Forward, back and out, on every question."""
    prefix = f"q:{draft.id}:{draft.step}"
    ahead: list[Button] = []
    if asked.kind in {"choices", "files", "photos"} and (draft.pending.get("ticked") or draft.pending.get("files")):
        ahead.append(visit.word("done", f"{prefix}:done"))
    if draft.answers.get(ENCLOSED):
        ahead.append(visit.word("done", f"{prefix}:done"))
    if asked.id in draft.answers or asked.id in form.earlier:
        ahead.append(visit.word("keep", f"{prefix}:keep"))
    if not asked.required:
        ahead.append(visit.word("skip", f"{prefix}:skip"))
    out = tuple(visit.word(key, f"{prefix}:{key}") for key in ("back", "cancel", "why"))
    return (tuple(ahead), out) if ahead else (out,)


async def review(visit: Visit, draft: Draft, form: Form, law: Procedure | None, *, echo: str | None) -> Screen:
    """Every answer, a way to change any, and a verb."""
    del echo
    asked = form.asked(draft.answers, visit.setting)
    check = form.check(draft.answers, visit.setting)
    sent, received = form.stamps(visit.setting)
    send = send_label(visit, draft, form, law)
    facts = {
        "title": law.title if law else None,
        "folio": await _folio(visit, draft),
        "answers": await cards.answers(visit, asked, draft.answers),
        "kept": check.kept if check else None,
        "recommended": _recommended_in_vain(visit, draft, form, law),
        "received_at": received.isoformat() if received != sent and not draft.request else None,
        "remarks": law.remarks_for(draft.answers) if law else (),
        "send": send,
    }
    prefix = f"q:{draft.id}:{draft.step}"
    rows = (
        ((send, f"{prefix}:send"),),
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
        "early": cards.moment(form.confirm_early),
    }
    prefix = f"q:{draft.id}:{draft.step}"
    rows = ((visit.word("not_yet", f"{prefix}:cancel"), (label, f"{prefix}:send")),)
    return Screen("confirm", facts, rows)


async def offered(visit: Visit, draft: Draft, asked: Requisito, said: Said) -> Said:
    """Turn a button with something known (a name, a recent place) or its number into that answer."""
    said = likely.meant(visit, draft, reasons.meant(asked, said))
    if draft.origin is not None and draft.origin.asked == asked.id and said in (Typed("1"), Picked("said")):
        return Typed(draft.origin.text)
    if isinstance(said, Typed) and asked.kind == "area" and not asked.several:
        place = place_in(said.text.strip(), len(visit.areas))
        said = said if place is None else Picked(f"a:{_areas_in_order(visit)[place]}")
    if isinstance(said, Typed) and asked.offer == "recent":
        place = place_in(said.text.strip(), _RECENT)
        said = said if place is None else Picked(f"r:{place}")
    if isinstance(said, Typed) and said.text.strip() == "1" and asked.offer == "name":
        said = Picked("me")
    if not isinstance(said, Picked):
        return said
    if said.key == "me":
        return Typed(visit.person.name)
    kind, _, key = said.key.partition(":")
    if kind == "r" and key.isdecimal() and len(key) == 1:
        recent = await _recent(visit, asked)
        return Typed(recent[int(key)]) if int(key) < len(recent) else Typed(str(int(key) + 1))
    return said
