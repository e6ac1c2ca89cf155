"""parse_mode HTML, with the refusals of Telegram's own parser.

A bot that forgets to escape what people typed must fail here exactly as it would fail in production,
so positions count bytes and the texts of the errors are Telegram's.
"""

import re
from dataclasses import dataclass

from bot.sandbox.entities import Entity, Formatted, units
from bot.sandbox.errors import ApiError, Json, bad

STYLES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "u": "underline",
    "ins": "underline",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
TAGS = frozenset(STYLES) | {"a", "code", "pre", "blockquote", "tg-emoji", "tg-time"}
SPACE = b" \t\r\n\0\v"
NAME_END = SPACE + b"=>/\"'"
TOKEN = re.compile(rb"[A-Za-z0-9.-]*")
REFERENCE = re.compile(rb"&(?:#x([0-9A-Fa-f]*)|#([0-9]*)|([A-Za-z]*));?")
NAMED = {b"lt": "<", b"gt": ">", b"amp": "&", b"quot": '"'}
LAST_CODE_POINT = 0x10FFFF
SURROGATES = range(0xD800, 0xE000)
LONGEST_REFERENCE = 10
USER_LINK = re.compile(r"tg:(?://)?user\?id=(\d+)")
LINK = re.compile(r"(?:(https?|tg|ton|tonsite)://)?([^\s/?#<>\"']+)([/?#]\S*)?", re.IGNORECASE)


@dataclass
class _Open:
    tag: str
    argument: str
    offset: int
    start: int


def parse_html(text: str) -> Formatted:
    """Read Telegram's HTML; raise what Telegram would answer."""
    return _Parser(text).parse()


def checked_link(url: str) -> str:
    """Return the link as Telegram would keep it, or nothing when it is not one."""
    url = url.strip()
    if re.match(r"tg:(?!//)", url):
        url = "tg://" + url[3:]
    match = LINK.fullmatch(url)
    if match is None:
        return ""
    scheme, host, rest = (match.group(1) or "http").lower(), match.group(2), match.group(3)
    if scheme.startswith("http") and "." not in host.rpartition("@")[2].partition(":")[0].strip("."):
        return ""
    return f"{scheme}://{host}{rest or '/'}" if scheme.startswith("http") else f"{scheme}://{host}{rest or ''}"


def link_entity(offset: int, length: int, url: str) -> Entity | None:
    if user := USER_LINK.match(url):
        return Entity("text_mention", offset, length, {"user": {"id": int(user.group(1))}})
    link = checked_link(url)
    return Entity("text_link", offset, length, {"url": link}) if link else None


