"""Days and hours as buttons: the first days that will do, a month, the hours of a day, the quarters of an hour.

A key says what its button means: `d:` a day and `h:` an hour, which are answers; `c:` the month to show, or the first
days again; `t:` the hours of the day, or the quarters of one. `no:` cannot be chosen, and says why.
"""

import re
from calendar import monthcalendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from bot.flows._requisitos_said import Setting
from bot.flows.dates import long_date

DAY_KINDS: Final = frozenset({"date", "datetime"})
HOUR_KINDS: Final = frozenset({"time", "datetime"})
FIRST_DAYS: Final = "c:"
OTHER_DAY: Final = "c:-"
ALL_HOURS: Final = "t:"
USUAL_HOURS: Final = "t:-"

_DAYS_OFFERED: Final = 4
_MONTHS_AHEAD: Final = 18
_MONTHS_BEHIND: Final = 12  # for what is already done
_USUAL: Final = range(9, 19)
_HOURS: Final = range(6, 23)
_QUARTERS: Final = (0, 15, 30, 45)
_HOURS_IN_A_ROW: Final = 5
_WEEK: Final = "LMMJVSD"
_YEAR: Final = 12
_MONTH: Final = re.compile(r"\d{4}-\d{2}")


@dataclass(frozen=True)
class Cell:
    """A button: what it says, and its key."""

    label: str
    key: str


@dataclass(frozen=True)
class Month:
    """A month as rows of buttons; `early` and `closed`, whether any of its days carries that mark."""

    first: date
    rows: tuple[tuple[Cell, ...], ...]
    early: bool
    closed: bool


def first_days(earliest: datetime | date | None, setting: Setting) -> list[date]:
    """The first working day that keeps the notice, and those after it; without a notice, from tomorrow on."""
    calendar = setting.calendar
    day = day_of(earliest, setting)
    if day is None or day < _today(setting):  # of a correction, the notice may have been kept long ago
        day = calendar.next_business_day(_today(setting), inclusive=False)
    days = [calendar.next_business_day(day, inclusive=True)]
    while len(days) < _DAYS_OFFERED:
        days.append(calendar.next_business_day(days[-1], inclusive=False))
    return days


def day_of(moment: datetime | date | None, setting: Setting) -> date | None:
    """The local day of a moment; a day is its own."""
    return setting.calendar.local(moment).date() if isinstance(moment, datetime) else moment


def month_key(day: date) -> str:
    """The key of the button that shows the month of a day."""
    return f"c:{day:%Y-%m}"


def read_month(text: str, setting: Setting) -> date | None:
    """The first day of a month that may be shown, as the key of its button names it."""
    if not _MONTH.fullmatch(text):
        return None
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    first, last = _span(setting)
    return month if first <= month <= last else None


def month_of(shown: date, setting: Setting, *, earliest: date | None) -> Month:
    """Lay out a month; a day before `earliest` can be chosen, and is marked."""
    days = [day for week in monthcalendar(shown.year, shown.month) for day in week]
    cells = [_day(shown.replace(day=one), setting, earliest) if one else Cell("·", "no:other") for one in days]
    weeks = tuple(tuple(cells[place : place + 7]) for place in range(0, len(cells), 7))
    week = tuple(Cell(letter, "no:head") for letter in _WEEK)
    early, closed = (any(mark in cell.label for cell in cells) for mark in "(*")
    return Month(shown, (_around(shown, setting), week, *weeks), early=early, closed=closed)


def _day(day: date, setting: Setting, earliest: date | None) -> Cell:
    if day < _today(setting) and not setting.past:
        return Cell("·", "no:past")
    label = f"({day.day})" if earliest is not None and day < earliest else str(day.day)
    return Cell(f"{label}*" if setting.calendar.holiday(day) else label, f"d:{day.isoformat()}")


def _around(shown: date, setting: Setting) -> tuple[Cell, ...]:
    """The months beside this one, where they may be shown."""
    first, last = _span(setting)
    earlier, following = later(shown, -1), later(shown, 1)
    before = Cell(f"‹ {named(earlier)[:3]}", month_key(earlier)) if shown > first else Cell("·", "no:first")
    after = Cell(f"{named(following)[:3]} ›", month_key(following)) if shown < last else Cell("·", "no:last")
    return before, Cell(named(shown), "no:head"), after


def named(month: date) -> str:
    """A month as it is called: `diciembre de 2026`."""
    return long_date(month).partition(" de ")[2]


def later(month: date, months: int) -> date:
    """The first day of the month so many months after this one."""
    years, rest = divmod(month.month - 1 + months, _YEAR)
    return date(month.year + years, rest + 1, 1)


def _span(setting: Setting) -> tuple[date, date]:
    here = _today(setting).replace(day=1)
    return later(here, -_MONTHS_BEHIND if setting.past else 0), later(here, _MONTHS_AHEAD)


def _today(setting: Setting) -> date:
    return setting.calendar.local(setting.now).date()


@dataclass(frozen=True)
class Clock:
    """The hours of a day: those that have gone cannot be chosen; those before `earliest` can, and are marked."""

    setting: Setting
    day: date | None = None
    earliest: datetime | None = None

    def usual(self) -> tuple[tuple[Cell, ...], ...]:
        """The hours at which most things begin."""
        cells = (self._hour(time(hour)) for hour in _USUAL)
        return in_fives([cell for cell in cells if not cell.key.startswith("no:")])

    def every(self) -> tuple[tuple[Cell, ...], ...]:
        """Every hour of the day, each to be asked for its quarters."""
        return in_fives([self._cell(time(hour, _QUARTERS[-1]), f"{hour} h", f"t:{hour}") for hour in _HOURS])

    def quarters(self, hour: int) -> tuple[tuple[Cell, ...], ...]:
        """The quarters of an hour."""
        return (tuple(self._hour(time(hour, minute)) for minute in _QUARTERS),)

    def _hour(self, hour: time) -> Cell:
        text = hour.isoformat("minutes")
        return self._cell(hour, f"{text} h", f"h:{text}")

    def _cell(self, hour: time, label: str, key: str) -> Cell:
        if self.day is None:
            return Cell(label, key)
        moment = self.setting.calendar.at(self.day, hour)
        if moment <= self.setting.now and not self.setting.past:
            return Cell("·", "no:hour")
        # All of a day that is early itself would be marked: that was seen in its month.
        here = day_of(self.earliest, self.setting) == self.day
        early = here and self.earliest is not None and moment < self.earliest
        return Cell(f"({label.removesuffix(' h')})" if early else label, key)


def in_fives(cells: Sequence[Cell]) -> tuple[tuple[Cell, ...], ...]:
    """Lay short buttons out, as many to a row as a phone shows whole."""
    return tuple(tuple(cells[place : place + _HOURS_IN_A_ROW]) for place in range(0, len(cells), _HOURS_IN_A_ROW))


def is_hour(text: str) -> bool:
    """Whether this names an hour whose quarters may be shown."""
    return text.isdecimal() and len(text) < 3 and int(text) in _HOURS  # noqa: PLR2004 (figures of an hour)
