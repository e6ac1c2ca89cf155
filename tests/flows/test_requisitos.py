"""What is typed, pressed, sent or shared for each kind of answer, and what becomes of it."""

import json
from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.flows.intake import concrete
from bot.flows.procedure import Choice, Kind, Requisito
from bot.flows.requisitos import (
    LONG_TEXT_LENGTH,
    MAX_FILES,
    TEXT_LENGTH,
    Answered,
    Located,
    Misread,
    Phoned,
    Picked,
    Reading,
    Said,
    Sent,
    Typed,
    Unfinished,
    brief_date,
    link_in,
    moments,
    read,
    show,
)
from tests.flows.shipped import AREAS, SETTING, WEDNESDAY

KINDS: tuple[Kind, ...] = get_args(Kind)
OPTIONS = (
    Choice(id="foto", label="Foto"),
    Choice(id="video", label="Vídeo"),
    Choice(id="ambos", label="Foto y vídeo"),
    Choice(id="banner_digital", label="Banner digital"),
)
RTL = "\u202e"
ZERO_WIDTH = "\u200b"


def asked(kind: Kind, **more: Any) -> Requisito:
    options = OPTIONS if kind in {"choice", "choices"} else ()
    return Requisito(id="x", label="X", ask="¿X?", kind=kind, cite="1", options=options, **more)


def reading(kind: Kind, said: Said | str, pending: dict[str, Any] | None = None, **more: Any) -> Reading:
    return read(asked(kind, **more), Typed(said) if isinstance(said, str) else said, SETTING, pending or {})


def size(width: float, height: float, unit: str) -> dict[str, Any]:
    return {"width": width, "height": height, "unit": unit}


