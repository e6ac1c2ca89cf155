"""One of several, several of them, or yes and no."""

import re
from collections.abc import Mapping
from typing import Any

from bot.flows._requisitos_said import Answered, Misread, Picked, Reading, Said, Setting, Typed, Unfinished
from bot.flows.procedure import Requisito
from bot.flows.spelling import clear
from bot.flows.words import fold, place_in

_YES = frozenset({"si", "sip", "claro", "ok", "va", "correcto", "afirmativo"})
_ALL = frozenset({"todo", "todos", "todas", "todas las opciones"})
_ONLY_NUMBERS = re.compile(r"\d+(?:(?: +y)? +\d+)+")
_NUMBERS = re.compile(r" +(?:y +)?")
_AND = re.compile(r"\s+y\s+|\s*[+&]\s*")
_NO = frozenset({"no", "nop", "nel", "negativo", "ninguno", "ninguna"})


def _chosen(asked: Requisito, text: str) -> str | None:
    """The id of the option that was typed: its label or its number, with or without accents."""
    wanted = fold(text)
    place = place_in(wanted, len(asked.options))
    if place is not None:
        return asked.options[place].id
    exact = [one.id for one in asked.options if wanted in (fold(one.label), one.id.replace("_", " "))]
    if exact:
        return exact[0]
    near = [one.id for one in asked.options if fold(one.label).startswith(wanted)]
    if len(near) == 1 and len(wanted) > 2:  # noqa: PLR2004 (two letters prove nothing)
        return near[0]
    return clear(text, {one.id: one.label for one in asked.options}) if asked.several else None


def read_choice(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    del setting, pending
    if isinstance(said, Picked):
        known = any(one.id == said.key for one in asked.options)
        return Answered(said.key) if known else Misread("stale")
    key = _chosen(asked, said.text) if isinstance(said, Typed) else None
    return Answered(key) if key else Misread("not_an_option")


def _apart(asked: Requisito, text: str) -> list[str]:
    """Cut "foto y video" or "1 3" in two, unless an option is called so."""
    text = text.strip()
    if not text or _chosen(asked, text):
        return [text] if text else []
    apart = _NUMBERS.split(text) if _ONLY_NUMBERS.fullmatch(text) else _AND.split(text)
    return [part.strip() for part in apart if part.strip()]


def read_choices(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    """Put ticks and take them away, pressed or typed, until `done` makes them the answer."""
    del setting
    ticked = [str(one) for one in pending.get("ticked", ())]
    if isinstance(said, Picked):
        if said.key == "done":
            return Answered(_in_order(asked, ticked)) if ticked else Misread("nothing_ticked")
        if all(one.id != said.key for one in asked.options):
            return Misread("stale")
        return Unfinished({"ticked": _turned(ticked, [said.key])})
    if not isinstance(said, Typed):
        return Misread("not_an_option")
    if fold(said.text) in _ALL and not _chosen(asked, said.text):
        return Unfinished({"ticked": [one.id for one in asked.options]})
    parts = [part for one in re.split(r"[,;\n]", said.text) for part in _apart(asked, one)]
    keys = [_chosen(asked, part) for part in parts]
    unknown = [part for part, key in zip(parts, keys, strict=True) if key is None]
    known = list(dict.fromkeys(key for key in keys if key is not None))
    if unknown or not known:
        kept = {"ticked": [*ticked, *(one for one in known if one not in ticked)]} if known else {}
        return Misread("not_options", {"unknown": unknown}, kept)
    return Unfinished({"ticked": _turned(ticked, known)})


def _turned(ticked: list[str], keys: list[str]) -> list[str]:
    """Tick these too; if all of them are ticked already, none of them."""
    if set(keys) <= set(ticked):
        return [one for one in ticked if one not in keys]
    return [*ticked, *(one for one in keys if one not in ticked)]


def _in_order(asked: Requisito, ticked: list[str]) -> list[str]:
    return [one.id for one in asked.options if one.id in ticked]


def read_yes_no(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    del asked, setting, pending
    if isinstance(said, Picked):
        return Answered(said.key == "si") if said.key in {"si", "no"} else Misread("stale")
    word = fold(said.text) if isinstance(said, Typed) else ""
    if word in _YES or word == "1":
        return Answered(value=True)
    if word in _NO or word == "2":
        return Answered(value=False)
    return Misread("not_yes_no")
