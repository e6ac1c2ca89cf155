"""The conversation in the README is one that was held: here, a moment ago."""

import os
from pathlib import Path

import pytest

from tests.story import Heard, Phone, World

README = Path(__file__).parents[2] / "README.md"
START, END = "<!-- story:start -->\n", "<!-- story:end -->"
REWRITE = os.environ.get("OFICIALIA_REWRITE") == "1"


class Script:
    """Writes down who says what."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    async def says(self, phone: Phone, text: str) -> None:
        self._parts.append(f"{phone.name}: {text}")
        await phone.says(text)

    async def presses(self, phone: Phone, label: str, on: Heard) -> None:
        self._parts.append(f"{phone.name} presses [{label}]")
        await phone.presses(label, on=on)

    async def hears(self, phone: Phone, *fragments: str) -> Heard:
        heard = await phone.hears(*fragments)
        buttons = " ".join(f"[{label}]" for label in heard.labels)
        lines = [*heard.text.split("\n"), *([buttons] if buttons else [])]
        self._parts.append(f"bot to {phone.name}:\n" + "\n".join(f"    {line}".rstrip() for line in lines))
        return heard

    def markdown(self) -> str:
        return "```\n" + "\n\n".join(self._parts) + "\n```\n"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_conversation_in_the_readme_is_the_one_that_is_held(world: World, ana: Phone, rosa: Phone) -> None:
    """`OFICIALIA_REWRITE=1` writes it down anew."""
    script = Script()
    await script.says(ana, "/nueva GCH-CCS-P01-2023")
    for asked, answer in (
        ("Nombre del evento", "Inauguración de la Casa de Cultura"),
        ("Fecha y hora", "el viernes 27 a las 5 de la tarde"),
        ("Lugar y dirección", "Casa de Cultura, Av. Solidaridad 12"),
        ("Foto y/o video", "3"),
    ):
        await script.hears(ana, asked)
        await script.says(ana, answer)
    await script.hears(ana, "Revisa antes de enviar")
    await script.says(ana, "enviar")
    await script.hears(ana, "Tu folio es CHA-P01-2026-0001")
    card = await script.hears(rosa, "¿Cumple con los requisitos?")
    await script.presses(rosa, "Sí cumple", card)
    await script.hears(ana, "Ahora: actividad 7")
    assert await world.walked("CHA-P01-2026-0001") == ["1", "2", "5", "6"]

    told = README.read_text(encoding="utf-8")
    before, _, rest = told.partition(START)
    block, _, after = rest.partition(END)
    if REWRITE:
        README.write_text(f"{before}{START}{script.markdown()}{END}{after}", encoding="utf-8")
    else:
        assert block == script.markdown(), "write it anew with OFICIALIA_REWRITE=1"
