"""Months and hours as they are laid out on a phone, and what each of their buttons means."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from bot.flows.calendar import Calendar
from bot.flows.picking import (
    Cell,
    Clock,
    first_days,
    later,
    month_of,
    read_month,
)
from bot.flows.procedure import Requisito
from bot.flows.requisitos import Answered, Misread, Picked, Reading, Typed, Unfinished, read
from tests.flows.shipped import SETTING, ZONE

NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
TODAY = date(2026, 11, 18)
DONE = replace(SETTING, past=True)
CLOSING = replace(SETTING, calendar=Calendar(zone="America/Mexico_City", closed={date(2026, 12, 12): "Feria"}))


def labels(rows: Sequence[Sequence[Cell]]) -> list[str]:
    return [" ".join(cell.label for cell in row) for row in rows]


def key_of(rows: Sequence[Sequence[Cell]], label: str) -> str:
    return next(cell.key for row in rows for cell in row if cell.label == label)


def reading(kind: str, said: Picked | Typed | str, pending: Mapping[str, object] | None = None) -> Reading:
    asked = Requisito.model_validate({"id": "x", "label": "X", "ask": "¿X?", "kind": kind, "cite": "1"})
    return read(asked, Typed(said) if isinstance(said, str) else said, SETTING, pending or {})


def test_this_month_begins_today_and_marks_what_comes_too_soon() -> None:
    month = month_of(NOVEMBER, SETTING, earliest=date(2026, 11, 21))
    assert labels(month.rows) == [
        "· noviembre de 2026 dic ›",
        "L M M J V S D",
        "· · · · · · ·",
        "· · · · · · ·",
        "· · · · · · ·",
        "· · (18) (19) (20) 21 22",
        "23 24 25 26 27 28 29",
        "30 · · · · · ·",
    ]
    assert (month.early, month.closed) == (True, False)
    assert {len(row) for row in month.rows[1:]} == {7}
    assert key_of(month.rows, "(19)") == "d:2026-11-19", "it can be chosen: the aviso asks what to do"
    assert key_of(month.rows, "dic ›") == "c:2026-12"
    reasons = {cell.key for row in month.rows for cell in row if cell.label == "·"}
    assert reasons == {"no:first", "no:other", "no:past"}


def test_a_day_that_the_municipality_does_not_work_is_marked_and_can_be_chosen() -> None:
    month = month_of(DECEMBER, CLOSING, earliest=date(2026, 12, 13))
    assert [cell.label for cell in month.rows[3]] == ["(7)", "(8)", "(9)", "(10)", "(11)", "(12)*", "13"]
    assert [cell.label for row in month.rows for cell in row if cell.label.endswith("*")] == ["(12)*", "25*"]
    assert (month.early, month.closed) == (True, True)
    assert key_of(month.rows, "(12)*") == "d:2026-12-12"
    assert key_of(month.rows, "25*") == "d:2026-12-25"


def test_a_month_is_shown_no_further_than_it_makes_sense() -> None:
    last = date(2028, 5, 1)
    assert [cell.key for cell in month_of(last, SETTING, earliest=None).rows[0]] == ["c:2028-04", "no:head", "no:last"]
    assert read_month("2028-05", SETTING) == last
    for wrong in ("2028-06", "2026-10", "2026-13", "0000-00", "26-11", "", "2026-11-01", "None"):
        assert read_month(wrong, SETTING) is None, wrong


def test_what_is_already_done_can_be_dated_a_year_back() -> None:
    month = month_of(NOVEMBER, DONE, earliest=None)
    assert labels(month.rows)[0] == "‹ oct noviembre de 2026 dic ›"
    assert key_of(month.rows, "3") == "d:2026-11-03"
    assert read_month("2025-11", DONE) == date(2025, 11, 1)
    assert read_month("2025-10", DONE) is None


@pytest.mark.parametrize("months", range(-12, 19))
def test_any_month_fits_on_a_keyboard(months: int) -> None:
    month = month_of(later(NOVEMBER, months), DONE, earliest=date(2027, 2, 3))
    cells = [cell for row in month.rows for cell in row]
    assert len(cells) <= 52
    assert all(len(row) <= 7 for row in month.rows)
    assert all(cell.label.strip() and len(f"q:{10**9}:{10**4}:{cell.key}".encode()) <= 64 for cell in cells)
    days = [cell.key for cell in cells if cell.key.startswith("d:")]
    assert days == sorted(set(days))
    assert len(days) in {28, 29, 30, 31}


def test_the_first_days_keep_the_notice_and_are_worked() -> None:
    assert first_days(None, SETTING)[0] == date(2026, 11, 19)
    saturday = datetime(2026, 11, 21, 10, tzinfo=ZONE).astimezone(UTC)
    assert first_days(saturday, SETTING) == [date(2026, 11, day) for day in (23, 24, 25, 26)]
    assert first_days(date(2026, 10, 1), SETTING)[0] == date(2026, 11, 19), "nobody asks for the past"
    assert first_days(date(2026, 12, 24), SETTING)[:2] == [date(2026, 12, 24), date(2026, 12, 28)]


# Hours


def test_hours_are_laid_out_in_two_taps() -> None:
    clock = Clock(SETTING)
    assert labels(clock.usual()) == [
        "09:00 h 10:00 h 11:00 h 12:00 h 13:00 h",
        "14:00 h 15:00 h 16:00 h 17:00 h 18:00 h",
    ]
    assert [cell.label for row in clock.every() for cell in row] == [f"{hour} h" for hour in range(6, 23)]
    assert key_of(clock.every(), "20 h") == "t:20"
    assert labels(clock.quarters(20)) == ["20:00 h 20:15 h 20:30 h 20:45 h"]


def test_of_today_only_the_hours_to_come_can_be_chosen() -> None:
    clock = Clock(SETTING, TODAY)
    assert labels(clock.usual())[0].split()[0] == "11:00"  # it is half past ten
    assert labels(clock.every())[0] == "· · · · 10 h"
    assert labels(clock.quarters(10)) == ["· · · 10:45 h"]
    assert labels(Clock(DONE, TODAY).quarters(10)) == ["10:00 h 10:15 h 10:30 h 10:45 h"]


def test_of_the_first_day_that_keeps_the_notice_the_hours_too_early_are_marked() -> None:
    monday = datetime(2026, 11, 23, 10, 30, tzinfo=ZONE).astimezone(UTC)
    clock = Clock(SETTING, date(2026, 11, 23), monday)
    assert labels(clock.usual())[0] == "(09:00) (10:00) 11:00 h 12:00 h 13:00 h"
    assert labels(clock.every())[0] == "(6) (7) (8) (9) 10 h"
    assert labels(clock.quarters(10)) == ["(10:00) (10:15) 10:30 h 10:45 h"]
    assert key_of(clock.usual(), "(09:00)") == "h:09:00"
    for other in (date(2026, 11, 20), date(2026, 11, 24)):
        assert labels(Clock(SETTING, other, monday).usual())[0].startswith("09:00 h")


# What the buttons mean, and what is typed while they are shown

FRIDAY = {"date": "2026-12-11"}
OPEN = {"month": "2027-02"}


@pytest.mark.parametrize("kind", ["date", "datetime"])
def test_a_month_is_opened_turned_and_closed(kind: str) -> None:
    opened = reading(kind, Picked("c:2026-12"))
    assert isinstance(opened, Unfinished)
    assert opened.after({"days": ["2026-12-11"]}) == {"month": "2026-12"}
    closed = reading(kind, Picked("c:"), opened.pending)
    assert isinstance(closed, Unfinished)
    assert closed.after({**opened.pending, "mend": "otra"}) == {"mend": "otra"}
    assert reading(kind, Picked("c:2026-10")) == Misread("stale")
    assert reading(kind, Picked("no:past")) == Misread("stale")


def test_another_day_is_chosen_where_the_first_one_was() -> None:
    other = reading("datetime", Picked("c:-"), {**OPEN, **FRIDAY, "clock": "", "at": "17:00"})
    assert isinstance(other, Unfinished)
    assert other.after({**OPEN, **FRIDAY, "clock": "", "at": "17:00"}) == OPEN


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("15", "2027-02-15"),
        ("el 15", "2027-02-15"),
        ("el día 3", "2027-02-03"),
        ("11 de diciembre", "2026-12-11"),
        ("mañana", "2026-11-19"),
    ],
)
def test_a_number_is_a_day_of_the_month_that_is_shown(text: str, answer: str) -> None:
    assert reading("date", text, OPEN) == Answered(answer)
    assert reading("datetime", text, OPEN) == Unfinished({"date": answer})


def test_a_day_typed_beside_a_month_may_have_its_hour() -> None:
    assert reading("datetime", "15 a las 5 pm", OPEN) == Answered("2027-02-15T17:00-06:00")
    assert isinstance(reading("date", "30", OPEN), Misread)
    assert isinstance(reading("date", "15"), Misread), "no month is shown"


def test_an_hour_is_chosen_in_two_taps() -> None:
    assert reading("datetime", Picked("t:"), FRIDAY) == Unfinished({"clock": ""}, ("hours", "ends", "clock"))
    assert reading("datetime", Picked("t:20"), FRIDAY) == Unfinished({"clock": "20"}, ("hours", "ends", "clock"))
    assert reading("datetime", Picked("h:20:15"), {**FRIDAY, "clock": "20"}) == Answered("2026-12-11T20:15-06:00")
    assert reading("datetime", Picked("t:20")) == Misread("stale"), "there is no day yet"
    assert reading("time", Picked("t:23")) == Misread("stale")
    assert reading("time", Picked("t:²")) == Misread("stale")
    assert reading("time", Picked("t:20")) == Unfinished({"clock": "20"}, ("hours", "ends", "clock"))


@pytest.mark.parametrize(
    ("text", "hour"), [("15", time(20, 15)), (":45", time(20, 45)), ("00", time(20)), ("21:10", time(21, 10))]
)
def test_minutes_are_typed_beside_their_hour(text: str, hour: time) -> None:
    shown = hour.isoformat("minutes")
    assert reading("time", text, {"clock": "20"}) == Answered(shown)
    assert reading("datetime", text, {**FRIDAY, "clock": "20"}) == Answered(f"2026-12-11T{shown}-06:00")


@pytest.mark.parametrize(
    ("text", "answer"),
    [("de 10 a 12 h", "10:00/12:00"), ("6 a 8 pm", "18:00/20:00"), ("17:00 a 18:30", "17:00/18:30")],
)
def test_an_hour_keeps_the_one_at_which_it_ends(text: str, answer: str) -> None:
    assert reading("time", text) == Answered(answer)


def test_a_doubtful_range_keeps_its_end() -> None:
    doubt = reading("time", "de 5 a 7")
    assert isinstance(doubt, Unfinished)
    assert reading("time", Picked("h:17:00"), doubt.pending) == Answered("17:00/19:00")