# Each line: kind | what was typed | the answer.
GOOD: list[tuple[Kind, str, Any]] = [
    ("text", "  Casa   de\nCultura ", "Casa de Cultura"),
    ("text", "<b>Lápices</b> & más", "<b>Lápices</b> & más"),
    ("text", f"Feria{RTL} del {ZERO_WIDTH}Libro\x07", "Feria del Libro"),
    ("text", "ñ" * TEXT_LENGTH, "ñ" * TEXT_LENGTH),
    ("long_text", "Uno\n\nDos  tres", "Uno\n\nDos  tres"),
    ("person", "Lic. José  Ángel Núñez", "Lic. José Ángel Núñez"),
    ("place", "Av. Solidaridad 12", {"text": "Av. Solidaridad 12"}),
    ("date", "11 de diciembre", "2026-12-11"),
    ("date", "viernes 11 de diciembre, 5 pm", "2026-12-11"),
    ("date", "HOY", "2026-11-18"),
    ("datetime", "viernes 11 de diciembre, 5 pm", "2026-12-11T17:00-06:00"),
    ("datetime", "11/12/2026 17:00", "2026-12-11T17:00-06:00"),
    ("datetime", "11 de diciembre de 6 a 8 pm", "2026-12-11T18:00-06:00/20:00"),
    ("time", "17:00", "17:00"),
    ("time", "5 pm", "17:00"),
    ("time", "a las 9 de la mañana", "09:00"),
    ("time", "al mediodía", "12:00"),
    ("choice", "Foto", "foto"),
    ("choice", "VIDEO", "video"),
    ("choice", "  vídeo. ", "video"),
    ("choice", "3", "ambos"),
    ("choice", "foto y video", "ambos"),
    ("choice", "banner digital", "banner_digital"),
    ("choice", "ban", "banner_digital"),
    ("yes_no", "Sí", True),
    ("yes_no", "si.", True),
    ("yes_no", "¡Claro!", True),
    ("yes_no", "1", True),
    ("yes_no", "NO", False),
    ("yes_no", "2", False),
    ("number", "25", 25),
    ("number", "1,500", 1500),
    ("number", "1 500", 1500),
    ("number", "12.0", 12),
    ("number", "0", 0),
    ("number", "cinco", 5),
    ("number", "Unos 25", 25),
    ("number", "treinta y dos", 32),
    ("number", "ciento ochenta y cuatro", 184),
    ("number", "dos mil quinientos", 2500),
    ("number", "12 mil 500", 12_500),
    ("number", "doce mil", 12_000),
    ("number", "dos docenas", 24),
    ("number", "docena y media", 18),
    ("number", "media docena", 6),
    ("number", "veintiuna", 21),
    ("money", "$1,234.50", "1234.50"),
    ("money", "1234", "1234.00"),
    ("money", "1,250 pesos", "1250.00"),
    ("money", "$ 99.9 M.N.", "99.90"),
    ("money", "12 000 000 mxn", "12000000.00"),
    ("money", "$12,500.50", "12500.50"),
    ("money", "12 mil", "12000.00"),
    ("money", "12 mil 500 pesos", "12500.00"),
    ("money", "$12k", "12000.00"),
    ("money", "1.5 millones", "1500000.00"),
    ("money", "1.5 mdp", "1500000.00"),
    ("money", "medio millón de pesos", "500000.00"),
    ("money", "un millón y medio", "1500000.00"),
    ("money", "dos millones doscientos mil", "2200000.00"),
    ("money", "aproximadamente mil pesos", "1000.00"),
    ("size", "60 x 90 cm", size(60, 90, "cm")),
    ("size", "60 de ancho por 90 de alto", size(60, 90, "cm")),
    ("size", "90 cm de alto y 60 cm de ancho", size(60, 90, "cm")),
    ("size", "ancho 2 m, alto 1 m", size(2, 1, "m")),
    ("size", "Carta", size(21.6, 27.9, "cm")),
    ("size", "tamaño oficio", size(21.6, 34, "cm")),
    ("size", "en hoja doble  carta, horizontal", size(43.2, 27.9, "cm")),
    ("size", "tabloide.", size(27.9, 43.2, "cm")),
    ("size", "A4 apaisado", size(29.7, 21, "cm")),
    ("size", "60x90", size(60, 90, "cm")),
    ("size", "60 X 90 CM.", size(60, 90, "cm")),
    ("size", "1.5 por 2 m", size(1.5, 2, "m")),
    ("size", "1.5 metros por 2 metros", size(1.5, 2, "m")),
    ("size", "60.5 × 90,25", size(60.5, 90.25, "cm")),
    ("size", "60 * 90 milímetros", size(60, 90, "mm")),
    ("size", "1,200 x 1,800 px", size(1200, 1800, "px")),
    ("size", "2 lonas de 3m x 2m", size(3, 2, "m")),
    ("duration", "2 horas", 120),
    ("duration", "90 min", 90),
    ("duration", "1.5 h", 90),
    ("duration", "1,5 horas", 90),
    ("duration", "1 hora y media", 90),
    ("duration", "hora y media", 90),
    ("duration", "una hora", 60),
    ("duration", "media hora", 30),
    ("duration", "2 horas con 15 minutos", 135),
    ("duration", "2h 30min", 150),
    ("duration", "como 3 días", 4320),
    ("phone", "55 1234 5678", "+525512345678"),
    ("phone", "(722) 123-4567", "+527221234567"),
    ("phone", "044 55 1234 5678", "+525512345678"),
    ("phone", "045 722 123 4567", "+527221234567"),
    ("phone", "01 55 5972 8280", "+525559728280"),
    ("phone", "+52 1 55 1234 5678", "+525512345678"),
    ("phone", "52 55 1234 5678", "+525512345678"),
    ("phone", "+1 212 555 0100", "+12125550100"),
    ("email", "Ana Robles <ana@chalco.gob.mx>", "ana@chalco.gob.mx"),
    ("email", "es ana@chalco.gob.mx.", "ana@chalco.gob.mx"),
    ("link", "La liga es https://chalco.gob.mx/feria.", "https://chalco.gob.mx/feria"),
    ("duration", "cuatro horas", 240),
    ("duration", "2:30 h", 150),
    ("duration", "una hora y cuarto", 75),
    ("duration", "tres cuartos de hora", 45),
    ("duration", "una semana", 10_080),
    ("email", "ana.robles@chalco.gob.mx", "ana.robles@chalco.gob.mx"),
    ("email", "Ana@CHALCO.gob.MX", "Ana@chalco.gob.mx"),
    ("link", "https://chalco.gob.mx/a?b=1#c", "https://chalco.gob.mx/a?b=1#c"),
    ("link", "www.chalco.gob.mx", "https://www.chalco.gob.mx"),
    ("link", "httpd.apache.org", "https://httpd.apache.org"),
    ("area", "odapas", "ODAPAS Chalco"),
    ("area", "DIRECCION DE CULTURA", "Dirección de Cultura"),
    ("area", "3", "Desarrollo Económico"),
    ("area", "La de la esquina", "La de la esquina"),
]


@pytest.mark.parametrize(("kind", "text", "value"), GOOD, ids=[f"{kind}: {text[:30]!r}" for kind, text, _ in GOOD])
def test_a_good_answer_is_understood(kind: Kind, text: str, value: Any) -> None:
    assert reading(kind, text) == Answered(value)


