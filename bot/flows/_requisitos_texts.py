"""Answers that are words: text, a place, a telephone, an address."""

import re
from collections.abc import Mapping
from typing import Any

from email_validator import EmailNotValidError, validate_email
from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, is_valid_number, parse

from bot.flows._requisitos_said import (
    INVISIBLE,
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
    # 044, 045, 01 and +52 1 were how one dialled before 2019; people still write them.
    digits = re.sub(r"^(?:\+?52)?(?:044|045|01|1)?(?=\d{10}$)", "", digits)
    try:
        number = parse(digits, "MX")
    except NumberParseException:
        return Misread("not_a_phone")
    if not is_valid_number(number):
        return Misread("not_a_phone")
    return Answered(format_number(number, PhoneNumberFormat.E164))


def show_phone(value: str) -> str:
    local = value.removeprefix("+52")
    return f"{local[:2]} {local[2:6]} {local[6:]}" if len(local) == 10 else value  # noqa: PLR2004 (digits in Mexico)


def read_email(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    del asked, setting, pending
    try:
        found = validate_email(said.text if isinstance(said, Typed) else "", check_deliverability=False)
    except EmailNotValidError:
        return Misread("not_an_email")
    return Answered(found.normalized)


def read_link(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    del asked, setting, pending
    text = said.text if isinstance(said, Typed) else ""
    found = link_in(text)
    return Answered(found) if found else Misread("not_a_link")


_LINK = re.compile(r"^(?:https?://)?(?:[\w-]+\.)+[a-zñ]{2,24}(?::\d{1,5})?(?:[/?#]\S*)?$", re.IGNORECASE)


def link_in(text: str) -> str | None:
    """Give the address that the text is, with its scheme, if it is one."""
    text = text.strip()
    if not _LINK.match(text):
        return None
    if re.fullmatch(r"[\w.-]+\.(?:pdf|docx?|xlsx?|pptx?|jpe?g|png|gif|webp|zip|ai|psd|mp[34]|mov|txt)", text.lower()):
        return None  # the name of a file, and not the file
    return text if "://" in text else f"https://{text}"
