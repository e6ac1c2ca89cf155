"""What a decision is weighed by: the notice, what came before, who asked already; and how a long card is folded."""

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any

from bot.desk.visit import Button, Visit, in_rows
from bot.flows.dates import MONTHS
from bot.flows.events import Event
from bot.flows.intake import Form, check_notice, notice_for
from bot.flows.procedure import Activity, AskedNotice, Procedure
from bot.flows.request import Request, Turn
from bot.flows.requisitos import subject

# A card is read on a stairway: what it takes more than a glance to read waits behind a button.
_GLANCE = 450
_FOLDED = 320
_SHORT = 90
_PAGE = 2600
_ROUNDS_SHOWN = 3
_ALWAYS = frozenset({"date", "datetime", "place"})

Lines = list[dict[str, Any]]


async def weighed(
    visit: Visit, law: Procedure, request: Request, turn: Turn, record: Sequence[Event]
) -> dict[str, Any]:
    """What whoever takes a turn should know beside what was asked for. `record` is what stands of it."""
    activity = law.activity(turn.activity)
    reviews = activity.does == "decide" and turn.pool is None and not visit.manual.roles[turn.role].of_area
    return {
        "notice": _notice(visit, law, request) if reviews else None,
        "rounds": _rounds(law, request, activity, record),
        "before": await _before(visit, request) if reviews and request.area else None,
        "parent": await _parent(visit, request),
    }


def _notice(visit: Visit, law: Procedure, request: Request) -> dict[str, Any] | None:
    """How much notice there was and what the manual asks; of one that it only recommends, where there was less."""
    asked = notice_for(law, request.answers)
    if asked is not None:
        return None if request.extraordinary else _check(visit, request, asked)
    recommended = _check(visit, request, law.recommended_notice) if law.recommended_notice else None
    return {**recommended, "only": True} if recommended and not recommended["kept"] else None


def _check(visit: Visit, request: Request, asked: AskedNotice) -> dict[str, Any] | None:
    sent = Form((), sent_at=request.sent_at, received_at=request.received_at)
    check = check_notice(asked, request.answers.get(asked.before), visit.setting, sent)
    if check is None:
        return None
    stated = {"asked": asked.amount, "unit": asked.unit, "cite": asked.cite}
    return {**stated, "given": max(check.given, 0), "kept": check.kept, "only": False}


def _rounds(law: Procedure, request: Request, activity: Activity, record: Sequence[Event]) -> dict[str, Any] | None:
    """Who sent it back before and what was missing, the last few: what is being mended just now is said elsewhere."""
    back = [one for one in record if _sends_back(law, one)]
    returns = [one for one in back if one.kind == "decided"]
    what = dict(zip(reversed([id(one) for one in returns]), reversed(request.returns), strict=False))
    if back and activity.does == "correct":
        back = back[:-1]
    if not back:
        return None
    labels = {one.id: one.label for one in law.requisitos}
    lines = []
    for one in back[-_ROUNDS_SHOWN:]:
        ticked = what[id(one)].requisitos if id(one) in what else ()
        option = law.activity(one.activity).option(one.option or "")
        lines.append(
            {
                "by": one.name,
                "at": one.at.isoformat(),
                "did": option.label if option else "",
                "labels": [labels[key] for key in ticked if key in labels],
                "note": one.note,
            }
        )
    return {"count": len(back), "lines": lines}


def _sends_back(law: Procedure, event: Event) -> bool:
    """Whether a choice sent a request back to be mended, or asked for another proposal."""
    option = law.activity(event.activity).option(event.option) if event.option else None
    if option is None:
        return False
    return (
        option.asks == "return"
        if event.kind == "decided"
        else event.kind == "reviewed" and bool(option.form or option.asks)
    )


async def _before(visit: Visit, request: Request) -> dict[str, Any] | None:
    """How many the area has asked for this month, and how the last one of the same kind ended."""
    calendar = visit.manual.calendar
    sent = calendar.local(request.sent_at).date()
    month = calendar.at(sent.replace(day=1), time.min)
    place, last = await visit.work.requests.asked_before(request, since=month)
    same = (sent.year, sent.month) == (calendar.local(visit.now).year, calendar.local(visit.now).month)
    told = None
    if last is not None:
        law = await visit.law_of(last)
        about = subject(law, last.answers)
        told = {
            "folio": last.folio,
            "subject": about if about != law.wish else None,
            "outcome": last.outcome if last.state == "closed" else None,
        }
    if place == 1 and told is None:
        return None
    return {"place": place, "month": None if same else MONTHS[sent.month - 1], "last": told}


