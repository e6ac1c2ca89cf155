"""Updates of every type and messages of every kind, shaped by aiogram's own types.

What the library knows of the Bot API is written in the annotations of its types: which
fields there are, of which type, and which must be there. From these a value of any type
can be made, so that a kind of message that a newer library brings is tried at once.
"""

import types
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from random import Random
from typing import Annotated, Any, ForwardRef, Literal, Union, get_args, get_origin

from aiogram.types import Message, Update
from pydantic import BaseModel

from tests.fuzz import words

Json = dict[str, Any]

_DEEPEST = 5
_TEXTS: dict[str, tuple[str, ...]] = {
    "language_code": ("es", "es-MX", "xx", ""),
    "username": ("ana", "chalco_bot", "x" * 64),
    "mime_type": words.TYPES,
    "file_name": words.NAMES,
    "file_id": ("good", "huge", "lost", "empty", "gone"),
    "file_unique_id": ("u1", "u2"),
    "media_group_id": ("album-1", "album-2"),
}


@dataclass(frozen=True)
class Field:
    """One field of a type: its name on the wire, and what may stand in it."""

    name: str
    kind: Any
    required: bool


@cache
def fields_of(model: type[BaseModel]) -> tuple[Field, ...]:
    """The fields of a type, as they are called on the wire."""
    return tuple(
        Field(field.alias or name, field.annotation, field.is_required() or get_origin(field.annotation) is Literal)
        for name, field in model.model_fields.items()
    )


KINDS = tuple(field.name for field in fields_of(Update) if not field.required)
CONTENTS = tuple(field.name for field in fields_of(Message) if not field.required)


class Shapes:
    """Makes values of any type, at random. `text` is what people write in them."""

    def __init__(self, random: Random, text: Callable[[Random], str] = words.text) -> None:
        self._random = random
        self._text = text

    def update(self, number: int, kind: str | None = None) -> Json:
        """An update of a kind; messages hold at least one of the things that a message may hold."""
        kind = kind or self._random.choice(KINDS)
        [field] = [one for one in fields_of(Update) if one.name == kind]
        return {"update_id": number, kind: self._value(field.kind, kind, 0)}

    def message(self, content: str | None = None) -> Json:
        """A message that holds this, and perhaps more."""
        return self._model(Message, 0, self._random.choice(CONTENTS) if content is None else content)

    def _model(self, model: type[BaseModel], depth: int, also: str | None = None) -> Json:
        if model is Message and also is None and depth <= 1:
            also = self._random.choice(CONTENTS)
        chance = 0.08 if model is Message else 0.5 / (depth + 1)
        made: Json = {}
        for field in fields_of(model):
            wanted = field.name == also or (depth < _DEEPEST and self._random.random() < chance)
            if field.required or wanted:
                made[field.name] = self._value(field.kind, field.name, depth + 1)
        return made

    def _value(self, kind: Any, name: str, depth: int) -> Any:
        kind = getattr(kind, "__value__", kind)  # a named union
        origin = get_origin(kind)
        if origin is Annotated:
            return self._value(get_args(kind)[0], name, depth)
        if origin in (Union, types.UnionType):
            return self._one_of([one for one in get_args(kind) if _is_said(one)], name, depth)
        if origin is Literal:
            value = self._random.choice(get_args(kind))
            return value.value if isinstance(value, Enum) else value
        if origin is list:
            most = 3 if depth < _DEEPEST else 0
            return [self._value(get_args(kind)[0], name, depth + 1) for _ in range(self._random.randint(0, most))]
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return self._model(kind, depth)
        return self._leaf(kind, name)

    def _one_of(self, kinds: list[Any], name: str, depth: int) -> Any:
        plain = [one for one in kinds if one in (str, int, bool, float, datetime)]
        return self._value(self._random.choice(plain if plain and depth >= _DEEPEST else kinds), name, depth)

    def _leaf(self, kind: Any, name: str) -> Any:
        if kind is bool:
            return self._random.random() < 0.5
        if kind is datetime or name == "date":
            return words.moment(self._random)
        if kind is int:
            return words.number(self._random)
        if kind is float:
            return words.fraction(self._random)
        if name in _TEXTS:
            return self._random.choice(_TEXTS[name])
        if name == "type":
            return self._random.choice(("private", "group", "supergroup", "channel", "regular", "bold"))
        return self._text(self._random)


def _is_said(kind: Any) -> bool:
    """Whether a part of a union comes over the wire: `None` is a field that is not there, `Default` the library's."""
    if kind is type(None) or isinstance(kind, ForwardRef | str):
        return False
    return getattr(kind, "__name__", "") != "Default"


def nested(random: Random, depth: int) -> str:
    """JSON that is nothing but depth."""
    opens, closes = random.choice((("[", "]"), ('{"message":', "}"), ('{"reply_to_message":', "}")))
    return f'{{"update_id": 1, "message": {opens * depth}1{closes * depth}}}'


def mangled(random: Random, value: Any) -> Any:
    """The same with one thing in it gone, renamed, or of another type."""
    places = list(_places(value))
    if not places:
        return words.junk(random)
    holder, key = random.choice(places)
    dice = random.random()
    if isinstance(holder, dict) and dice < 0.25:
        del holder[key]
    elif isinstance(holder, dict) and dice < 0.4:
        holder[random.choice(("tomorrow", "", "from", "chat", "__class__"))] = holder.pop(key)
    elif dice < 0.5:
        holder[key] = [holder[key]]
    else:
        holder[key] = words.junk(random)
    return value


def _places(value: Any) -> Any:
    """Every place of a tree that something else could stand in."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inside:
        yield value, key
        yield from _places(one)
