"""The municipality's areas by name."""

from collections.abc import Mapping
from typing import Any

from bot.flows._requisitos_said import Answered, Misread, Picked, Reading, Said, Setting, Typed
from bot.flows._requisitos_texts import read_text
from bot.flows.procedure import Requisito
from bot.flows.words import fold, place_in


def read_area(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    if isinstance(said, Picked):
        name = setting.areas.get(said.key.removeprefix("a:"))
        return Answered(name) if name else Misread("stale")
    if isinstance(said, Typed):
        wanted = fold(said.text)
        names = list(setting.areas.values())
        place = place_in(wanted, len(names))
        if place is not None:
            return Answered(names[place])
        near = [name for name in names if wanted == fold(name)] or [n for n in names if wanted in fold(n)]
        if len(near) == 1 and len(wanted) > 2:  # noqa: PLR2004 (two letters prove nothing)
            return Answered(near[0])
    return read_text(asked, said, setting, pending)
