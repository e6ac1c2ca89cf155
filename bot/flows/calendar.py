"""Días hábiles, reception hours, notices and delivery terms.

Everything here is a question about dates with one right answer, so that a notice is checked in the same way
while the form is being filled, when it is received and when somebody asks months later.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal, Self, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from holidays import country_holidays
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

Unit: TypeAlias = Literal["hours", "days", "business_days"]

_SATURDAY: Final = 5
_WEEKEND: Final = {5: "sábado", 6: "domingo"}
_DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)
_QUARTER: Final = timedelta(minutes=15)
_LAST_MINUTE: Final = time(23, 59)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"«{name}» is not an IANA time zone such as America/Mexico_City") from error
    return name


def _written_hour(value: Any) -> Any:
    # Some YAML readers turn 16:00 into the number 960, which would pass for sixteen minutes past midnight.
    if isinstance(value, int | float):
        raise ValueError("an hour is written between quotes: '16:00'")  # noqa: TRY004 - pydantic reports ValueError
    return value


def _naive(value: time) -> time:
    if value.tzinfo is not None:
        raise ValueError("an hour carries no time zone of its own: the calendar has one")
    return value


ZoneName: TypeAlias = Annotated[str, AfterValidator(_known_zone)]
HourOfDay: TypeAlias = Annotated[time, BeforeValidator(_written_hour), AfterValidator(_naive)]
Weekday: TypeAlias = Annotated[int, Field(ge=0, le=6)]
HolidayName: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Calendar(_Value):
    """Which days a municipality works: Monday to Friday, less the law's holidays and its own días inhábiles.

    The law's list knows neither state holidays nor Holy Week nor election days: those belong in `closed`.
    """

    zone: ZoneName
    closed: Mapping[date, HolidayName] = Field(default_factory=dict)

    def local(self, now: datetime) -> datetime:
        if now.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be placed on a calendar")
        return now.astimezone(ZoneInfo(self.zone))

    def at(self, day: date, hour: time) -> datetime:
        """Place a local hour of a local day on the universal clock."""
        return datetime.combine(day, hour, tzinfo=ZoneInfo(self.zone)).astimezone(UTC)

    def statutory(self, year: int) -> Mapping[date, str]:
        """Tell the days of mandatory rest of the Ley Federal del Trabajo, article 74, in one year."""
        return _statutory(year)

    def holiday(self, day: date) -> str | None:
        """Name the holiday, if it is one; the municipality's own name for it comes first."""
        return self.closed.get(day) or _statutory(day.year).get(day)

    def is_business_day(self, day: date) -> bool:
        return day.weekday() < _SATURDAY and self.holiday(day) is None

    def why_closed(self, day: date) -> str | None:
        return self.holiday(day) or _WEEKEND.get(day.weekday())

    def next_business_day(self, day: date, *, inclusive: bool) -> date:
        """Find the first business day after `day`, or `day` itself if `inclusive` and it is one."""
        found = day if inclusive else day + _DAY
        while not self.is_business_day(found):
            found += _DAY
        return found

    def add_business_days(self, day: date, amount: int) -> date:
        """Find the business day number `amount` after `day`; 0 is `day` itself, or the next one if closed."""
        if amount < 0:
            raise ValueError("business days are only counted forward")
        if amount == 0:
            return self.next_business_day(day, inclusive=True)
        found = day
        for _ in range(amount):
            found = self.next_business_day(found, inclusive=False)
        return found

    def business_days_between(self, start: date, end: date) -> int:
        """Count the business days after `start` up to and including `end`; negative if `end` comes first."""
        if end < start:
            return -self.business_days_between(end, start)
        days = (start + _DAY * ahead for ahead in range(1, (end - start).days + 1))
        return sum(self.is_business_day(day) for day in days)


class Reception(_Value):
    """The hours at which an office receives. Outside them a request waits for the next opening.

    A Saturday among `days` is honoured, as the manual's own exception, although it is no business day; a
    holiday closes any day.
    """

    days: frozenset[Weekday] = Field(min_length=1)
    opens: HourOfDay
    closes: HourOfDay

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        if self.opens >= self.closes:
            raise ValueError("reception opens before it closes, on the same day")
        return self

    def works_on(self, day: date, calendar: Calendar) -> bool:
        return day.weekday() in self.days and calendar.holiday(day) is None

    def is_open(self, moment: datetime, calendar: Calendar) -> bool:
        """Tell whether the window is open; the whole minute of closing still counts."""
        local = calendar.local(moment)
        hour = local.time()
        return self.works_on(local.date(), calendar) and (
            self.opens <= hour and hour.replace(second=0, microsecond=0) <= self.closes
        )

    def received_at(self, moment: datetime, calendar: Calendar) -> datetime:
        """Tell when something sent at `moment` counts as received: at once, or at the next opening."""
        if self.is_open(moment, calendar):
            return moment.astimezone(UTC)
        local = calendar.local(moment)
        day = local.date() if local.time() < self.opens else local.date() + _DAY
        while not self.works_on(day, calendar):
            day += _DAY
        return calendar.at(day, self.opens)


