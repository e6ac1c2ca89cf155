"""Days and hours to press: the first that will do, a calendar, and the hours of a day in two taps."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from bot.desk.incoming import Popup
from bot.desk.visit import Button, Rows, Visit, in_rows
from bot.flows.draft import Draft
from bot.flows.intake import Form
from bot.flows.picking import (
    DAY_KINDS,
    Cell,
    Clock,
    day_of,
    first_days,
    is_hour,
    month_of,
    named,
    read_month,
)
from bot.flows.procedure import Requisito
from bot.flows.requisitos import Picked, Said, Typed, brief_date
from bot.flows.words import place_in

KINDS = DAY_KINDS | {"time"}
NEVER = "no:"


@dataclass(frozen=True)
class Picker:
    """What can be pressed, what of it is listed under its number, and what its words need to know."""

    rows: Rows
    listed: tuple[str, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)


def picker(visit: Visit, draft: Draft, form: Form, asked: Requisito) -> Picker:
    """The days or the hours to choose from, as far as the answer has come."""
    pending = draft.pending
    if pending.get("hours"):
        return Picker(in_rows([_button(draft, Cell(f"{one} h", f"h:{one}")) for one in pending["hours"]]))
    if asked.kind == "time" or (asked.kind == "datetime" and "date" in pending):
        return _hours(visit, draft, form, asked)
    shown = read_month(str(pending.get("month")), visit.setting_for(draft))
    if shown is not None and "days" not in pending:
        return _calendar(visit, draft, form, asked, shown)
    days = [date.fromisoformat(day) for day in pending.get("days", ())]
    days = days or first_days(form.earliest(visit.setting), visit.setting)
    labels = tuple(brief_date(day) for day in days)
    cells = (Cell(label, f"d:{day.isoformat()}") for label, day in zip(labels, days, strict=True))
    return Picker(in_rows([_button(draft, cell) for cell in cells]), labels)


def _calendar(visit: Visit, draft: Draft, form: Form, asked: Requisito, shown: date) -> Picker:
    setting = visit.setting_for(draft)
    month = month_of(shown, setting, earliest=day_of(_earliest(visit, form, asked), setting))
    facts = {"calendar": {"month": named(shown), "closed": month.closed}, "early": month.early}
    return Picker(_laid_out(draft, month.rows), facts=facts)


def _earliest(visit: Visit, form: Form, asked: Requisito) -> datetime | date | None:
    """What keeps the notice, where this is its date and something is asked of whoever comes too late."""
    binding = form.aviso is not None and form.notice is not None and form.notice.before == asked.id
    earliest: datetime | date | None = form.earliest(visit.setting) if binding else None
    return earliest


def _hours(visit: Visit, draft: Draft, form: Form, asked: Requisito) -> Picker:
    earliest = _earliest(visit, form, asked)
    day = date.fromisoformat(draft.pending["date"]) if "date" in draft.pending else None
    clock = Clock(visit.setting_for(draft), day, earliest if isinstance(earliest, datetime) else None)
    shown = draft.pending.get("clock")
    facts: dict[str, Any] = {}
    if shown is None:
        rows = clock.usual()
    elif is_hour(shown):
        rows, facts = clock.quarters(int(shown)), {"clock": "quarters", "hour": time(int(shown)).isoformat("minutes")}
    else:
        rows, facts = clock.every(), {"clock": "hours"}
    early = any(cell.label.startswith("(") for row in rows for cell in row)
    return Picker(_laid_out(draft, rows), facts={**facts, "early": early})


def _laid_out(draft: Draft, rows: Iterable[Iterable[Cell]]) -> Rows:
    return tuple(tuple(_button(draft, cell) for cell in row) for row in rows)


def _button(draft: Draft, cell: Cell) -> Button:
    return (cell.label, f"q:{draft.id}:{draft.step}:{cell.key}")


def numbered(visit: Visit, draft: Draft, form: Form, asked: Requisito, said: Typed) -> Said:
    """Turn the number of a day that is listed into that day; where none is listed, a number may be much else."""
    shown = picker(visit, draft, form, asked)
    place = place_in(said.text.strip(), len(shown.listed))
    if place is None:
        return said
    data = [data for row in shown.rows for _, data in row][place]
    return Picked(":".join(data.split(":")[3:]))


def never(said: Said) -> Popup | None:
    """Why a place of a calendar or a clock cannot be chosen, if that is what was pressed."""
    if not isinstance(said, Picked) or not said.key.startswith(NEVER):
        return None
    return Popup("popup/not_this_one", {"reason": said.key.removeprefix(NEVER)})
