"""Finding a request again: the words by which it is known, and what somebody asks for with a few of them.

What is known of a request is a bag of plain words, in small letters and figures alone, so that any database can
keep it in an index. Beside what people wrote it holds marks, which say what words cannot: whose it is, its number,
its days. Nobody can write a mark: what looks like one is left out of both.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import blake2s
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

from rapidfuzz.fuzz import ratio

from bot.flows._dates_words import MONTH_NUMBERS, WEEKDAY_NUMBERS
from bot.flows.dates import When, read_when
from bot.flows.people import Person
from bot.flows.procedure import Manual, Procedure
from bot.flows.request import Request
from bot.flows.requisitos import show
from bot.flows.words import fold

_LONGEST_WORD: Final = 40
_LONGEST: Final = 50_000
_MOST_WORDS: Final = 12
_SHORTEST_PREFIX: Final = 3
LONGEST_PREFIX: Final = 10
# In a shorter word one slip makes another word.
_SHORTEST_SLIP: Final = 5
_ALIKE: Final = 84
_LONGEST_DATE: Final = 6
_EMPTY: Final = frozenset(
    (
        *("a", "al", "con", "de", "del", "el", "en", "es", "esta", "este", "la", "las", "lo", "los"),
        *("o", "para", "por", "que", "se", "su", "un", "una", "y"),
    )
)
_MARK: Final = re.compile(r"^x[a-z]0")
# Files have no words, and days have marks: «11 de diciembre» is not whatever has an 11 and a December in it.
_UNSAID: Final = frozenset({"files", "photos", "date", "datetime"})
_FIGURES: Final = re.compile(r"^\d+$")
_YEAR: Final = 4
_DATED: Final = re.compile(
    r"^(?:\d{1,4}|\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?|\d{4}-\d{1,2}-\d{1,2}|de|del|el|dia"
    rf"|{'|'.join((*MONTH_NUMBERS, *WEEKDAY_NUMBERS))})$"
)
_TELLS_THE_DAY: Final = re.compile(rf"\d[/.-]\d|\b(?:{'|'.join(MONTH_NUMBERS)})\b")
_MONTH: Final = re.compile(rf"^(?:el mes de |mes de )?({'|'.join(MONTH_NUMBERS)})(?: (?:de |del )?(\d{{4}}))?$")
_NEXT: Final = r"(?:la |el )?(?:proxim[ao] {0}|{0} que (?:viene|entra)|{0} siguiente)"
_LAST: Final = r"(?:la |el )?(?:{0} pasad[ao]|pasad[ao] {0}|{0} anterior|ultim[ao] {0})"
_WEEKS: Final = {
    0: re.compile(r"^(?:de |en )?esta semana$"),
    1: re.compile(rf"^{_NEXT.format('semana')}$"),
    -1: re.compile(rf"^{_LAST.format('semana')}$"),
}
_MONTHS: Final = {
    0: re.compile(r"^(?:de |en )?este mes$"),
    1: re.compile(rf"^{_NEXT.format('mes')}$"),
    -1: re.compile(rf"^{_LAST.format('mes')}$"),
}
_DAYS: Final = {"antier": -2, "anteayer": -2, "ayer": -1, "hoy": 0, "manana": 1, "pasado manana": 2}


@dataclass(frozen=True)
class Term:
    """A word that must be there; with `prefix`, one that begins so."""

    word: str
    prefix: bool = False


AllOf: TypeAlias = tuple[Term, ...]
AnyOf: TypeAlias = tuple[AllOf, ...]


@dataclass(frozen=True)
class Wanted:
    """What is looked for: of each group, one way to be there."""

    groups: tuple[AnyOf, ...]


# What is known of a request


def document(law: Procedure, request: Request, *, area: str, requester: str, zone: ZoneInfo) -> str:
    """The words of a request, as an index keeps them. `area` and `requester` are their names."""
    said = [request.folio, *request.numbers.values(), law.wish, law.title, area, requester, request.on_behalf or ""]
    said.extend(_said(law, request.answers))
    written = [word for text in said for word in _words(text)]
    return " ".join(dict.fromkeys((*_marks(law, request, zone), *written)))[:_LONGEST]


def _said(law: Procedure, answers: Mapping[str, Any]) -> Iterator[str]:
    """Every answer as people read it, also of several things."""
    for one in law.requisitos:
        if one.kind in _UNSAID:
            continue
        if one.id in answers:
            yield show(one, answers[one.id])
        things = answers.get(one.group) if one.group else None
        for thing in things if isinstance(things, list) else []:
            if isinstance(thing, Mapping) and one.id in thing:
                yield show(one, thing[one.id])


def _words(text: str) -> list[str]:
    written = [word for word in fold(text).split() if not _MARK.match(word)]
    return [word[:_LONGEST_WORD] if word.isascii() else _code("w", word) for word in written]


def _code(kind: str, name: str) -> str:
    """A mark for something whose name may be anything."""
    return f"x{kind}0{blake2s(name.encode(), digest_size=6).hexdigest()}"


def _marks(law: Procedure, request: Request, zone: ZoneInfo) -> Iterator[str]:
    yield _code("m", request.manual)
    yield _code("a", f"{request.manual} {request.area}")
    yield f"xr0{request.requester}"
    for person in request.staff.values():
        yield f"xt0{person}"
    for folio in (request.folio, *request.numbers.values()):
        number = folio.rpartition("-")[2]
        if _FIGURES.match(number):
            yield f"xn0{int(number)}"
    sent = request.sent_at.astimezone(zone).date()
    yield from (f"xs0{sent:%Y%m%d}", f"xs0{sent:%Y%m}")
    for day in _event_days(law, request.answers):
        yield from (f"xe0{day:%Y%m%d}", f"xe0{day:%Y%m}")


def _event_days(law: Procedure, answers: Mapping[str, Any]) -> Iterator[date]:
    """The days that a request is about, as they were answered."""
    for one in law.requisitos:
        value = answers.get(one.id)
        if one.kind in {"date", "datetime"} and isinstance(value, str):
            yield date.fromisoformat(value[: len("2026-12-11")])


# What somebody asks for


def wanted(text: str, *, manual: Manual, areas: Mapping[str, str], now: datetime) -> Wanted | None:
    """What a few words look for; nothing where they say nothing. `now` is aware, in the municipality's zone."""
    tokens = text.split()[: _MOST_WORDS * 2]
    groups: list[AnyOf] = []
    place = 0
    while place < len(tokens) and len(groups) < _MOST_WORDS:
        length, days = _dates(tokens, place, now)
        if length:
            said = tuple(Term(word) for word in _words(" ".join(tokens[place : place + length])) if word not in _EMPTY)
            groups.append((*((said,) if said else ()), *((Term(day),) for day in days)))
            place += length
            continue
        words = [word for word in _words(tokens[place]) if word not in _EMPTY]
        groups.extend(_group(word, manual, areas) for word in words)
        place += 1
    if not groups:
        return None
    return Wanted((((Term(_code("m", manual.id)),),), *_opened(tokens, groups)))


