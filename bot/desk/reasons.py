"""Reasons with one tap: what most people would write, offered beside the free text."""

from hashlib import blake2s

from bot.desk.visit import Button
from bot.flows.draft import Draft
from bot.flows.procedure import Requisito
from bot.flows.requisitos import Picked, Said, Typed
from bot.flows.words import place_in

_LONGEST_LABEL = 40


def offers(draft: Draft, asked: Requisito) -> list[Button]:
    """The usual texts, as buttons that take them for the answer."""
    return [(text[:_LONGEST_LABEL], f"q:{draft.id}:{draft.step}:u.{_mark(text)}") for text in asked.usual]


def meant(asked: Requisito, said: Said) -> Said:
    """Turn a usual text's button, or its number, into the text itself."""
    if isinstance(said, Typed):
        place = place_in(said.text.strip(), len(asked.usual))
        return said if place is None else Typed(asked.usual[place])
    if isinstance(said, Picked):
        return next((Typed(text) for text in asked.usual if said.key == f"u.{_mark(text)}"), said)
    return said


def _mark(text: str) -> str:
    """What stands for a text in a button's 64 bytes; a place in the list would mean another text tomorrow."""
    return blake2s(text.encode(), digest_size=5).hexdigest()
