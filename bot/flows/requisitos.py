"""Kinds of answers: read what was typed, picked or sent; check it; show it back.

An answer is plain JSON, the same in a draft, a request and a record: text, an
option's id or a list of them, true or false, a number, an ISO date
(`2026-12-11`), an ISO moment with its offset (`2026-12-11T17:00-06:00`, and after
a slash the hour at which it ends), an hour (`17:00`, and its end likewise),
`{"text", "latitude", "longitude"}` for a place, `{"width", "height", "unit"}` for a
size, and a list of file ids.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from bot.flows._requisitos_areas import AS_WRITTEN, read_area, read_person
from bot.flows._requisitos_choices import read_choice, read_choices, read_yes_no
from bot.flows._requisitos_dates import (
    brief_date,
    moments,
    read_date,
    read_datetime,
    read_time,
    show_hours,
    show_moment,
)
from bot.flows._requisitos_figures import read_duration, read_money, read_number, read_size, show_minutes
from bot.flows._requisitos_files import read_files
from bot.flows._requisitos_said import (
    LONG_TEXT_LENGTH,
    MAX_FILES,
    TEXT_LENGTH,
    Answered,
    Located,
    Misread,
    Phoned,
    Picked,
    Reader,
    Reading,
    Said,
    Sent,
    Setting,
    Typed,
    Unfinished,
)
from bot.flows._requisitos_texts import link_in, read_email, read_link, read_phone, read_place, read_text, show_phone
from bot.flows.dates import long_date
from bot.flows.procedure import Procedure, Requisito
from bot.flows.words import INVISIBLE

__all__ = [
    "AS_WRITTEN",
    "LONG_TEXT_LENGTH",
    "MAX_FILES",
    "TEXT_LENGTH",
    "Answered",
    "Located",
    "Misread",
    "Phoned",
    "Picked",
    "Reading",
    "Said",
    "Sent",
    "Setting",
    "Typed",
    "Unfinished",
    "brief_date",
    "link_in",
    "moments",
    "read",
    "show",
    "subject",
]

_WRITTEN = frozenset({"text", "long_text", "person"})  # they count their own characters


def read(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    """Understand an answer, or say why not."""
    if isinstance(said, Typed):
        clean = INVISIBLE.sub("", said.text).strip()
        if not clean:
            return Misread("empty")
        if asked.kind not in _WRITTEN and len(clean) > LONG_TEXT_LENGTH:
            return Misread("too_long", {"limit": LONG_TEXT_LENGTH, "length": len(clean)})
        said = replace(said, text=clean)
    return _READERS[asked.kind](asked, said, setting, pending)


_READERS: dict[str, Reader] = {
    "text": read_text,
    "long_text": read_text,
    "person": read_person,
    "date": read_date,
    "time": read_time,
    "datetime": read_datetime,
    "place": read_place,
    "choice": read_choice,
    "choices": read_choices,
    "yes_no": read_yes_no,
    "number": read_number,
    "size": read_size,
    "money": read_money,
    "duration": read_duration,
    "phone": read_phone,
    "email": read_email,
    "area": read_area,
    "files": read_files,
    "photos": read_files,
    "link": read_link,
}


def show(asked: Requisito, value: Any) -> str:
    """Give an answer as a person reads it. Files are told apart elsewhere, by their names."""
    match asked.kind:
        case "choice":
            return next((one.label for one in asked.options if one.id == value), str(value))
        case "choices":
            return ", ".join(one.label for one in asked.options if one.id in value)
        case "yes_no":
            return "Sí" if value else "No"
        case "date":
            return long_date(date.fromisoformat(value))
        case "datetime":
            return show_moment(value)
        case "time":
            return show_hours(value)
        case "place":
            return str(value["text"])
        case "size":
            return f"{value['width']:.10g} x {value['height']:.10g} {value['unit']}"
        case "money":
            return f"${Decimal(value):,.2f}"
        case "duration":
            return show_minutes(value)
        case "phone":
            return show_phone(value)
        case _:
            return str(value)


def subject(procedure: Procedure, given: Mapping[str, Any]) -> str:
    """What a request is about, in its requester's words; the procedure's wish, where they are none."""
    first = procedure.requisitos[0] if procedure.requisitos else None
    value = given.get(first.id) if first else None
    return show(first, value) if first and isinstance(value, str) else procedure.wish
