"""Several municipalities in one deployment: each has its own bot and people, and nothing of the others."""

import json
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from click.testing import CliRunner

from bot import __main__ as command
from bot import app, shelf
from bot.sandbox.clock import SandboxClock
from bot.settings import Settings
from storage.tables import METADATA
from tests.flows import guide
from tests.sandbox.pictures import png
from tests.stories import test_cobertura
from tests.stories.stage import WEDNESDAY
from tests.story import ZONE, Phone, World

COVERAGE = "GCH-CCS-P01-2023"
PNG = png(64, 48)

# The engine is the same on both databases, and the other stories run on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@asynccontextmanager
async def served(data: Path, database: str, manuals: Path, *, at: str = WEDNESDAY) -> AsyncIterator[dict[str, World]]:
    """Every municipality of a folder, each as its own people see it."""
    settings = Settings(data=data, database=database, manuals=manuals, rate=1000.0, chat_burst=1000)
    async with (
        app.sandbox(settings, port=0, manual=None, clock=SandboxClock()) as (server, running),
        aiohttp.ClientSession() as http,
    ):
        known = shelf.catalogue(manuals).manuals
        worlds = {one: World(server.url, http, running.database, one) for one in known}
        await next(iter(worlds.values())).at(at)
        yield worlds


def folio_in(text: str) -> str:
    return text.partition("Tu folio es ")[2].partition(".")[0]


# Nobody sees or touches what is another municipality's.


def twin(manuals: Path) -> None:
    """Put a second Chalco beside the first: the same codes, roles, areas and buttons, and people of its own."""
    folder = manuals / "gemelo"
    shutil.copytree(manuals / "chalco", folder)
    index, demo = folder / "manual.yaml", folder / "demo.yaml"
    text = index.read_text(encoding="utf-8").replace("manual: chalco", "manual: gemelo").replace("CHA\n", "GEM\n")
    index.write_text(text, encoding="utf-8")
    people = re.sub(r"id: 1(\d+), name: (\w+)", r"id: 7\1, name: \2 Otra", demo.read_text(encoding="utf-8"))
    demo.write_text(people, encoding="utf-8")


@pytest.fixture
async def worlds(database_url: str, tmp_path: Path) -> AsyncIterator[dict[str, World]]:
    manuals = tmp_path / "manuals"
    shutil.copytree(shelf.MANUALS, manuals)
    twin(manuals)
    async with served(tmp_path, database_url, manuals) as found:
        yield found


async def rows_of(world: World) -> dict[str, list[Any]]:
    """All that is stored of a municipality, once everything it promised to say was said."""
    for _ in range(200):
        async with world.database.transaction() as work:
            found: dict[str, list[Any]] = {}
            for table in METADATA.sorted_tables:
                if "manual" in table.c:
                    rows = await work._hands.run_once(table.select().where(table.c.manual == world.manual))
                    found[table.name] = sorted(repr(tuple(row)) for row in rows)
            waiting = METADATA.tables["letter"]
            asked = waiting.select().where(waiting.c.manual == world.manual, waiting.c.state == "pending")
            if not (await work._hands.run_once(asked)).all():
                return found
        await world.call("GET", f"/sandbox/people/1101/chat?manual={world.manual}&after=999999999&wait=0.05")
    raise AssertionError(f"{world.manual} never came to rest")


@dataclass
class Secret:
    """Something that stands in Chalco: its request, a draft, an invitation, and the people who made them."""

    folio: str
    request: int
    turns: list[tuple[int, str]]
    drafts: list[tuple[int, int]]
    people: list[int]
    invitation: str

    def forged(self) -> list[str]:
        """The data of every button that Chalco's own people could have on these."""
        data = [f"{kind}:{self.request}" for kind in ("v", "c", "w", "z", "y", "urge")]
        data += [f"v:{self.request}:{what}" for what in ("log", "files", "map")]
        data += [f"s:{self.request}:1", *(f"o:{self.request}:{revision}" for revision in range(4))]
        for key, acts in self.turns:
            data += [f"t:{self.request}:{key}:{act}" for act in acts.split()]
            data += [f"k:{self.request}:{key}", f"a:{self.request}:{key}"]
            data += [f"h:{self.request}:{key}:{act}" for act in ("take", "yes", "go", "no")]
            data += [f"y:{self.request}:{key}"]
            data += [f"a:{self.request}:{key}:{person}" for person in self.people]
        for draft, step in self.drafts:
            data += [f"r:{draft}", f"x:{draft}"]
            data += [f"q:{draft}:{step}:{said}" for said in ("send", "back", "cancel", "keep", "change")]
        for person in self.people:
            data += [f"u:{person}", f"u:{person}:coordinador:", f"u:{person}:coordinador::yes"]
        return data


