"""How wide words are, so that a picture can be laid out without a screen."""

import unicodedata
from collections.abc import Sequence

# Hundredths of the letter's size, for Libertinus Serif; its kin (Times) is never wider.
_WIDTHS = {
    "'|": 20, ",.": 22, " :;·": 24, "l‘’°": 26, "!\\ij{}í¡": 28, "()I": 30, "/Jft": 32, '"-º': 36, "*[]": 36,
    "r“”": 38, "`s": 40, "cz": 42, "?e~é¿": 44, "#$0123456789aá": 46, "FS_x": 48, "bdgoqvó": 50, "L^kpy": 52,
    "Phnuúüñ«»–": 54, "+<=>EÉ×": 56, "BRY": 58, "TZ": 60, "%CK": 64, "UVXÚÜ": 66, "G": 68, "&ADNOQÁÓÑ": 70,
    "H": 72, "w—…": 74, "m": 80, "M": 84, "@": 90, "W": 96,
}  # fmt: skip
_WIDTH = {letter: width for letters, width in _WIDTHS.items() for letter in letters}
_BOLD = 1.1


def width(text: str, size: float, *, bold: bool = False) -> float:
    """How many units `text` takes at that size, a little more rather than less."""
    hundredths = sum(_width(letter) for letter in text)
    return hundredths / 100 * size * (_BOLD if bold else 1) * 1.03


def _width(letter: str) -> int:
    known = _WIDTH.get(letter)
    if known is not None:
        return known
    plain = unicodedata.normalize("NFD", letter)[:1]
    return _WIDTH.get(plain, 100)


def wrap(text: str, size: float, room: float | Sequence[float], *, bold: bool = False) -> list[str]:
    """Break `text` into lines that fit; `room` may differ from line to line, the last one standing for the rest.

    A word that is wider than its line is broken too.
    """
    rooms = [room] if isinstance(room, int | float) else list(room)
    lines: list[str] = []
    line = ""
    for word in clean(text).split(" "):
        rest = word
        while rest:
            here = rooms[min(len(lines), len(rooms) - 1)]
            longer = f"{line} {rest}" if line else rest
            if width(longer, size, bold=bold) <= here:
                line, rest = longer, ""
            elif line:
                lines.append(line)
                line = ""
            else:
                fits = _fitting(rest, size, here, bold=bold)
                lines.append(rest[:fits])
                rest = rest[fits:]
    return [*lines, line] if line else lines


def _fitting(word: str, size: float, room: float, *, bold: bool) -> int:
    fits = next((n for n in range(len(word), 1, -1) if width(word[:n], size, bold=bold) <= room), 1)
    # One letter left alone on a line looks like a mistake.
    return fits - 1 if len(word) - fits == 1 and fits > 2 else fits  # noqa: PLR2004 (no orphan letter)


def clean(text: str) -> str:
    """Leave no control characters, which XML cannot carry, and single spaces."""
    kept = "".join(" " if unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} else letter for letter in text)
    return " ".join(kept.split())
