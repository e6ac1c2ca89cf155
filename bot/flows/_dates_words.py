"""From what people type to a plain line: no accents, no emoji, one spelling for each word, digits for numbers.

`plain("¡El  Savado 5 d dic., a las DIEZ y media hrs!")` is `"el sabado 5 de diciembre , a las 10 y media h ,"`.
What cannot be told for certain becomes `?`, which no rule accepts.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Final, TypeAlias

MONTH_NUMBERS: Final = {
    name: number
    for number, name in enumerate(
        (
            *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
            *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
        ),
        start=1,
    )
}
WEEKDAY_NUMBERS: Final = {
    name: number
    for number, name in enumerate(("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo"))
}

_NUMBERS: Final = {
    name: str(number)
    for number, name in enumerate(
        (
            *("dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce"),
            *("trece", "catorce", "quince", "dieciseis", "diecisiete", "dieciocho", "diecinueve", "veinte"),
            *("veintiuno", "veintidos", "veintitres", "veinticuatro", "veinticinco", "veintiseis"),
            *("veintisiete", "veintiocho", "veintinueve", "treinta"),
        ),
        start=2,
    )
} | {"veintiun": "21", "cuarenta": "40", "cincuenta": "50", "setenta": "70", "noventa": "90"}

_SPELLINGS: Final = {
    variant: word
    for word, variants in {
        "enero": "ene",
        "febrero": "feb febr",
        "abril": "abr",
        "mayo": "may",
        "junio": "jun",
        "julio": "jul",
        "agosto": "ago agos",
        "septiembre": "sep sept set setiembre",
        "octubre": "oct",
        "noviembre": "nov",
        "diciembre": "dic dicbre",
        "lunes": "lun",
        "miercoles": "mie mier mierc",
        "jueves": "jue juev",
        "viernes": "vie vier viern",
        "sabado": "sab",
        "domingo": "dom",
        "manana": "mnana manyana",
        "pasado manana": "pasadomanana",
        "hoy": "oy",
        "h": "hr hrs hra hras hs horas",
        "de": "d",
        "que": "q ke",
        "proximo": "proxima prox entrante siguiente sig sgte",
        "a las": "alas als",
        "a la": "ala",
        "para": "pa",
        "en la": "enla",
        "de la": "dela",
        "primer": "1er",
        "primero": "1o 1ro 1ero primera",
        "segundo": "2do 2o",
        "tercer": "3er tercero",
        "cuarto": "4to",
        "minutos": "min mins minuto",
        "aprox": "aproximadamente aproximado",
        "semana": "sem",
    }.items()
    for variant in variants.split()
} | _NUMBERS

# Real words that lie one letter away from a month or a day of the week.
_REAL: Final = """
    abrir abra abriel angosto agostos genero jueces jueza nueves partes mares mates artes lunas marco marcos
    mazo manzana manzanas banana semana malo mago rayo junior junios domingos sabados martha marta tardes
    noches parte carta arte tarda nave
