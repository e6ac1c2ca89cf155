"""Find the procedure that somebody asks for in their own words.

Each procedure's file says how people ask for it (`asked_as`). A word is worth what it
tells that procedure apart from the others; a phrase counts once more than half of it
was said. Endings and slips of the pen are forgiven.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log
from typing import Final, TypeAlias

from rapidfuzz.fuzz import ratio

from bot.flows._finding_words import Telling, words
from bot.flows.procedure import Procedure

__all__ = ["Found", "offered", "ranked", "words"]

# In a shorter word one slip makes another word.
_SHORTEST_SLIP: Final = 5
_ALIKE: Final = 86
_HALF: Final = 0.55
_LEAST: Final = 0.3
# What is said of a procedure beside its best phrase, and of whoever asks, only tells apart what that leaves level.
_BESIDES: Final = 0.15
_ABOUT: Final = 0.5
_CLOSE: Final = 0.5
_OFFERED: Final = 3
# Nobody needs more words than these to say what they want.
_LONGEST: Final = 1000

_Phrase: TypeAlias = tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """A procedure that may be meant, and how surely."""

    procedure: Procedure
    score: float


def ranked(said: str, procedures: Sequence[Procedure], *, about: str = "") -> tuple[Found, ...]:
    """Which of these procedures a sentence asks for, the likeliest first; nothing where it asks for none.

    `about` is what is known of whoever asks (the names of their areas): it tells
    apart what is otherwise alike.
    """
    index = _index(tuple((one.wish, one.title, *one.asked_as) for one in procedures))
    heard = _heard(words(said[:_LONGEST]), index)
    beside = _heard(words(about), index)
    scores = [_score(phrases, heard, beside, index) for phrases in index.phrases]
    found = [Found(one, score) for one, score in zip(procedures, scores, strict=True) if score >= _LEAST]
    return tuple(sorted(found, key=lambda one: -one.score))


def offered(found: Sequence[Found]) -> tuple[Procedure, ...]:
    """The few that are worth offering: the best, and what comes close to it."""
    return tuple(one.procedure for one in found[:_OFFERED] if one.score >= found[0].score * _CLOSE)


@dataclass(frozen=True)
class _Index:
    """The phrases of each procedure, as stems; what each stem is worth, and how it is written."""

    phrases: tuple[tuple[_Phrase, ...], ...]
    worth: dict[str, float]
    spelt: dict[str, frozenset[str]]


@lru_cache(maxsize=64)
def _index(texts: tuple[tuple[str, ...], ...]) -> _Index:
    spelt: dict[str, set[str]] = {}
    phrases: list[tuple[_Phrase, ...]] = []
    for one in texts:
        read = [words(text) for text in one]
        for word, root in (pair for phrase in read for pair in phrase):
            spelt.setdefault(root, set()).add(word)
        phrases.append(tuple(tuple(dict.fromkeys(root for _, root in phrase)) for phrase in read if phrase))
    having = {root: sum(any(root in phrase for phrase in one) for one in phrases) for root in spelt}
    rarest = log(1 + len(texts))
    worth = {root: log(1 + len(texts) / count) / rarest for root, count in having.items()}
    return _Index(tuple(phrases), worth, {root: frozenset(forms) for root, forms in spelt.items()})


def _heard(written: Iterable[Telling], index: _Index) -> dict[str, float]:
    """Which stems the words mean, and how surely."""
    heard: dict[str, float] = {}
    for word, root in written:
        if root in index.worth:
            heard[root] = 1.0
        elif len(word) >= _SHORTEST_SLIP:
            for known, forms in index.spelt.items():
                alike = max(ratio(word, form, score_cutoff=_ALIKE) for form in forms) / 100
                if alike > heard.get(known, 0):
                    heard[known] = alike
    return heard


def _score(phrases: Sequence[_Phrase], heard: dict[str, float], beside: dict[str, float], index: _Index) -> float:
    best = 0.0
    for phrase in phrases:
        got = sum(index.worth[root] * heard.get(root, 0) for root in phrase)
        whole = sum(index.worth[root] for root in phrase)
        if got > whole * _HALF:
            best = max(best, got * got / whole)
    if not best:
        return 0
    known = {root for phrase in phrases for root in phrase}
    also = sum(index.worth[root] * sure for root, sure in heard.items() if root in known)
    return best + _BESIDES * also + (_ABOUT if known & beside.keys() else 0)