# Each line: kind | what was typed | why it is no answer.
WRONG: list[tuple[Kind, str, str]] = [
    ("text", "   ", "empty"),
    ("text", RTL * 3, "empty"),
    ("text", "¿?...", "no_words"),
    ("text", "👍", "no_words"),
    ("place", "---", "no_words"),
    ("date", "luego les digo", "date"),
    ("date", "31 de noviembre", "date"),
    ("date", "12 de noviembre", "date"),
    ("date", "12 de noviembre de 2025", "past"),
    ("datetime", "31 de noviembre a las 5 pm", "date"),
    ("datetime", "el lunes o el martes", "date"),
    ("datetime", "17 de noviembre de 2026, 5 pm", "past"),
    ("datetime", "hoy a las 9 am", "past"),
    ("time", "25:00", "not_an_hour"),
    ("time", "cuando puedan", "not_an_hour"),
    ("choice", "fo", "not_an_option"),
    ("choice", "5", "not_an_option"),
    ("choice", "0", "not_an_option"),
    ("choice", "²", "not_an_option"),
    ("choice", "lona", "not_an_option"),
    ("choice", "!!", "not_an_option"),
    ("choices", "foto, lona", "not_options"),
    ("choices", ",", "not_options"),
    ("yes_no", "tal vez", "not_yes_no"),
    ("yes_no", "3", "not_yes_no"),
    ("number", "veinte treinta", "not_a_number"),
    ("number", "treinta y", "not_a_number"),
    ("number", "mil millones", "not_a_number"),
    ("number", "medio", "not_a_number"),
    ("number", "y medio", "not_a_number"),
    ("number", "2 años", "not_a_number"),
    ("number", "de 5 a 10", "not_a_number"),
    ("money", "1,5 millones", "not_money"),
    ("money", "mil 5000", "not_money"),
    ("money", "$", "not_money"),
    ("size", "carta y oficio", "not_a_size"),
    ("size", "60 de ancho", "not_a_size"),
    ("number", "1.5", "not_a_number"),
    ("number", "1,5", "not_a_number"),
    ("number", "10 20", "not_a_number"),
    ("number", "1e5", "not_a_number"),
    ("number", "NaN", "not_a_number"),
    ("number", "-3", "out_of_range"),
    ("number", "1000001", "out_of_range"),
    ("money", "gratis", "not_money"),
    ("money", "-5", "not_money"),
    ("money", "1.500,00", "not_money"),
    ("money", "12,5", "not_money"),
    ("money", "Infinity", "not_money"),
    ("money", "1" + "0" * 12, "not_money"),
    ("size", "grande", "not_a_size"),
    ("size", "60", "not_a_size"),
    ("size", "0 x 90", "not_a_size"),
    ("size", "60 x 90 x 30", "not_a_size"),
    ("size", "-60 x 90", "not_a_size"),
    ("size", "60 x 90 pulgadas", "not_a_size"),
    ("size", '24" x 36"', "not_a_size"),
    ("size", "2 m x 90 cm", "not_a_size"),
    ("size", "1,2,3 x 90", "not_a_size"),
    ("size", f"60 x {'9' * 400}", "not_a_size"),
    ("duration", "un rato", "not_a_duration"),
    ("duration", "un día y medio", "not_a_duration"),
    ("duration", "0 min", "not_a_duration"),
    ("duration", "90", "not_a_duration"),
    ("duration", "de 2 a 3 horas", "not_a_duration"),
    ("duration", "2 horas 30", "not_a_duration"),
    ("duration", "999999 días", "not_a_duration"),
    ("duration", f"{'9' * 400} horas", "not_a_duration"),
    ("phone", "597 28 280", "not_a_phone"),
    ("phone", "llámenme", "not_a_phone"),
    ("phone", "00 0000 0000", "not_a_phone"),
    ("phone", "55 1234 5678 y 55 8765 4321", "not_a_phone"),
    ("email", "ana@", "not_an_email"),
    ("email", "ana arroba chalco", "not_an_email"),
    ("email", "ana@chalco", "not_an_email"),
    ("link", "en el Drive", "not_a_link"),
    ("link", "javascript:alert(1)", "not_a_link"),
    ("link", "ftp://chalco.gob.mx", "not_a_link"),
    ("link", "logo_final.PNG", "not_a_link"),
    ("area", "!!!", "no_words"),
    ("files", "luego la mando", "not_a_file"),
    ("photos", "chalco.gob.mx", "not_a_file"),
]


@pytest.mark.parametrize(("kind", "text", "reason"), WRONG, ids=[f"{kind}: {text[:30]!r}" for kind, text, _ in WRONG])
def test_a_wrong_answer_is_refused_with_its_reason(kind: Kind, text: str, reason: str) -> None:
    found = reading(kind, text)
    assert isinstance(found, Misread)
    assert found.reason == reason


# Texts too long


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "long_text"])
@pytest.mark.parametrize("text", ["a" * 5000, "9" * 5000, "1 " * 2500])
def test_five_thousand_characters_are_refused_with_figures(kind: Kind, text: str) -> None:
    limit = TEXT_LENGTH if kind in {"text", "person"} else LONG_TEXT_LENGTH
    length = len(text.strip())
    assert reading(kind, text) == Misread("too_long", {"limit": limit, "length": length})