async def _parent(visit: Visit, request: Request) -> dict[str, Any] | None:
    """The request that this one comes from."""
    parent = await visit.work.requests.get(request.parent) if request.parent else None
    if parent is None:
        return None
    law = await visit.law_of(parent)
    outcome = parent.outcome if parent.state == "closed" else None
    return {"id": parent.id, "folio": parent.folio, "wish": law.wish, "outcome": outcome}


# Long cards


def folded(facts: Mapping[str, Any], page: int = 0) -> dict[str, Any]:
    """A card's facts for a glance, where they are long; or one page of all there is to read, from one on."""
    lines: Lines = [*facts["answers"], *facts["given"]]
    if page == 0 and _length(facts, lines) <= _GLANCE:
        return {**facts, "fold": None}
    if page == 0:
        short = [{**one, "value": _short(one["value"])} for one in lines]
        kept = _glance(short)
        hidden = len(lines) - len(kept)
        return {**facts, "answers": kept, "given": [], "fold": {"page": 0, "pages": 0, "hidden": hidden}}
    pages = _pages(lines)
    shown = pages[min(page, len(pages)) - 1]
    fold = {"page": min(page, len(pages)), "pages": len(pages), "hidden": 0}
    return {**facts, "answers": shown, "given": [], "fold": fold}


def _length(facts: Mapping[str, Any], lines: Lines) -> int:
    said = [str(one["label"]) + str(one["value"]) for one in lines]
    said.extend(str(one["note"] or "") for one in (facts["said"], facts["passed"]) if one)
    said.extend(str(facts[key][name] or "") for key, name in _NOTES if facts[key])
    said.extend(str(one["text"]) for one in facts["questions"])
    said.extend(str(one["note"] or "") for one in (facts["rounds"] or {}).get("lines", ()))
    return sum(len(one) for one in said)


_NOTES = (("returned", "comment"), ("extraordinary", "reason"))


def _short(value: Any) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= _SHORT else text[: _SHORT - 1].rstrip() + "…"


def _glance(lines: Lines) -> Lines:
    """What it is about, when and where; then as much of the rest as there is room for, in the manual's order."""
    always = [place for place, one in enumerate(lines) if place == 0 or one.get("kind") in _ALWAYS]
    room = _FOLDED - sum(_size(lines[place]) for place in always)
    kept = set(always)
    for place, one in enumerate(lines):
        if place not in kept and _size(one) <= room:
            kept.add(place)
            room -= _size(one)
    return [one for place, one in enumerate(lines) if place in kept]


def _size(line: Mapping[str, Any]) -> int:
    return len(str(line["label"])) + len(str(line["value"])) + len(": ")


def _pages(lines: Lines) -> list[Lines]:
    """All of it, in pages that fit a message; what is longer than a page goes on in the next."""
    pages: list[Lines] = [[]]
    room = _PAGE
    for one in lines:
        text, label = str(one["value"]), str(one["label"])
        while text:
            if pages[-1] and _size({"label": label, "value": text[:_SHORT]}) > room:
                pages.append([])
                room = _PAGE
            piece = text[: max(room - len(label), _SHORT)]
            pages[-1].append({**one, "label": label, "value": piece})
            text, room = text[len(piece) :], room - len(label) - len(piece)
            label = f"{one['label']} (sigue)"
    return pages


def rows(visit: Visit, request: Request, turn: Turn, facts: Mapping[str, Any]) -> tuple[tuple[Button, ...], ...]:
    """The buttons that show more of a card: its files, the request it comes from, and all or less of its words."""
    more: list[Button] = []
    if facts["files"]:
        more.append((f"{visit.house.words.label('files')} ({facts['files']})", f"v:{request.id}:files"))
    if facts["parent"]:
        more.append((facts["parent"]["folio"], f"v:{facts['parent']['id']}"))
    fold, prefix = facts["fold"], f"k:{request.id}:{turn.key}:w"
    if fold and fold["page"]:
        more.append(visit.word("fold", f"{prefix}0"))
        if fold["page"] < fold["pages"]:
            more.append(visit.word("more", f"{prefix}{fold['page'] + 1}"))
    elif fold:
        more.append(visit.word("unfold", f"{prefix}1"))
    return in_rows(more, width=2)
