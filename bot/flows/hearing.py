"""What a sentence already answers: «fotos el viernes a las 10 en el auditorio» says what, when and where.

Only what is certain is taken, and whoever asks reads it before anything is sent. A
date of which the hour is doubtful is taken by half, and its other half asked.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from bot.flows.finding import words
from bot.flows.procedure import Procedure, Requisito
from bot.flows.requisitos import LONG_TEXT_LENGTH, Answered, Setting, Typed, Unfinished, moments, read
from bot.flows.words import fold

_DATES: Final = frozenset({"date", "datetime"})
_NOT: Final = frozenset({"no", "ni", "sin", "excepto", "menos"})
# «3 x 2 m» and «500 volantes» would leave a figure that could be a day.
_FIGURES: Final = re.compile(
    r"(?:\bde\s+)?\d+(?:[.,]\d+)?\s*(?:x|por|×)\s*\d+(?:[.,]\d+)?(?:\s*(?:cms?|mts?|m|metros?|cent[ií]metros?)\b)?"
    r"|(?:\bde\s+)?(?<!las )\b(?!(?:19|20)\d\d\b)\d{3,}\b(?!\s*(?:h|hrs?|horas)\b|[:/.-]\d)",
    re.IGNORECASE,
)

_KINDS: Final = (
    r"auditorio|plaza|plazoleta|parque|explanada|sal[oó]n|sala|biblioteca|escuela|primaria|secundaria|preparatoria"
    r"|universidad|kiosco|quiosco|teatro|deportiv[ao]|unidad|mercado|centro|palacio|jard[ií]n|colonia|calle|avenida|av"
    r"|museo|hospital|cl[ií]nica|hotel|cancha|gimnasio|estadio|alberca|iglesia|parroquia|pante[oó]n|foro|edificio"
    r"|m[oó]dulo|delegaci[oó]n|barrio|comunidad|z[oó]calo|recinto|oficinas?|bodega|estacionamiento|cabildo|lienzo"
    r"|casa(?=\s+(?:de|del|ejidal)\b)|presidencia(?=\s+municipal\b)"
)
_DAYS: Final = r"lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo"
_MONTHS: Final = "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
# «La feria del viernes» is no place's name, as «la plaza del 5 de mayo» may be.
_OF_A_DAY: Final = re.compile(rf"\bdel\s+(?=(?:pr[oó]ximo\s+)?(?:{_DAYS})\b)", re.IGNORECASE)
_ADDRESS: Final = r"col|colonia|av|avenida|calle|no|n[uú]m|n[uú]mero|esq|esquina|barrio|centro"
_PLACE: Final = re.compile(
    # The figure may be of its name: «el parque 5 de febrero».
    rf"\ben\s+(?:(?:el|la|los|las|nuestr[oa])\s+)?(?P<place>(?:{_KINDS})\b\.?(?:\s+\d+)?)",
    re.IGNORECASE,
)
# Where a place's name is over: a stop, a date, or words that go on with something else.
_AFTER: Final = re.compile(
    "|".join(
        (
            r"[;!?¿¡()\n]|\.(?!\s*[A-ZÁÉÍÓÚ0-9])|\.\s+(?=\w+\s+[a-záéíóúñ])",
            rf"(?i:,(?!\s*(?:{_ADDRESS})\b))",
            rf"(?i:\s(?:{_DAYS}|hoy|ma[ñn]ana|pasado|pr[oó]xim[oa])\b)",
            r"(?i:\s(?:desde|hasta|para|por|que|porque|con|y|e|o|ya|es|ser[aá]|urge|gracias)\b)",
            r"(?i:\s(?:a\s+(?:las?|partir|medio)|al\s+medio)\b)",
            rf"(?i:\s(?:de\s+(?:las?\s+)?\d|(?:el|del?)\s+(?:d[ií]a\b|(?:{_DAYS})\b|este\b|pr[oó]ximo\b|\d)))",
            rf"(?i:\s\d+\s*(?:de\s+(?:{_MONTHS})|/|:|(?:am|pm|hrs?|horas)\b))",
            r"\s(?:el|este|esta|un|una)\b",  # «El» in capitals is of a name: «Salón El Refugio»
            r"(?<!\bde)(?<!\ba)\s(?:la|los|las)\b",
        )
    )
)
_VAGUE: Final = frozenset({"oficina", "oficinas", "edificio", "modulo", "unidad", "centro", "calle", "av", "avenida"})
_LONGEST_PLACE: Final = 80


@dataclass(frozen=True)
class Heard:
    """What was understood: whole answers, and of others the half that was said.

    `about` is the requisito that the sentence as it stands may answer.
    """

    about: str | None = None
    answers: dict[str, Any] = field(default_factory=dict)
    halves: dict[str, dict[str, Any]] = field(default_factory=dict)


def heard(said: str, law: Procedure, setting: Setting, *, at: datetime) -> Heard:
    """What a sentence said at that moment answers of a procedure's requisitos, today."""
    then = replace(setting, now=at)
    answers: dict[str, Any] = {}
    halves: dict[str, dict[str, Any]] = {}
    told = frozenset() if _NOT & set(fold(said).split()) else frozenset(root for _, root in words(said))
    date_of, place_of = _date_of(law), _first(law, {"place"})
    place, rest = _parted(said)
    for one in law.requisitos:
        if one.group is not None or not one.is_asked(answers):
            continue
        if one.id == date_of:
            when = read(one, Typed(_OF_A_DAY.sub("el ", _FIGURES.sub(" ", rest))), then, {})
            if isinstance(when, Answered) and _is_ahead(when.value, setting):
                answers[one.id] = when.value
            elif isinstance(when, Unfinished) and _is_ahead(when.pending["date"], setting):
                halves[one.id] = when.pending
        elif one.id == place_of and place:
            answers[one.id] = {"text": place}
        elif one.options and (options := _options(one, told)):
            answers[one.id] = options
    return Heard(_about(said, law), answers, halves)


