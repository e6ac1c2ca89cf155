"""What hostile people call their files: a name is something to read, and never a place on a disk."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.sandbox.files import Content
from bot.sandbox.server import Sandbox
from storage.tables import METADATA
from tests.stories.stage import asked_for_logos, staged
from tests.story import Phone, World

LONG = "acta de cabildo " * 19  # three hundred characters, and four
# What each file is called by whoever sends it, and by everybody else from then on.
NAMES = {
    "../../etc/passwd": "passwd",
    "C:\\temp\\x.pdf": "x.pdf",
    "..\\..\\": "archivo",
    "o\0fi\x01c\x1bi\x7fo\r\n.pdf": "oficio.pdf",
    f"{LONG}.pdf": f"{LONG[:116].strip()}.pdf",
    f"{LONG}.{LONG}": LONG[:120].strip(),
    "......": "archivo",
    " . ": "archivo",
    "factura\N{RIGHT-TO-LEFT OVERRIDE}fdp.exe": "facturafdp.exe",
    "\N{RIGHT-TO-LEFT ISOLATE}\N{ARABIC LETTER MARK}plano\N{POP DIRECTIONAL ISOLATE}.png": "plano.png",
    "<b>x</b>.pdf": "b.pdf",
    "&lt & {{ 7+7 }}.pdf": "&lt & {{ 7+7 }}.pdf",
    "a\"; b; c='d'; e.pdf": "a b c='d' e.pdf",
}


@dataclass
class Town:
    world: World
    server: Sandbox
    data: Path

    async def files(self) -> list[tuple[str, str, str]]:
        """What is known of the files that people sent: name, type and SHA-256, in their order."""
        file = METADATA.tables["file"]
        async with self.world.database.transaction() as work:
            rows = await work._hands.run_once(select(file.c.name, file.c.type, file.c.sha256).order_by(file.c.id))
            return [(row.name, row.type, row.sha256) for row in rows]

    def in_the_vault(self) -> set[str]:
        """Every file that there is, by its way from the vault's folder."""
        vault = self.data / "files"
        return {str(one.relative_to(vault)) for one in vault.rglob("*") if one.is_file()}

    async def bytes_of(self, url: str) -> bytes:
        """A file as somebody's phone downloads it."""
        async with self.world.http.get(f"{self.world.url}{url}") as answer:
            return await answer.read()


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with staged(database_url, tmp_path / "data") as stage:
        yield Town(stage.world, stage.server, tmp_path / "data")


@pytest.fixture
def world(town: Town) -> World:
    return town.world


def content(place: int) -> bytes:
    return f"%PDF-1.7 {place}".encode()


def digest(place: int) -> str:
    return hashlib.sha256(content(place)).hexdigest()


async def test_whatever_a_file_is_called_nothing_else_is_touched(town: Town, ana: Phone, rosa: Phone) -> None:
    await asked_for_logos(ana)
    for place, name in enumerate(NAMES):
        await ana.sends(content(place), name)
        await ana.hears(f"Recibí {place + 1} archivo")
    await ana.says("listo")
    echo = await ana.hears(f"✓ Logotipos: {', '.join(NAMES.values())}\n")
    assert "<b>x" not in echo.html
    await ana.says("del 5 al 8 de diciembre")
    await ana.lives_through(
        ("Imagen", "omitir"),
        ("Fecha en que se requiere", "miércoles 25 de noviembre"),
        ("Enlace de seguimiento", "1"),
        ("Revisa antes de enviar", "enviar"),
    )
    await ana.hears("Tu folio es CHA-P06-2026-0001")

    assert [(name, sha256) for name, _, sha256 in await town.files()] == [
        (name, digest(place)) for place, name in enumerate(NAMES.values())
    ]
    kept = {digest(place) for place in range(len(NAMES))}
    assert town.in_the_vault() == {f"{one[:2]}/{one}" for one in kept}

    card = await rosa.hears("CHA-P06-2026-0001", "¿Cumple")
    [line] = [one for one in card.text.split("\n") if one.startswith("Logotipos: passwd, x.pdf, ")]
    assert line.endswith("…")  # so many names make no card longer
    await rosa.presses(f"Ver archivos ({len(NAMES)})", on=card)
    for place, name in enumerate(NAMES.values()):
        brought = await rosa.hears(f"CHA-P06-2026-0001 · Actividad 2 de 10\n{name}")
        assert brought.file is not None
        assert brought.file["name"] == name
        assert await town.bytes_of(brought.file["url"]) == content(place)


async def test_a_program_that_is_said_to_be_a_pdf_is_called_what_it_is(town: Town, ana: Phone) -> None:
    """Whoever receives it sees its ending."""
    await asked_for_logos(ana)
    await ana.sends(b"MZ\x90\0", "factura.pdf.exe", said="application/pdf")
    await ana.hears("Recibí 1 archivo")
    await ana.says("listo")
    await ana.hears("✓ Logotipos: factura.pdf.exe\n")
    assert [(name, kind) for name, kind, _ in await town.files()] == [("factura.pdf.exe", "application/pdf")]


@pytest.mark.parametrize("said", [{}, {"file_name": "", "mime_type": ""}, {"file_name": None, "mime_type": None}])
async def test_a_file_without_a_name_is_given_one(town: Town, ana: Phone, said: dict[str, str | None]) -> None:
    await asked_for_logos(ana)
    state = town.server._state
    sent = state.files.add("chalco", Content("document", "x", "text/plain", content(0), len(content(0))))
    who = {"id": ana.person, "first_name": ana.name}
    message = {
        "message_id": 50_000, "date": 1795017600, "chat": {**who, "type": "private"}, "from": {**who, "is_bot": False},
        "document": {"file_id": sent.id, "file_unique_id": sent.unique_id, **said},
    }  # fmt: skip
    state.bots["chalco"].queue.push("message", message, lane=f"chat:{ana.person}")
    await ana.hears("Recibí 1 archivo")
    await ana.says("listo")
    await ana.hears("✓ Logotipos: archivo-50000\n")
    assert await town.files() == [("archivo-50000", "application/octet-stream", digest(0))]
