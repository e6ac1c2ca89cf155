"""Formatted text as safe HTML for the phones' page: a handful of tags, everything else escaped."""

import re
from collections.abc import Sequence
from html import escape

from bot.sandbox.entities import Entity, ordered
from bot.sandbox.errors import Json

PAIRS = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "underline": ("<u>", "</u>"),
    "strikethrough": ("<s>", "</s>"),
    "code": ("<code>", "</code>"),
    "pre": ("<pre>", "</pre>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ("<blockquote>", "</blockquote>"),
    "spoiler": ('<span class="spoiler">', "</span>"),
}
SAFE_LINK = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)


def as_html(text: str, entities: Sequence[Json]) -> str:
    """Show a message's text; entities that cross each other are cut to nest."""
    known = ordered([_entity(entity) for entity in entities])
    raw = text.encode("utf-16-le")
    out: list[str] = []
    closing: list[tuple[int, str]] = []
    at = 0

    def write(until: int) -> None:
        nonlocal at
        out.append(escape(raw[2 * at : 2 * until].decode("utf-16-le", "replace")))
        at = max(at, until)

    def close(before: int) -> None:
        while closing and closing[-1][0] <= before:
            end, tag = closing.pop()
            write(end)
            out.append(tag)

    for entity in known:
        close(entity.offset)
        write(entity.offset)
        start, tag = _pair(entity, raw)
        if start:
            out.append(start)
            end = min(entity.end, closing[-1][0]) if closing else entity.end
            closing.append((end, tag))
    close(len(raw))
    write(len(raw) // 2)
    return "".join(out)


def _entity(entity: Json) -> Entity:
    extra = {key: value for key, value in entity.items() if key not in ("type", "offset", "length")}
    return Entity(entity["type"], entity["offset"], entity["length"], extra)


def _pair(entity: Entity, raw: bytes) -> tuple[str, str]:
    if entity.type in PAIRS:
        return PAIRS[entity.type]
    shown = raw[2 * entity.offset : 2 * entity.end].decode("utf-16-le", "replace")
    match entity.type:
        case "text_link":
            link = str(entity.extra.get("url", ""))
        case "url":
            link = shown if SAFE_LINK.match(shown) else f"http://{shown}"
        case "email":
            link = f"mailto:{shown}"
        case _:
            return "", ""
    if not SAFE_LINK.match(link):
        return "", ""
    return f'<a href="{escape(link)}" target="_blank" rel="noopener noreferrer">', "</a>"
