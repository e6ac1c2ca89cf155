"""What a few words look for, and by which words a request is known."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flows.people import Grant, Person
from bot.flows.request import Request
from bot.flows.search import AnyOf, Wanted, document, numbered, visible, wanted
from tests.flows import shipped

ZONE = ZoneInfo("America/Mexico_City")
NOW = datetime(2026, 11, 18, 10, 0, tzinfo=ZONE)  # a Wednesday
CHALCO = shipped.CATALOGUE.manuals["chalco"]
AREAS = {key: one.name for key, one in CHALCO.areas.items()}
P01 = next(one for one in CHALCO.procedures if one.series == "P01")
SUPPORT = next(one for one in CHALCO.procedures if one.series == "P10")


def request(**more: object) -> Request:
    return Request.model_validate(
        {
            "id": 7,
            "manual": "chalco",
            "procedure": P01.code,
            "edition": "e",
            "folio": "CHA-P01-2026-0012",
            "requester": 3,
            "area": "cultura",
            "answers": {
                "evento": "Feria del Niño: «Ñandú», x2",
                "fecha": "2026-12-11T17:00-06:00",
                "lugar": {"text": "Plaza Cívica"},
                "formato": "foto",
            },
            "sent_at": datetime(2026, 11, 19, 2, 0, tzinfo=UTC),  # the 18th still, in Chalco
            "received_at": datetime(2026, 11, 19, 15, 0, tzinfo=UTC),
            "activity": "2",
            **more,
        }
    )


def known(one: Request | None = None) -> set[str]:
    words = document(P01, one or request(), area=AREAS["cultura"], requester="Ana Robles", zone=ZONE)
    return set(words.split())


def found(text: str, one: Request | None = None) -> bool:
    """Whether what a text looks for is in a request: as the databases do it."""
    sought = wanted(text, manual=CHALCO, areas=AREAS, now=NOW)
    return sought is not None and matches(sought, known(one))


def matches(sought: Wanted, words: set[str]) -> bool:
    return all(group_matches(group, words) for group in sought.groups)


def group_matches(group: AnyOf, words: set[str]) -> bool:
    return any(
        all(any(word.startswith(one.word) if one.prefix else word == one.word for word in words) for one in every)
        for every in group
    )


@pytest.mark.parametrize(
    "text",
    [
        "feria",
        "FERIA DEL NIÑO",
        "nino feria",
        "fer",  # the last word may not be finished
        "ñandu",
        "plaza cultura diciembre",
        "Dirección de Cultura",
        "cutlura",  # an area, nearly
        "ana robles",
        "foto",
        "cubran",
        "CHA-P01-2026-0012",
        "P01 12",
        "p01 0012",
        "11 de diciembre",
        "viernes 11 de diciembre",
        "11/12/2026",
        "feria 11/12",
        "plaza, 11 de diciembre de 2026",
        "este mes",  # when it was sent
        "hoy",
        "esta semana",
        "miércoles",
        "18 de noviembre",
        "próximo mes",
        "diciembre 2026",
    ],
)
def test_it_is_found_by(text: str) -> None:
    assert found(text)


@pytest.mark.parametrize(
    "text",
    [
        "feria odapas",
        "ferias del libro",
        "fe",  # too short to be the beginning of a word
        "fer plaza cívicaa",
        "13",
        "P10 12",
        "12 de diciembre",
        "17",  # an hour is no word
        "diciembre 2025",
        "enero",
        "semana pasada",
        "ayer",
        "mes pasado",
        "xr03",
        "",
        "   ",
        '" OR 1',
        "*",
        "de la en",
        "zzz",
    ],
)
def test_it_is_not_found_by(text: str) -> None:
    assert not found(text)


def test_a_number_alone_is_a_folios() -> None:
    for text in ("12", "0012", " 12 "):
        sought = numbered(text, manual=CHALCO)
        assert sought is not None
        assert matches(sought, known())
        assert not matches(sought, known(request(folio="CHA-P01-2026-0112")))
    assert numbered("12 plaza", manual=CHALCO) is None
    assert numbered("9" * 5000, manual=CHALCO) is None


def test_an_inner_folio_is_found_too() -> None:
    assert found("fs 4", request(numbers={"formato_soporte": "CHA-FS-2026-0004"}))


def test_another_municipalitys_words_are_not_looked_for() -> None:
    sought = wanted("feria", manual=CHALCO, areas=AREAS, now=NOW)
    assert sought is not None
    assert matches(sought, known())
    assert not matches(sought, known(request(manual="leon")))


def test_nobody_writes_a_mark() -> None:
    """Or a request could be made to look like one that somebody else may see."""
    for mark in list(known()):
        if mark.startswith(("xm0", "xa0", "xr0", "xn0", "xs0", "xe0")):
            written = request(answers={"evento": f"hola {mark} {mark.upper()} x-{mark}", "formato": mark}, requester=99)
            words = document(P01, written, area="", requester="", zone=ZONE).split()
            assert words.count(mark) <= 1
    spoof = request(answers={"evento": "xr01 xt01 XR01 x r01"}, requester=99)
    assert not {"xr01", "xt01"} & known(spoof)


def test_of_several_things_each_is_known() -> None:
    law = next(one for one in CHALCO.procedures if any(field.group for field in one.requisitos))
    field = next(one for one in law.requisitos if one.group and one.kind in {"text", "long_text"})
    group = field.group or ""
    answers = {group: [{field.id: "impresora vieja"}, {field.id: "monitor roto"}]}
    one = request(procedure=law.code, answers=answers)
    words = document(law, one, area="", requester="", zone=ZONE).split()
    assert {"impresora", "monitor"} <= set(words)


def test_who_may_see_what() -> None:
    def person(*grants: Grant) -> Person:
        return Person(id=3, manual="chalco", name="Ana", grants=grants)

    assert visible(person(Grant(role="coordinador")), CHALCO) is None
    words = known(request(requester=9))
    for grants, sees in (
        ((Grant(role="enlace", area="cultura"),), True),
        ((Grant(role="enlace", area="odapas"),), False),
        ((Grant(role="tecnico"),), False),
        ((Grant(role="administrador"),), False),
        ((), False),
    ):
        group = visible(person(*grants), CHALCO)
        assert group is not None
        assert group_matches(group, words) is sees
    tecnico = visible(person(Grant(role="tecnico")), CHALCO)
    assert tecnico is not None
    assert group_matches(tecnico, known(request(requester=9, staff={"tecnico": 3})))


@given(st.text(max_size=80))
def test_whatever_is_written_becomes_small_letters_and_figures(text: str) -> None:
    for sought in (wanted(text, manual=CHALCO, areas=AREAS, now=NOW), numbered(text, manual=CHALCO)):
        for group in sought.groups if sought else ():
            assert all(one.word.isascii() and one.word.isalnum() and one.word for every in group for one in every)
    words = document(P01, request(answers={"evento": text}), area=text, requester=text, zone=ZONE)
    assert all(word.isascii() and word.isalnum() for word in words.split())
