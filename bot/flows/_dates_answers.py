"""What reading a date can answer: a day that is certain, or a sentence that helps to write it better."""

import datetime as dt
from calendar import monthrange
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Reason: TypeAlias = Literal[
    "nothing_found",  # no date in it at all
    "no_day",  # a month or a week, but which day of it?
    "several_dates",
    "several_hours",
    "impossible_date",
    "impossible_hour",
    "midnight",  # of Friday: where it begins or where it ends?
    "month_first",  # 12/25/2026
    "weekday_mismatch",
    "past",
    "too_far",
    "business_days",  # only a calendar knows them
    "repeated",  # every Monday
    "conditional",  # before, after, not on
    "place_name",  # Parque 5 de Febrero
    "stray_number",  # is it a day, an hour or a quantity?
    "unknown_words",
    "too_long",
]

MONTHS: Final = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
    *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
)
WEEKDAYS: Final = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")

_EXAMPLE: Final = "por ejemplo «5 de diciembre, 17:00»"


@dataclass(frozen=True, slots=True)
class When:
    """A day that is certain, with its hours if they were given.

    `ambiguous_hour` says that morning or afternoon was not told; `time` then holds the likelier reading and must be
    confirmed. An `end` earlier than `time` belongs to the next day.
    """

    date: dt.date
    time: dt.time | None
    end: dt.time | None
    ambiguous_hour: bool


@dataclass(frozen=True, slots=True)
class Unclear:
    """Why no day is certain, and how to mend it.

    `candidates` are the days that it could be, ready for buttons; the hours that were understood come along.
    """

    reason: Reason
    why: str
    candidates: tuple[dt.date, ...] = ()
    time: dt.time | None = None
    end: dt.time | None = None
    ambiguous_hour: bool = False

    def settled(self, day: dt.date) -> When:
        """Keep the hours and take the day that the person chose."""
        return When(day, self.time, self.end, self.ambiguous_hour)


def long_date(day: dt.date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {day.day} de {MONTHS[day.month - 1]} de {day.year}"


def long_when(day: dt.date, hour: dt.time | None) -> str:
    return long_date(day) if hour is None else f"{long_date(day)}, {hour:%H:%M} h"


def short_date(day: dt.date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {day.day} de {MONTHS[day.month - 1]}"


def nothing_found() -> Unclear:
    return Unclear("nothing_found", f"No encontré una fecha. Escribe el día, el mes y la hora, {_EXAMPLE}.")


def no_day() -> Unclear:
    return Unclear("no_day", f"Me falta saber qué día. Escribe el día, el mes y la hora, {_EXAMPLE}.")


def unknown_words() -> Unclear:
    return Unclear("unknown_words", f"Hay palabras que no entendí. Escribe solo el día, el mes y la hora, {_EXAMPLE}.")


def place_name() -> Unclear:
    return Unclear(
        "place_name", f"Eso parece el nombre de un lugar. Escribe solo el día, el mes y la hora, {_EXAMPLE}."
    )


def stray_number() -> Unclear:
    return Unclear(
        "stray_number",
        f"Hay un número que no sé si es día u hora. Escribe el día, el mes y la hora, {_EXAMPLE}.",
    )


def conditional() -> Unclear:
    return Unclear("conditional", f"Necesito un solo día y una hora exactos, sin condiciones, {_EXAMPLE}.")


def repeated() -> Unclear:
    return Unclear("repeated", "Necesito una sola fecha. Si se repite, escribe la primera y cuéntalo después.")


def business_days() -> Unclear:
    return Unclear("business_days", f"Los días hábiles los cuento yo: escribe la fecha exacta, {_EXAMPLE}.")


def too_long() -> Unclear:
    return Unclear("too_long", f"Es mucho texto para una fecha. Escribe solo el día, el mes y la hora, {_EXAMPLE}.")


def too_far() -> Unclear:
    return Unclear("too_far", f"Ese año no parece correcto. Escribe la fecha completa, {_EXAMPLE}.")


def several_dates(*candidates: dt.date) -> Unclear:
    return Unclear("several_dates", "Entendí más de una fecha. ¿Cuál es?", tuple(sorted(set(candidates))))


def several_hours() -> Unclear:
    return Unclear(
        "several_hours",
        "Entendí más de una hora. Escribe una sola, o de qué hora a qué hora: «10:00 a 12:00».",
    )


def impossible_hour() -> Unclear:
    return Unclear("impossible_hour", "Esa hora no existe. Escríbela de 00:00 a 23:59, por ejemplo «17:30».")


def midnight(day: dt.date) -> Unclear:
    after = day + dt.timedelta(days=1)
    why = f"¿La medianoche con la que empieza el {short_date(day)}, o la del {short_date(after)}?"
    return Unclear("midnight", why, (day, after))


def month_first(meant: dt.date) -> Unclear:
    why = f"Aquí va primero el día y luego el mes. ¿Quisiste decir el {long_date(meant)}?"
    return Unclear("month_first", why, (meant,))


def impossible_date(day: int, month: int, year: int, *candidates: dt.date) -> Unclear:
    if not 1 <= month <= len(MONTHS):
        why = f"No existe el mes {month}. Escribe primero el día y luego el mes, {_EXAMPLE}."
    elif day < 1:
        why = f"No existe el día {day}. Escribe el día, el mes y la hora, {_EXAMPLE}."
    else:
        name, length = MONTHS[month - 1], monthrange(year, month)[1]
        leap = f" en {year}" if (day, month) == (29, 2) else ""
        why = f"El {day} de {name} no existe{leap}: {name} tiene {length} días. ¿Qué día es?"
    return Unclear("impossible_date", why, candidates)


def past(day: dt.date, *candidates: dt.date) -> Unclear:
    return Unclear("past", f"El {short_date(day)} ya pasó. Si es de otro año, escríbelo con el año.", candidates)


def no_such_day(day: int) -> Unclear:
    return Unclear("impossible_date", f"Ningún mes tiene día {day}. ¿Qué día es?")


def no_fifth(month: int, year: int, weekday: int) -> Unclear:
    return Unclear(
        "impossible_date",
        f"En {MONTHS[month - 1]} de {year} no hay un quinto {WEEKDAYS[weekday]}. ¿Qué día es?",
    )


def gone() -> Unclear:
    return Unclear("past", f"Eso ya pasó. Escribe la fecha completa, {_EXAMPLE}.")


def weekday_mismatch(day: dt.date, weekday: int, *candidates: dt.date) -> Unclear:
    return Unclear(
        "weekday_mismatch",
        f"El {day.day} de {MONTHS[day.month - 1]} de {day.year} es {WEEKDAYS[day.weekday()]}, "
        f"no {WEEKDAYS[weekday]}. ¿Cuál es?",
        tuple(sorted({day, *candidates})),
    )