class _Parser:
    def __init__(self, text: str) -> None:
        self._bytes = text.encode()
        self._at = 0
        self._out: list[str] = []
        self._offset = 0
        self._open: list[_Open] = []
        self._found: list[Entity] = []

    def parse(self) -> Formatted:
        while self._at < len(self._bytes):
            byte = self._bytes[self._at : self._at + 1]
            if byte == b"<":
                if self._peek(1) == b"/":
                    self._end_tag()
                else:
                    self._start_tag()
            elif byte == b"&":
                self._add(self._reference() or self._literal(1))
            else:
                self._add(self._literal(self._until_special()))
        if self._open:
            raise _refusal(f'Can\'t find end tag corresponding to start tag "{self._open[-1].tag}"')
        entities = [_without_language(entity) for entity in self._found]
        return Formatted("".join(self._out), tuple(entities))

    def _until_special(self) -> int:
        ends = [end for mark in (b"<", b"&") if (end := self._bytes.find(mark, self._at)) >= 0]
        return min(ends, default=len(self._bytes)) - self._at

    def _literal(self, count: int) -> str:
        start, self._at = self._at, self._at + count
        return self._bytes[start : self._at].decode()

    def _add(self, text: str) -> None:
        self._out.append(text)
        self._offset += units(text)

    def _peek(self, ahead: int = 0) -> bytes:
        """Look at a byte; past the end there is the zero that closes a C string."""
        return self._bytes[self._at + ahead : self._at + ahead + 1] or b"\0"

    def _reference(self) -> str:
        match = REFERENCE.match(self._bytes, self._at)
        if match is None:
            return ""
        hexadecimal, decimal, name = match.groups()
        if name is not None:
            character = NAMED.get(name, "")
        else:
            code = int(hexadecimal or b"0", 16) if decimal is None else int(decimal or b"0")
            digits = len(match.group().rstrip(b";"))
            known = 0 < code < LAST_CODE_POINT and code not in SURROGATES and digits < LONGEST_REFERENCE
            character = chr(code) if known else ""
        if character:
            self._at = match.end()
        return character

    def _skip_space(self) -> None:
        while self._at < len(self._bytes) and self._peek() in SPACE:
            self._at += 1

    def _word(self, stop: bytes) -> str:
        start = self._at
        while self._peek() not in stop:
            self._at += 1
        return self._bytes[start : self._at].decode(errors="replace")

    @property
    def _over(self) -> bool:
        return self._at >= len(self._bytes)

    def _start_tag(self) -> None:
        begin = self._at
        self._at += 1
        tag = self._word(SPACE + b">").lower()
        if self._over:
            raise _refusal(f"Unclosed start tag at byte offset {begin}")
        if tag not in TAGS:
            raise _refusal(f'Unsupported start tag "{tag}" at byte offset {begin}')
        argument = ""
        while self._peek() != b">":
            self._skip_space()
            if self._peek() == b">":
                break
            name, value = self._attribute(tag, begin)
            argument = _argument(tag, name, value) or argument
        self._at += 1
        if tag == "span" and argument != "spoiler":
            raise _refusal(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        self._open.append(_Open(tag, argument, self._offset, len(self._out)))

    def _attribute(self, tag: str, begin: int) -> tuple[str, str]:
        unclosed = f'Unclosed start tag "{tag}" at byte offset {begin}'
        name = self._word(NAME_END)
        if self._over:
            raise _refusal(unclosed)
        if not name:
            raise _refusal(f'Empty attribute name in the tag "{tag}" at byte offset {begin}')
        self._skip_space()
        if self._peek() != b"=":
            return name, ""
        self._at += 1
        self._skip_space()
        if self._over:
            raise _refusal(unclosed)
        value = self._quoted() if self._peek() in b"'\"" else self._token()
        if self._over:
            raise _refusal(unclosed)
        return name, value

    def _token(self) -> str:
        start = self._at
        match = TOKEN.match(self._bytes, start)
        self._at = match.end() if match else start
        if self._peek() not in SPACE + b">":
            raise _refusal(f"Unexpected end of name token at byte offset {start}")
        return self._bytes[start : self._at].decode().lower()

    def _quoted(self) -> str:
        quote = self._peek()
        self._at += 1
        value = bytearray()
        while not self._over and self._peek() != quote:
            character = self._reference() if self._peek() == b"&" else ""
            if character:
                value += character.encode()
            else:
                value += self._peek()
                self._at += 1
        if not self._over:
            self._at += 1
        return value.decode(errors="replace")

    def _end_tag(self) -> None:
        begin = self._at
        if not self._open:
            raise _refusal(f"Unexpected end tag at byte offset {begin}")
        self._at += 2
        name = self._word(SPACE + b">").lower()
        self._skip_space()
        if self._peek() != b">":
            raise _refusal(f"Unclosed end tag at byte offset {begin}")
        self._at += 1
        tag = self._open[-1].tag
        if name and name != tag:
            raise _refusal(
                f'Unmatched end tag at byte offset {begin}, expected "</{tag}>", found "</{name}>"',
            )
        self._close(self._open.pop())

    def _close(self, opened: _Open) -> None:
        length = self._offset - opened.offset
        if not length:
            return
        tag, argument = opened.tag, opened.argument
        if tag == "a":
            url = argument or "".join(self._out[opened.start :])
            if link := link_entity(opened.offset, length, url):
                self._found.append(link)
        elif tag in ("pre", "code"):
            self._close_code(opened, length)
        elif tag == "blockquote":
            kind = "expandable_blockquote" if argument else "blockquote"
            self._found.append(Entity(kind, opened.offset, length))
        elif tag == "tg-emoji":
            self._found.append(Entity("custom_emoji", opened.offset, length, {"custom_emoji_id": argument}))
        elif tag in STYLES:
            self._found.append(Entity(STYLES[tag], opened.offset, length))

    def _close_code(self, opened: _Open, length: int) -> None:
        """Join a `code` with a language and the `pre` around it (or within it) into one block."""
        last = self._found[-1] if self._found else None
        same = last is not None and (last.offset, last.length) == (opened.offset, length)
        extra: Json = {"language": opened.argument} if opened.argument else {}
        if last is not None and same and opened.tag == "pre" and last.type == "code" and last.extra:
            self._found[-1] = Entity("pre", opened.offset, length, last.extra)
        elif last is not None and same and opened.tag == "code" and last.type == "pre" and extra:
            self._found[-1] = Entity("pre", opened.offset, length, extra)
        else:
            self._found.append(Entity(opened.tag, opened.offset, length, extra))


def _without_language(entity: Entity) -> Entity:
    return Entity("code", entity.offset, entity.length) if entity.type == "code" else entity


def _argument(tag: str, name: str, value: str) -> str:
    """Keep the one attribute that matters to this tag; all others are ignored."""
    match tag, name:
        case ("a", "href") | ("tg-emoji", "emoji-id"):
            return value
        case ("code", "class") if value.startswith("language-"):
            return value.removeprefix("language-")
        case ("span", "class") if value.startswith("tg-"):
            return value.removeprefix("tg-")
        case ("blockquote", "expandable"):
            return "1"
        case _:
            return ""


def _refusal(reason: str) -> ApiError:
    return bad(f"can't parse entities: {reason}")
