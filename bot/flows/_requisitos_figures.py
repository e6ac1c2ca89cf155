"""Numbers, money, sizes and durations."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bot.flows._numerals import SMALL, amount
from bot.flows._requisitos_said import Answered, Misread, Reading, Said, Setting, Typed
from bot.flows.procedure import Requisito
from bot.flows.words import bare

_LARGEST = 1_000_000
_LENGTH = r"(\d+(?:[.,]\d+)*)\s*(?:(cms?|centimetros?|mms?|milimetros?|mt?s?|metros?|px|pixel(?:es)?)\b)?"
_BY = r"\s*(?:x|por|×|\*)\s*"
_SIZE = re.compile(rf"(?<![\d.,-]){_LENGTH}{_BY}{_LENGTH}")
# A third figure or an inch would change what the first two mean.
_NOT_A_SIZE = re.compile(rf"{_LENGTH}{_BY}{_LENGTH}(?:{_BY}\d|\s*(?:pulg|plg|pies?\b|[\"”]))")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
# The sheets that a print shop in Mexico calls by name, in centimetres; its oficio is shorter than the legal one.
_SHEETS = {
    "carta": (21.6, 27.9),
    "media carta": (14.0, 21.6),
    "doble carta": (27.9, 43.2),
    "tabloide": (27.9, 43.2),
    "oficio": (21.6, 34.0),
    "legal": (21.6, 35.6),
    "a0": (84.1, 118.9),
    "a1": (59.4, 84.1),
    "a2": (42.0, 59.4),
    "a3": (29.7, 42.0),
    "a4": (21.0, 29.7),
    "a5": (14.8, 21.0),
}
_SHEET = re.compile(
    rf"(?:(?:en|de|tamano|hoja|papel) +)*({'|'.join(_SHEETS)})(?:,? +(?:en +)?(horizontal|apaisad[oa]|vertical))?"
)
_SIDES = re.compile(r"\b(?:de\s+)?(ancho|base|alto|altura|largo)\b(?:\s+de\b)?")
_PESOS = re.compile(r"\s*(?:de\s+)?(?:pesos|mxn|m\.?n\.?)\.?$")
_HEDGES = re.compile(r"^(?:(?:como|unos|unas|aprox\.?|aproximadamente|mas o menos|alrededor de|cerca de)\s+)+")
_DURATION = re.compile(r"(\d{1,6}(?:[.,]\d{1,3})?)\s*(h|hr|hrs|horas?|min|mins|minutos?|dias?|semanas?)\b")
_IN_WORDS = re.compile(rf"\b({'|'.join(SMALL)})(?= (?:hora|dia|minuto|semana))")
_SPOKEN = (
    (re.compile(r"\b(\d{1,2}):([0-5]\d) ?(?:horas?|hrs?|h)\b"), r"\1 h \2 min"),
    (re.compile(r"\b(hora|horas|hr|hrs|h) y media\b"), r"\1 30 min"),
    (re.compile(r"\b(hora|horas|hr|hrs|h) y cuarto\b"), r"\1 15 min"),
    (re.compile(r"\btres cuartos de hora\b"), "45 min"),
    (re.compile(r"\b(?:un )?cuarto de hora\b"), "15 min"),
    (re.compile(r"\bmedia hora\b"), "30 min"),
    (re.compile(r"^(?=hora\b)"), "1 "),
)
# What may stand around a duration without changing it; «2 a 3 horas» is not one.
_AROUND = re.compile(r"(?:\b(?:y|con|de|dura|como|unas|unos|aprox|aproximadamente|mas o menos)\b|[\s,.])*")
_MINUTES = {"h": 60, "d": 1440, "s": 10_080, "m": 1}


def read_number(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    del setting, pending
    found = amount(_HEDGES.sub("", bare(said.text).strip())) if isinstance(said, Typed) else None
    if found is None or found != found.to_integral_value():
        return Misread("not_a_number")
    low, high = asked.min or 0, asked.max or 1_000_000
    if not low <= found <= high:
        return Misread("out_of_range", {"low": low, "high": high})
    return Answered(int(found))


def read_money(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    del asked, setting, pending
    text = _PESOS.sub("", bare(said.text).replace("$", "").strip()) if isinstance(said, Typed) else ""
    found = amount(_HEDGES.sub("", text))
    if found is None or found < 0 or found >= Decimal(10) ** 12:
        return Misread("not_money")
    return Answered(f"{found:.2f}")


def read_size(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    del setting, pending
    text = bare(said.text).strip() if isinstance(said, Typed) else ""
    sheet = _SHEET.fullmatch(" ".join(text.rstrip(".").split()))
    if sheet is not None and asked.unit != "px":
        sides = sorted(_SHEETS[sheet[1]], reverse=sheet[2] not in {None, "vertical"})
        return Answered({"width": sides[0], "height": sides[1], "unit": "cm"})
    text, turned = _without_sides(text)
    match = _SIZE.search(text)
    if match is None or _NOT_A_SIZE.search(text):
        return Misread("not_a_size", {"unit": asked.unit})
    width, height = _measure(match[1]), _measure(match[3])
    units = {_unit(match[2] or match[4] or asked.unit), _unit(match[4] or match[2] or asked.unit)}
    if len(units) > 1 or not (0 < width <= _LARGEST and 0 < height <= _LARGEST):
        return Misread("not_a_size", {"unit": asked.unit})
    width, height = (height, width) if turned else (width, height)
    return Answered({"width": width, "height": height, "unit": units.pop()})


def _without_sides(text: str) -> tuple[str, bool]:
    """Part «90 de alto por 60 de ancho» into its figures, and whether the height comes first."""
    sides = _SIDES.findall(text)
    if not sides:
        return text, False
    bare_figures = re.sub(r"\s+y\s+|\s*,\s+", " x ", _SIDES.sub(" ", text))
    return bare_figures, sides[0] not in {"ancho", "base"}


def _measure(text: str) -> float:
    """Give a length, of which a comma may part thousands or decimals; nought where it makes no sense."""
    if _THOUSANDS.fullmatch(text):
        return float(text.replace(",", ""))
    return float(text.replace(",", ".")) if len(re.findall("[.,]", text)) < 2 else 0  # noqa: PLR2004 (one at most)


def _unit(text: str) -> str:
    if text.startswith("p"):
        return "px"
    return text[:1] + "m" if text[0] == "c" or text.startswith(("mm", "mi")) else "m"


def read_duration(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    del asked, setting, pending
    text = bare(said.text) if isinstance(said, Typed) else ""
    for spoken, written in _SPOKEN:
        text = spoken.sub(written, text)
    text = _IN_WORDS.sub(lambda found: str(SMALL[found[1]]), text)
    if not _AROUND.fullmatch(_DURATION.sub(" ", text)):
        return Misread("not_a_duration")
    minutes = sum(round(float(n.replace(",", ".")) * _MINUTES[unit[0]]) for n, unit in _DURATION.findall(text))
    return Answered(minutes) if 0 < minutes <= _LARGEST else Misread("not_a_duration")


def show_minutes(value: int) -> str:
    hours, minutes = divmod(value, 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{minutes} min" if minutes else "") if part)