def test_each_text_has_its_own_room() -> None:
    assert reading("long_text", "a" * 5000) == Misread("too_long", {"limit": LONG_TEXT_LENGTH, "length": 5000})
    assert reading("long_text", "a" * 601, max=600) == Misread("too_long", {"limit": 600, "length": 601})
    assert reading("text", "a" * 600, max=600) == Answered("a" * 600)
    assert reading("place", "a" * 301) == Misread("too_long", {"limit": TEXT_LENGTH, "length": 301})


def test_a_number_keeps_to_its_bounds() -> None:
    assert reading("number", "5", min=1, max=5) == Answered(5)
    assert reading("number", "6", min=1, max=5) == Misread("out_of_range", {"low": 1, "high": 5})
    assert reading("number", "0", min=1, max=5) == Misread("out_of_range", {"low": 1, "high": 5})


def test_a_size_is_in_the_unit_of_the_manual_unless_another_is_told() -> None:
    assert reading("size", "1920 x 1080", unit="px") == Answered(size(1920, 1080, "px"))
    assert reading("size", "2 x 3", unit="m") == Answered(size(2, 3, "m"))
    assert reading("size", "60 cm x 90", unit="m") == Answered(size(60, 90, "cm"))
    assert reading("size", "grande", unit="px") == Misread("not_a_size", {"unit": "px"})


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("javascript:alert(1)", "scheme"),
        ("ftp://chalco.gob.mx/a", "scheme"),
        ("ana@chalco.gob.mx", "email"),
        ("cartel.pdf", "file"),
        ("en el Drive", None),
    ],
)
def test_what_is_no_link_is_told_what_it_is(text: str, why: str | None) -> None:
    assert reading("link", text) == Misread("not_a_link", {"why": why})


def test_a_sheet_has_no_pixels() -> None:
    assert reading("size", "carta", unit="px") == Misread("not_a_size", {"unit": "px"})
    assert reading("size", "carta", unit="m") == Answered(size(21.6, 27.9, "cm"))


def test_what_was_not_found_among_the_options_is_named() -> None:
    missing = {"unknown": ["lona", "mampara"]}
    assert reading("choices", "lona y mampara") == Misread("not_options", missing)
    assert reading("choices", "video, lona y mampara", {"ticked": ["foto"]}) == Misread(
        "not_options", missing, {"ticked": ["foto", "video"]}
    )


# A day and its hour

FRIDAY = {"date": "2026-12-11"}
ELEVENTH = "2026-12-11T"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5 pm", f"{ELEVENTH}17:00-06:00"),
        ("17:00", f"{ELEVENTH}17:00-06:00"),
        ("17 hrs", f"{ELEVENTH}17:00-06:00"),
        ("6 a 8 pm", f"{ELEVENTH}18:00-06:00/20:00"),
        ("8 pm a 1 am", f"{ELEVENTH}20:00-06:00/01:00"),
        ("9 de la mañana", f"{ELEVENTH}09:00-06:00"),
        ("a las 10 de la mañana", f"{ELEVENTH}10:00-06:00"),
        ("10", f"{ELEVENTH}10:00-06:00"),
        ("al mediodía", f"{ELEVENTH}12:00-06:00"),
        ("el viernes a las 5 pm", f"{ELEVENTH}17:00-06:00"),
        # Another day was named: it takes the place of the one that was picked.
        ("mañana a las 5 pm", "2026-11-19T17:00-06:00"),
        ("pasado mañana, 17:00", "2026-11-20T17:00-06:00"),
        ("en 3 días a las 5 pm", "2026-11-21T17:00-06:00"),
        ("8 de diciembre, 5 pm", "2026-12-08T17:00-06:00"),
        ("esta tarde a las 5", "2026-11-18T17:00-06:00"),
    ],
)
def test_an_hour_is_read_beside_the_day_already_picked(text: str, value: str) -> None:
    assert reading("datetime", text, FRIDAY) == Answered(value)


def test_a_day_picked_waits_for_its_hour() -> None:
    assert reading("datetime", Picked("d:2026-12-11")) == Unfinished(FRIDAY)
    assert reading("datetime", Picked("h:17:00"), FRIDAY) == Answered(f"{ELEVENTH}17:00-06:00")
    assert reading("datetime", "viernes 11") == Unfinished(FRIDAY)
    assert reading("datetime", "8 de diciembre", FRIDAY) == Unfinished({"date": "2026-12-08"})


