"""By night nobody is disturbed, on days off nothing rings; unless it is urgent, or they are awake, or want it so."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from bot import shelf
from bot.flows.calendar import Hours
from bot.flows.quiet import AWAKE_FOR, Prefs, Way, digest_since, is_late, is_off, way_to_tell

CHALCO = shelf.catalogue(shelf.MANUALS).manuals["chalco"]
ZONE = ZoneInfo("America/Mexico_City")

# 16 November 2026, a Monday, is the holiday of the 20th; 18 is a Wednesday, 21 a Saturday.
DAY, NIGHT, SATURDAY, HOLIDAY = "18T10:00", "18T23:00", "21T11:00", "16T11:00"


def at(moment: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{moment}").replace(tzinfo=ZONE).astimezone(UTC)


WAYS = [
    (DAY, Prefs(), False, False, "ring"),
    (DAY, Prefs(), False, True, "silent"),
    (DAY, Prefs(sound=True), False, True, "ring"),
    ("18T06:59", Prefs(), False, False, "wait"),
    ("18T07:00", Prefs(), False, False, "ring"),
    ("18T20:59", Prefs(), False, False, "ring"),
    ("18T21:00", Prefs(), False, False, "wait"),
    (NIGHT, Prefs(), False, True, "wait"),
    (NIGHT, Prefs(sound=True), False, True, "wait"),
    (NIGHT, Prefs(), True, False, "ring"),
    (NIGHT, Prefs(), True, True, "silent"),
    (NIGHT, Prefs(night=True), False, False, "ring"),
    (NIGHT, Prefs(night=True), False, True, "silent"),
    (SATURDAY, Prefs(), False, False, "silent"),
    (SATURDAY, Prefs(sound=True), False, True, "silent"),
    (SATURDAY, Prefs(), True, False, "ring"),
    (SATURDAY, Prefs(night=True), False, False, "ring"),
    ("21T23:00", Prefs(), False, False, "wait"),
    (HOLIDAY, Prefs(), False, False, "silent"),
]


@pytest.mark.parametrize(("moment", "prefs", "urgent", "informs", "way"), WAYS)
def test_the_hour_and_the_person_say_how_they_are_told(
    moment: str, prefs: Prefs, way: Way, *, urgent: bool, informs: bool
) -> None:
    assert way_to_tell(CHALCO, at(moment), prefs, active_at=None, urgent=urgent, informs=informs) == way


@pytest.mark.parametrize(
    ("ago", "way"),
    [
        (timedelta(0), "ring"),
        (AWAKE_FOR, "ring"),
        (AWAKE_FOR + timedelta(seconds=1), "wait"),
        (timedelta(days=-1), "wait"),  # the sandbox's clock may be set back
    ],
)
def test_whoever_wrote_a_moment_ago_is_awake(ago: timedelta, way: Way) -> None:
    now = at(NIGHT)
    assert way_to_tell(CHALCO, now, Prefs(), active_at=now - ago, urgent=False, informs=False) == way


@pytest.mark.parametrize(
    ("moment", "morning"),
    [("18T23:00", "19T07:00"), ("19T02:00", "19T07:00"), ("18T10:00", "18T10:00"), ("20T22:00", "21T07:00")],
)
def test_the_night_ends_at_seven(moment: str, morning: str) -> None:
    assert CHALCO.hours.morning(at(moment), CHALCO.calendar) == at(morning)


def test_a_night_ends_before_the_next_begins() -> None:
    with pytest.raises(ValidationError, match="the night ends before it begins"):
        Hours(opens=time(21), closes=time(7))


@pytest.mark.parametrize(("moment", "off"), [(DAY, False), (NIGHT, True), (SATURDAY, True), (HOLIDAY, True)])
def test_nothing_rings_by_night_and_on_days_off(moment: str, *, off: bool) -> None:
    assert is_off(CHALCO, at(moment)) is off


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        ("18T08:29", False),
        ("18T08:30", True),
        ("18T11:59", True),
        ("18T12:00", False),
        ("21T09:00", False),
        ("16T09:00", False),
    ],
)
def test_what_waits_is_summed_up_on_the_morning_of_a_working_day(moment: str, *, due: bool) -> None:
    assert digest_since(CHALCO, at(moment)) == (at("18T08:30") if due else None)


@pytest.mark.parametrize(
    ("wanted", "late"),
    [("18T08:00", True), ("18T12:00", False), ("18T00:00", False), ("17T00:00", True)],
)
def test_what_is_wanted_for_a_day_has_until_its_end(wanted: str, *, late: bool) -> None:
    assert is_late(at(wanted), CHALCO, at(DAY)) is late


def test_preferences_are_understood_among_whatever_is_kept_with_them() -> None:
    assert Prefs.kept(None) == Prefs()
    assert Prefs.kept({"night": True, "font": "large"}) == Prefs(night=True)
