"""Answers that are words: text, a place, a telephone, an address."""

import re
from collections.abc import Mapping
from typing import Any

from email_validator import EmailNotValidError, validate_email
from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, is_valid_number, parse

from bot.flows._requisitos_said import (
    LONG_TEXT_LENGTH,
    TEXT_LENGTH,
    Answered,
    Located,
    Misread,
    Phoned,
    Reading,
    Said,
    Setting,
    Typed,
)
from bot.flows.procedure import Requisito
from bot.flows.words import INVISIBLE

_DIGITS = 10  # of a telephone in Mexico
_BIG_CITIES = frozenset({"33", "55", "56", "81"})  # elsewhere an area code has three figures
_ADDRESS = re.compile(r"[^\s@<>:,;]+@[^\s@<>:,;]+\.[^\s@<>:,;.]+")
_LINK = re.compile(r"^(?:https?://)?(?:[\w-]+\.)+[a-zñ]{2,24}(?::\d{1,5})?(?:[/?#]\S*)?$", re.IGNORECASE)
_WITH_SCHEME = re.compile(r"(?i)https?://\S+")
_FILE_NAME = re.compile(r"[\w.-]+\.(?:pdf|docx?|xlsx?|pptx?|jpe?g|png|gif|webp|zip|ai|psd|mp[34]|mov|txt)")


def read_text(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    del setting, pending
    if not isinstance(said, Typed):
        return Misread("not_text")
    limit = asked.max or (LONG_TEXT_LENGTH if asked.kind == "long_text" else TEXT_LENGTH)
    if len(said.text) > limit:
        return Misread("too_long", {"limit": limit, "length": len(said.text)})
    if not any(char.isalnum() for char in said.text):
        return Misread("no_words")
    return Answered(said.text if asked.kind == "long_text" else " ".join(said.text.split()))


def read_place(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    if isinstance(said, Located):
        text = INVISIBLE.sub("", said.title).strip()[:TEXT_LENGTH] or f"{said.latitude:.5f}, {said.longitude:.5f}"
        return Answered({"text": text, "latitude": said.latitude, "longitude": said.longitude})
    written = read_text(asked, said, setting, pending)
    return Answered({"text": written.value}) if isinstance(written, Answered) else written


def read_phone(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    del asked, setting, pending
    text = said.number if isinstance(said, Phoned) else said.text if isinstance(said, Typed) else ""
    digits = re.sub(r"[^\d+]", "", text)
    # A shared contact carries its country's code, and often no «+» before it.
    abroad = _number(f"+{digits}") if isinstance(said, Phoned) and not digits.startswith(("+", "0")) else None
    # 044, 045, 01 and +52 1 were how one dialled before 2019; people still write them.
    local = re.sub(r"^(?:\+?52)?(?:044|045|01|1)?(?=\d{10}$)", "", digits)
    here = _number(local) if digits.startswith("52") or len(digits) == _DIGITS else None
    found = here or abroad or _number(local)
    return Answered(found) if found else Misread("not_a_phone")


def _number(digits: str) -> str | None:
    try:
        number = parse(digits, "MX")
    except NumberParseException:
        return None
    return format_number(number, PhoneNumberFormat.E164) if is_valid_number(number) else None


def show_phone(value: str) -> str:
    local = value.removeprefix("+52")
    if len(local) != _DIGITS:
        return value
    code = 2 if local[:2] in _BIG_CITIES else 3
    return f"{local[:code]} {local[code:6]} {local[6:]}"


def read_email(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    del asked, setting, pending
    text = said.text if isinstance(said, Typed) else ""
    inside = _ADDRESS.findall(text)
    try:
        found = validate_email(inside[0] if len(inside) == 1 else text, check_deliverability=False)
    except EmailNotValidError:
        return Misread("not_an_email")
    return Answered(found.normalized)


def read_link(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    del asked, setting, pending
    if not isinstance(said, Typed):
        return Misread("not_a_link")
    inside = _WITH_SCHEME.findall(said.text)
    found = link_in(inside[0].rstrip(".,;)»\"'") if len(inside) == 1 else said.text)
    return Answered(found) if found else Misread("not_a_link", {"why": _why_no_link(said.text.strip())})


def _why_no_link(text: str) -> str | None:
    """What it is instead, where that can be told."""
    if _FILE_NAME.fullmatch(text.lower()):
        return "file"
    if _ADDRESS.fullmatch(text):
        return "email"
    return "scheme" if re.match(r"[a-z][a-z0-9+.-]*:", text.lower()) else None


def link_in(text: str) -> str | None:
    """Give the address that the text is, with its scheme, if it is one."""
    text = text.strip()
    if not _LINK.match(text):
        return None
    if _FILE_NAME.fullmatch(text.lower()):
        return None  # the name of a file, and not the file
    return text if "://" in text else f"https://{text}"
