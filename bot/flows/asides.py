"""The buttons beside a question's answers, which can be typed too: the ways through the form, and to other answers."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from bot.flows.picking import (
    ALL_HOURS,
    DAY_KINDS,
    FIRST_DAYS,
    OTHER_DAY,
    USUAL_HOURS,
    first_days,
    later,
    month_key,
    read_month,
)
from bot.flows.procedure import Requisito
from bot.flows.requisitos import Picked, Said, Setting, Typed
from bot.flows.words import Words, fold

_FILES = frozenset({"files", "photos"})
_TRAILS = re.compile(r"(?:[\s,;.]+y)?[\s,;.]+$")


def asides(
    asked: Requisito,
    *,
    pending: Mapping[str, Any],
    can_keep: bool,
    earliest: datetime | date | None,
    setting: Setting,
) -> dict[str, str]:
    """The words of the buttons that this question has now, each with its key."""
    found = dict(_pickers(asked, pending, earliest, setting))
    if asked.kind == "choices" or asked.kind in _FILES:
        found["done"] = "done"
    if asked.kind in _FILES and pending.get("files"):
        found["drop"] = "drop"
    if "mend" in pending:
        found["mend"] = "mend"
    if can_keep:
        found["keep"] = "keep"
    return {**found, "skip": "skip", "back": "back"}


def _pickers(
    asked: Requisito, pending: Mapping[str, Any], earliest: datetime | date | None, setting: Setting
) -> Iterator[tuple[str, str]]:
    if asked.kind == "time" or (asked.kind == "datetime" and "date" in pending):
        yield from _hours(pending)
        if asked.kind == "datetime":
            yield "other_day", OTHER_DAY
    elif asked.kind in DAY_KINDS:
        shown = read_month(str(pending.get("month")), setting)
        if shown is None or "days" in pending:
            yield "calendar", opening_month(earliest, setting)
        else:
            yield "first_days", FIRST_DAYS
            yield "earlier_month", month_key(later(shown, -1))
            yield "later_month", month_key(later(shown, 1))


def _hours(pending: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if pending.get("clock") != "":
        yield "other_hour", ALL_HOURS
    if "clock" in pending:
        yield "usual_hours", USUAL_HOURS


def opening_month(earliest: datetime | date | None, setting: Setting) -> str:
    """The key of the month with which a calendar opens: that of the first day that will do."""
    return month_key(first_days(earliest, setting)[0])


def read_aside(said: Said, asked: Requisito, known: Mapping[str, str], words: Words) -> str | None:
    """The key of the button beside the answers that was pressed or typed, if one was."""
    if isinstance(said, Picked):
        return said.key if said.key in known.values() else None
    if not isinstance(said, Typed) or any(fold(said.text) == fold(one.label) for one in asked.options):
        return None  # «Ninguno» may be an answer
    word = words.read(said.text, tuple(known))
    return known[word] if word else None


def without_done(said: Typed, words: Words) -> tuple[Typed, bool]:
    """Part «1, 3 y listo» into what it ticks, and whether it says that this is all."""
    rest, _, last = said.text.rstrip().rpartition(" ")
    if rest and words.read(last, ("done",)):
        return Typed(_TRAILS.sub("", f"{rest} ")), True
    return said, False