class Hours(_Value):
    """From when to when people may be disturbed, on any day; the rest is night."""

    opens: HourOfDay = time(7)
    closes: HourOfDay = time(21)

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        if self.opens >= self.closes:
            raise ValueError("the night ends before it begins, on the same day")
        return self

    def is_night(self, moment: datetime, calendar: Calendar) -> bool:
        return not self.opens <= calendar.local(moment).time() < self.closes

    def morning(self, moment: datetime, calendar: Calendar) -> datetime:
        """Tell, in UTC, when the night is over; `moment` itself, by day."""
        if not self.is_night(moment, calendar):
            return moment.astimezone(UTC)
        local = calendar.local(moment)
        return calendar.at(local.date() + (_DAY if local.time() >= self.opens else timedelta(0)), self.opens)


@dataclass(frozen=True, slots=True)
class NoticeCheck:
    """Whether a notice is kept, how much was given (whole units, negative if past) and what would keep it.

    `earliest` is a moment in UTC where hours are counted and an hour was wanted; otherwise a date. Whatever
    it is, asking for it keeps the notice.
    """

    kept: bool
    given: int
    earliest: datetime | date


class Notice(_Value):
    """How long before the wanted day or hour a request must arrive.

    Hours are natural ones and run from the moment of sending; days run from the local day of reception.
    """

    amount: int = Field(ge=1, le=10_000)
    unit: Unit

    def check(self, *, sent: datetime, received: datetime, wanted: datetime | date, calendar: Calendar) -> NoticeCheck:
        given = self._given(sent=sent, received=received, wanted=wanted, calendar=calendar)
        find = self.earliest if isinstance(wanted, datetime) else self.earliest_day
        return NoticeCheck(
            kept=given >= self.amount,
            given=given,
            earliest=find(sent=sent, received=received, calendar=calendar),
        )

    def earliest(self, *, sent: datetime, received: datetime, calendar: Calendar) -> datetime | date:
        """Find the first quarter of an hour (for hours) or the first day that keeps the notice."""
        if self.unit == "hours":
            return _next_quarter(_minute(sent) + self.amount * _HOUR)
        return self.earliest_day(sent=sent, received=received, calendar=calendar)

    def earliest_day(self, *, sent: datetime, received: datetime, calendar: Calendar) -> date:
        """Find the first day that keeps the notice when no hour is given, that is, from 00:00 on."""
        first = calendar.local(received).date()
        match self.unit:
            case "hours":
                moment = _minute(sent) + self.amount * _HOUR
                day = calendar.local(moment).date()
                return day if calendar.at(day, time.min) >= moment else day + _DAY
            case "days":
                return first + self.amount * _DAY
            case "business_days":
                return calendar.add_business_days(calendar.next_business_day(first, inclusive=True), self.amount)

    def _given(self, *, sent: datetime, received: datetime, wanted: datetime | date, calendar: Calendar) -> int:
        if isinstance(wanted, datetime):
            day, moment = calendar.local(wanted).date(), wanted.astimezone(UTC)
        else:
            day, moment = wanted, calendar.at(wanted, time.min)
        first = calendar.local(received).date()
        match self.unit:
            case "hours":
                return (moment - _minute(sent)) // _HOUR
            case "days":
                return (day - first).days
            case "business_days":
                first = calendar.next_business_day(first, inclusive=True)
                return calendar.business_days_between(first, day)


def due_after(
    start: datetime, amount: int, unit: Unit, *, calendar: Calendar, reception: Reception | None = None
) -> datetime:
    """Tell, in UTC, when a term ends: after that many hours, or when reception closes on its last day.

    What happens on a closed day counts as done on the next business day, exactly as with a notice.
    """
    if amount < 0:
        raise ValueError("a term is only counted forward")
    local = calendar.local(start)
    match unit:
        case "hours":
            return local.astimezone(UTC) + amount * _HOUR
        case "days":
            day = local.date() + amount * _DAY
        case "business_days":
            first = calendar.next_business_day(local.date(), inclusive=True)
            day = calendar.add_business_days(first, amount)
    return calendar.at(day, reception.closes if reception else _LAST_MINUTE)


def _minute(sent: datetime) -> datetime:
    """Give the whole minute of a sending: nobody loses an hour of notice by some seconds."""
    if sent.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return sent.astimezone(UTC).replace(second=0, microsecond=0)


def _next_quarter(moment: datetime) -> datetime:
    whole, rest = divmod(moment - _EPOCH, _QUARTER)
    return _EPOCH + (whole + bool(rest)) * _QUARTER


@lru_cache(maxsize=64)
def _statutory(year: int) -> Mapping[date, str]:
    return MappingProxyType(dict(country_holidays("MX", years=year, language="es")))
