"""Days and hours, pressed and typed, together or one after the other."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.flows._requisitos_said import Answered, Misread, Picked, Reading, Said, Setting, Typed, Unfinished
from bot.flows.calendar import Calendar
from bot.flows.dates import Unclear, When, long_date, long_when, read_when
from bot.flows.picking import OTHER_DAY, USUAL_HOURS, is_hour, named, read_month
from bot.flows.procedure import Requisito

_YEARS_AHEAD = 20
_PARTS = ("date", "days", "hours", "ends", "clock")  # of a day and its hour, as far as they are said
_DOUBT = ("hours", "ends", "clock")
_OF_THE_MONTH = re.compile(r"(?i)(?:el +)?(?:d[ií]a +)?(\d{1,2})((?:,? +a +las? .+)?)")
_OF_THE_HOUR = re.compile(r":?(00|15|30|45)")


def read_date(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    if isinstance(said, Picked):
        turned = _turned(said.key, setting)
        when = _picked_day(said.key)
        return turned or (_on(when, setting) if when else Misread("stale"))
    if not isinstance(said, Typed):
        return Misread("not_a_date")
    understood = read_when(_in_the_month(said.text, pending, setting), now=setting.calendar.local(setting.now))
    del asked
    if isinstance(understood, Unclear):
        return _unclear(understood)
    return _on(understood.date, setting)


def _turned(key: str, setting: Setting) -> Reading | None:
    """What a button that shows other days leaves: the month to show, or none."""
    kind, _, rest = key.partition(":")
    if kind != "c":
        return None
    if key == OTHER_DAY:  # the month stays open, if it was, and the hour goes with its day
        return Unfinished({}, (*_PARTS, "at", "until"))
    if not rest:
        return Unfinished({}, (*_PARTS, "month"))
    return Unfinished({"month": rest}, _PARTS) if read_month(rest, setting) else Misread("stale")


def _in_the_month(text: str, pending: Mapping[str, Any], setting: Setting) -> str:
    """Read «15», or «15 a las 5 pm», in the month that is shown."""
    month = read_month(str(pending.get("month")), setting)
    found = _OF_THE_MONTH.fullmatch(text.strip())
    return f"{found[1]} de {named(month)}{found[2]}" if month and found else text


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
    return Misread("date", {"why": unclear.why}, kept, _PARTS if kept else ())


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


def _other_hours(key: str) -> Reading | None:
    """What a button that shows other hours leaves: all of them, the quarters of one, or the usual ones."""
    kind, _, rest = key.partition(":")
    if kind != "t":
        return None
    if key == USUAL_HOURS:
        return Unfinished({}, _DOUBT)
    return Unfinished({"clock": rest}, _DOUBT) if not rest or is_hour(rest) else Misread("stale")


def _of_the_hour(text: str, pending: Mapping[str, Any]) -> time | None:
    """The quarter that was typed, of the hour whose quarters are shown."""
    hour = str(pending.get("clock") or "")
    found = _OF_THE_HOUR.fullmatch(text.strip())
    return time(int(hour), int(found[1])) if found and is_hour(hour) else None


def read_datetime(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    """Read a day and its hour, together or one after the other, asking for a doubtful hour."""
    known = date.fromisoformat(pending["date"]) if pending.get("date") else None
    if isinstance(said, Picked):
        return _moment_picked(said.key, known, setting, pending)
    if not isinstance(said, Typed):
        return Misread("not_a_date")
    del asked
    quarter = _of_the_hour(said.text, pending)
    if known is not None and quarter is not None:
        return _at(known, quarter, None, setting)
    local = setting.calendar.local(setting.now)
    understood = read_when(said.text if known else _in_the_month(said.text, pending, setting), now=local)
    if known is not None:
        understood = _beside(known, said.text, understood, local)
    if isinstance(understood, Unclear):
        return _unclear(understood)
    if understood.time is None:
        return _wait_for_hour(understood.date, setting)
    if understood.ambiguous_hour:
        return _doubtful(understood, setting)
    return _at(understood.date, understood.time, understood.end, setting)


def _moment_picked(key: str, known: date | None, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    turned = _turned(key, setting) or (_other_hours(key) if known else None)
    if turned is not None:
        return turned
    hour = _picked_hour(key)
    if hour is not None and known is not None:
        ends = (pending.get("ends") or {}).get(hour.isoformat("minutes"))
        return _at(known, hour, time.fromisoformat(ends) if ends else None, setting)
    day = _picked_day(key)
    if day is None:
        return Misread("stale")
    if pending.get("at"):
        until = time.fromisoformat(pending["until"]) if pending.get("until") else None
        return _at(day, time.fromisoformat(pending["at"]), until, setting)
    return _wait_for_hour(day, setting)


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
        return Unfinished({**waiting.pending, **_halves(when.time, when.end)})
    return waiting


def _halves(starts: time, until: time | None) -> dict[str, Any]:
    """An hour that may be of the morning or of the afternoon, and when each would end."""
    later = starts.hour % 12 + 12
    hours = [time(hour % 24, starts.minute).isoformat("minutes") for hour in (later - 12, later)]
    ends: dict[str, str] = {}
    if until is not None:
        for hour, text in zip((later - 12, later), hours, strict=True):
            ends[text] = until.replace(hour=(until.hour + hour - starts.hour) % 24).isoformat("minutes")
    return {"hours": hours, "ends": ends}


def _at(day: date, hour: time, end: time | None, setting: Setting) -> Reading:
    moment = setting.calendar.at(day, hour).astimezone(setting.calendar.local(setting.now).tzinfo)
    if moment <= setting.now and not setting.past:
        return Misread("past", {"when": long_when(day, hour)})
    text = moment.isoformat(timespec="minutes")
    return Answered(f"{text}/{end.isoformat('minutes')}" if end else text)


def read_time(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    """Read an hour and, where it was said, the one at which it ends."""
    del asked
    if isinstance(said, Picked):
        hour = _picked_hour(said.key)
        ends = (pending.get("ends") or {}).get(hour.isoformat("minutes")) if hour else None
        return _other_hours(said.key) or (_hours(hour, ends) if hour else Misread("stale"))
    if not isinstance(said, Typed):
        return Misread("not_text")
    quarter = _of_the_hour(said.text, pending)
    if quarter is not None:
        return _hours(quarter, None)
    understood = read_when(_hour_words(said.text), now=setting.calendar.local(setting.now))
    if isinstance(understood, Unclear) or understood.time is None:
        return Misread("not_an_hour")
    if understood.ambiguous_hour:
        return Unfinished(_halves(understood.time, understood.end))
    return _hours(understood.time, understood.end.isoformat("minutes") if understood.end else None)


def _hours(starts: time, ends: str | None) -> Answered:
    text = starts.isoformat("minutes")
    return Answered(f"{text}/{ends}" if ends else text)


def brief_date(day: date) -> str:
    """A day as a button has room for it: `mié 25 nov`."""
    weekday, _, rest = long_date(day).partition(" ")
    number, _, month, *_ = rest.split()
    return f"{weekday[:3]} {number} {month[:3]}"


def show_hours(value: str) -> str:
    return f"{value.replace('/', ' a ')} h"


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