"""
_NOT_A_TYPO: Final = frozenset(_REAL.split())
_TYPO_TARGETS: Final = (
    *MONTH_NUMBERS,
    *WEEKDAY_NUMBERS,
    "manana",
    "tarde",
    "noche",
    "madrugada",
    "pasado",
    "proximo",
    "mediodia",
    "medianoche",
)
_SHORTEST_TYPO: Final = 4

_SYMBOLS: Final = {
    "°": "o",
    "º": "o",
    "ª": "a",
    "#": "?",
    "|": ",",
    "~": " ",
    **dict.fromkeys("–—−‐‑", "-"),
}
_KEPT: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789:/.,- ")


def _tens(found: re.Match[str]) -> str:
    """Join «treinta y uno»; the figures «30 y 1» are two numbers and stay apart."""
    return _NUMBERS[found[1]][0] + _NUMBERS.get(found[2], "1")


_Rewrite: TypeAlias = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]

_ON_LETTERS: Final[tuple[_Rewrite, ...]] = (
    # 5pm, 5 p.m., 5:00p. m., cinco p.m.
    (re.compile(r"(?<=\d)\s*([ap])\s*\.?\s*m\b\.?"), r" \1m "),
    (re.compile(r"\b([ap])\s?\.\s?m\b\.?"), r" \1m "),
    # 16h30
    (re.compile(r"\b(\d{1,2})\s?h\s?(\d{2})\b"), r"\1:\2"),
    (re.compile(r"(\d) : (\d\d)\b(?!:)"), r"\1:\2"),
    (re.compile(r"(\d) ?/ ?(?=\d)"), r"\1/"),
    (re.compile(r"\b(\d{1,2})[.-](\d{1,2})[.-](\d{4}|\d{2})\b(?![.:-])"), r"\1/\2/\3"),
    # 10:00-13:00 is a stretch of time, 5-dic-26 a date
    (re.compile(r"(?<=:\d\d)\s*-\s*"), " - "),
    (re.compile(r"(?<=[a-z])[/-](?=[a-z0-9])|(?<=\d)[/-](?=[a-z])"), " "),
    (re.compile(r"\b(\d{4}-\d{1,2}-\d{1,2})t(?=\d)"), r"\1 "),
    # a point after a short word abbreviates it; any other one ends a sentence
    (re.compile(r"\b([a-z]{1,5})\."), r"\1 "),
    (re.compile(r"(?<!\d)\.|\.(?!\d)|:(?!\d)|(?<!\d):"), " , "),
    (
        re.compile(r"\b(treinta|cuarenta|cincuenta) y (uno?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve)\b"),
        _tens,
    ),
    # 1er and 5to stay whole; «18de» and «las10» come apart
    (re.compile(r"(?<=\d)(?!(?:o|er|ro|ero|do|to|ta|ra|da|a)\b)(?=[a-z])|(?<=[a-z])(?=\d)"), " "),
)
_ON_WORDS: Final[tuple[_Rewrite, ...]] = (
    (re.compile(r"\bbuen(?:os|as)? (?:dias?|tardes?|noches?)\b"), " , "),
    (re.compile(r"\bmedio dia\b"), "mediodia"),
    (re.compile(r"\bmedia noche\b"), "medianoche"),
    (re.compile(r"\b2 mil ((?:2|3)\d)\b"), r"20\1"),
    (re.compile(r"\b(?:que|por) (?:viene|vienen|entra|entran|sigue|venir)\b"), "proximo"),
    (re.compile(r" {2,}"), " "),
)
_TOKEN: Final = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}(?![\d-])|\d+(?:/\d+)+|\d+(?:[:.]\d+)+|\d+-\d+(?![\d-])|\d+[a-z]+|\d+|[a-z]+|[,?-]"
)


def plain(text: str) -> str:
    line = _letters(text)
    for pattern, becomes in _ON_LETTERS:
        line = pattern.sub(becomes, line)
    line = " ".join(_word(token) for token in _TOKEN.findall(line))
    for pattern, becomes in _ON_WORDS:
        line = pattern.sub(becomes, line)
    return line.strip()


def _letters(text: str) -> str:
    """Keep letters and figures without their accents; what has no place in a Spanish date becomes `?`."""
    kept = []
    for sign in unicodedata.normalize("NFD", text.casefold()):
        category = unicodedata.category(sign)
        if sign in _KEPT:
            kept.append(sign)
        elif sign in _SYMBOLS:
            kept.append(_SYMBOLS[sign])
        elif category in {"Mn", "Me", "Cf"}:
            continue
        elif category[0] in "LN":
            kept.append(" ? ")
        elif category in {"Zs", "Cc", "So", "Sk", "Sm", "Sc", "Co", "Cn", "Cs", "Zl", "Zp"}:
            kept.append(" , " if sign in "\n\r\u2028\u2029" else " ? " if category in {"Sm", "Sc"} else " ")
        else:
            kept.append(" , ")
    return "".join(kept)


@lru_cache(maxsize=4096)
def _word(token: str) -> str:
    if token in _SPELLINGS:
        return _SPELLINGS[token]
    if len(token) <= _SHORTEST_TYPO or not token.isalpha() or token in _NOT_A_TYPO:
        return token
    if token in _TYPO_TARGETS:
        return token
    meant = [target for target in _TYPO_TARGETS if _one_slip_apart(token, target)]
    return meant[0] if len(meant) == 1 else token


def _one_slip_apart(typed: str, meant: str) -> bool:
    """Tell whether one letter is wrong, missing, doubled or swapped with its neighbour; the first one counts more."""
    if abs(len(typed) - len(meant)) > 1 or not _same_start(typed[:2], meant[:2]):
        return False
    at = next((at for at, (one, two) in enumerate(zip(typed, meant, strict=False)) if one != two), None)
    if at is None:
        return True
    rest, wanted = typed[at:], meant[at:]
    swapped = rest[:2] == wanted[:2][::-1] and rest[2:] == wanted[2:]
    return swapped or rest[1:] == wanted[1:] or rest[1:] == wanted or rest == wanted[1:]


def _same_start(typed: str, meant: str) -> bool:
    return typed[0] == meant[0] or {typed[0], meant[0]} == {"b", "v"} or typed == meant[::-1]