async def left_in_chalco(world: World) -> Secret:
    """Ana asks for a coverage, which Rosa accepts; a draft and an invitation stay behind."""
    ana, rosa, diego, lucia = (
        Phone(world, key, name) for key, name in ((1101, "Ana"), (1102, "Rosa"), (1103, "Diego"), (1109, "Lucía"))
    )
    first = await test_cobertura.ana_files(ana)
    await rosa.hears(first, "¿Cumple con los requisitos?")
    await rosa.presses("Sí cumple")
    await diego.hears(first, "Actividad 7 de 8")
    second = await test_cobertura.ana_files(ana, when="viernes 4 de diciembre 5 pm")
    await rosa.hears(second, "¿Cumple con los requisitos?")
    await ana.says("/nueva " + COVERAGE)
    await ana.lives_through(("Nombre del evento", "Evento reservado"))
    await ana.hears("Fecha y hora · Paso 2")
    await lucia.says("invitar")
    await lucia.hears("¿Para qué rol")
    await lucia.presses("Coordinador")
    made = await lucia.hears("Invitación: Coordinador")
    invitation = re.search(r"start=(inv-[\w-]+)", made.text)
    assert invitation is not None
    request, _ = await world.record(second)
    now = datetime.fromisoformat(WEDNESDAY).replace(tzinfo=ZONE)
    async with world.database.transaction() as work:
        met = [await work.people.at("chalco", "telegram", str(key), now=now) for key in (1101, 1102, 1109)]
        people = [one.person.id for one in met if one is not None]
        drafts = [(one.id, one.step) for one in await work.drafts.of(people[0])]
    assert drafts
    assert len(people) == 3
    turns = [(one.key, "cumple no_cumple !") for one in request.turns]
    return Secret(second, request.id, turns, drafts, people, invitation[1])


async def chat_of(phone: Phone) -> str:
    """Everything that a phone was ever shown: the chat, its buttons and what came over it."""
    query = f"manual={phone.world.manual}"
    chat = await phone.world.call("GET", f"/sandbox/people/{phone.person}/chat?{query}&after=0&wait=0")
    popups = await phone.world.call("GET", f"/sandbox/people/{phone.person}/popups?{query}")
    said = [one for one in chat["messages"] if one["from"] == "bot"]
    return json.dumps([said, popups], ensure_ascii=False)


OUTSIDERS = [
    ("calimaya", 4101, "an enlace"),
    ("calimaya", 4102, "a coordinador"),
    ("calimaya", 4116, "an administrador"),
    ("naucalpan", 2101, "an enlace of another municipality"),
    ("leon", 3102, "a coordinador of another municipality"),
    ("chiconcuac", 5102, "a titular"),
    ("gemelo", 7101, "an enlace of the same area, by its id"),
    ("gemelo", 7102, "a coordinadora of the same role"),
    ("gemelo", 7109, "an administradora of the same manual"),
]
HIDDEN = ("CHA-P01", "Casa de Cultura", "Evento reservado", "Ana Robles", "Rosa Ibarra", "Lucía Mora")


async def test_nobody_sees_or_touches_what_is_another_municipalitys(worlds: dict[str, World]) -> None:
    secret = await left_in_chalco(worlds["chalco"])
    before = await rows_of(worlds["chalco"])
    for manual, account, who in OUTSIDERS:
        phone = Phone(worlds[manual], account, who)
        await phone.says(f"/ver {secret.folio}")
        answer = await phone.hears("No encontré la solicitud")
        assert answer.labels == ["Menú"]
        await phone.says(f"¿cómo va {secret.folio}?")
        await phone.hears("No encontré la solicitud")
        await phone.says("menú")
        menu = await phone.hears("¿Qué necesitas?")
        assert "Bandeja" in menu.labels, menu.labels  # without a number: nothing waits
        for data in secret.forged():
            await phone.presses("Bandeja", on=menu, data=data)
        for word in ("mis", "bandeja", "borradores"):
            await phone.says(word)
        await phone.hears("No tienes borradores")
        await phone.says(f"/start {secret.invitation}")
        await phone.hears("ya se usó o venció")
        await phone.sees("no está entre lo que puedes ver")
        shown = (await chat_of(phone)).replace(f"«{secret.folio}»", "")
        assert [one for one in HIDDEN if one in shown] == [], f"{who} of {manual}: {shown}"
    assert await rows_of(worlds["chalco"]) == before
    late = Phone(worlds["chalco"], 1103, "Diego")
    await late.says(f"/start {secret.invitation}")
    await late.hears("Coordinador")


