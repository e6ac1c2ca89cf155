"""Formatted text as Telegram keeps it: plain characters and entities that point into them.

Offsets and lengths count UTF-16 code units, as everywhere in the Bot API.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.sandbox.errors import Json

ORDER = (
    "blockquote",
    "expandable_blockquote",
    "pre",
    "code",
    "text_link",
    "text_mention",
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
)
"""Which of two entities over the same characters encloses the other."""

OPAQUE = frozenset({"code", "pre", "text_link", "text_mention"})
"""Nothing is detected inside these."""

DETECTABLE = (
    ("email", re.compile(r"(?<![\w.+@-])[\w.+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}\b")),
    ("url", re.compile(r"\b(?:https?://|www\.)[^\s<>\"]+[^\s<>\".,;:!?)\]'»]", re.IGNORECASE)),
    ("url", re.compile(r"(?<![\w@.-])(?:[a-z0-9-]+\.)+(?:com|org|net|mx|edu|gov|info)\b(?:/[\w/-]*)?", re.IGNORECASE)),
    ("bot_command", re.compile(r"(?<![\w/<])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])")),
    ("mention", re.compile(r"(?<![\w@/])@[A-Za-z0-9_]{3,32}\b")),
    ("hashtag", re.compile(r"(?<![\w&#])#(?=\w*[^\W\d])\w{1,256}")),
)

_CONTROL = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True)
class Entity:
    """A stretch of the text and what it is; `extra` holds the url, user or language."""

    type: str
    offset: int
    length: int
    extra: Json = field(default_factory=dict)

    @property
    def end(self) -> int:
        return self.offset + self.length

    def json(self) -> Json:
        return {"type": self.type, "offset": self.offset, "length": self.length} | self.extra


@dataclass(frozen=True)
class Formatted:
    """A text with its entities, in order."""

    text: str
    entities: tuple[Entity, ...] = ()


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def piece(text: str, offset: int, length: int) -> str:
    """Cut by UTF-16 positions."""
    return text.encode("utf-16-le")[2 * offset : 2 * (offset + length)].decode("utf-16-le", "replace")


def clean(text: str) -> str:
    """Drop what Telegram drops before it looks at a text at all."""
    return _CONTROL.sub(" ", text.replace("\r", ""))


def trimmed(formatted: Formatted) -> Formatted:
    """Cut blank ends, and keep only entities that still hold something."""
    left = formatted.text.lstrip()
    lost = units(formatted.text) - units(left)
    text = left.rstrip()
    length = units(text)
    kept = []
    for entity in formatted.entities:
        start = max(entity.offset - lost, 0)
        end = min(entity.end - lost, length)
        if end > start and piece(text, start, end - start).strip():
            kept.append(Entity(entity.type, start, end - start, entity.extra))
    return Formatted(text, ordered(kept))


def ordered(entities: list[Entity]) -> tuple[Entity, ...]:
    def place(entity: Entity) -> tuple[int, int, int]:
        depth = ORDER.index(entity.type) if entity.type in ORDER else len(ORDER)
        return entity.offset, -entity.length, depth

    return tuple(sorted(set_of(entities), key=place))


def set_of(entities: list[Entity]) -> Iterator[Entity]:
    """Leave out repetitions: bold twice over the same letters is bold."""
    seen = set()
    for entity in entities:
        key = (entity.type, entity.offset, entity.length)
        if key not in seen:
            seen.add(key)
            yield entity


def detected(formatted: Formatted) -> Formatted:
    """Add the commands, mentions, hashtags, addresses and links that Telegram finds by itself."""
    taken = [(entity.offset, entity.end) for entity in formatted.entities if entity.type in OPAQUE]
    found = list(formatted.entities)
    for kind, pattern in DETECTABLE:
        for match in pattern.finditer(formatted.text):
            start = units(formatted.text[: match.start()])
            end = start + units(match.group())
            if all(end <= begin or start >= finish for begin, finish in taken):
                taken.append((start, end))
                found.append(Entity(kind, start, end - start))
    return Formatted(formatted.text, ordered(found))
