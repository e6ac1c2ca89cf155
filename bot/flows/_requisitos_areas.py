"""Names that may be known: the municipality's areas, and the people the bot has met.

What is written nearly right is never put right in silence: where one name alone can
be meant it is taken, and echoed; otherwise the likely ones are offered, and what was
written stands if it is written again.
"""

from collections.abc import Mapping
from typing import Any

from bot.flows._requisitos_said import Answered, Misread, Picked, Reading, Said, Setting, Typed
from bot.flows._requisitos_texts import read_text
from bot.flows.procedure import Requisito
from bot.flows.spelling import clear, misspelt, near, spelt
from bot.flows.words import fold, place_in

AS_WRITTEN = "as"


def read_area(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    if isinstance(said, Picked):
        return _picked(asked, said, setting, pending, {f"a:{key}": name for key, name in setting.areas.items()})
    if isinstance(said, Typed):
        wanted = fold(said.text)
        names = list(setting.areas.values())
        place = place_in(wanted, len(names))
        if place is not None:
            return Answered(names[place])
        within = [name for name in names if wanted == fold(name)] or [n for n in names if wanted in fold(n)]
        if len(within) == 1 and len(wanted) > 2:  # noqa: PLR2004 (two letters prove nothing)
            return Answered(within[0])
        if not _insists(said, pending):
            known = clear(said.text, setting.areas)
            if known is not None:
                return Answered(setting.areas[known])
            likely = near(said.text, setting.areas)
            if likely:
                return _which("which_area", said, [(f"a:{key}", setting.areas[key]) for key in likely])
    return read_text(asked, said, setting, pending)


def read_person(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    if isinstance(said, Picked):
        return _picked(asked, said, setting, pending, {f"p:{key}": name for key, name in setting.people.items()})
    if isinstance(said, Typed) and not _insists(said, pending):
        known = spelt(said.text, setting.people)
        if known is not None:
            return Answered(setting.people[known])
        likely = misspelt(said.text, setting.people)
        if likely:
            return _which("which_person", said, [(f"p:{key}", setting.people[key]) for key in likely])
    return read_text(asked, said, setting, pending)


def _which(reason: str, said: Typed, likely: list[tuple[str, str]]) -> Misread:
    return Misread(reason, {"text": said.text}, {"near": [list(one) for one in likely], "written": said.text})


def _insists(said: Typed, pending: Mapping[str, Any]) -> bool:
    return said.sure or ("written" in pending and fold(said.text) == fold(pending["written"]))


def _picked(
    asked: Requisito, said: Picked, setting: Setting, pending: Mapping[str, Any], names: Mapping[str, str]
) -> Reading:
    if said.key == AS_WRITTEN and "written" in pending:
        return read_text(asked, Typed(pending["written"]), setting, pending)
    return Answered(names[said.key]) if said.key in names else Misread("stale")
