"""From a call's text, parse mode and entities to formatted text within Telegram's limits."""

from typing import Any

from bot.sandbox.entities import Entity, Formatted, clean, detected, piece, trimmed, units
from bot.sandbox.errors import bad
from bot.sandbox.html_text import checked_link, parse_html
from bot.sandbox.markdown import parse_markdown, parse_markdown_v2
from bot.sandbox.params import Params, whole

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
RAW_LIMIT = 32768
ENTITY_LIMIT = 100
PARSERS = {"html": parse_html, "markdownv2": parse_markdown_v2, "markdown": parse_markdown}


def message_text(params: Params, name: str = "text") -> Formatted:
    """Read the text of a message, which must not be empty."""
    raw = params.text(name)
    if not raw:
        raise bad("message text is empty")
    formatted = formatted_text(params, name, "entities", raw)
    if not formatted.text:
        raise bad("text must be non-empty")
    if len(formatted.text) > TEXT_LIMIT:
        raise bad("message is too long")
    return formatted


def caption_text(params: Params) -> Formatted:
    """Read a caption, which may be empty."""
    formatted = formatted_text(params, "caption", "caption_entities", params.text("caption"))
    if len(formatted.text) > CAPTION_LIMIT:
        raise bad("message caption is too long")
    return formatted


def formatted_text(params: Params, name: str, entities: str, raw: str) -> Formatted:
    """Parse; parse_mode wins over entities."""
    if len(raw.encode()) > RAW_LIMIT:
        raise bad(f"{name} is too long")
    mode = params.text("parse_mode").lower()
    if mode and mode not in ("none", *PARSERS):
        raise bad("unsupported parse_mode")
    text = clean(raw)
    if mode in PARSERS:
        parsed = PARSERS[mode](text)
    else:
        parsed = Formatted(text, tuple(_given(params.list(entities) or [], text)))
    full = detected(trimmed(parsed))
    return Formatted(full.text, full.entities[:ENTITY_LIMIT])


def person_text(text: str) -> Formatted:
    """Make what a person typed into formatted text, as the apps do."""
    return detected(trimmed(Formatted(clean(text))))


def _given(entities: list[Any], text: str) -> list[Entity]:
    """Read the `entities` of a call; those that the server detects by itself are left to it."""
    total = units(text)
    found = []
    for given in entities:
        if not isinstance(given, dict):
            raise bad("can't parse MessageEntity: expected an Object")
        kind = str(given.get("type", ""))
        if kind == "text_mention" and not isinstance(given.get("user"), dict):
            raise bad('can\'t parse MessageEntity: field "user" must be an Object')
        offset, length = whole(given.get("offset"), "offset"), whole(given.get("length"), "length")
        if offset < 0 or length < 0:
            raise bad("can't parse MessageEntity: wrong offset or length")
        if offset + length > total or not length:
            raise bad(f"entity beginning at UTF-16 offset {offset} ends after the end of the text")
        if kind in ("mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"):
            continue
        extra = {key: given[key] for key in ("url", "user", "language", "custom_emoji_id") if key in given}
        if kind == "text_link":
            link = checked_link(str(given.get("url", "")))
            if not link:
                raise bad(f"entity URL '{given.get('url', '')}' is invalid")
            extra = {"url": link}
        found.append(Entity(kind, offset, length, extra))
    return found


def quote_of(original: Formatted, quote: str) -> Formatted | None:
    """Return the quoted piece when it stands in the original, word for word."""
    at = original.text.find(quote)
    if at < 0:
        return None
    start = units(original.text[:at])
    return Formatted(piece(original.text, start, units(quote)))