def test_a_doubtful_hour_is_asked() -> None:
    doubt = Unfinished({**FRIDAY, "hours": ["05:00", "17:00"], "ends": {}})
    assert reading("datetime", "a las 5", FRIDAY) == doubt
    assert reading("datetime", "11 de diciembre a las 5") == doubt
    assert reading("datetime", Picked("h:05:00"), doubt.pending) == Answered(f"{ELEVENTH}05:00-06:00")
    assert reading("datetime", "de la tarde a las 5", doubt.pending) == Answered(f"{ELEVENTH}17:00-06:00")
    assert reading("time", "a las 5") == Unfinished({"hours": ["05:00", "17:00"], "ends": {}})


def test_a_doubtful_hour_keeps_the_one_at_which_it_ends() -> None:
    doubt = reading("datetime", "viernes 11 de diciembre de 5 a 7")
    assert isinstance(doubt, Unfinished)
    assert reading("datetime", Picked("h:17:00"), doubt.pending) == Answered(f"{ELEVENTH}17:00-06:00/19:00")
    assert reading("datetime", Picked("h:05:00"), doubt.pending) == Answered(f"{ELEVENTH}05:00-06:00/07:00")
    assert reading("datetime", Picked("h:10:00"), doubt.pending) == Answered(f"{ELEVENTH}10:00-06:00")


def test_a_day_that_is_not_that_weekday_is_asked_and_keeps_the_hour() -> None:
    mismatch = reading("datetime", "sábado 11 de diciembre de 5 a 7 pm")
    assert isinstance(mismatch, Misread)
    assert "viernes" in mismatch.facts["why"]
    assert mismatch.pending == {"days": ["2026-12-11", "2026-12-12"], "at": "17:00", "until": "19:00"}
    picked = reading("datetime", Picked("d:2026-12-12"), mismatch.pending)
    assert picked == Answered("2026-12-12T17:00-06:00/19:00")


def test_a_day_that_is_not_that_weekday_is_asked_for_a_date_too() -> None:
    mismatch = reading("date", "sábado 11 de diciembre")
    assert isinstance(mismatch, Misread)
    assert mismatch.pending == {"days": ["2026-12-11", "2026-12-12"]}
    assert reading("date", Picked("d:2026-12-12"), mismatch.pending) == Answered("2026-12-12")


def test_the_past_is_named() -> None:
    assert reading("date", Picked("d:2026-11-17")) == Misread("past", {"when": "martes 17 de noviembre de 2026"})
    today = {"date": "2026-11-18"}
    gone = Misread("past", {"when": "miércoles 18 de noviembre de 2026, 10:30 h"})
    assert reading("datetime", Picked("h:10:30"), today) == gone
    assert reading("datetime", Picked("h:10:31"), today) == Answered("2026-11-18T10:31-06:00")
    assert reading("date", Picked("d:2026-11-18")) == Answered("2026-11-18")


# Pressed, sent, shared

