"""Numbers, money, sizes and durations."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

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
_AMOUNT = re.compile(r"-?(?:\d{1,3}(?:[, ]\d{3})+|\d+)(?:\.\d{1,2})?")
_DURATION = re.compile(r"(\d{1,6}(?:[.,]\d{1,3})?)\s*(h|hr|hrs|hora|horas|min|mins|minuto|minutos|dia|dias)\b")
_SPOKEN = (
    (re.compile(r"\b(hora|horas|hr|hrs|h) y media\b"), r"\1 30 min"),
    (re.compile(r"\bmedia hora\b"), "30 min"),
    (re.compile(r"\b(?:un|una) (?=hora|dia)|^(?=hora\b)"), "1 "),
    (re.compile(r"\bdos (?=hora|dia)"), "2 "),
    (re.compile(r"\btres (?=hora|dia)"), "3 "),
)
# What may stand around a duration without changing it; «2 a 3 horas» is not one.
_AROUND = re.compile(r"(?:\b(?:y|con|de|dura|como|unas|unos|aprox|aproximadamente|mas o menos)\b|[\s,.])*")
_MINUTES = {"h": 60, "hr": 60, "hrs": 60, "hora": 60, "horas": 60, "dia": 1440, "dias": 1440}


def _figure(text: str) -> Decimal | None:
    """Give a figure as written in Mexico: a comma parts thousands; «1,5» could be anything, so it is none."""
    plain = text.replace("$", "").strip()
    return Decimal(re.sub(r"[, ]", "", plain)) if _AMOUNT.fullmatch(plain) else None


def read_number(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    del setting, pending
    found = _figure(said.text) if isinstance(said, Typed) else None
    if found is None or found != found.to_integral_value():
        return Misread("not_a_number")
    low, high = asked.min or 0, asked.max or 1_000_000
    if not low <= found <= high:
        return Misread("out_of_range", {"low": low, "high": high})
    return Answered(int(found))


def read_money(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    del asked, setting, pending
    text = re.sub(r"(?i)\s*(pesos|mxn|m\.?n\.?)\.?$", "", said.text) if isinstance(said, Typed) else ""
    found = _figure(text)
    if found is None or found < 0 or found >= Decimal(10) ** 12:
        return Misread("not_money")
    return Answered(f"{found:.2f}")


def read_size(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    del setting, pending
    text = bare(said.text) if isinstance(said, Typed) else ""
    match = _SIZE.search(text)
    if match is None or _NOT_A_SIZE.search(text):
        return Misread("not_a_size", {"unit": asked.unit})
    width, height = _measure(match[1]), _measure(match[3])
    units = {_unit(match[2] or match[4] or asked.unit), _unit(match[4] or match[2] or asked.unit)}
    if len(units) > 1 or not (0 < width <= _LARGEST and 0 < height <= _LARGEST):
        return Misread("not_a_size", {"unit": asked.unit})
    return Answered({"width": width, "height": height, "unit": units.pop()})


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
    if not _AROUND.fullmatch(_DURATION.sub(" ", text)):
        return Misread("not_a_duration")
    minutes = sum(round(float(n.replace(",", ".")) * _MINUTES.get(unit, 1)) for n, unit in _DURATION.findall(text))
    return Answered(minutes) if 0 < minutes <= _LARGEST else Misread("not_a_duration")


def show_minutes(value: int) -> str:
    hours, minutes = divmod(value, 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{minutes} min" if minutes else "") if part)
