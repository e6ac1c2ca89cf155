"""Names of areas and people as they are written from memory."""

import pytest

from bot.flows.spelling import clear, misspelt, near, spelt
from tests.flows.shipped import CATALOGUE

CHALCO = {key: place.name for key, place in CATALOGUE.manuals["chalco"].areas.items()}
CALIMAYA = {key: place.name for key, place in CATALOGUE.manuals["calimaya"].areas.items()}
PEOPLE = {"1": "Rosa Ibarra", "2": "Ana Robles", "3": "Gabriela Sosa", "4": "Toño Vera", "5": "Ana María Robledo"}


@pytest.mark.parametrize(
    ("written", "area"),
    [
        ("obras publics", "obras"),
        ("OBRAS PÚBLICAS", "obras"),
        ("obras", "obras"),
        ("dir. de obras pub.", "obras"),
        ("cultura", "cultura"),
        ("direccion de cultra", "cultura"),
        ("desarollo economico", "desarrollo"),
        ("la mujer", "mujer"),
        ("odapaz", "odapas"),
        ("imcufid", "imcufide"),
        ("tesoreria", "tesoreria"),
        ("tesoreria municpal", "tesoreria"),
        ("contralroia", "contraloria"),
        ("secretaria", "secretaria"),
        ("dif", "dif"),
        ("administracion", "administracion"),
    ],
)
def test_an_area_is_told_from_part_of_its_name(written: str, area: str) -> None:
    assert clear(written, CHALCO) == area
    assert near(written, CHALCO)[0] == area


@pytest.mark.parametrize(
    ("written", "areas"),
    [
        ("secretaria", {"secretaria", "secretaria_tecnica"}),
        ("municipal", {"contraloria", "sindicatura", "tesoreria"}),
        ("calimaya", {"opdapas", "smdif"}),
    ],
)
def test_of_several_none_is_chosen(written: str, areas: set[str]) -> None:
    assert clear(written, CALIMAYA) is None
    assert set(near(written, CALIMAYA)) == areas


@pytest.mark.parametrize("written", ["", "¿?", "de la", "xy", "Protección Civil", "Diario El Valle", "1", "no sé"])
def test_what_is_like_nothing_is_nothing(written: str) -> None:
    assert near(written, CHALCO) == []
    assert clear(written, CHALCO) is None


def test_at_most_five_are_offered() -> None:
    assert len(near("dirección", CHALCO)) == 5


@pytest.mark.parametrize(
    ("written", "whose"),
    [
        ("rosa ibara", ["1"]),
        ("Roza Ibarra", ["1"]),
        ("lic. rosa ybarra", ["1"]),
        ("gabriel sosa", ["3"]),
        ("Ana Roblez", ["2"]),
        ("ana robledo", ["5"]),
        # Somebody's own name, with a title or without; somebody else's; no whole name.
        ("Lic. Rosa Ibarra", []),
        ("ANA ROBLES", []),
        ("Rosa Ibáñez", []),
        ("Rosalía Ibarra Cruz", []),
        ("Rosa", []),
        ("El jefe de la oficina", []),
        ("", []),
    ],
)
def test_a_slip_in_a_name_is_seen(written: str, whose: list[str]) -> None:
    assert misspelt(written, PEOPLE) == whose


def test_accents_and_capitals_are_no_slip() -> None:
    assert spelt("TONO VERA", PEOPLE) == "4"
    assert spelt("Toño", PEOPLE) is None
    assert spelt("", {}) is None
