"""The manuals and the house as they ship, and what the tests of the core share."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import shelf
from bot.flows.calendar import Calendar
from bot.flows.people import Grant, Person
from bot.flows.procedure import Manual, Procedure
from bot.flows.requisitos import Setting

MANUALS = Path(shelf.__file__).parent / "flows" / "manuals"
CATALOGUE = shelf.catalogue(MANUALS)
HOUSE = shelf.house()

CHALCO = CATALOGUE.manuals["chalco"]
COVERAGE = CATALOGUE.procedure("chalco", "GCH-CCS-P01-2023")
GRAPHICS = CATALOGUE.procedure("chalco", "GCH-CCS-P06-2023")
SUPPORT = CATALOGUE.procedure("chalco", "GCH-CCS-P10-2023")

SHIPPED = [(manual, law) for manual in CATALOGUE.manuals.values() for law in manual.procedures]
NAMES = [f"{manual.id} {law.code}" for manual, law in SHIPPED]

ZONE = ZoneInfo("America/Mexico_City")
# A Wednesday, two weeks before the events of these tests.
WEDNESDAY = datetime(2026, 11, 18, 10, 30, tzinfo=ZONE).astimezone(UTC)
AREAS = {"cultura": "Dirección de Cultura", "odapas": "ODAPAS Chalco", "desarrollo": "Desarrollo Económico"}
SETTING = Setting(now=WEDNESDAY, calendar=Calendar(zone="America/Mexico_City"), areas=AREAS)


def somebody(*roles: str, area: str | None = None, known_as: int = 1) -> Person:
    """A person with these roles; each is held for the area, where one is given."""
    grants = tuple(Grant(role=role, area=area) for role in roles)
    return Person(id=known_as, manual="chalco", name="Alguien", grants=grants)


def law_of(manual: Manual, code: str) -> Procedure:
    """The procedure of that code."""
    found = manual.procedure(code)
    assert found is not None
    return found
