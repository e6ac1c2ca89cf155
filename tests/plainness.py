"""The rules of how the bot talks that a program can check, for a message as a person gets it."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from bot import shelf
from notifications.render import CAPTION, TEXT, plain
from storage.letters import Letter

LABEL = 20  # characters of a button of ours, which a small phone shows whole
SHORT = 600  # characters of a message that is read in one glance, wherever that is possible
MOST_WAYS = 3  # rows: what leads on, two by two, and the way out
MOST_BUTTONS, MOST_IN_A_ROW, LONGEST_DATA = 100, 8, 64

HOUSE = shelf.house()
OURS = {word.label for word in HOUSE.words.words.values()}

WORDS = re.compile(r"\w")


@dataclass
class Message:
    """A letter as its reader gets it: its text without markup, and its buttons."""

    letter: Letter
    text: str

    @property
    def labels(self) -> list[str]:
        return [label for row in self.letter.buttons for label, _ in row]


def faults(message: Message) -> list[str]:
    """Every rule that a message breaks, in words."""
    found = [*_limits(message), *_words(message)]
    if message.letter.template == "question":
        found.extend(_question(message))
    if message.letter.template in {"card", "reminder"}:
        found.extend(_card(message))
    return [f"{message.letter.template}: {one}\n{message.text}\n{message.labels}" for one in found]


def _limits(message: Message) -> Iterable[str]:
    limit = CAPTION if message.letter.file else TEXT
    if not message.text or len(message.text) > limit:
        yield f"{len(message.text)} characters"
    if len(message.labels) > MOST_BUTTONS or any(len(row) > MOST_IN_A_ROW for row in message.letter.buttons):
        yield "more buttons than Telegram takes"
    for row in message.letter.buttons:
        for label, data in row:
            if not label or not 1 <= len(data.encode()) <= LONGEST_DATA:
                yield f"a button «{label}» with data {data!r}"


def _words(message: Message) -> Iterable[str]:
    for line in message.text.splitlines():
        if line.strip() and not WORDS.search(line):
            yield f"a line of signs alone: {line!r}"
    for label in message.labels:
        if label.strip("· ") and not WORDS.search(label):
            yield f"a button of signs alone: {label!r}"


def _question(message: Message) -> Iterable[str]:
    facts: dict[str, Any] = message.letter.facts
    if not {HOUSE.words.label("back"), HOUSE.words.label("cancel")} <= set(message.labels):
        yield "no way back or out"
    if not 1 <= facts["place"] <= facts["total"] or f"Paso {facts['place']} de {facts['total']}" not in message.text:
        yield f"progress {facts['place']} of {facts['total']}"
    if facts["label"] not in message.text:
        yield "the requisito is not named"
    if not facts["required"] and not {HOUSE.words.label("skip"), HOUSE.words.label("drop")} & set(message.labels):
        yield "optional, and cannot be left out"
    ways = [row for row in message.letter.buttons if all(label in OURS for label, _ in row)]
    if len(ways) > MOST_WAYS:
        yield f"{len(ways)} rows of ways out under the answers"
    if len(message.text) > SHORT and not facts["echo"] and not facts["current"]:
        yield f"{len(message.text)} characters in a question"


def _card(message: Message) -> Iterable[str]:
    facts: dict[str, Any] = message.letter.facts
    if facts["folio"] not in message.text or f"Actividad {facts['activity']['n']}" not in message.text:
        yield "no folio or activity"
    rows = [place for place, row in enumerate(message.letter.buttons) if any(data.startswith("t:") for _, data in row)]
    taken = message.labels and message.labels[0] == HOUSE.words.label("take")
    if rows and rows[0] != 0 and not taken:
        yield "what decides is not first"


@dataclass
class Tally:
    """How long the messages of each template are."""

    lengths: dict[str, list[int]] = field(default_factory=dict)

    def count(self, message: Message) -> None:
        self.lengths.setdefault(message.letter.template, []).append(len(message.text))

    def said(self) -> str:
        """How many, how many of them are long, and which template's is the longest."""
        everything = [length for lengths in self.lengths.values() for length in lengths]
        long = {key: sum(one > SHORT for one in lengths) for key, lengths in self.lengths.items()}
        most = max(self.lengths, key=lambda key: max(self.lengths[key]), default="")
        worst = ", ".join(f"{key} {count}" for key, count in sorted(long.items()) if count)
        longest = max(everything, default=0)
        return f"{len(everything)} messages, {sum(long.values())} over {SHORT} ({worst}), longest {longest} ({most})"


def read(letters: Iterable[Letter], render: Callable[..., str]) -> list[Message]:
    """The messages that these letters become."""
    return [
        Message(one, plain(render(one.manual, one.template, one.facts, limit=CAPTION if one.file else TEXT)))
        for one in letters
        if one.kind != "strip" and one.template != "map"
    ]