def _opened(tokens: list[str], groups: list[AnyOf]) -> list[AnyOf]:
    """The same, with the last word as the beginning of one: people stop as soon as they see what they want."""
    last = _words(tokens[-1])
    word = last[-1] if last else ""
    if len(word) < _SHORTEST_PREFIX or _FIGURES.match(word) or groups[-1][0] != (Term(word),):
        return groups
    # Of a long word what is missing is how it ends, and an index of its beginnings would be mostly of these.
    ends = tuple((Term(f"{word}{end}"),) for end in ("", "s", "es"))
    begun: AnyOf = ((Term(word, prefix=True),),) if len(word) <= LONGEST_PREFIX else ends
    return [*groups[:-1], (*begun, *groups[-1][1:])]


def _group(word: str, manual: Manual, areas: Mapping[str, str]) -> AnyOf:
    """The ways in which a word may be meant: as written, as a folio's number, as an area's name written nearly so."""
    near = [
        (Term(_code("a", f"{manual.id} {key}")),)
        for key, name in areas.items()
        if any(_alike(word, one) for one in _words(name))
    ]
    number = ((Term(f"xn0{int(word)}"),),) if _FIGURES.match(word) else ()
    return ((Term(word),), *number, *near)


def _alike(word: str, other: str) -> bool:
    return len(word) >= _SHORTEST_SLIP and word != other and ratio(word, other) >= _ALIKE