async def test_somebody_of_one_municipality_is_a_stranger_at_anothers_bot(worlds: dict[str, World]) -> None:
    chalco, calimaya = worlds["chalco"], worlds["calimaya"]
    met = await calimaya.call("POST", "/sandbox/people", name="Zoé")
    zoe = Phone(calimaya, met["id"], "Zoé")
    lucia = Phone(chalco, 1109, "Lucía")
    await lucia.says("invitar")
    await lucia.hears("¿Para qué rol")
    await lucia.presses("Coordinador")
    made = await lucia.hears("oficialia_chalco_bot?start=inv-")
    invitation = re.search(r"start=(inv-[\w-]+)", made.text)
    assert invitation is not None
    await zoe.says(f"/start {invitation[1]}")
    await zoe.hears("ya se usó o venció")
    await zoe.says("/nueva " + COVERAGE)
    await zoe.hears("atiendo a su personal por invitación", "Calimaya")


async def test_two_events_at_one_hour_clash_in_one_municipality_only(worlds: dict[str, World]) -> None:
    for manual, first, prefix in (("chalco", "1", "CHA"), ("gemelo", "7", "GEM")):
        ana, rosa, diego = (Phone(worlds[manual], int(f"{first}10{n}"), manual) for n in (1, 2, 3))
        folio = await test_cobertura.ana_files(ana)
        assert folio == f"{prefix}-P01-2026-0001"  # each counts its own
        await rosa.hears(folio, "¿Cumple con los requisitos?")
        await rosa.presses("Sí cumple")
        await diego.hears(folio, "Actividad 7 de 8", absent=["A esa hora también"])
    folio = await test_cobertura.ana_files(ana)
    await rosa.hears(folio, "¿Cumple con los requisitos?")
    await rosa.presses("Sí cumple")
    card = await diego.hears(folio, "A esa hora también: GEM-P01-2026-0001")
    assert "CHA-P01" not in card.text


# A procedure changes while requests are on their way.


def only(manual: str, manuals: Path) -> Path:
    """A folder with one municipality's manual."""
    shutil.copytree(shelf.MANUALS / manual, manuals / manual)
    return manuals


def amend(manuals: Path) -> None:
    """Give the coverage of events another button and one more requisito."""
    law = manuals / "chalco" / "p01-cobertura.yaml"
    text = law.read_text(encoding="utf-8")
    assert "label: Sí cumple" in text
    more = """
  - id: asistentes
    label: Asistentes
    ask: ¿Cuántas personas asistirán?
    kind: number
    cite: Acuerdo 12/2026

activities:
"""
    text = text.replace("label: Sí cumple", "label: Aceptar evento").replace("\n\nactivities:\n", more)
    law.write_text(text, encoding="utf-8")


