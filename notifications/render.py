"""A letter's template and facts → the words that a person reads."""

import html
import re
from collections.abc import Mapping
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from jinja2 import (
    ChainableUndefined,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Undefined,
    UndefinedError,
    pass_context,
)
from jinja2.runtime import Context

from bot.flows.dates import long_date, long_when
from bot.flows.requisitos import brief_date

_log = structlog.get_logger(__name__)

TEMPLATES = Path(__file__).parent / "templates"

# Telegram's limits, in characters after the markup is taken out.
TEXT = 4096
CAPTION = 1024
POPUP = 200

# How long an answer may be in a message, from the kindest on, until the whole fits.
_CLIPS = (700, 250, 100, 40)
_KILOBYTE = 1024
_TAGS = re.compile(r"<[^>]+>")
_BLANKS = re.compile(r"\n{3,}")


class Renderer:
    """Knows every template, and each municipality's hour.

    `strict`: a missing fact is a mistake. Otherwise it is logged and left out, so that
    what was promised before an upgrade is still said after it.
    """

    def __init__(self, zones: Mapping[str, ZoneInfo], folder: Path = TEMPLATES, *, strict: bool = True) -> None:
        self._zones = zones
        self._strict = strict
        self._environment = _environment(folder, StrictUndefined)
        # In a letter that waits, a fact may be missing which its template has learnt since.
        self._patient = _environment(folder, ChainableUndefined)

    def text(self, manual: str, template: str, facts: Mapping[str, Any], *, limit: int = TEXT) -> str:
        """Word a message as HTML that fits: what people wrote is cut short where it must be."""
        said = ""
        for clip_at in _CLIPS:
            said = self._render(template, facts, zone=self._zones[manual], clip_at=clip_at)
            said = _BLANKS.sub("\n\n", said).strip()
            if len(plain(said)) <= limit:
                return said
        # Even so it is too long (a list of many): better the beginning than nothing.
        return html.escape(plain(said)[: limit - 1] + "…", quote=False)

    def _render(self, template: str, facts: Mapping[str, Any], **more: Any) -> str:
        name = f"{template}.html.j2"
        try:
            return self._environment.get_template(name).render(**facts, **more)
        except UndefinedError as error:
            if self._strict:
                raise
            _log.warning("fact_missing", template=template, missing=error.message)
            return self._patient.get_template(name).render(**facts, **more)

    def popup(self, manual: str, template: str, facts: Mapping[str, Any]) -> str:
        """Word what is shown over the chat: plain, and at most 200 characters."""
        said = plain(self.text(manual, template, facts))
        return said if len(said) <= POPUP else said[: POPUP - 1] + "…"


@lru_cache(maxsize=8)
def _environment(folder: Path, undefined: type[Undefined]) -> Environment:
    """Templates are read and compiled once: what is installed does not change under a process."""
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=undefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update({"moment": _moment, "stamp": _stamp, "clip": _clip, "size": _size})
    return environment


def plain(said: str) -> str:
    """The text without its markup, as Telegram counts it."""
    return html.unescape(_TAGS.sub("", said))


@pass_context
def _moment(context: Context, value: str) -> str:
    """A day or moment as it is said: `viernes 11 de diciembre de 2026, 17:00 h`."""
    when = _local(context, value)
    if not isinstance(when, datetime):
        return long_date(when)
    # What is wanted for a day carries no hour: midnight would only confuse.
    return long_when(when.date(), when.time() if when.time() != time.min else None)


@pass_context
def _stamp(context: Context, value: str) -> str:
    """A moment as a list has room for it: `vie 11 dic, 17:00`."""
    when = _local(context, value)
    return f"{brief_date(when.date())}, {when:%H:%M}" if isinstance(when, datetime) else brief_date(when)


def _local(context: Context, value: str) -> datetime | date:
    if len(value) == len("2026-12-11"):
        return date.fromisoformat(value)
    return datetime.fromisoformat(value).astimezone(context["zone"])


@pass_context
def _clip(context: Context, value: Any, most: int | None = None) -> str:
    text = str(value)
    limit: int = context["clip_at"] if most is None else min(most, context["clip_at"])
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _size(value: int) -> str:
    megabytes = value / _KILOBYTE**2
    if megabytes >= 1:
        return f"{megabytes:.1f} MB"
    return f"{max(1, round(value / _KILOBYTE))} KB"


__all__ = ["CAPTION", "TEMPLATES", "TEXT", "Renderer", "plain"]
