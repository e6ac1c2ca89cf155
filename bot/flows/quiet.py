"""Who may be disturbed when: the night, the days off, and what each person prefers."""

from datetime import datetime, time, timedelta
from typing import Literal, Self, TypeAlias

from bot.flows.procedure import Manual
from bot.flows.value import Value

Way: TypeAlias = Literal["ring", "silent", "wait"]

# Whoever wrote a moment ago has the phone in their hand, whatever the hour.
AWAKE_FOR = timedelta(minutes=15)
DIGEST_AT = time(8, 30)
_DIGEST_UNTIL = time(12)


class Prefs(Value):
    """How somebody wants to be told things.

    `digest`: what waits, in one message on the morning of every working day. `night`: by
    night and on days off as on any other. `sound`: also for what merely informs.
    """

    digest: bool = True
    night: bool = False
    sound: bool = False

    @classmethod
    def kept(cls, kept: dict[str, object] | None) -> Self:
        """Understand what is stored, among whatever else is kept with it."""
        return cls.model_validate({key: value for key, value in (kept or {}).items() if key in cls.model_fields})


def is_off(manual: Manual, now: datetime) -> bool:
    """Whether nobody's phone should ring: by night, or on a day that the municipality does not work."""
    calendar = manual.calendar
    return manual.hours.is_night(now, calendar) or not calendar.is_business_day(calendar.local(now).date())


def way_to_tell(
    manual: Manual, now: datetime, prefs: Prefs, *, active_at: datetime | None, urgent: bool, informs: bool
) -> Way:
    """How to tell somebody what they did not ask for just now.

    `active_at`: when they last did anything here. `informs`: nothing is asked of them.
    """
    usual: Way = "silent" if informs and not prefs.sound else "ring"
    awake = active_at is not None and timedelta(0) <= now - active_at <= AWAKE_FOR
    if urgent or prefs.night or awake:
        return usual
    if manual.hours.is_night(now, manual.calendar):
        return "wait"
    return "silent" if is_off(manual, now) else usual


def digest_since(manual: Manual, now: datetime) -> datetime | None:
    """From when on what waits is summed up, if it is the morning of a working day."""
    calendar = manual.calendar
    local = calendar.local(now)
    begins = max(DIGEST_AT, manual.hours.opens)
    if not calendar.is_business_day(local.date()) or not begins <= local.time() < _DIGEST_UNTIL:
        return None
    return datetime.combine(local.date(), begins, tzinfo=local.tzinfo)


def is_late(due: datetime, manual: Manual, now: datetime) -> bool:
    """Whether something is overdue; what is wanted for a day, and no hour, has until its end."""
    local, today = manual.calendar.local(due), manual.calendar.local(now)
    return local.date() < today.date() if local.time() == time.min else due < now
