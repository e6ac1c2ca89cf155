"""Finds the one day that all the pieces agree on, or says why there is none."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final, TypeVar

from bot.flows import _dates_answers as answers
from bot.flows._dates_answers import Unclear
from bot.flows._dates_pieces import DayMonth, DayOnly, FromToday, NthWeekday, Said, Week, Weekday

_RECENT: Final = timedelta(days=7)
_WEEK: Final = timedelta(days=7)
_HORIZON: Final = 10  # years
_OLDEST: Final = 1900
_LONGEST_MONTH: Final = 31
_YEAR_OF_MONTHS: Final = 12

_Kind = TypeVar("_Kind")


def find_day(said: Sequence[Said], now: datetime) -> date | Unclear | None:
    """Find the day; None if nothing tells one."""
    day = _agreed_day(said, now)
    if isinstance(day, date) and not _OLDEST <= day.year <= now.year + _HORIZON:
        return answers.too_far()
    return day


def _agreed_day(said: Sequence[Said], now: datetime) -> date | Unclear | None:
    today, weekdays = now.date(), _only(Weekday, said)
    days: set[date] = set()
    for piece in said:
        told = _told(piece, weekdays, now)
        if isinstance(told, Unclear):
            return told
        if told is not None:
            days.add(told)
    if len(days) > 1:
        return answers.several_dates(*days)
    if len({piece.weekday for piece in weekdays}) > 1:
        return answers.several_dates(*(_on_or_after(today, piece.weekday) for piece in weekdays))
    if days:
        return _confirmed(days.pop(), said, today)
    if numbers := set(_only(DayOnly, said)):
        return _day_of_month(numbers, said, today)
    if weekdays:
        return _day_of_week(weekdays[0], _only(Week, said), today)
    return answers.no_day() if _only(Week, said) else None


def _only(kind: type[_Kind], said: Iterable[object]) -> list[_Kind]:
    return [piece for piece in said if isinstance(piece, kind)]


def _told(piece: Said, weekdays: list[Weekday], now: datetime) -> date | Unclear | None:
    today = now.date()
    match piece:
        case DayMonth():
            return _day_month(piece, weekdays, today)
        case NthWeekday(month=None):
            return _in_a_month_ahead(piece, today)
        case NthWeekday():
            return _in_a_named_month(piece, today)
        case FromToday(hours=hours) if hours:
            return later(now, hours).date()
        case FromToday(months=0):
            return today + timedelta(days=piece.days)
        case FromToday():
            year, month = _month_ahead(today, piece.months)
            return _date(today.day, month, year)
        case _:
            return None


def later(now: datetime, hours: int) -> datetime:
    """Go forward on the clock of the world, which no change of hour disturbs."""
    return (now.astimezone(UTC) + timedelta(hours=hours)).astimezone(now.tzinfo)


def _date(day: int, month: int, year: int) -> date | Unclear:
    if 1 <= month <= _YEAR_OF_MONTHS and 1 <= day <= monthrange(year, month)[1]:
        return date(year, month, day)
    return answers.impossible_date(day, month, year)


def _month_ahead(today: date, months: int) -> tuple[int, int]:
    years, month = divmod(today.month - 1 + months, _YEAR_OF_MONTHS)
    return today.year + years, month + 1


def _on_or_after(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def _nearest(day: date, weekday: int) -> date:
    return _on_or_after(day - timedelta(days=3), weekday)


# A day of a named month


def _day_month(piece: DayMonth, weekdays: list[Weekday], today: date) -> date | Unclear:
    day, month = piece.day, piece.month
    if piece.year is not None:
        if not _OLDEST <= piece.year <= today.year + _HORIZON:
            return answers.too_far()
        return _day_first(day, month, piece.year)
    year = today.year + ((month, day) < (today.month, today.day))
    found = _day_first(day, month, year)
    if year == today.year or isinstance(found, Unclear):
        return found
    gone = _date(day, month, today.year)
    if isinstance(gone, date):
        meant = {piece.weekday for piece in weekdays} == {gone.weekday()} and gone.weekday() != found.weekday()
        if meant or today - gone <= _RECENT:
            return answers.past(gone, found)
    return found


def _day_first(day: int, month: int, year: int) -> date | Unclear:
    if month > _YEAR_OF_MONTHS and isinstance(turned := _date(month, day, year), date):
        return answers.month_first(turned)
    return _date(day, month, year)


def _in_a_named_month(piece: NthWeekday, today: date) -> date | Unclear:
    month = piece.month or today.month
    found = _nth(piece, month, piece.year or today.year)
    if piece.year is not None or isinstance(found, Unclear) or found >= today:
        return found
    next_time = _nth(piece, month, today.year + 1)
    if today - found <= _RECENT and isinstance(next_time, date):
        return answers.past(found, next_time)
    return next_time


def _in_a_month_ahead(piece: NthWeekday, today: date) -> date | Unclear:
    year, month = _month_ahead(today, piece.month_ahead)
    found = _nth(piece, month, year)
    return answers.past(found) if isinstance(found, date) and found < today else found


def _nth(piece: NthWeekday, month: int, year: int) -> date | Unclear:
    last = date(year, month, monthrange(year, month)[1])
    if piece.weekday is None:
        return last
    if piece.nth < 0:
        return _on_or_after(last - timedelta(days=6), piece.weekday)
    found = _on_or_after(date(year, month, 1), piece.weekday) + _WEEK * (piece.nth - 1)
    return found if found.month == month else answers.no_fifth(month, year, piece.weekday)


# What else was said must agree


def _confirmed(day: date, said: Sequence[Said], today: date) -> date | Unclear:
    for piece in said:
        match piece:
            case Weekday(weekday=weekday) if weekday != day.weekday():
                return answers.weekday_mismatch(day, weekday, _nearest(day, weekday))
            case Weekday(weeks_after=weeks) if weeks and day != _on_or_after(today, day.weekday()) + _WEEK * weeks:
                return answers.several_dates(day, _on_or_after(today, day.weekday()) + _WEEK * weeks)
            case DayOnly(day=number) if number != day.day:
                return answers.several_dates(day)
            case Week(ahead=ahead) if _monday(day) != _monday(today) + _WEEK * ahead:
                return answers.several_dates(day)
            case _:
                continue
    return day


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


# «el 24», «lunes 23»


def _day_of_month(numbers: set[DayOnly], said: Sequence[Said], today: date) -> date | Unclear:
    if len({piece.day for piece in numbers}) > 1:
        return answers.several_dates()
    number = numbers.pop()
    if not 1 <= number.day <= _LONGEST_MONTH:
        return answers.no_such_day(number.day)
    if number.month_ahead is not None:
        year, month = _month_ahead(today, number.month_ahead)
        found = _date(number.day, month, year)
        if isinstance(found, date) and found < today:
            return answers.past(found)
        return found if isinstance(found, Unclear) else _confirmed(found, said, today)
    options = _coming(number.day, today)
    for weekday in _only(Weekday, said):
        return _on_that_weekday(weekday.weekday, options, said, today)
    if number.day > monthrange(today.year, today.month)[1]:
        return answers.impossible_date(number.day, today.month, today.year, *options[:1])
    return _confirmed(options[0], said, today)


def _coming(number: int, today: date) -> list[date]:
    """Find that day in this month and in the next one, if it is still to come."""
    found = (_date(number, month, year) for year, month in (_month_ahead(today, ahead) for ahead in range(3)))
    return [day for day in found if isinstance(day, date) and day >= today][:2]


def _on_that_weekday(weekday: int, options: list[date], said: Sequence[Said], today: date) -> date | Unclear:
    likely = options[1:] if options[0] == today else []
    for day in (options[0], *likely):
        if day.weekday() == weekday:
            return _confirmed(day, said, today)
    matching = [day for day in options if day.weekday() == weekday]
    return answers.weekday_mismatch(options[0], weekday, _on_or_after(today, weekday), *matching)


# «el viernes», «el viernes de la semana que entra», «el viernes en ocho»


def _day_of_week(said: Weekday, weeks: list[Week], today: date) -> date | Unclear:
    if len(set(weeks)) > 1:
        return answers.several_dates()
    if weeks:
        day = _monday(today) + _WEEK * weeks[0].ahead + timedelta(days=said.weekday)
        return day if day >= today else answers.past(day, day + _WEEK)
    day = _on_or_after(today, said.weekday)
    if said.weeks_after:
        return day + _WEEK * said.weeks_after
    if day > today:
        return day
    return day + _WEEK if said.coming else answers.several_dates(day, day + _WEEK)
