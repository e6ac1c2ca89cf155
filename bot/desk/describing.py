"""What is said about a request in any message: its folio, its answers and files, and where it stands."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.desk.visit import Visit
from bot.flows.events import Event, Happened
from bot.flows.intake import concrete
from bot.flows.procedure import Activity, Procedure, Requisito
from bot.flows.request import Question, Request
from bot.flows.requisitos import show
from storage.files import Kept

_WAITS_SHOWN = 3
FILE_KINDS = frozenset({"files", "photos"})


def head(visit: Visit, law: Procedure, request: Request, n: str) -> dict[str, Any]:
    """What every message about a request names: the folio and the manual's activity."""
    return {
        "folio": request.folio,
        "title": law.title,
        "activity": {"n": n, "total": law.total, "text": law.activity(n).text},
        "office": visit.manual.office,
    }


def party(visit: Visit, role: str) -> str:
    """How the manual names whoever holds a role."""
    known = visit.manual.roles.get(role)
    return known.party if known else role


async def answers(visit: Visit, asked: Sequence[Requisito], values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The answers as they are read, in order; those not given are left out."""
    asked = [concrete(one, visit.areas) for one in asked]
    things = [
        values,
        *(one for key in values.values() if isinstance(key, list) for one in key if isinstance(one, dict)),
    ]
    lists = [key for thing in things for key in thing.values() if isinstance(key, list)]
    ids = [one for key in lists for one in key if isinstance(one, int)]
    files = await visit.work.files.some(ids)
    plain = [one for one in asked if one.id in values and (one.group is None or one.group not in values)]
    lines = [{"label": one.label, "value": shown(one, values[one.id], files), "kind": one.kind} for one in plain]
    for group in dict.fromkeys(one.group for one in asked):
        if group is not None and group in values:
            fields = [one for one in asked if one.group == group]
            lines.extend(_thing(fields, thing, number, files) for number, thing in enumerate(values[group], start=1))
    return lines


def _thing(
    fields: Sequence[Requisito], thing: Mapping[str, Any], number: int, files: Mapping[int, Kept]
) -> dict[str, Any]:
    """One of several things, with all that is known of it."""
    said = [f"{one.label}: {shown(one, thing[one.id], files)}" for one in fields if one.id in thing]
    return {"label": str(number), "value": " · ".join(said)}


def shown(asked: Requisito, value: Any, files: Mapping[int, Kept]) -> str:
    """One answer as it is read: files by their names."""
    if asked.kind not in FILE_KINDS:
        return show(asked, value)
    return ", ".join(files[one].name if isinstance(one, int) and one in files else str(one) for one in value)


def fields_of(activity: Activity) -> tuple[Requisito, ...]:
    """Everything that an activity may ask of whoever performs it."""
    return (*activity.form, *(field for option in activity.options for field in option.form))


async def files_of(visit: Visit, law: Procedure, request: Request) -> list[Kept]:
    """Every file of a request: those that were asked for, and those that its activities gathered."""
    found = await files_in(visit, law.requisitos, request.answers)
    for key, values in request.given.items():
        n = key.partition("#")[0].partition("/")[0]
        found.extend(await files_in(visit, fields_of(law.activity(n)), values))
    return found


async def files_in(visit: Visit, asked: Sequence[Requisito], values: Mapping[str, Any]) -> list[Kept]:
    """The files among some answers, in order."""
    ids = [file for one in asked if one.kind in FILE_KINDS for file in values.get(one.id, ()) if isinstance(file, int)]
    found = await visit.work.files.some(ids)
    return [found[one] for one in ids if one in found]


def question(asked: Question) -> dict[str, Any]:
    """An open question as facts carry it."""
    return {"by": asked.name, "at": asked.at.isoformat(), "text": asked.text}


def where_now(visit: Visit, law: Procedure, request: Request) -> dict[str, Any]:
    """Where a request stands, in words: what waits, for whom and until when; or how it ended.

    Of many side by side, the first few: an area needs no list of all the others.
    """
    waits = [
        {
            "n": turn.activity,
            "text": law.activity(turn.activity).question
            if turn.stage == "choose"
            else law.activity(turn.activity).text,
            "party": law.activity(turn.activity).whose or party(visit, turn.role),
            "item": turn.item,
            "due": turn.due.isoformat() if turn.due else None,
        }
        for turn in request.turns[:_WAITS_SHOWN]
    ]
    return {"waits": waits, "state": request.state, "outcome": request.outcome}


def ended_facts(
    visit: Visit, law: Procedure, request: Request, n: str, events: Sequence[Event], *, item: str | None
) -> dict[str, Any]:
    """How a turn ended by what happened: what was done, by whom and when. `item`: which of several it was."""
    act = next((one for one in events if one.activity == n), events[0] if events else None)
    return {
        **how_it_ended(visit, law, request, n, option=act.option if act else None, how=act.kind if act else None),
        "item": item,
        "by": act.name if act else "",
        "at": (act.at if act else visit.now).isoformat(),
        "note": act.note if act else None,
    }


def how_it_ended(
    visit: Visit, law: Procedure, request: Request, n: str, *, option: str | None, how: Happened | None
) -> dict[str, Any]:
    """What was done in a turn, or why it was not, and where the request stands now; nobody's name is in it yet."""
    activity = law.activity(n)
    return {
        **head(visit, law, request, n),
        "did": label_of(activity, option) or activity.action,
        "withdrawn": how == "withdrawn",
        "undone": how == "undone",
        "left": None,
        **where_now(visit, law, request),
    }


def label_of(activity: Activity, option: str | None) -> str | None:
    found = activity.option(option) if option else None
    return found.label if found else None


def moment(at: datetime | None) -> str | None:
    """A moment as facts carry it."""
    return at.isoformat() if at else None