SHARED: list[tuple[Kind, Said, Reading]] = [
    ("choice", Picked("video"), Answered("video")),
    ("choice", Picked("lona"), Misread("stale")),
    ("choice", Sent(1, photo=True), Misread("not_an_option")),
    ("choices", Picked("lona"), Misread("stale")),
    ("choices", Picked("done"), Misread("nothing_ticked")),
    ("choices", Located(19.26, -98.9), Misread("not_an_option")),
    ("yes_no", Picked("si"), Answered(value=True)),
    ("yes_no", Picked("no"), Answered(value=False)),
    ("yes_no", Picked("quizá"), Misread("stale")),
    ("yes_no", Sent(1, photo=False), Misread("not_yes_no")),
    ("date", Picked("d:2026-12-11"), Answered("2026-12-11")),
    ("date", Picked("d:2026-02-30"), Misread("stale")),
    ("date", Picked("d:9999-12-31"), Misread("stale")),
    ("date", Picked("foto"), Misread("stale")),
    ("date", Sent(1, photo=True), Misread("not_a_date")),
    ("datetime", Picked("h:17:00"), Misread("stale")),
    ("datetime", Picked("d:9999-12-31"), Misread("stale")),
    ("datetime", Located(19.26, -98.9), Misread("not_a_date")),
    ("time", Picked("h:17:00"), Answered("17:00")),
    ("time", Picked("h:00:00"), Answered("00:00")),
    ("time", Picked("h:24:30"), Misread("stale")),
    ("time", Sent(1, photo=True), Misread("not_text")),
    ("text", Picked("foto"), Misread("not_text")),
    ("text", Sent(1, photo=True), Misread("not_text")),
    ("place", Located(19.26, -98.9), Answered({"text": "19.26000, -98.90000", "latitude": 19.26, "longitude": -98.9})),
    (
        "place",
        Located(19.26, -98.9, f"Casa{RTL} de Cultura"),
        Answered({"text": "Casa de Cultura", "latitude": 19.26, "longitude": -98.9}),
    ),
    ("place", Sent(1, photo=True), Misread("not_text")),
    ("phone", Phoned("525512345678"), Answered("+525512345678")),
    ("phone", Phoned("+5215512345678"), Answered("+525512345678")),
    ("phone", Phoned("5215512345678"), Answered("+525512345678")),
    ("phone", Phoned("55 1234 5678"), Answered("+525512345678")),
    ("phone", Phoned("12125550100"), Answered("+12125550100")),
    ("phone", Phoned("34 912 345 678"), Answered("+34912345678")),
    ("phone", Phoned("0445512345678"), Answered("+525512345678")),
    ("phone", Phoned("123"), Misread("not_a_phone")),
    ("phone", Picked("si"), Misread("not_a_phone")),
    ("email", Picked("si"), Misread("not_an_email")),
    ("link", Sent(1, photo=True), Misread("not_a_link")),
    ("number", Picked("25"), Misread("not_a_number")),
    ("money", Sent(1, photo=True), Misread("not_money")),
    ("size", Sent(1, photo=True), Misread("not_a_size", {"unit": "cm"})),
    ("duration", Picked("2 horas"), Misread("not_a_duration")),
    ("area", Picked("a:odapas"), Answered("ODAPAS Chalco")),
    ("area", Picked("a:luna"), Misread("stale")),
    ("area", Sent(1, photo=True), Misread("not_text")),
    ("files", Sent(7, photo=False), Unfinished({"files": [7]})),
    ("files", Sent(7, photo=True), Unfinished({"files": [7]})),
    ("files", Typed("drive.google.com/x"), Unfinished({"files": ["https://drive.google.com/x"]})),
    ("files", Picked("done"), Misread("no_files")),
    ("files", Picked("foto"), Misread("not_a_file")),
    ("photos", Sent(7, photo=True), Unfinished({"files": [7]})),
    ("photos", Sent(7, photo=False), Misread("not_a_photo")),
    ("photos", Located(19.26, -98.9), Misread("not_a_file")),
]


@pytest.mark.parametrize(("kind", "said", "outcome"), SHARED, ids=[f"{kind}: {said}" for kind, said, _ in SHARED])
def test_what_was_pressed_sent_or_shared_answers_where_it_fits(kind: Kind, said: Said, outcome: Reading) -> None:
    assert reading(kind, said) == outcome


def test_ticks_are_put_and_taken_until_they_are_done() -> None:
    one = reading("choices", Picked("foto"))
    assert one == Unfinished({"ticked": ["foto"]})
    assert reading("choices", Picked("video"), {"ticked": ["foto"]}) == Unfinished({"ticked": ["foto", "video"]})
    assert reading("choices", Picked("foto"), {"ticked": ["foto", "video"]}) == Unfinished({"ticked": ["video"]})
    assert reading("choices", Picked("done"), {"ticked": ["video"]}) == Answered(["video"])
    assert reading("choices", Picked("done"), {"ticked": ["video", "foto"]}) == Answered(["foto", "video"])


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("foto", [], ["foto"]),
        ("banner digital, foto", [], ["banner_digital", "foto"]),
        ("1 3", [], ["foto", "ambos"]),
        ("1 y 4", [], ["foto", "banner_digital"]),
        ("1, 3 y 4", [], ["foto", "ambos", "banner_digital"]),
        ("1 2 y 4", [], ["foto", "video", "banner_digital"]),
        ("1, 1; 2", [], ["foto", "video"]),
        ("banner digital + video", [], ["banner_digital", "video"]),
        ("Foto y vídeo", [], ["ambos"]),  # an option is called so
        ("todos", ["video"], ["foto", "video", "ambos", "banner_digital"]),
        ("2", ["foto"], ["foto", "video"]),
        ("1, 2", ["foto"], ["foto", "video"]),
        ("1", ["foto", "video"], ["video"]),
        ("foto, video", ["foto", "video"], []),
    ],
)
def test_ticks_can_be_typed(text: str, before: list[str], after: list[str]) -> None:
    assert reading("choices", text, {"ticked": before}) == Unfinished({"ticked": after})


def test_files_gather_until_they_are_done_or_too_many() -> None:
    full = {"files": list(range(MAX_FILES))}
    assert reading("files", Sent(9, photo=False), {"files": [7, "https://a.mx"]}) == Unfinished(
        {"files": [7, "https://a.mx", 9]}
    )
    assert reading("files", Picked("drop"), {"files": [7, 8]}) == Unfinished({"files": [7]})
    assert reading("files", Picked("drop")) == Unfinished({"files": []})
    assert reading("files", Picked("done"), {"files": [7]}) == Answered([7])
    assert reading("files", Sent(99, photo=False), full) == Misread("too_many_files", {"limit": MAX_FILES})
    assert reading("files", Typed("chalco.gob.mx"), full) == Misread("too_many_files", {"limit": MAX_FILES})