def _about(said: str, law: Procedure) -> str | None:
    """What is asked first, where it is what the request is about: a fault, a doubt, what is to be made."""
    first = law.requisitos[0] if law.requisitos else None
    if first is None or first.kind != "long_text" or len(said) > (first.max or LONG_TEXT_LENGTH):
        return None
    return first.id


def _date_of(law: Procedure) -> str | None:
    """The date that a sentence gives: the one to which the notice runs, or the first."""
    notices = [one for one in (law.notice, *law.notice_when, law.recommended_notice) if one is not None]
    return notices[0].before if notices else _first(law, _DATES)


def _first(law: Procedure, kinds: Iterable[str]) -> str | None:
    return next((one.id for one in law.requisitos if one.kind in kinds), None)


def _is_ahead(value: str, setting: Setting) -> bool:
    starts, _ = moments(value, setting.calendar)
    if "T" in value:
        return starts is not None and starts > setting.now
    return date.fromisoformat(value) >= setting.calendar.local(setting.now).date()


def _options(asked: Requisito, told: frozenset[str]) -> Any:
    """The options whose every word was said; of «Foto», «Video» and «Foto y video», the fullest."""
    roots = {one.id: frozenset(root for _, root in words(one.label)) for one in asked.options}
    said = [key for key, root in roots.items() if root and root <= told]
    fullest = [key for key in said if not any(roots[key] < roots[other] for other in said)]
    if asked.kind == "choices":
        return fullest
    return fullest[0] if len(fullest) == 1 else None


def _parted(said: str) -> tuple[str | None, str]:
    """The one place that a sentence names after «en», as it was written, and the sentence without it."""
    found: dict[str, tuple[str, str]] = {}
    for match in _PLACE.finditer(said):
        start, after = match.start("place"), match.end("place")
        stop = _AFTER.search(said, after)
        end = stop.start() if stop else len(said)
        place = " ".join(said[start:end].split()).strip(" ,.")
        if fold(place) not in _VAGUE and len(place) <= _LONGEST_PLACE:
            found.setdefault(fold(place), (place[0].upper() + place[1:], f"{said[:start]} {said[end:]}"))
    return next(iter(found.values())) if len(found) == 1 else (None, said)