def numbered(text: str, *, manual: Manual) -> Wanted | None:
    """The requests of a number, where nothing but figures was said: «12», «0012»."""
    words = _words(text)
    if not words or not all(_FIGURES.match(word) and len(word) <= _LONGEST_DATE * 2 for word in words):
        return None
    marks: list[AnyOf] = [((Term(f"xn0{int(word)}"),),) for word in words]
    return Wanted((((Term(_code("m", manual.id)),),), *marks))


def visible(person: Person, manual: Manual) -> AnyOf | None:
    """By which marks somebody may see a request; nothing where they may see them all.

    The same as `may_see`, and as being of the staff that has it. Whose turn it is, is for the tray to say.
    """
    if any(not role.of_area and role.serves is None and person.holds(name) for name, role in manual.roles.items()):
        return None
    own = (Term(f"xr0{person.id}"), Term(f"xt0{person.id}"))
    return tuple((term,) for term in (*own, *(Term(_code("a", f"{manual.id} {key}")) for key in person.areas)))


# Dates


def _dates(tokens: list[str], place: int, now: datetime) -> tuple[int, list[str]]:
    """The longest date that begins here: how many tokens it takes, and its days as marks."""
    for length in range(min(_LONGEST_DATE, len(tokens) - place), 0, -1):
        phrase = " ".join(tokens[place : place + length])
        months, days = _months(fold(phrase), now.date()), _days(phrase, now)
        found = [f"{one:%Y%m}" for one in months] or [f"{one:%Y%m%d}" for one in days]
        if found:
            return length, [f"x{kind}0{one}" for one in found for kind in "es"]
    return 0, []


def _months(phrase: str, today: date) -> list[date]:
    """The first days of the months that are meant: of one named without its year, the last, this and the next."""
    for ahead, pattern in _MONTHS.items():
        if pattern.match(phrase):
            month = today.year * 12 + today.month - 1 + ahead
            return [date(month // 12, month % 12 + 1, 1)]
    found = _MONTH.match(phrase)
    if found is None:
        return []
    years = [int(found[2])] if found[2] else [today.year - 1, today.year, today.year + 1]
    return [date(year, MONTH_NUMBERS[found[1]], 1) for year in years if date.min.year <= year <= date.max.year]


def _days(phrase: str, now: datetime) -> list[date]:
    today, said = now.date(), fold(phrase)
    if said in _DAYS:
        return [today + timedelta(days=_DAYS[said])]
    for ahead, pattern in _WEEKS.items():
        if pattern.match(said):
            monday = today + timedelta(days=7 * ahead - today.weekday())
            return [monday + timedelta(days=place) for place in range(7)]
    weekday = WEEKDAY_NUMBERS.get(said.removeprefix("el "))
    if weekday is not None:
        last = today - timedelta(days=(today.weekday() - weekday) % 7)
        return [last, last + timedelta(days=7)]
    return _named(phrase, now)


def _named(phrase: str, now: datetime) -> list[date]:
    """A day by its name: of one without its year, the last, this year's and the next."""
    stripped = [word.strip(",.;:") for word in phrase.split()]
    words = [fold(word) if word.isalpha() else word for word in stripped]
    if not all(_DATED.match(word) for word in words) or not _TELLS_THE_DAY.search(" ".join(words)):
        return []
    found = set()
    for year in (now.year - 1, now.year, now.year + 1):
        new_year = datetime.combine(date(year, 1, 1), time.min, tzinfo=now.tzinfo)
        read = read_when(" ".join(words), now=new_year)
        if isinstance(read, When) and read.time is None:
            found.add(read.date)
    return sorted(found)