async def test_what_was_begun_by_an_edition_goes_on_by_it(database_url: str, tmp_path: Path) -> None:
    manuals = only("chalco", tmp_path / "manuals")
    async with served(tmp_path, database_url, manuals) as first:
        world = first["chalco"]
        ana, rosa, raul = Phone(world, 1101, "Ana"), Phone(world, 1102, "Rosa"), Phone(world, 1106, "Raúl")
        old = await test_cobertura.ana_files(ana)
        await rosa.hears(old, "¿Cumple con los requisitos?")
        await raul.says("/nueva " + COVERAGE)
        await raul.lives_through(("Nombre del evento · Paso 1 de 4", "Feria del agua"))
        await raul.hears("Fecha y hora · Paso 2 de 4")
        await rows_of(world)

    amend(manuals)
    async with served(tmp_path, database_url, manuals) as second:
        again = second["chalco"]
        world.url, world.http, world.database = again.url, again.http, again.database
        # What was asked for before is returned, mended and accepted with the old questions and buttons.
        await rosa.says(f"/ver {old}")
        card = await rosa.hears(old, "¿Cumple con los requisitos?")
        assert card.labels[:2] == ["Sí cumple", "No cumple"]
        await rosa.presses("No cumple", on=card)
        asked = await rosa.hears("¿Qué requisitos no se cumplen?", absent=["Asistentes"])
        await rosa.presses("Lugar y dirección", on=asked)
        await rosa.presses("Listo", on=await rosa.hears("Marcado:"))
        await rosa.hears("¿Qué debe corregir el área?")
        await rosa.says("omitir")
        await ana.hears(old, "la devolvió")
        await ana.presses("Corregir")
        await ana.presses("Dejar igual", on=await ana.hears("Lugar y dirección · Paso 1 de 1"))
        await ana.hears("Revisa antes de enviar", absent=["Asistentes"])
        await ana.says("enviar corrección")
        await rosa.hears(old, "¿Cumple con los requisitos?")
        await rosa.says("sí cumple")
        await rosa.hears(old, "✓ Sí cumple")

        # A form that was half filled ends as it began.
        await raul.says("lunes 7 de diciembre 10:00")
        await raul.lives_through(
            ("Lugar y dirección", "Plaza Cívica"),
            ("Foto y/o video · Paso 4 de 4", "foto"),
            ("Revisa antes de enviar", "enviar"),
        )
        half = folio_in((await raul.hears("Tu folio es")).text)
        assert "Sí cumple" in (await rosa.hears(half, "¿Cumple con los requisitos?")).labels

        # What is new goes by the new edition.
        await raul.says("/nueva " + COVERAGE)
        await raul.lives_through(
            ("Nombre del evento · Paso 1 de 5", "Feria del libro"),
            ("Fecha y hora", "lunes 14 de diciembre 10:00"),
            ("Lugar y dirección", "Plaza Cívica"),
            ("Foto y/o video", "foto"),
            ("¿Cuántas personas asistirán?", "120"),
            ("Revisa antes de enviar", "enviar"),
        )
        new = folio_in((await raul.hears("Tu folio es")).text)
        card = await rosa.hears(new, "¿Cumple con los requisitos?", "Asistentes")
        assert card.labels[:2] == ["Aceptar evento", "No cumple"]
        await rosa.says("aceptar evento")
        await rosa.hears(new, "✓ Aceptar evento")

        assert await world.walked(old) == ["1", "2", "3", "4", "1", "2", "5", "6"]
        editions = [(await world.record(folio))[0].edition for folio in (old, half, new)]
        assert editions[0] == editions[1] != editions[2]


# Staff file for somebody who has no phone here.


async def test_staff_file_for_somebody_without_a_phone_and_take_that_ones_turns(
    database_url: str, tmp_path: Path
) -> None:
    async with served(tmp_path, database_url, only("chalco", tmp_path / "manuals")) as found:
        world = found["chalco"]
        rosa, ana = Phone(world, 1102, "Rosa"), Phone(world, 1101, "Ana")
        await ana.says("/nueva GCH-CCS-P03-2023")
        await ana.hears("Esto le toca a: Coordinador")
        await rosa.says("/nueva GCH-CCS-P03-2023")
        await rosa.lives_through(
            ("¿A nombre de quién se registra?", "Diario El Valle"),
            ("Tema o temas de investigación", "Pavimentación de la avenida"),
            ("¿El medio ya planteó el tema", "sí"),
            ("¿Pide una entrevista?", "no"),
            ("¿Cómo se localiza al medio?", "Paula Nieto, 55 1234 5678"),
            ("Manda el oficio del medio", "omitir"),
            ("Revisa antes de enviar", "enviar"),
        )
        card = await rosa.hears("Actividad 2 de 10", "Solicita: Diario El Valle · Rosa Ibarra")
        folio = folio_in((await rosa.hears("Tu folio es CHA-P03")).text)
        await rosa.presses("No cumple", on=card)
        await rosa.presses("Contacto del medio", on=await rosa.hears("¿Qué requisitos no se cumplen?"))
        await rosa.presses("Listo", on=await rosa.hears("Marcado: Contacto del medio"))
        await rosa.hears("¿Qué debe corregir")
        await rosa.says("Falta el correo")

        # The medium's own turn: the office that filed for it takes it.
        mending = await rosa.hears(folio, "Actividad 4 de 10", "Falta el correo")
        request, events = await world.record(folio)
        assert [(one.activity, one.role) for one in request.turns] == [("4", "coordinador")]
        await rosa.presses("Corregir", on=mending)
        await rosa.hears("Contacto del medio · Paso 1 de 1")
        await rosa.says("Paula Nieto, paula@diarioelvalle.mx")
        await rosa.hears("Revisa antes de enviar", "paula@")
        await rosa.says("enviar corrección")
        await rosa.hears(folio, "Actividad 2 de 10", "paula@")

        request, events = await world.record(folio)
        assert (request.on_behalf, request.opened_as, request.area) == ("Diario El Valle", "coordinador", "")
        assert (events[0].kind, events[0].name, events[0].note) == ("filed", "Rosa Ibarra", "Diario El Valle")
        corrected = next(one for one in events if one.kind == "corrected")
        assert (corrected.activity, corrected.name) == ("4", "Rosa Ibarra")
        assert await world.walked(folio) == ["1", "2", "3", "4", "1"]

        await rosa.says(f"/ver {folio}")
        await rosa.hears(folio)
        await rosa.presses("Ver solicitud")
        await rosa.presses("Retirar", on=await rosa.hears(folio, "enviada el"))
        await rosa.hears("¿Por qué")
        await rosa.says("omitir")
        await rosa.confirms()
        await rosa.hears(folio, "retirada")
        _, events = await world.record(folio)
        assert events[-1].kind == "withdrawn"
        # The medium has nobody here: whatever Rosa does in its name she does as what she is.
        assert {one.role for one in events if one.actor is not None} == {"coordinador"}