def test_an_area_written_nearly_right_is_taken_or_asked() -> None:
    areas = {"obras": "Obras Públicas", "contra": "Contraloría Municipal", "teso": "Tesorería Municipal"}
    setting = type(SETTING)(now=SETTING.now, calendar=SETTING.calendar, areas=areas)
    assert read(asked("area"), Typed("obras publics"), setting, {}) == Answered("Obras Públicas")
    doubt = read(asked("area"), Typed("municpal"), setting, {})
    assert isinstance(doubt, Misread)
    assert (doubt.reason, doubt.facts) == ("which_area", {"text": "municpal"})
    assert sorted(doubt.pending["near"]) == [["a:contra", "Contraloría Municipal"], ["a:teso", "Tesorería Municipal"]]
    assert read(asked("area"), Picked("a:teso"), setting, doubt.pending) == Answered("Tesorería Municipal")
    assert read(asked("area"), Picked("as"), setting, doubt.pending) == Answered("municpal")
    assert read(asked("area"), Typed("MUNICPAL"), setting, doubt.pending) == Answered("MUNICPAL")
    assert read(asked("area"), Typed("Junta vecinal"), setting, doubt.pending) == Answered("Junta vecinal")
    assert read(asked("area"), Picked("as"), setting, {}) == Misread("stale")


def test_several_areas_written_nearly_right_are_ticked() -> None:
    several = concrete(asked("area").model_copy(update={"several": True}), AREAS)
    ticked = read(several, Typed("cultra, odapaz"), SETTING, {})
    assert ticked in (Answered(["cultura", "odapas"]), Unfinished({"ticked": ["cultura", "odapas"]}))


def test_a_name_is_offered_its_spelling_and_stands_if_it_is_meant() -> None:
    people = {"7": "Rosa Ibarra", "8": "Toño Vera"}
    setting = type(SETTING)(now=SETTING.now, calendar=SETTING.calendar, people=people)
    doubt = read(asked("person"), Typed("roza ibara"), setting, {})
    assert isinstance(doubt, Misread)
    assert doubt.pending == {"near": [["p:7", "Rosa Ibarra"]], "written": "roza ibara"}
    assert read(asked("person"), Picked("p:7"), setting, doubt.pending) == Answered("Rosa Ibarra")
    assert read(asked("person"), Picked("as"), setting, doubt.pending) == Answered("roza ibara")
    assert read(asked("person"), Typed("roza ibara"), setting, doubt.pending) == Answered("roza ibara")
    assert read(asked("person"), Typed("roza ibara", sure=True), setting, {}) == Answered("roza ibara")
    assert read(asked("person"), Typed("tono vera"), setting, {}) == Answered("Toño Vera")
    assert read(asked("person"), Typed("Lic. Rosa Ibarra"), setting, {}) == Answered("Lic. Rosa Ibarra")
    assert read(asked("person"), Picked("p:9"), setting, {}) == Misread("stale")


def test_a_single_area_is_not_guessed_from_a_letter() -> None:
    alone = type(SETTING)(now=SETTING.now, calendar=SETTING.calendar, areas={"odapas": "ODAPAS Chalco"})
    assert read(asked("area"), Typed("o"), alone, {}) == Answered("o")
    assert read(asked("area"), Typed("chalco"), alone, {}) == Answered("ODAPAS Chalco")


# Shown back

SHOWN: list[tuple[Kind, Any, str]] = [
    ("text", "<b>Feria</b>", "<b>Feria</b>"),
    ("long_text", "Uno\nDos", "Uno\nDos"),
    ("person", "Ana Robles", "Ana Robles"),
    ("date", "2026-12-11", "viernes 11 de diciembre de 2026"),
    ("time", "17:00", "17:00 h"),
    ("time", "17:00/19:00", "17:00 a 19:00 h"),
    ("datetime", "2026-12-11T17:00-06:00", "viernes 11 de diciembre de 2026, 17:00 h"),
    ("datetime", "2026-12-11T18:00-06:00/20:00", "viernes 11 de diciembre de 2026, 18:00 a 20:00 h"),
    ("place", {"text": "Casa de Cultura", "latitude": 19.26, "longitude": -98.9}, "Casa de Cultura"),
    ("choice", "video", "Vídeo"),
    ("choice", "gone", "gone"),
    ("choices", ["banner_digital", "foto"], "Foto, Banner digital"),
    ("yes_no", True, "Sí"),
    ("yes_no", False, "No"),
    ("number", 1500, "1500"),
    ("size", size(60, 90.25, "cm"), "60 x 90.25 cm"),
    ("size", size(1_000_000, 1234567.5 / 10, "px"), "1000000 x 123456.75 px"),
    ("money", "1234.50", "$1,234.50"),
    ("duration", 90, "1 h 30 min"),
    ("duration", 120, "2 h"),
    ("duration", 45, "45 min"),
    ("phone", "+525512345678", "55 1234 5678"),
    ("phone", "+527221234567", "722 123 4567"),
    ("phone", "+12125550100", "+12125550100"),
    ("email", "ana@chalco.gob.mx", "ana@chalco.gob.mx"),
    ("link", "https://chalco.gob.mx", "https://chalco.gob.mx"),
    ("area", "ODAPAS Chalco", "ODAPAS Chalco"),
]


