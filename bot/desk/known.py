"""Answers that are known already: one's own name, what one answered before, and what is usual."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2s
from typing import Any

from bot.desk.visit import Visit
from bot.flows.draft import Draft
from bot.flows.procedure import Requisito
from bot.flows.requisitos import Located, Picked, Said, Typed, show
from bot.flows.words import fold, place_in

KEY = "r:"
_MOST = 3
_LABEL = 40
_OWN_REASONS = 2
_REASON = 60
_REMEMBERED = frozenset({"place", "phone", "email", "person"})
# Of these a number typed alone is the answer, and not the place of one in the list.
_FIGURES = frozenset({"number", "money", "duration"})
_TELEPHONE = re.compile(r"\+\d{8,15}")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True)
class Known:
    """An answer to give with one tap; it is said as if it had been typed or shared."""

    label: str
    said: Said

    @property
    def key(self) -> str:
        """What stands for it in a button's 64 bytes; its place in the list would mean another answer tomorrow."""
        return f"{KEY}{blake2s(self.label.encode(), digest_size=5).hexdigest()}"

    @property
    def button(self) -> str:
        return self.label if len(self.label) <= _LABEL else f"{self.label[: _LABEL - 1].rstrip()}…"


async def answers(visit: Visit, draft: Draft, asked: Requisito) -> list[Known]:
    """The answers to offer, the likeliest first."""
    found = [Known(text, Typed(text)) for text in await _own_reasons(visit, draft, asked)]
    if asked.offer == "name":
        found.append(Known(visit.person.name, Typed(visit.person.name, sure=True)))
    if asked.kind in _REMEMBERED or asked.offer == "recent":
        earlier = await visit.work.requests.recent_answers(visit.person.id)
        found.extend(_before(asked, earlier))
    found = list({one.label: one for one in reversed(found)}.values())[::-1][:_MOST]
    labels = {one.label for one in found}
    return [*found, *(Known(text, Typed(text)) for text in asked.usual if text not in labels)]


async def _own_reasons(visit: Visit, draft: Draft, asked: Requisito) -> list[str]:
    """What the person wrote the last times that they chose the same: whoever decides a lot says the same things."""
    if not asked.usual or draft.purpose not in {"act", "withdraw"}:
        return []
    notes = await visit.work.requests.notes_of(visit.person.id, draft.option, procedure=draft.procedure or None)
    usual = {fold(text) for text in asked.usual}
    short = [" ".join(one.split()) for one in notes if len(one) <= _REASON]
    own = {fold(one): one for one in reversed(short) if fold(one) not in usual}
    return list(own.values())[::-1][:_OWN_REASONS]


def _before(asked: Requisito, earlier: list[dict[str, Any]]) -> Iterator[Known]:
    for one in earlier:
        for key, value in one.items():
            if not _fits(asked, key, value):
                continue
            text = show(asked, value)
            shared = asked.kind == "place" and {"latitude", "longitude"} <= value.keys()
            yield Known(
                text, Located(value["latitude"], value["longitude"], text) if shared else Typed(text, sure=True)
            )


def _fits(asked: Requisito, key: str, value: Any) -> bool:
    """Whether an earlier answer may answer this too: a place, a telephone or an address wherever it was asked."""
    if asked.kind == "place":
        return isinstance(value, Mapping) and "text" in value
    if not isinstance(value, str):
        return False
    if asked.kind == "phone":
        return _TELEPHONE.fullmatch(value) is not None
    if asked.kind == "email":
        return _ADDRESS.fullmatch(value) is not None
    return key == asked.id


def are_numbered(asked: Requisito) -> bool:
    """Whether a number typed alone means one of the answers offered."""
    return asked.kind not in _FIGURES


async def meant(visit: Visit, draft: Draft, asked: Requisito, said: Said) -> Said:
    """Turn the button of something known, or its number, into that answer."""
    if isinstance(said, Typed) and are_numbered(asked):
        offers = await answers(visit, draft, asked)
        place = place_in(said.text.strip(), len(offers))
        return said if place is None else offers[place].said
    if isinstance(said, Picked) and said.key.startswith(KEY):
        return next((one.said for one in await answers(visit, draft, asked) if one.key == said.key), said)
    return said
