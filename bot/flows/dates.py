"""Reads a date as Mexican public servants type it: «el viernes que viene a las 5», «5-dic, 10 a 12 hrs».

One rule governs: a wrong date is worse than a question. So every word must be understood, or be harmless where it
stands, and what was said twice must agree. The line goes through `_dates_words` (one spelling), `_dates_grammar` and
`_dates_hours` (what each piece says) and `_dates_days` (the day that they agree on).
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Final, TypeGuard

from bot.flows import _dates_answers as answers
from bot.flows._dates_answers import MONTHS, Reason, Unclear, When, long_date, long_when
from bot.flows._dates_chatter import PLACES
from bot.flows._dates_days import find_day, later
from bot.flows._dates_grammar import pieces
from bot.flows._dates_hours import Clock, Hours, Told, settle
from bot.flows._dates_pieces import DayMonth, DayOnly, FromToday, Part, Piece, Said, Week, Word
from bot.flows._dates_words import WEEKDAY_NUMBERS, plain

__all__ = ["MONTHS", "Reason", "Unclear", "When", "long_date", "long_when", "read_when"]

_LONGEST: Final = 300
_NOON: Final = 12

# Words that tell that a date begins here, so that it is not the end of «Parque 5 de Febrero».
_BEGINS: Final = re.compile(
    rf"(?:el|este|esta|hoy|manana|pasado|proximo|dia|fin|ultimo|en|dentro|para|a|al|las?|por|de las?|hora|horario"
    rf"|temprano|tarde|noche|inicio|mediodia|{'|'.join(WEEKDAY_NUMBERS)})\b"
    r"|\d{1,2}/\d{1,2}/|\d{4}-|\d{1,2}[:.]\d\d|\d{1,2} (?:h|am|pm)\b|de [\d:]+ (?:a|hasta|-) "
)
# Words that tell that it ends here, so that a «santo» after a «viernes» is not lost.
_ENDS: Final = re.compile(r"(?:\b(?:h|am|pm|hoy|manana|tarde|noche|madrugada|mediodia|20\d\d)|:\d\d|/\d\d)$")
_INTRODUCES: Final = frozenset({"en", "con", "para", "por"})
_BELONGS: Final = frozenset({"de", "del", "al", "a", "y"})


def read_when(text: str, *, now: datetime) -> When | Unclear:
    """Read a date and, if there is one, its hour. `now` is aware, in the municipality's zone.

    A past date with its year is given as it stands: whether it will do is the caller's affair.
    """
    if len(text) > _LONGEST:
        return answers.too_long()
    found = list(pieces(plain(text), now))
    said = [piece.content for piece in found if _is_said(piece.content)]
    hours = _hours(said, now)
    day = _doubt(found, said, now) or (hours if isinstance(hours, Unclear) else find_day(said, now))
    told = None if isinstance(hours, Unclear) else hours
    if day is None:
        day = _day_of_the_hour(told, now) if told else _nothing(found)
    elif isinstance(day, date) and any(isinstance(piece, Hours) and piece.at_midnight() for piece in said):
        day = answers.midnight(day)
    if isinstance(day, Unclear):
        return _with_hours(day, told)
    if told is None:
        return When(day, None, None, ambiguous_hour=False)
    told = _this_evening(told, said) if day == now.date() and told.start <= now.time() else told
    return When(day, told.start, told.end, told.ambiguous)


def _is_said(content: object) -> TypeGuard[Said]:
    return not isinstance(content, Word | Unclear)


def _with_hours(unclear: Unclear, told: Told | None) -> Unclear:
    if told is None:
        return unclear
    return replace(unclear, time=told.start, end=told.end, ambiguous_hour=told.ambiguous)


def _nothing(found: Sequence[Piece]) -> Unclear:
    return answers.no_day() if any(isinstance(piece.content, Part) for piece in found) else answers.nothing_found()


# Hours


def _hours(said: Sequence[Said], now: datetime) -> Told | Unclear | None:
    given = {piece for piece in said if isinstance(piece, Hours)}
    parts = {piece.name for piece in said if isinstance(piece, Part)}
    moments = [piece for piece in said if isinstance(piece, FromToday) and piece.hours]
    if len(given) > 1 or len(parts) > 1 or (moments and (given or len(moments) > 1)):
        return answers.several_hours()
    if moments:
        return Told(later(now, moments[0].hours).time().replace(second=0, microsecond=0), None, ambiguous=False)
    if not given:
        return None
    return settle(given.pop(), parts.pop() if parts else None) or answers.impossible_hour()


def _day_of_the_hour(told: Told, now: datetime) -> date:
    """Take an hour without a day for its next occurrence."""
    return now.date() if told.start > now.time() else now.date() + timedelta(days=1)


def _this_evening(told: Told, said: Sequence[Said]) -> Told:
    """Take «hoy a las 8», said at ten in the morning, for the evening; it has to be confirmed."""
    match [piece for piece in said if isinstance(piece, Hours | Part)]:
        case [Hours(start=Clock(part=None, literal=False), end=None)] if told.start.hour < _NOON:
            return Told(time(told.start.hour + _NOON, told.start.minute), None, ambiguous=True)
        case _:
            return told


# Is every word where it does no harm?


def _doubt(found: Sequence[Piece], said: Sequence[Said], now: datetime) -> Unclear | None:
    doubts = [piece.content for piece in found if isinstance(piece.content, Unclear)]
    if doubts:
        gone = [doubt for doubt in doubts if doubt.reason == "past"]
        return _with_candidates((gone or doubts)[0], said, now)
    if not said:
        return None
    for at, piece in enumerate(found):
        if isinstance(piece.content, DayMonth) and at and found[at - 1].text == "en" and not _begins(piece):
            return answers.place_name()
    words = [piece for piece in found if isinstance(piece.content, Word) and piece.content.kind != "glue"]
    if not words:
        return None
    if all(isinstance(piece, Hours | Part) for piece in said):
        return answers.no_day()
    address = any(piece.text in PLACES for piece in words)
    if not _is_strong(said, address=address):
        return answers.place_name() if address else answers.unknown_words()
    for at, piece in enumerate(found):
        if isinstance(piece.content, Word) and piece.content.kind == "unknown":
            if _leads_into_a_date(found, at):
                return answers.place_name()
            if _trails_a_date(found, at):
                return answers.unknown_words()
    return None


def _with_candidates(doubt: Unclear, said: Sequence[Said], now: datetime) -> Unclear:
    if doubt.reason != "several_dates" or doubt.candidates:
        return doubt
    days = find_day(said, now)
    return days if isinstance(days, Unclear) and days.reason == "several_dates" else doubt


def _is_strong(said: Sequence[Said], *, address: bool) -> bool:
    """Tell whether the date holds by itself amid other words; next to an address it takes more than a day."""
    days = [piece for piece in said if not isinstance(piece, Hours | Part | DayOnly | Week)]
    more = [piece for piece in said if isinstance(piece, Hours)]
    return bool(days) and (not address or len(days) + len(more) > 1 or _has_year(days))


def _has_year(days: Sequence[Said]) -> bool:
    return any(isinstance(piece, DayMonth) and piece.year is not None for piece in days)


def _begins(piece: Piece) -> bool:
    return _BEGINS.match(piece.text) is not None


def _leads_into_a_date(found: Sequence[Piece], at: int) -> bool:
    """Tell whether a date hangs from this unknown word: «Parque 5 de Febrero», «aniversario del 5 de mayo»."""
    after = found[at + 1 : at + 3]
    if after and _is_said(after[0].content):
        return not _begins(after[0])
    return len(after) > 1 and after[0].text in _BELONGS and _is_said(after[1].content)


def _trails_a_date(found: Sequence[Piece], at: int) -> bool:
    """Tell whether this unknown word hangs from a date: «viernes santo», «10 personas»."""
    between: set[str] = set()
    for piece in reversed(found[:at]):
        if _is_said(piece.content):
            return not between & _INTRODUCES and (bool(between) or _ENDS.search(piece.text) is None)
        if piece.text == "," or not (isinstance(piece.content, Word) and piece.content.kind == "glue"):
            return False
        between.add(piece.text)
    return False
