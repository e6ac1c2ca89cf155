"""Días hábiles, reception, notices and terms: a figure of each rule, then the rules over many days."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.flows.calendar import Calendar, Notice, Reception, Unit, due_after

CALENDAR = Calendar(
    zone="America/Mexico_City",
    closed={
        date(2026, 3, 30): "Semana Santa",
        date(2026, 11, 2): "Día de Muertos",
        date(2026, 12, 25): "Vacaciones de invierno",
    },
)
TIJUANA = Calendar(zone="America/Tijuana")
RECEPTION = Reception(days=frozenset(range(5)), opens=time(9), closes=time(16))

DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2032, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 (naive on purpose)
COUNTS = st.integers(1, 60)
CALENDARS = st.sampled_from([CALENDAR, TIJUANA])


def local(text: str, calendar: Calendar = CALENDAR) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(calendar.zone))


# The calendar


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2026-11-18", None),
        ("2026-11-21", "sábado"),
        ("2026-11-22", "domingo"),
        ("2026-01-01", "Año Nuevo"),
        ("2026-02-02", "Día de la Constitución"),
        ("2026-02-05", None),
        ("2026-03-16", "Natalicio de Benito Juárez"),
        ("2026-03-30", "Semana Santa"),
        ("2026-05-01", "Día del Trabajo"),
        ("2026-09-16", "Día de la Independencia"),
        ("2026-11-02", "Día de Muertos"),
        ("2026-11-16", "Día de la Revolución"),
        ("2026-11-20", None),
        ("2026-12-25", "Vacaciones de invierno"),
        ("2027-12-25", "Navidad"),
        ("2024-10-01", "Transmisión del Poder Ejecutivo Federal"),
        ("2026-10-01", None),
        ("2030-10-01", "Transmisión del Poder Ejecutivo Federal"),
        ("2030-12-01", "domingo"),
    ],
)
def test_a_closed_day_says_why(day: str, why: str | None) -> None:
    assert CALENDAR.why_closed(date.fromisoformat(day)) == why
    assert CALENDAR.is_business_day(date.fromisoformat(day)) is (why is None)


def test_the_law_gives_seven_holidays_and_an_eighth_when_a_president_takes_office() -> None:
    assert [len(CALENDAR.statutory(year)) for year in (2024, 2025, 2026, 2030)] == [8, 7, 7, 8]


def test_a_municipality_closes_only_its_own_days() -> None:
    assert TIJUANA.is_business_day(date(2026, 11, 2))
    assert not CALENDAR.is_business_day(date(2026, 11, 2))


def test_the_next_business_day_jumps_a_long_weekend() -> None:
    friday = date(2026, 11, 13)
    assert CALENDAR.next_business_day(friday, inclusive=True) == friday
    assert CALENDAR.next_business_day(friday, inclusive=False) == date(2026, 11, 17)
    assert CALENDAR.next_business_day(date(2026, 11, 14), inclusive=True) == date(2026, 11, 17)


def test_business_days_are_counted_from_the_day_after() -> None:
    friday = date(2026, 11, 13)
    assert CALENDAR.add_business_days(friday, 5) == date(2026, 11, 23)
    assert CALENDAR.business_days_between(friday, date(2026, 11, 23)) == 5
    assert CALENDAR.business_days_between(date(2026, 11, 23), friday) == -5
    assert CALENDAR.business_days_between(friday, friday) == 0
    assert CALENDAR.add_business_days(date(2026, 11, 14), 0) == date(2026, 11, 17)
    with pytest.raises(ValueError, match="forward"):
        CALENDAR.add_business_days(friday, -1)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        CALENDAR.local(datetime(2026, 11, 18, 10))  # noqa: DTZ001 (naive on purpose)


def test_the_calendar_is_read_from_text_and_written_back() -> None:
    read = Calendar.model_validate({"zone": "America/Mexico_City", "closed": {"2026-11-02": " Muertos "}})
    assert read.closed == {date(2026, 11, 2): "Muertos"}
    assert Calendar.model_validate_json(read.model_dump_json()) == read


@pytest.mark.parametrize(
    "mistake",
    [
        {"zone": "America/Chalco"},
        {"zone": "../etc/passwd"},
        {"zone": "America"},
        {"zone": ""},
        {"zone": "UTC", "closed": {"2026-02-30": "No existe"}},
        {"zone": "UTC", "closed": {"2026-02-20": " "}},
        {"zone": "UTC", "close": {}},
    ],
)
def test_a_calendar_with_a_mistake_is_refused(mistake: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Calendar.model_validate(mistake)


# Reception


@pytest.mark.parametrize(
    ("sent", "received"),
    [
        ("2026-11-18T10:30", "2026-11-18T10:30"),
        ("2026-11-18T09:00", "2026-11-18T09:00"),
        ("2026-11-18T08:59:59", "2026-11-18T09:00"),
        ("2026-11-18T16:00", "2026-11-18T16:00"),
        ("2026-11-18T16:00:59", "2026-11-18T16:00:59"),
        ("2026-11-18T16:01", "2026-11-19T09:00"),
        ("2026-11-18T23:59", "2026-11-19T09:00"),
        ("2026-11-19T00:00", "2026-11-19T09:00"),
        ("2026-11-20T16:30", "2026-11-23T09:00"),
        ("2026-11-21T11:00", "2026-11-23T09:00"),
        ("2026-11-13T18:00", "2026-11-17T09:00"),
        ("2026-12-24T17:00", "2026-12-28T09:00"),
    ],
)
def test_what_arrives_outside_reception_counts_from_the_next_opening(sent: str, received: str) -> None:
    answer = RECEPTION.received_at(local(sent), CALENDAR)
    assert answer == local(received)
    assert answer.tzinfo is UTC


def test_reception_on_some_days_skips_the_others() -> None:
    mondays = Reception(days=frozenset({0}), opens=time(10), closes=time(12))
    assert mondays.received_at(local("2026-11-09T12:30"), CALENDAR) == local("2026-11-23T10:00")


def test_a_saturday_in_the_manual_is_honoured_unless_it_is_a_holiday() -> None:
    everyday = Reception(days=frozenset(range(6)), opens=time(9), closes=time(13))
    assert everyday.is_open(local("2026-11-21T11:00"), CALENDAR)
    assert not everyday.is_open(local("2027-12-25T11:00"), CALENDAR)


def test_reception_follows_the_clock_on_the_wall_when_it_changes() -> None:
    before = datetime(2026, 3, 6, 17, tzinfo=UTC)
    after = datetime(2026, 3, 7, 17, tzinfo=UTC)
    opening = RECEPTION.received_at(after, TIJUANA)
    assert RECEPTION.received_at(before, TIJUANA) == before
    assert opening == datetime(2026, 3, 9, 16, tzinfo=UTC)
    assert TIJUANA.local(opening).time() == time(9)


@pytest.mark.parametrize(
    "mistake",
    [
        {"days": [], "opens": "09:00", "closes": "16:00"},
        {"days": [7], "opens": "09:00", "closes": "16:00"},
        {"days": [0], "opens": "16:00", "closes": "09:00"},
        {"days": [0], "opens": "09:00", "closes": "09:00"},
        {"days": [0], "opens": "09:00", "closes": 960},
        {"days": [0], "opens": "09:00Z", "closes": "16:00Z"},
        {"days": [0], "opens": "09:00", "closes": "16:00", "lunch": "14:00"},
    ],
)
def test_a_reception_with_a_mistake_is_refused(mistake: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Reception.model_validate(mistake)


# Notices


@pytest.mark.parametrize(
    ("wanted", "kept", "hours"),
    [
        ("2026-11-21T10:30", True, 72),
        ("2026-11-21T10:29", False, 71),
        ("2026-11-21T10:31", True, 72),
        ("2026-11-18T11:29", False, 0),
        ("2026-11-18T10:29", False, -1),
        ("2026-11-19T06:45", False, 20),
    ],
)
def test_hours_are_natural_and_the_exact_hour_is_kept(wanted: str, *, kept: bool, hours: int) -> None:
    sent = local("2026-11-18T10:30")
    check = Notice(amount=72, unit="hours").check(
        sent=sent, received=local("2026-11-20T09:00"), wanted=local(wanted), calendar=CALENDAR
    )
    assert (check.kept, check.given) == (kept, hours)
    assert check.earliest == local("2026-11-21T10:30")


def test_the_earliest_hour_is_rounded_up_to_a_quarter() -> None:
    notice = Notice(amount=72, unit="hours")
    sent = local("2026-11-18T10:31:07")
    assert notice.earliest(sent=sent, received=sent, calendar=CALENDAR) == local("2026-11-21T10:45")


def test_a_date_without_an_hour_counts_from_midnight() -> None:
    notice = Notice(amount=72, unit="hours")
    sent = local("2026-11-18T10:30")
    check = notice.check(sent=sent, received=sent, wanted=date(2026, 11, 21), calendar=CALENDAR)
    assert (check.kept, check.given, check.earliest) == (False, 61, date(2026, 11, 22))
    again = notice.check(sent=sent, received=sent, wanted=date(2026, 11, 22), calendar=CALENDAR)
    assert again.kept
    midnight = local("2026-11-18T00:00")
    assert notice.earliest_day(sent=midnight, received=midnight, calendar=CALENDAR) == date(2026, 11, 21)


def test_seventy_two_hours_are_seventy_two_even_when_the_clock_changes() -> None:
    sent = local("2026-03-06T10:00", TIJUANA)
    check = Notice(amount=72, unit="hours").check(
        sent=sent, received=sent, wanted=local("2026-03-09T10:00", TIJUANA), calendar=TIJUANA
    )
    assert (check.kept, check.given) == (False, 71)
    assert check.earliest == local("2026-03-09T11:00", TIJUANA)


@pytest.mark.parametrize(
    ("wanted", "kept", "days"),
    [("2026-11-21", True, 3), ("2026-11-20", False, 2), ("2026-11-18", False, 0), ("2026-11-10", False, -8)],
)
def test_calendar_days_run_from_the_local_day_of_reception(wanted: str, *, kept: bool, days: int) -> None:
    # At 23:30 in Mexico it is already the 19th in UTC.
    received = local("2026-11-18T23:30")
    check = Notice(amount=3, unit="days").check(
        sent=received, received=received, wanted=date.fromisoformat(wanted), calendar=CALENDAR
    )
    assert (check.kept, check.given, check.earliest) == (kept, days, date(2026, 11, 21))


@pytest.mark.parametrize(
    ("received", "wanted", "kept", "days"),
    [
        ("2026-11-11T12:00", "2026-11-17", True, 3),
        ("2026-11-11T12:00", "2026-11-16", False, 2),
        ("2026-11-11T12:00", "2026-11-22", True, 6),
        ("2026-11-14T12:00", "2026-11-20", True, 3),
        ("2026-11-14T12:00", "2026-11-19", False, 2),
        ("2026-11-18T12:00", "2026-11-17", False, -1),
    ],
)
def test_business_days_run_from_the_business_day_of_reception(
    received: str, wanted: str, *, kept: bool, days: int
) -> None:
    moment = local(received)
    check = Notice(amount=3, unit="business_days").check(
        sent=moment, received=moment, wanted=date.fromisoformat(wanted), calendar=CALENDAR
    )
    assert (check.kept, check.given) == (kept, days)


def test_a_wanted_hour_is_a_local_day_for_notices_in_days() -> None:
    received = local("2026-11-18T12:00")
    wanted = datetime(2026, 11, 22, 4, tzinfo=UTC)  # still the 21st in Mexico
    check = Notice(amount=3, unit="days").check(sent=received, received=received, wanted=wanted, calendar=CALENDAR)
    assert (check.kept, check.given, check.earliest) == (True, 3, date(2026, 11, 21))


# Terms


@pytest.mark.parametrize(
    ("start", "amount", "unit", "due"),
    [
        ("2026-11-18T10:30", 5, "business_days", "2026-11-25T16:00"),
        ("2026-11-13T10:30", 1, "business_days", "2026-11-17T16:00"),
        ("2026-11-14T10:30", 1, "business_days", "2026-11-18T16:00"),
        ("2026-11-18T10:30", 3, "days", "2026-11-21T16:00"),
        ("2026-11-18T10:30", 0, "days", "2026-11-18T16:00"),
        ("2026-11-18T10:30", 24, "hours", "2026-11-19T10:30"),
    ],
)
def test_a_term_ends_when_reception_closes(start: str, amount: int, unit: Unit, due: str) -> None:
    answer = due_after(local(start), amount, unit, calendar=CALENDAR, reception=RECEPTION)
    assert answer == local(due)
    assert answer.tzinfo is UTC


def test_a_term_without_reception_lasts_until_the_end_of_the_day() -> None:
    due = due_after(local("2026-11-18T22:30"), 5, "business_days", calendar=CALENDAR)
    assert due == local("2026-11-25T23:59")


def test_a_term_is_not_counted_backwards() -> None:
    with pytest.raises(ValueError, match="forward"):
        due_after(local("2026-11-18T22:30"), -1, "days", calendar=CALENDAR)


# Over many days


@given(DAYS, COUNTS, CALENDARS)
def test_adding_business_days_and_counting_them_agree(day: date, amount: int, calendar: Calendar) -> None:
    reached = calendar.add_business_days(day, amount)
    assert calendar.is_business_day(reached)
    assert calendar.business_days_between(day, reached) == amount
    assert calendar.business_days_between(day, reached - timedelta(days=1)) == amount - 1


@given(st.lists(DAYS, min_size=2, max_size=6), COUNTS)
def test_a_later_start_never_ends_earlier(days: list[date], amount: int) -> None:
    reached = [CALENDAR.add_business_days(day, amount) for day in sorted(days)]
    assert all(one <= next_one for one, next_one in pairwise(reached))


@given(DAYS, DAYS, DAYS)
def test_counts_of_business_days_add_up(one: date, two: date, three: date) -> None:
    between = CALENDAR.business_days_between
    assert between(one, two) + between(two, three) == between(one, three)


@given(MOMENTS, CALENDARS)
def test_reception_is_open_when_it_receives_and_never_earlier(moment: datetime, calendar: Calendar) -> None:
    received = RECEPTION.received_at(moment, calendar)
    assert received >= moment
    assert RECEPTION.is_open(received, calendar)
    assert RECEPTION.received_at(received, calendar) == received


@given(MOMENTS, MOMENTS, CALENDARS)
def test_who_sends_first_is_received_first(one: datetime, two: datetime, calendar: Calendar) -> None:
    first, second = sorted((one, two))
    assert RECEPTION.received_at(first, calendar) <= RECEPTION.received_at(second, calendar)


@given(
    sent=MOMENTS,
    amount=st.integers(1, 200),
    unit=st.sampled_from(["hours", "days", "business_days"]),
    calendar=CALENDARS,
    whole_day=st.booleans(),
)
def test_the_earliest_keeps_the_notice_and_a_little_less_does_not(
    sent: datetime, amount: int, unit: Unit, calendar: Calendar, *, whole_day: bool
) -> None:
    notice = Notice(amount=amount, unit=unit)
    received = RECEPTION.received_at(sent, calendar)
    find = notice.earliest_day if whole_day else notice.earliest
    earliest = find(sent=sent, received=received, calendar=calendar)
    step = timedelta(minutes=15) if isinstance(earliest, datetime) else timedelta(days=1)

    at = notice.check(sent=sent, received=received, wanted=earliest, calendar=calendar)
    before = notice.check(sent=sent, received=received, wanted=earliest - step, calendar=calendar)

    assert at.kept
    assert not before.kept
    assert at.given >= amount > before.given
    assert at.earliest == earliest
