"""Hours as people say them, and whether they mean the morning or the afternoon.

An office works from about seven to seven: a bare 7 to 12 is read as it stands, a bare 1 to 6 is taken for the
afternoon and marked as ambiguous, and anything from 13 on, with a leading zero or with its part of the day is certain.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from typing import Final, TypeAlias

_HALF_DAY: Final = 12
_LAST_HOUR: Final = 23
_LAST_MINUTE: Final = 59
_LAST_AFTERNOON: Final = 6
_DAWN: Final = time(6)
_LATE: Final = frozenset({"pm", "noche", "madrugada", "am", "medianoche"})


@dataclass(frozen=True, slots=True)
class Clock:
    """An hour as it was written: `part` is am, pm, manana, tarde, noche, madrugada, dia or nothing."""

    hour: int
    minute: int
    literal: bool
    part: str | None


MIDNIGHT: Final = Clock(0, 0, literal=True, part="medianoche")


@dataclass(frozen=True, slots=True)
class Hours:
    start: Clock
    end: Clock | None = None

    def at_midnight(self) -> bool:
        """Tell whether it begins between two days, both of which people call by either name."""
        return self.start == MIDNIGHT or (self.start.part, self.start.hour) == ("noche", 12)


@dataclass(frozen=True, slots=True)
class Told:
    """The hours that were understood."""

    start: time
    end: time | None
    ambiguous: bool


def settle(hours: Hours, part: str | None) -> Told | None:
    """Turn what was written into hours of the day; None if there is no such hour. `part` was told apart from it."""
    if hours.end is None:
        start = _hour(hours.start, hours.start.part or part)
        return start and Told(start[0], None, start[1])
    return _stretch(hours.start, hours.end, part)


def _stretch(start: Clock, end: Clock, part: str | None) -> Told | None:
    """Find the first reading in which the end comes after the beginning: «de 10 a 1 pm», «de 6 a 8»."""
    closing = _hour(end, end.part or start.part or part)
    if closing is None:
        return None
    closings = [closing[0]]
    if end.part is None and not end.literal and closing[0].hour < _HALF_DAY:
        closings.append(time(closing[0].hour + _HALF_DAY, end.minute))
    openings = [_hour(start, told) for told in ([start.part] if start.part else [end.part or part, part, None])]
    for opening in filter(None, openings):
        for ends in closings:
            if opening[0] < ends:
                return Told(opening[0], ends, opening[1])
    if openings[0] and {start.part or end.part, end.part or "noche"} <= _LATE and closing[0] <= _DAWN:
        return Told(openings[0][0], closing[0], openings[0][1])
    return None


def _hour(clock: Clock, part: str | None) -> tuple[time, bool] | None:
    """Give the hour of the day and whether it is unsure."""
    if clock.hour > _LAST_HOUR or clock.minute > _LAST_MINUTE:
        return None
    if part is None:
        unsure = 0 < clock.hour <= _LAST_AFTERNOON and not clock.literal
        return time(clock.hour + _HALF_DAY * unsure, clock.minute), unsure
    hour = _PARTS[part].get(clock.hour)
    return None if hour is None else (time(hour, clock.minute), (part, clock.hour) in _UNSURE)


def _same(first: int, last: int) -> dict[int, int]:
    return {hour: hour for hour in range(first, last + 1)}


def _later(first: int, last: int) -> dict[int, int]:
    return {hour: hour + _HALF_DAY for hour in range(first, last + 1)}


# What each hour means when its part of the day is said. Missing hours do not exist in it: «11 de la tarde».
_PARTS: Final = {
    "am": {12: 0} | _same(0, 11),
    "pm": _later(1, 11) | _same(12, 23),
    "manana": _same(1, 11),
    "tarde": _later(1, 8) | _same(12, 20),
    "noche": {0: 0, 12: 0} | _later(6, 11) | _same(18, 23),
    "madrugada": {12: 0} | _same(0, 6),
    "dia": _same(7, 18) | _later(1, 3),
    "medianoche": {0: 0},
}
# Some write 12 am at noon.
_UNSURE: Final = {("am", 12)}


_PART: Final = (
    r"(?: (?:en punto|(?P<h{n}>h)|aprox))*"
    r"(?: (?:(?P<half{n}>[ap]m)|(?:de|por|en|a) la (?P<part{n}>manana|tarde|noche|madrugada)"
    r"|de(?:l| el) (?P<noonish{n}>dia(?! \d)|mediodia)))?(?: (?:h|en punto))?"
)
_CLOCK: Final = (
    r"(?:(?P<hour{n}>\d{{1,2}})[:.](?P<minute{n}>\d{{1,2}})(?:[:.]\d\d)?"
    r"|(?P<bare{n}>\d{{1,2}}|una)(?: (?:y|con) (?P<more{n}>media|cuarto|\d{{1,2}}(?= |$))(?: minutos)?"
    r"| (?P<minutes{n}>[0-5]\d)(?! de [efmajsond]))?"
    r"|(?P<joined{n}>[012]?\d[0-5]\d)|(?P<named{n}>mediodia|medianoche))"
)
_ABOUT: Final = (
    r"(?:(?:como|tipo|mas o menos|aprox|casi) )?"
    r"(?:(?:a eso de|alrededor de|cerca de|por ahi de|a partir de|de|desde|a|sobre|hacia) )?"
)
_LAS: Final = (
    rf"(?:{_ABOUT}(?P<las>las|la(?= 1 | 1$| una| 1:))"
    r"|(?P<label>hora|horario|tipo|inicio|inicia)(?: de inicio)?(?: ,)?) "
)
_UNTIL: Final = (
    r" (?:,? ?(?:y )?(?:termina|termino|terminando|concluye|finaliza|fin|final|cierre)(?: ,)?(?: a)?|a|hasta|-|al)"
)
_END: Final = r"(?= |$)"


def _clock(number: int) -> str:
    return _CLOCK.format(n=number)


def _part(number: int) -> str:
    return _PART.format(n=number)


_STRETCH: Final = re.compile(
    rf"(?:(?P<from>de|desde|entre) )?(?:{_LAS})?{_clock(1)}{_part(1)}{_UNTIL}(?: las?)? {_clock(2)}{_part(2)}{_END}"
)
_TIGHT: Final = re.compile(rf"(?:(?P<from>de) )?(?:{_LAS})?(?P<bare1>\d{{1,2}})-(?P<bare2>\d{{1,2}}){_part(2)}{_END}")
_TO_THE_HOUR: Final = re.compile(
    rf"(?:{_LAS}|faltando |a )?(?P<before>cuarto|5|10|15|20|25) para (?:las?) {_clock(1)}{_part(1)}{_END}"
)
_LESS: Final = re.compile(
    rf"(?:{_LAS})?(?P<bare1>\d{{1,2}}|una) menos (?P<before>cuarto|5|10|15|20|25){_part(1)}{_END}"
)
_ONE: Final = re.compile(rf"(?:{_LAS}|(?:a la|al?|de|desde) )?{_clock(1)}{_part(1)}{_END}")

Found: TypeAlias = tuple[Hours, int]


def find_hours(line: str, start: int) -> Found | None:
    """Read hours at this place of a plain line, and tell where they end."""
    for pattern, build in _PATTERNS:
        found = pattern.match(line, start)
        hours = found and build(found)
        if found and hours:
            return hours, found.end()
    return None


def _read(found: re.Match[str], number: int) -> Clock:
    said = found.groupdict()

    def group(name: str) -> str | None:
        return said.get(f"{name}{number}")

    part = group("half") or group("part") or ("dia" if group("noonish") else None)
    if named := group("named"):
        return Clock(12, 0, literal=True, part="dia") if named == "mediodia" else MIDNIGHT
    if joined := group("joined"):
        return Clock(int(joined[:-2]), int(joined[-2:]), literal=joined.startswith("0"), part=part)
    if hour := group("hour"):
        minute = group("minute") or "0"
        # «10:5» lacks a figure and nobody knows which one.
        return Clock(int(hour), int(minute) if len(minute) > 1 else 99, literal=hour.startswith("0"), part=part)
    bare = group("bare") or "0"
    more = group("more") or group("minutes") or "0"
    return Clock(
        hour=1 if bare == "una" else int(bare),
        minute={"media": 30, "cuarto": 15}.get(more) or int(more),
        literal=bare.startswith("0"),
        part=part,
    )


def _sure(found: re.Match[str], number: int) -> bool:
    """Tell whether these figures can be nothing but an hour."""
    said = found.groupdict()
    return any(said.get(f"{name}{number}") for name in ("hour", "named", "half", "part", "noonish", "h"))


def _half_told(found: re.Match[str], number: int) -> bool:
    return found.groupdict().get(f"more{number}") in {"media", "cuarto"}


def _stretch_of(found: re.Match[str]) -> Hours | None:
    said = found.groupdict()
    if said["from"] == "entre":
        return None
    if any(said.get(f"joined{number}") and not (said["las"] or _sure(found, number)) for number in (1, 2)):
        return None
    if not (_sure(found, 1) or _sure(found, 2) or said["las"] or said["label"] or said["from"] or _half_told(found, 2)):
        return None
    return Hours(_read(found, 1), _read(found, 2))


def _before_of(found: re.Match[str]) -> Hours | None:
    clock = _read(found, 1)
    if clock.minute or clock.hour < 1 or (clock.hour == _HALF_DAY and clock.part in {"am", "pm"}):
        return None
    minutes = 15 if found["before"] == "cuarto" else int(found["before"])
    hour = clock.hour - 1 if clock.hour > 1 else clock.hour - 1 + _HALF_DAY
    return Hours(Clock(hour, 60 - minutes, literal=False, part=clock.part))


def _one_of(found: re.Match[str]) -> Hours | None:
    said = found.groupdict()
    introduced = said["las"] or said["label"]
    if said["joined1"] and not (introduced or _sure(found, 1)):
        return None
    if said["hour1"] and "." in found[0] and not (introduced or _sure_without_figures(found)):
        return None
    if said["minutes1"] and not (introduced or _sure_without_figures(found)):
        return None
    if said["bare1"]:
        part_told = said["half1"] or said["part1"] or said["noonish1"]
        # «2 h» may be how long it lasts.
        plain_hours = said["h1"] and (
            int(said["bare1"].replace("una", "1")) > _LAST_AFTERNOON or said["bare1"][0] == "0"
        )
        if not (introduced or part_told or plain_hours or _half_told(found, 1)):
            return None
        if said["more1"] and not _half_told(found, 1) and not _spoken_minutes(said["bare1"], said["more1"], introduced):
            return None
    return Hours(_read(found, 1))


def _spoken_minutes(hour: str, minutes: str, introduced: str | None) -> bool:
    """Tell «las 10 y 20» from «las 4 y 5», which are two hours."""
    hour_number = 1 if hour == "una" else int(hour)
    return int(minutes) % 5 == 0 and int(minutes) != hour_number + 1 and (introduced is not None or len(minutes) > 1)


def _sure_without_figures(found: re.Match[str]) -> bool:
    said = found.groupdict()
    return any(said.get(f"{name}1") for name in ("half", "part", "noonish", "h"))


_PATTERNS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Hours | None]], ...]] = (
    (_STRETCH, _stretch_of),
    (_TIGHT, _stretch_of),
    (_TO_THE_HOUR, _before_of),
    (_LESS, _before_of),
    (_ONE, _one_of),
)