# Who answers for an activity may depend on who asks.


async def test_the_record_says_in_which_role_each_acted_where_that_depends_on_who_asks(
    database_url: str, tmp_path: Path
) -> None:
    async with served(tmp_path, database_url, only("calimaya", tmp_path / "manuals")) as found:
        world = found["calimaya"]
        ivan, leticia, omar = (
            Phone(world, key, name) for key, name in ((4105, "Iván"), (4106, "Leticia"), (4107, "Omar"))
        )
        await ivan.says("/nueva 1.1")
        await ivan.lives_through(
            ("Nombre del evento", "Feria del agua"),
            ("Fecha y hora", "viernes 11 de diciembre 5 pm"),
            ("Lugar", "Jardín Enrique Carniado"),
            ("Especificación detallada", "200 volantes a color"),
            ("Información de manera digital", "omitir"),
            ("A quién se dirige", "Presidencia"),
            ("Marcado: Presidencia", "listo"),
            ("Autorización de Presidencia", "omitir"),
            ("Revisa antes de enviar", "enviar"),
        )
        folio = folio_in((await ivan.hears("Tu folio es")).text)

        # An organismo's request: its coordination returns it, and the junior designs.
        await leticia.hears(folio, "¿Cuenta con la información necesaria?")
        await leticia.presses("Falta información")
        await leticia.presses("Lugar", on=await leticia.hears("¿Qué requisitos no se cumplen?"))
        await leticia.presses("Listo", on=await leticia.hears("Marcado: Lugar"))
        await leticia.hears("¿Qué debe corregir")
        await leticia.says("Falta la calle")
        await ivan.hears(folio, "Falta la calle")
        await ivan.presses("Completar datos")
        await ivan.hears("Lugar · Paso 1 de 1")
        await ivan.says("Jardín Enrique Carniado 1")
        await ivan.hears("Revisa antes de enviar")
        await ivan.says("enviar corrección")
        await leticia.hears(folio, "Jardín Enrique Carniado 1")
        await leticia.says("sí, completa")
        await omar.hears(folio, "Elabora el diseño")
        await omar.says("empezar diseño")
        await omar.hears(folio, "Envía el diseño")
        await omar.says("enviar diseño")
        await omar.hears("Manda el diseño")
        await omar.sends(PNG, "diseño.png")
        await omar.hears("Recibí 1 archivo")
        await omar.says("listo")
        await ivan.hears(folio, "¿Apruebas el diseño?")
        await ivan.says("pedir cambios")
        await ivan.hears("¿Qué hay que cambiar?")
        await ivan.says("Más grande")
        await omar.hears(folio, "Más grande")

        _, events = await world.record(folio)
        assert [(one.activity, one.name.partition(" ")[0], one.role) for one in events] == [
            ("1", "Iván", "enlace"),
            ("2", "Leticia", "coordinador_oa"),
            ("3", "Leticia", "coordinador_oa"),
            ("4", "Iván", "enlace"),
            ("2", "Leticia", "coordinador_oa"),
            ("5", "Omar", "disenador_junior"),
            ("6", "Omar", "disenador_junior"),
            ("6", "Iván", "enlace"),
            ("7", "bot", "disenador_junior"),
        ]


