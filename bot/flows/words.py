"""What buttons are called, and what people type instead of pressing them.

The words themselves are in `words.yaml`; a person may type a label, its number or
any of the words given there, with or without accents.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache

from bot.flows.value import Value

# What nobody sees. A right-to-left override hidden in an answer would garble everything printed after it.
INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_DOTS = re.compile(r"\.")  # "Vo.Bo." is one word, and so is what is typed for it
_NOT_WORDS = re.compile(r"[^\w\s]|_")


def bare(text: str) -> str:
    """Give the text without accents or capitals."""
    apart = unicodedata.normalize("NFD", text.casefold())
    return "".join(char for char in apart if not unicodedata.combining(char))


def fold(text: str) -> str:
    """Give the text as it is compared: bare, and without punctuation or doubled spaces."""
    return _label(text) if len(text) <= _LABEL else _folded(text)


def _folded(text: str) -> str:
    return " ".join(_NOT_WORDS.sub(" ", _DOTS.sub("", bare(text))).split())


# What is typed is compared with the same few hundred labels again and again.
_LABEL = 64
_label = lru_cache(maxsize=4096)(_folded)


class Word(Value):
    """A button of ours: its label, and what else means the same."""

    label: str
    typed: tuple[str, ...] = ()

    @cached_property
    def said(self) -> frozenset[str]:
        """All that means it, folded."""
        return frozenset(map(fold, (self.label, *self.typed)))


class Words(Value):
    """Every button that no manual defines."""

    words: dict[str, Word]

    def label(self, key: str) -> str:
        """The label of a button of ours.

        Raises:
            KeyError: nobody wrote down such a word.

        """
        return self.words[key].label

    def among(self, text: str, buttons: Sequence[tuple[str, str]]) -> str | None:
        """Which of these buttons (label and what it stands for) was typed, by its number, its label or a synonym."""
        chosen = numbered(text, list(buttons))
        if chosen is not None:
            return chosen
        wanted = fold(text)
        known = {fold(word.label) for word in self.words.values() if wanted in word.said}
        found = {data for label, data in buttons if fold(_COUNT.sub("", label)) in known}
        return found.pop() if len(found) == 1 else None

    def read(self, text: str, among: tuple[str, ...]) -> str | None:
        """Which of these buttons was typed, if one was."""
        wanted = fold(text)
        return next((key for key in among if wanted in self.words[key].said), None)


_COUNT = re.compile(r" \(\d+\)$")  # «Bandeja (3)» is typed without its count


def numbered(text: str, labels: Mapping[str, str] | list[tuple[str, str]]) -> str | None:
    """Which of these choices (label and what it stands for, in order) was typed, by label or number.

    Of a label with a colon, what comes before it is enough where that tells it from the others.
    """
    pairs = list(labels.items()) if isinstance(labels, Mapping) else labels
    wanted = fold(text)
    place = place_in(wanted, len(pairs))
    if place is not None:
        return pairs[place][1]
    meant = [(data, fold(label), fold(_COUNT.sub("", label)), fold(label.partition(":")[0])) for label, data in pairs]
    found = {data for data, *said in meant if wanted in said}
    return found.pop() if len(found) == 1 else None


def place_in(text: str, total: int) -> int | None:
    """Which of so many things a number typed alone means, from nought; nothing where it means none."""
    # Python refuses to read a number of thousands of figures.
    if not text.isdecimal() or len(text) > len(str(total)) or not 1 <= int(text) <= total:
        return None
    return int(text) - 1