@pytest.mark.parametrize(("kind", "value", "text"), SHOWN, ids=[f"{kind}: {text}" for kind, _, text in SHOWN])
def test_an_answer_is_given_back_as_people_read_it(kind: Kind, value: Any, text: str) -> None:
    assert show(asked(kind), value) == text


def test_a_day_fits_on_a_button() -> None:
    assert brief_date(WEDNESDAY.date()) == "mié 18 nov"


@pytest.mark.parametrize(
    ("answer", "starts", "ends"),
    [
        ("2026-12-11", "2026-12-11T06:00", None),
        ("2026-12-11T17:00-06:00", "2026-12-11T23:00", None),
        ("2026-12-11T18:00-06:00/20:00", "2026-12-12T00:00", "2026-12-12T02:00"),
        ("2026-12-11T20:00-06:00/01:00", "2026-12-12T02:00", "2026-12-12T07:00"),
        (None, None, None),
    ],
)
def test_an_answer_has_its_moments(answer: str | None, starts: str | None, ends: str | None) -> None:
    wanted = tuple(datetime.fromisoformat(one).replace(tzinfo=UTC) if one else None for one in (starts, ends))
    assert moments(answer, SETTING.calendar) == wanted


@pytest.mark.parametrize(
    "text", ["chalco.gob.mx", "HTTPS://CHALCO.GOB.MX", "niño.mx/a b", "", "a", "a.b", "1.5", "S.A."]
)
def test_a_link_carries_its_scheme(text: str) -> None:
    found = link_in(text)
    assert found is None or found.lower().startswith("https://")


# Whatever people type

WORDS = """
    5 17 :00 am pm de la mañana a las el viernes 11 diciembre 31 noviembre x por × cm m px , . y o $ + @ .mx http://
    hora horas media min sí no listo foto 1 2 60 90 -3 1,5 NaN inf ² ٣ ½ ９ 🙂 ñ <b> % { } [ ] ' " \\
"""
FRAGMENTS = st.sampled_from([*WORDS.split(), RTL, "\x00", "\n", " "])
TYPED = st.one_of(
    st.text(max_size=60),
    st.lists(FRAGMENTS, max_size=8).map(" ".join),
    st.lists(FRAGMENTS, max_size=8).map("".join),
    st.text("0123456789.,xX:/- ", max_size=40),
).map(Typed)
PICKED = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["done", "foto", "video", "si", "no", "a:odapas", "d:", "h:"]),
    st.dates().map(lambda day: f"d:{day.isoformat()}"),
    st.times().map(lambda hour: f"h:{hour.isoformat('minutes')}"),
).map(Picked)
SAID = st.one_of(
    TYPED,
    PICKED,
    st.builds(Sent, st.integers(1, 9), photo=st.booleans()),
    st.builds(Located, st.floats(-90, 90), st.floats(-180, 180), st.text(max_size=20)),
    st.builds(Phoned, st.text("+0123456789 ", max_size=16)),
)


@settings(max_examples=1500)
@given(st.sampled_from(KINDS), st.lists(SAID, min_size=1, max_size=3))
def test_nothing_said_is_more_than_an_answer_a_part_of_one_or_a_reason(kind: Kind, conversation: list[Said]) -> None:
    pending: dict[str, Any] = {}
    for said in conversation:
        found = reading(kind, said, pending)
        if isinstance(found, Answered):
            assert found.value == json.loads(json.dumps(found.value, allow_nan=False))
            assert show(asked(kind), found.value)
            return
        pending = json.loads(json.dumps({**pending, **found.pending}, allow_nan=False))


@settings(max_examples=300)
@given(TYPED)
def test_whatever_is_typed_ends_as_one_line_that_prints(said: Typed) -> None:
    found = reading("text", said)
    if isinstance(found, Answered):
        assert found.value == " ".join(found.value.split())
        assert not set(found.value) & {RTL, ZERO_WIDTH, "\n", "\x00"}
