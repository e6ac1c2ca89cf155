"""Quantities as people write them: «1,500», «doce», «12 mil 500», «dos docenas», «1.5 millones»."""

import re
from decimal import Decimal
from typing import Final

from bot.flows.words import bare

_UNITS: Final = "cero un dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince"
_TEENS: Final = "dieciseis diecisiete dieciocho diecinueve veinte veintiun veintidos veintitres veinticuatro"
_TWENTIES: Final = "veinticinco veintiseis veintisiete veintiocho veintinueve"
_TENS: Final = "treinta cuarenta cincuenta sesenta setenta ochenta noventa"
_HUNDREDS: Final = "ciento doscient trescient cuatrocient quinient seiscient setecient ochocient novecient"

SMALL: Final = {
    **{word: number for number, word in enumerate(f"{_UNITS} {_TEENS} {_TWENTIES}".split())},
    **{word: 10 * number for number, word in enumerate(_TENS.split(), start=3)},
    "uno": 1,
    "una": 1,
    "veintiuno": 21,
    "veintiuna": 21,
    "cien": 100,
    "ciento": 100,
    **{f"{word}{end}": 100 * n for n, word in enumerate(_HUNDREDS.split(), start=1) if n > 1 for end in ("os", "as")},
}
_TIMES: Final = {
    "docena": 12,
    "docenas": 12,
    "mil": 1000,
    "k": 1000,
    "millon": 1_000_000,
    "millones": 1_000_000,
    "mdp": 1_000_000,
}
_HALF: Final = frozenset({"medio", "media"})
_FIGURE: Final = re.compile(r"-?(?:\d{1,3}(?:[, ]\d{3})+|\d+)(?:\.\d{1,2})?")
_TEN, _HUNDRED, _THIRTY = 10, 100, 30


def figure(text: str) -> Decimal | None:
    """Give a figure as written in Mexico: a comma parts thousands; «1,5» could be anything, so it is none."""
    plain = text.strip()
    return Decimal(re.sub(r"[, ]", "", plain)) if _FIGURE.fullmatch(plain) else None


def amount(text: str) -> Decimal | None:
    """Give a quantity in figures, in words or in both, where nothing else is said."""
    found = figure(text)
    return _spoken(re.sub(r"(\d)([a-z])", r"\1 \2", bare(text)).split()) if found is None else found


class _Run:
    """A quantity being read word by word: what is settled, and the part that the next word may still multiply."""

    def __init__(self) -> None:
        self.total = Decimal(0)
        self.group: Decimal | None = None
        self.last: int | None = None  # what multiplied last: what follows is less
        self.figures = False

    def adds(self, word: str, *, joined: bool) -> bool:
        """Take a word, if it can follow; `joined` by «y»."""
        if word in _TIMES:
            return not joined and self._multiplies(_TIMES[word])
        if word in _HALF:
            return self._halves(joined=joined)
        number = figure(word) if word not in SMALL else Decimal(SMALL[word])
        if number is None:
            return False
        if self.group is not None:
            fits = self._follows(number, joined=joined) and word in SMALL and not self.figures
            self.group += number
            return fits
        self.group, self.figures = number, word not in SMALL
        return not joined and (self.last is None or number < self.last)

    def _follows(self, number: Decimal, *, joined: bool) -> bool:
        """Whether «ocho» may follow «cuarenta y», and «cuarenta» «ciento»."""
        group = self.group or Decimal(0)
        tens = group % _HUNDRED
        if joined:
            return tens >= _THIRTY and tens % _TEN == 0 and 0 < number < _TEN
        return group >= _HUNDRED and tens == 0 and 0 < number < _HUNDRED

    def _multiplies(self, times: int) -> bool:
        fits = self.last is None or times < self.last
        self.total += (1 if self.group is None else self.group) * times
        self.group, self.last, self.figures = None, times, False
        return fits

    def _halves(self, *, joined: bool) -> bool:
        if joined:  # «un millón y medio»
            self.total += Decimal(self.last or 0) / 2
            return self.last is not None and self.group is None
        fits = self.group is None and self.last is None
        self.group = Decimal("0.5")
        return fits


def _spoken(words: list[str]) -> Decimal | None:
    run, joined = _Run(), False
    for word in words:
        if word == "y" and not joined:
            joined = True
            continue
        if not run.adds(word, joined=joined):
            return None
        joined = False
    if joined or not words or (words[-1:] == ["medio"] and run.last is None) or words == ["media"]:
        return None
    return run.total + (run.group or 0)
