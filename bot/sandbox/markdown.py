"""parse_mode MarkdownV2, and the older Markdown that some bots still send."""

import re
from dataclasses import dataclass

from bot.sandbox.entities import Entity, Formatted, units
from bot.sandbox.errors import ApiError, bad
from bot.sandbox.html_text import link_entity

RESERVED = frozenset("_*[]()~`>#+-=|{}.!")
MARKS = ("||", "__", "*", "_", "~")
KINDS = {"||": "spoiler", "__": "underline", "*": "bold", "_": "italic", "~": "strikethrough"}
NAMES = {
    "||": "Spoiler",
    "__": "Underline",
    "*": "Bold",
    "_": "Italic",
    "~": "Strikethrough",
    "[": "TextUrl",
    "`": "Code",
    "```": "Pre",
}
LANGUAGE = re.compile(r"([^\s`]+)\n")
OLD_KINDS = {"*": "bold", "_": "italic", "`": "code", "```": "pre", "[": "text_link"}


@dataclass
class _Open:
    mark: str
    offset: int
    byte: int
    start: int


def parse_markdown_v2(text: str) -> Formatted:
    """Read MarkdownV2; raise what Telegram would answer."""
    return _Parser(text).parse()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._out: list[str] = []
        self._offset = 0
        self._open: list[_Open] = []
        self._found: list[Entity] = []
        self._quote: int | None = None
        self._line_start = True

    def parse(self) -> Formatted:
        while self._at < len(self._text):
            self._step()
        self._end_quote()
        if self._open:
            left = self._open[-1]
            raise _refusal(f"Can't find end of {NAMES[left.mark]} entity at byte offset {left.byte}")
        return Formatted("".join(self._out), tuple(self._found))

    @property
    def _byte(self) -> int:
        return len(self._text[: self._at].encode())

    def _add(self, text: str) -> None:
        self._out.append(text)
        self._offset += units(text)
        self._line_start = text.endswith("\n")

    def _step(self) -> None:
        rest = self._text[self._at :]
        character = rest[0]
        if character == "\\" and len(rest) > 1 and 0 < ord(rest[1]) < 127:  # noqa: PLR2004 - ASCII ends there
            self._at += 2
            self._add(rest[1])
        elif self._line_start and rest.startswith(("**>", ">")):
            self._at += 3 if rest.startswith("**>") else 1
            self._quote = self._offset if self._quote is None else self._quote
            self._line_start = False
        elif character == "\n":
            self._at += 1
            if self._quote is not None and self._text[self._at : self._at + 1] != ">":
                self._end_quote()
            self._add("\n")
        elif character == "`":
            self._code("```" if rest.startswith("```") else "`")
        elif character in "[!]":
            self._link(rest)
        elif mark := next((mark for mark in MARKS if rest.startswith(mark)), None):
            self._toggle(mark)
        elif character in RESERVED:
            raise self._reserved(character)
        else:
            self._at += 1
            self._add(character)

    def _end_quote(self) -> None:
        if self._quote is not None and self._offset > self._quote:
            self._found.append(Entity("blockquote", self._quote, self._offset - self._quote))
        self._quote = None

    def _toggle(self, mark: str) -> None:
        if self._open and self._open[-1].mark == mark:
            opened = self._open.pop()
            self._found.append(Entity(KINDS[mark], opened.offset, self._offset - opened.offset))
        else:
            self._open.append(_Open(mark, self._offset, self._byte, len(self._out)))
        self._at += len(mark)

    def _code(self, mark: str) -> None:
        begin = self._byte
        start = self._at + len(mark)
        end = start
        while not self._text.startswith(mark, end):
            if end >= len(self._text):
                raise _refusal(f"Can't find end of {NAMES[mark]} entity at byte offset {begin}")
            end += 2 if self._text[end] == "\\" else 1
        inside = self._text[start:end]
        extra = {}
        if mark == "```" and (language := LANGUAGE.match(inside)):
            extra = {"language": language.group(1)}
            inside = inside[language.end() :]
        plain = re.sub(r"\\([\x01-\x7e])", r"\1", inside)
        self._found.append(Entity(NAMES[mark].lower(), self._offset, units(plain), extra))
        self._add(plain)
        self._at = end + len(mark)

    def _link(self, rest: str) -> None:
        if rest[0] == "]":
            if not (self._open and self._open[-1].mark == "["):
                raise self._reserved("]")
            self._end_link()
        elif rest.startswith("!") and not rest.startswith("!["):
            raise self._reserved("!")
        else:
            self._open.append(_Open("[", self._offset, self._byte, len(self._out)))
            self._at += 2 if rest.startswith("!") else 1

    def _end_link(self) -> None:
        opened = self._open.pop()
        self._at += 1
        url = "".join(self._out[opened.start :])
        if self._text.startswith("(", self._at):
            begin = self._byte
            match = re.compile(r"\(((?:\\.|[^)\\])*)\)").match(self._text, self._at)
            if match is None:
                raise _refusal(f"Can't find end of a URL at byte offset {begin}")
            url = re.sub(r"\\([\x01-\x7e])", r"\1", match.group(1))
            self._at = match.end()
        if link := link_entity(opened.offset, self._offset - opened.offset, url):
            self._found.append(link)

    def _reserved(self, character: str) -> ApiError:
        return _refusal(f"Character '{character}' is reserved and must be escaped with the preceding '\\'")


def parse_markdown(text: str) -> Formatted:
    """Read the legacy Markdown, in which nothing nests."""
    out: list[str] = []
    found: list[Entity] = []
    at = offset = 0
    while at < len(text):
        character = text[at]
        if character == "\\" and text[at + 1 : at + 2] in ("_", "*", "`", "["):
            inside, at, entity = text[at + 1], at + 2, None
        elif character in "_*`[":
            inside, at, entity = _old_entity(text, at, offset)
        else:
            inside, at, entity = character, at + 1, None
        out.append(inside)
        offset += units(inside)
        if entity:
            found.append(entity)
    return Formatted("".join(out), tuple(found))


def _old_entity(text: str, at: int, offset: int) -> tuple[str, int, Entity | None]:
    mark = "```" if text.startswith("```", at) else text[at]
    closing = "]" if mark == "[" else mark
    end = text.find(closing, at + len(mark))
    if end < 0:
        byte = len(text[:at].encode())
        raise _refusal(f"Can't find end of the entity starting at byte offset {byte}")
    inside = text[at + len(mark) : end]
    after = end + len(closing)
    if mark != "[":
        return inside, after, Entity(OLD_KINDS[mark], offset, units(inside)) if inside else None
    url = inside
    if text.startswith("(", after) and (finish := text.find(")", after)) > 0:
        url = text[after + 1 : finish]
        after = finish + 1
    return inside, after, link_entity(offset, units(inside), url)


def _refusal(reason: str) -> ApiError:
    return bad(f"can't parse entities: {reason}")
