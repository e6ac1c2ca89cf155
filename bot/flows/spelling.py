"""Names that people write in part, from memory and with slips: which of those that are known they mean.

`near` gives what may be meant, the likeliest first; `clear` the only one that can be.
"""

from collections.abc import Mapping
from typing import Final

from rapidfuzz.fuzz import ratio

from bot.flows._finding_words import sound
from bot.flows.words import fold

MOST: Final = 5
_LITTLE: Final = frozenset({"de", "del", "la", "el", "los", "las", "y", "e", "en", "a", "al", "para"})
# Nearly every area is called one of these; alone they tell nothing, beside another word they add nothing.
_KINDS: Final = frozenset({"direccion", "dir", "area", "departamento", "depto", "unidad", "oficina", "coordinacion"})
_KIND_SOUNDS: Final = frozenset(sound(one) for one in _KINDS)
_TITLES: Final = frozenset(
    {"lic", "licda", "licenciado", "licenciada", "ing", "ingeniero", "ingeniera", "arq", "dr", "dra", "mtro", "mtra"}
    | {"prof", "profa", "profr", "c", "cp", "lcda", "tec"}
)
_SHORTEST: Final = 3
_SHORTEST_SLIP: Final = 4
_ALIKE: Final = 70
_BEGINNING: Final = 0.95
_NEAR: Final = 0.75
_SURE: Final = 0.8
_APART: Final = 0.15
_COVERED: Final = 0.05
_A_NAME: Final = 2
_SPELT: Final = 0.85


def near(written: str, names: Mapping[str, str]) -> list[str]:
    """Which of these names may be meant, by their keys."""
    return [key for key, _ in _scores(written, names)][:MOST]


def clear(written: str, names: Mapping[str, str]) -> str | None:
    """Which of these names must be meant, if one must."""
    scores = _scores(written, names)
    if not scores or scores[0][1] < _SURE:
        return None
    return scores[0][0] if len(scores) == 1 or scores[0][1] - scores[1][1] >= _APART else None


def _scores(written: str, names: Mapping[str, str]) -> list[tuple[str, float]]:
    said = _told(written)
    if not said or max(len(one) for one in said) < _SHORTEST:
        return []
    scored = [(key, _score(said, _words(name))) for key, name in names.items()]
    return sorted((one for one in scored if one[1] >= _NEAR), key=lambda one: -one[1])


def _words(text: str) -> list[str]:
    return [sound(one) for one in fold(text).split() if one not in _LITTLE]


def _told(text: str) -> list[str]:
    every = _words(text)
    return [one for one in every if one not in _KIND_SOUNDS] or every


def _score(said: list[str], name: list[str]) -> float:
    """How much of what was said the name has, the longer words first; of two such names, the shorter."""
    if not name:
        return 0
    found = sum(len(one) * max(_alike(one, other) for other in name) for one in said) / sum(len(one) for one in said)
    return found * (1 + _COVERED * len(said) / max(len(said), len(name))) / (1 + _COVERED)


def _alike(written: str, meant: str) -> float:
    if written == meant:
        return 1
    if len(written) >= _SHORTEST and meant.startswith(written):
        return _BEGINNING
    return ratio(written, meant, score_cutoff=_ALIKE) / 100 if len(written) >= _SHORTEST_SLIP else 0


def spelt(written: str, people: Mapping[str, str]) -> str | None:
    """Whose name it is that was written, but for accents and capitals."""
    return next((key for key, name in people.items() if fold(name) == fold(written)), None)


def misspelt(written: str, people: Mapping[str, str]) -> list[str]:
    """Whose name was written with a slip, by their keys; nobody's where it is somebody's own, or no whole name."""
    said = [one for one in fold(written).split() if one not in _TITLES]
    if len(said) < _A_NAME:
        return []
    names = {key: fold(name).split() for key, name in people.items()}
    if said in names.values():
        return []
    scored = [(key, _slip(said, name)) for key, name in names.items() if len(name) >= len(said)]
    return [key for key, score in sorted(scored, key=lambda one: -one[1]) if score >= _SPELT][:MOST]


def _slip(said: list[str], name: list[str]) -> float:
    """How like the names are, word by word; the worst of them counts as much as all together."""
    each = [max(ratio(sound(one), sound(other)) / 100 for other in name) for one in said]
    return (sum(each) / len(each) + min(each)) / 2
