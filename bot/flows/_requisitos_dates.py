"""Days and hours, pressed and typed, together or one after the other."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.flows._requisitos_said import Answered, Misread, Picked, Reading, Said, Setting, Typed, Unfinished
from bot.flows.calendar import Calendar
from bot.flows.dates import Unclear, When, long_date, long_when, read_when
from bot.flows.procedure import Requisito

_YEARS_AHEAD = 20


def read_date(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    if isinstance(said, Picked):
        when = _picked_day(said.key)
        return _on(when, setting) if when else Misread("stale")
    if not isinstance(said, Typed):
        return Misread("not_a_date")
    understood = read_when(said.text, now=setting.calendar.local(setting.now))
    del asked, pending
    if isinstance(understood, Unclear):
        return _unclear(understood)
    return _on(understood.date, setting)


def _on(day: date, setting: Setting) -> Reading:
    today = setting.calendar.local(setting.now).date()
    if day < today and not setting.past:
        return Misread("past", {"when": long_date(day)})
    if day.year > today.year + _YEARS_AHEAD:  # no button of ours offers it, and no calendar reaches it
        return Misread("stale")
    return Answered(day.isoformat())


def _unclear(unclear: Unclear) -> Misread:
    kept: dict[str, Any] = {}
    if unclear.candidates:
        kept["days"] = [day.isoformat() for day in unclear.candidates]
        if unclear.time is not None and not unclear.ambiguous_hour:
            kept["at"] = unclear.time.isoformat("minutes")
            kept["until"] = unclear.end.isoformat("minutes") if unclear.end else None
    return Misread("date", {"why": unclear.why}, kept)


def _picked_day(key: str) -> date | None:
    kind, _, rest = key.partition(":")
    if kind != "d":
        return None
    try:
        return date.fromisoformat(rest)
    except ValueError:
        return None


def _picked_hour(key: str) -> time | None:
    kind, _, rest = key.partition(":")
    if kind != "h":
        return None
    try:
        return time.fromisoformat(rest)
    except ValueError:
        return None


def read_datetime(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    """Read a day and its hour, together or one after the other, asking for a doubtful hour."""
    known = date.fromisoformat(pending["date"]) if "date" in pending else None
    if isinstance(said, Picked):
        hour = _picked_hour(said.key)
        if hour is not None and known is not None:
            ends = pending.get("ends", {}).get(hour.isoformat("minutes"))
            return _at(known, hour, time.fromisoformat(ends) if ends else None, setting)
        day = _picked_day(said.key)
        if day is None:
            return Misread("stale")
        if "at" in pending:
            until = time.fromisoformat(pending["until"]) if pending.get("until") else None
            return _at(day, time.fromisoformat(pending["at"]), until, setting)
        return _wait_for_hour(day, setting)
    if not isinstance(said, Typed):
        return Misread("not_a_date")
    del asked
    local = setting.calendar.local(setting.now)
    understood = read_when(said.text, now=local)
    if known is not None:
        understood = _beside(known, said.text, understood, local)
    if isinstance(understood, Unclear):
        return _unclear(understood)
    if understood.time is None:
        return _wait_for_hour(understood.date, setting)
    if understood.ambiguous_hour:
        return _doubtful(understood, setting)
    return _at(understood.date, understood.time, understood.end, setting)


def _hour_words(text: str) -> str:
    text = text.strip()
    return text if re.match(r"(?i)^(a|de|al)\b", text) else f"a las {text}"


def _beside(known: date, text: str, alone: When | Unclear, local: datetime) -> When | Unclear:
    """Read just "5 pm", as people write between a day and its hour, beside that day, unless another day is named."""
    day = known.isoformat()
    both = read_when(f"{day} {text}", now=local)
    if isinstance(both, When) and both.time is not None:
        return both
    return read_when(f"{day} {_hour_words(text)}", now=local) if isinstance(alone, Unclear) else alone


def _wait_for_hour(day: date, setting: Setting) -> Reading:
    checked = _on(day, setting)
    return Unfinished({"date": day.isoformat()}) if isinstance(checked, Answered) else checked


def _doubtful(when: When, setting: Setting) -> Reading:
    waiting = _wait_for_hour(when.date, setting)
    if isinstance(waiting, Unfinished) and when.time is not None:
        later = when.time.hour % 12 + 12
        hours = [time(hour % 24, when.time.minute).isoformat("minutes") for hour in (later - 12, later)]
        ends: dict[str, str] = {}
        if when.end is not None:
            for hour, text in zip((later - 12, later), hours, strict=True):
                end = when.end.replace(hour=(when.end.hour + hour - when.time.hour) % 24)
                ends[text] = end.isoformat("minutes")
        return Unfinished({**waiting.pending, "hours": hours, "ends": ends})
    return waiting


def _at(day: date, hour: time, end: time | None, setting: Setting) -> Reading:
    moment = setting.calendar.at(day, hour).astimezone(setting.calendar.local(setting.now).tzinfo)
    if moment <= setting.now and not setting.past:
        return Misread("past", {"when": long_when(day, hour)})
    text = moment.isoformat(timespec="minutes")
    return Answered(f"{text}/{end.isoformat('minutes')}" if end else text)


def read_time(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    del asked, pending
    if isinstance(said, Picked):
        hour = _picked_hour(said.key)
        return Answered(hour.isoformat("minutes")) if hour else Misread("stale")
    if not isinstance(said, Typed):
        return Misread("not_text")
    understood = read_when(_hour_words(said.text), now=setting.calendar.local(setting.now))
    if isinstance(understood, Unclear) or understood.time is None:
        return Misread("not_an_hour")
    if understood.ambiguous_hour:
        later = understood.time.hour % 12 + 12
        hours = [time(h % 24, understood.time.minute).isoformat("minutes") for h in (later - 12, later)]
        return Unfinished({"hours": hours})
    return Answered(understood.time.isoformat("minutes"))


def brief_date(day: date) -> str:
    """A day as a button has room for it: `mié 25 nov`."""
    weekday, _, rest = long_date(day).partition(" ")
    number, _, month, *_ = rest.split()
    return f"{weekday[:3]} {number} {month[:3]}"


def show_moment(value: str) -> str:
    start, _, end = value.partition("/")
    moment = datetime.fromisoformat(start)
    shown = long_when(moment.date(), moment.time())
    return f"{shown.removesuffix(' h')} a {end} h" if end else shown


def moments(value: Any, calendar: Calendar) -> tuple[datetime | None, datetime | None]:
    """When a date or datetime answer begins and ends, in UTC; a bare date begins at 00:00."""
    if not isinstance(value, str):
        return None, None
    text, _, until = value.partition("/")
    start = datetime.fromisoformat(text)
    if start.tzinfo is None:
        return calendar.at(start.date(), time.min), None
    begins = calendar.at(start.date(), start.time())
    if not until:
        return begins, None
    ends = calendar.at(start.date(), time.fromisoformat(until))
    return begins, ends if ends > begins else calendar.at(start.date() + timedelta(days=1), time.fromisoformat(until))
