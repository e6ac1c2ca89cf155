"""Cuts a plain line into the pieces that a date is said with.

The tables are tried in order at each place of the line and the first one that fits takes its words. What no table
knows is kept as a piece too, so that nothing is dropped in silence.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Final, TypeAlias

from bot.flows import _dates_answers as answers
from bot.flows._dates_answers import Unclear
from bot.flows._dates_chatter import read_word
from bot.flows._dates_hours import find_hours
from bot.flows._dates_pieces import (
    Content,
    DayMonth,
    DayOnly,
    FromToday,
    NthWeekday,
    Part,
    Piece,
    Week,
    Weekday,
    Word,
)
from bot.flows._dates_words import MONTH_NUMBERS, WEEKDAY_NUMBERS

Maker: TypeAlias = Callable[[re.Match[str], datetime], Content | None]

_END: Final = r"(?= |$)"
_MONTH: Final = rf"(?P<month>{'|'.join(MONTH_NUMBERS)})"
_MONTH_OR_MAR: Final = rf"(?P<month>{'|'.join(MONTH_NUMBERS)}|mar)"
_WEEKDAY: Final = rf"(?P<weekday>{'|'.join(WEEKDAY_NUMBERS)})"
_DAY: Final = r"(?P<day>\d{1,2}|primero|uno)"
# A figure followed by these is an hour, not a day.
_NO_HOUR: Final = (
    r"(?! (?:h|am|pm|y media|y cuarto|menos|en punto|minutos|de la (?:manana|tarde|noche|madrugada)|del? mediodia"
    r"|(?:a|hasta) \d{1,2}(?:[:.]\d\d)?(?: h| am| pm| de la)|- \d{1,2}(?: h| am| pm| de la))\b)"
)
_THIS: Final = r"(?:este|presente|actual|mismo)"
_YEAR: Final = (
    r"(?:(?: ,)?(?: del?)?(?: ano)? (?P<year>(?:19|20)\d\d)(?! h)"
    r"|(?: del?)?(?: ano)? (?P<short>2[5-9]|3\d)"
    + _NO_HOUR
    + rf"|,? del? (?P<same>{_THIS} ano|ano (?:en curso|actual|presente)|presente|actual|corriente|ano corriente)"
    r"|,? del? (?P<next>(?:proximo ano|ano proximo)))?"
)
_THIS_MONTH: Final = rf"(?P<this>{_THIS} mes|mes (?:en curso|actual|presente|corriente)|presente|actual|corriente)"
_NEXT_MONTH: Final = r"(?P<coming>(?:el )?proximo mes|mes proximo)"
_NTH: Final = r"(?P<nth>ultimo|primero?|segundo|tercer|cuarto|quinto)"
_ORDINALS: Final = {
    "ultimo": -1,
    "primer": 1,
    "primero": 1,
    "segundo": 2,
    "tercer": 3,
    "cuarto": 4,
    "quinto": 5,
}


def pieces(line: str, now: datetime) -> Iterator[Piece]:
    at, after_weekday = 0, False
    while at < len(line):
        content, end = _piece(line, at, now, after_weekday=after_weekday)
        yield Piece(content, line[at:end])
        if not (isinstance(content, Word) and content.text == ","):
            after_weekday = isinstance(content, Weekday)
        at = end + 1


def _piece(line: str, at: int, now: datetime, *, after_weekday: bool) -> tuple[Content, int]:
    for pattern, make in _TABLE:
        if (found := pattern.match(line, at)) and (content := make(found, now)) is not None:
            return content, found.end()
    if after_weekday and (found := _AFTER_WEEKDAY.match(line, at)):
        return DayOnly(_day(found)), found.end()
    if hours := find_hours(line, at):
        return hours
    for pattern, make in _LATE_TABLE:
        if (found := pattern.match(line, at)) and (content := make(found, now)) is not None:
            return content, found.end()
    end = line.find(" ", at)
    end = len(line) if end < 0 else end
    return read_word(line[at:end]), end


# How each form is read


def _day(found: re.Match[str]) -> int:
    return 1 if found["day"] in {"primero", "uno"} else int(found["day"])


def _month(found: re.Match[str]) -> int:
    return 3 if found["month"] == "mar" else MONTH_NUMBERS[found["month"]]


def _year(found: re.Match[str], now: datetime) -> int | None:
    if found["year"]:
        return int(found["year"])
    if found["short"]:
        return 2000 + int(found["short"])
    if found["same"]:
        return now.year
    return now.year + 1 if found["next"] else None


def _day_month(found: re.Match[str], now: datetime) -> DayMonth:
    return DayMonth(_day(found), _month(found), _year(found, now))


def _figures(found: re.Match[str], _: datetime) -> DayMonth | None:
    day, month, year = int(found[1]), int(found[2]), found[3]
    return DayMonth(day, month, int(year.rjust(4, "0").replace("00", "20", 1)) if year else None)


def _iso(found: re.Match[str], _: datetime) -> DayMonth | Unclear:
    year, month, day = (int(figures) for figures in found.groups())
    return DayMonth(day, month, year) if month in MONTH_NUMBERS.values() else answers.impossible_date(day, month, year)


def _day_of_month(found: re.Match[str], _: datetime) -> DayOnly:
    return DayOnly(_day(found), 1 if found["coming"] else 0)


def _only_day(found: re.Match[str], _: datetime) -> DayOnly:
    return DayOnly(_day(found))


def _several(found: re.Match[str], now: datetime) -> Unclear:
    today, month = now.date(), _month(found)
    days = []
    for number in map(int, _FIGURES.findall(found[0])):
        year = today.year + ((month, number) < (today.month, today.day))
        if 1 <= number <= monthrange(year, month)[1]:
            days.append(date(year, month, number))
    return answers.several_dates(*days)


def _weekday(found: re.Match[str], _: datetime) -> Weekday:
    weeks = {"8": 1, "15": 2, None: 0}[found["idiom"]]
    coming = "proximo" in found[0]
    return Weekday(WEEKDAY_NUMBERS.get(found["weekday"], 1), coming=coming, weeks_after=weeks)


def _week(found: re.Match[str], _: datetime) -> Week | None:
    if found["ahead"] or found["later"]:
        return Week(1)
    return Week(0) if "esta " in found[0] else None


def _nth_weekday(found: re.Match[str], now: datetime) -> NthWeekday:
    named = found["month"]
    return NthWeekday(
        nth=_ORDINALS[found["nth"]] if found["nth"] else -1,
        weekday=WEEKDAY_NUMBERS.get(found["weekday"] or ""),
        month=MONTH_NUMBERS[named] if named else None,
        year=_year(found, now),
        month_ahead=1 if found["coming"] else 0,
    )


def _idiom(found: re.Match[str], _: datetime) -> FromToday:
    return FromToday(days=_SOON[found["from"]] + {"8": 7, "15": 14}[found["idiom"]])


def _distance(found: re.Match[str], now: datetime) -> FromToday | Unclear:
    amount = 1 if found["amount"] in {"un", "una"} else int(found["amount"])
    match found["unit"][0]:
        case "d" if amount == 8:  # noqa: PLR2004 - «en ocho días» is a week for most people, and eight days for some
            return answers.several_dates(*(now.date() + timedelta(days=ahead) for ahead in (7, 8)))
        case "d":
            return FromToday(days=amount)
        case "s":
            return FromToday(days=7 * amount)
        case "m":
            return FromToday(months=amount)
        case _:
            return FromToday(hours=amount)


def _always(content: Content) -> Maker:
    def make(_: re.Match[str], __: datetime) -> Content:
        return content

    return make


def _aside(found: re.Match[str], _: datetime) -> Word:
    return Word(found[0], "aside")


def _part(found: re.Match[str], _: datetime) -> Part:
    return Part("manana" if found["part"] == "temprano" else found["part"])


def _soon(found: re.Match[str], _: datetime) -> FromToday:
    return FromToday(days=_SOON[found["soon"]])


def _weekend(_: re.Match[str], now: datetime) -> Unclear:
    saturday = now.date() + timedelta(days=(5 - now.weekday()) % 7)
    return answers.several_dates(saturday, saturday + timedelta(days=1))


_FIGURES: Final = re.compile(r"\d+")
_SOON: Final = {"hoy": 0, "manana": 1, "pasado manana": 2}
_SOON_WORDS: Final = r"pasado manana|manana|hoy"
_PEOPLE: Final = r"personas|invitados|asistentes|alumnos|ninos|sillas|mesas|gentes?|servidores|elementos|participantes"
_NUMBERED: Final = r"salon|sala|aula|piso|puerta|edificio|modulo|oficina|ventanilla|cancha|lote|kilometro|km"


def _compiled(*rows: tuple[str, Maker]) -> tuple[tuple[re.Pattern[str], Maker], ...]:
    return tuple((re.compile(rf"(?:{pattern}){_END}"), make) for pattern, make in rows)


_TABLE: Final = _compiled(
    # remarks
    (rf"(?:(?:para|con|de|como|son|somos|seran) )?\d{{1,4}} (?:{_PEOPLE})", _aside),
    (
        rf"(?:(?:en|por) )?(?:(?:el|la) )?(?:{_NUMBERED}) \d{{1,3}}(?! (?:de|del) (?:{'|'.join(MONTH_NUMBERS)}))",
        _aside,
    ),
    (
        r"(?:con )?(?:una )?(?:dura|durara|duracion|durante|por)(?: ,)?(?: de)?(?: \d{1,2}| una) (?:h|hora|minutos)",
        _aside,
    ),
    (r"(?:la )?hora (?:esta |queda )?(?:por (?:definir|confirmar)|pendiente)|sin hora|hora abierta", _aside),
    (r"(?:lo )?(?:mas o menos|a mas tardar|(?:mas pronto|antes|mas antes) posible)", _always(Word("mas", "glue"))),
    (r"primero hora|a primero hora", _always(Part("manana"))),
    # several days
    (
        rf"(?:(?:del|de|el|los|dias|entre) )*\d{{1,2}}(?:(?: ,)? \d{{1,2}})* ,? ?(?:y|o|u|a|al|hasta|-) (?:el )?"
        rf"\d{{1,2}}(?: de)? {_MONTH}",
        _several,
    ),
    (rf"(?:(?:del|el) )?\d{{1,2}}-\d{{1,2}}(?: de)? {_MONTH}", _several),
    (r"del \d{1,2} (?:al|hasta el) \d{1,2}", _always(answers.several_dates())),
    (rf"los (?:{'|'.join(WEEKDAY_NUMBERS)})", _always(answers.repeated())),
    (rf"un (?:{'|'.join(WEEKDAY_NUMBERS)})", _always(answers.conditional())),
    (r"(?:el|dia) \d{1,2} (?:h|am|pm)", _always(answers.stray_number())),
    (r"(?:este |el |proximo )*fin de semana(?: proximo)?", _weekend),
    # days told by their place in a month
    (
        rf"(?:el |los )?(?:{_NTH} (?:dia )?{_WEEKDAY}) (?:del?) (?:(?:mes )?(?:de )?{_MONTH}{_YEAR}"
        rf"|{_THIS_MONTH}|{_NEXT_MONTH}|mes)",
        _nth_weekday,
    ),
    (
        rf"(?:a |el |al )*(?:(?:fin|final|ultimo dia)) (?:del?) (?:(?:mes de )?{_MONTH}{_YEAR}"
        rf"|{_THIS_MONTH}|{_NEXT_MONTH}|mes)(?P<nth>)(?P<weekday>)",
        _nth_weekday,
    ),
    # dates
    (r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})", _iso),
    (r"(\d{1,2}) (\d{1,2}) (20\d\d)(?! h)", _figures),
    (r"(?:dia )?(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d\d))?", _figures),
    (rf"(\d{{1,2}})-(\d{{1,2}}){_NO_HOUR}()", _figures),
    (
        rf"(?:(?:el|para el|dia|el dia|este) )?{_DAY}(?: ,)?(?: de| del)?(?: mes de)? {_MONTH_OR_MAR}{_YEAR}",
        _day_month,
    ),
    (rf"{_MONTH}(?: dia)? {_DAY}{_NO_HOUR}{_YEAR}", _day_month),
    (
        rf"(?:(?:el|para el|dia|el dia|este|del|del dia) )?{_DAY} del? (?:{_THIS_MONTH}|{_NEXT_MONTH})",
        _day_of_month,
    ),
    (
        rf"(?:el|dia|este|del)(?: dia)?(?: ,)? {_DAY}{_NO_HOUR}(?! del? (?!\d|las? ))(?! (?:y|o|al|u) \d)",
        _only_day,
    ),
    # days told from today
    (rf"(?:(?:de|a partir de) )?(?P<from>{_SOON_WORDS}) en (?P<idiom>8|15)(?: dias)?", _idiom),
    (
        r"(?:en|dentro de|de aqui a|a) \d{1,3} dias? (?:habil|habiles|laborales)",
        _always(answers.business_days()),
    ),
    (
        r"(?:ultimo|primer|segundo|tercer|\d{1,2}) dias? (?:habil|habiles|laboral|laborales)",
        _always(answers.business_days()),
    ),
    (
        r"(?:en|dentro de|de aqui a) (?P<amount>\d{1,3}|una?) (?P<unit>dias?|semanas?|mes(?:es)?|h|hora)"
        r"(?! despues| antes)",
        _distance,
    ),
    # days of the week
    (
        rf"(?:(?:el|este|esta|proximo|dia) )*{_WEEKDAY}(?: proximo)?(?: en (?P<idiom>8|15)(?: dias)?)?",
        _weekday,
    ),
    (
        r"(?:(?:el|este|proximo|dia) )*(?P<weekday>mar)(?P<idiom>)(?= (?:\d{1,2} (?:de )?(?!mar)[a-z]|,? ?\d{1,2}/))",
        lambda found, _: Weekday(1, coming="proximo" in found[0]),
    ),
    (
        r"(?:(?:de|en|para) )*(?:la |esta |este )*(?:(?P<ahead>proximo) )?semana(?P<later> proximo)?"
        r"(?! (?:del?|santa|nacional) (?!este|la))",
        _week,
    ),
    # parts of the day
    (r"esta(?= (?:manana|tarde|noche)\b)", _always(FromToday())),
    (r"(?<=esta )(?P<part>manana|tarde|noche)", _part),
    (r"(?:(?:en|por|a|de|durante) )?la (?P<part>manana|tarde|noche|madrugada)", _part),
    (r"(?:muy |mas )?(?P<part>temprano)", _part),
    (rf"(?P<soon>{_SOON_WORDS})", _soon),
)
_AFTER_WEEKDAY: Final = re.compile(
    rf"(?:dia )?{_DAY}{_NO_HOUR}(?! del? (?!\d|las? |este |presente |proximo ))(?! (?:y|o|al|u) \d){_END}"
)
_LATE_TABLE: Final = _compiled((r"(?P<part>tarde|noche|madrugada)", _part))