# A sixth municipality needs no Python: here it is the one that the guide spells out.


async def test_a_municipality_that_only_has_files_is_served(database_url: str, tmp_path: Path) -> None:
    manuals = guide.write_into(tmp_path / "manuals")
    async with served(tmp_path, database_url, manuals) as found:
        world = found["villanueva"]
        irene, julian, perla = (
            Phone(world, key, name) for key, name in ((8101, "Irene"), (8102, "Julián"), (8103, "P"))
        )
        await irene.says("menú")
        await irene.hears("Coordinación de Cultura, Villa Nueva", "Enlace · Dirección del Deporte")
        await irene.presses("Nueva solicitud")
        await irene.hears("Pedir el salón")
        await irene.presses("Pedir el salón")
        await irene.lives_through(
            ("Nombre del evento · Paso 1 de 3", "Torneo de ajedrez"),
            ("Anticipación que pide el manual: 3 días hábiles", "viernes 11 de diciembre 5 pm"),
            ("¿Necesitas equipo de sonido?", "sí"),
            ("Micrófonos · Paso 4 de 4", "2"),
        )
        await irene.hears("Revisa antes de enviar", "El salón se entrega limpio")
        await irene.says("enviar")
        folio = folio_in((await irene.hears("Tu folio es")).text)
        assert folio == "VIN-SAL-2026-0001"

        card = await julian.hears(folio, "Actividad 2", "¿Se presta el salón?")
        assert card.labels[:3] == ["Prestar el salón", "Falta información", "No procede"]
        await julian.presses("Falta información", on=card)
        await julian.presses("Nombre del evento", on=await julian.hears("¿Qué requisitos no se cumplen?"))
        await julian.presses("Listo", on=await julian.hears("Marcado: Nombre del evento"))
        await julian.hears("¿Qué debe corregir")
        await julian.says("¿De qué categoría?")
        await irene.hears(folio, "Actividad 2.1", "¿De qué categoría?")
        await irene.presses("Corregir")
        await irene.hears("Nombre del evento · Paso 1 de 1")
        await irene.says("Torneo juvenil de ajedrez")
        await irene.hears("Revisa antes de enviar")
        await irene.says("enviar corrección")

        await julian.hears(folio, "Torneo juvenil de ajedrez", "¿Se presta el salón?")
        await julian.says("prestar el salón")
        await perla.hears(folio, "Actividad 3", "Prepara el salón y lo entrega.")
        await world.at("2026-12-11T20:00")
        await perla.presses("Salón entregado")
        await perla.hears("¿Cómo quedó el salón?")
        await perla.says("Limpio y ordenado")
        await irene.hears(folio, "Concluida: Salón prestado")
        assert await world.walked(folio) == ["1", "2", "2.1", "2", "3"]
        request, _ = await world.record(folio)
        assert (request.manual, request.area, request.outcome) == ("villanueva", "deporte", "Salón prestado")


def test_it_is_checked_and_listed_for_other_programs(database_url: str, tmp_path: Path) -> None:
    del database_url
    manuals = guide.write_into(tmp_path / "manuals")
    environment = {"OFICIALIA_MANUALS": str(manuals)}
    checked = CliRunner().invoke(command.main, ["check"], env=environment)
    assert (checked.exit_code, checked.output) == (0, "1 manuals, 1 procedures: no mistakes\n")
    listed = CliRunner().invoke(command.main, ["catalogue", "--json"], env=environment)
    [manual] = json.loads(listed.output)["manuals"]
    [law] = manual["procedures"]
    assert (manual["id"], manual["title"]) == ("villanueva", "Villa Nueva")
    assert (law["code"], law["slug"], [one["n"] for one in law["activities"]]) == (
        "A-01",
        "a-01",
        ["1", "2", "2.1", "3"],
    )
    assert law["notice"] == {"amount": 3, "unit": "business_days", "before": "fecha"}
