"""Invitations, the aviso de privacidad, strangers and several roles."""

import re
from datetime import datetime

from tests.stories import test_cobertura
from tests.story import Phone, World


async def stranger(world: World, name: str) -> Phone:
    met = await world.call("POST", "/sandbox/people", name=name)
    return Phone(world, met["id"], name)


async def test_a_stranger_gets_a_kind_answer_and_nothing_else(world: World) -> None:
    zoe = await stranger(world, "Zoé")
    for text in ("/start", "hola", "/nueva GCH-CCS-P01-2023", "/bandeja", "acepto"):
        await zoe.says(text)
        answer = await zoe.hears("atiendo a su personal por invitación")
        assert answer.labels == []


async def test_of_whoever_has_no_role_for_a_while_the_form_stays_as_it_was(world: World, ana: Phone) -> None:
    await ana.says("/nueva GCH-CCS-P01-2023")
    await ana.hears("Nombre del evento")
    now = test_cobertura.card_hour()
    async with world.database.transaction() as work:
        found = await work.people.at("chalco", "telegram", "1101", now=now)
        assert found is not None
        for one in found.person.grants:
            await work.people.take_away(found.person.id, one.role, one.area, now=now)
    await ana.says("Feria del libro")
    await ana.hears("atiendo a su personal por invitación")
    async with world.database.transaction() as work:
        for one in found.person.grants:
            await work.people.give(found.person, one.role, one.area, now=now)
    await ana.says("/start inv-adivinando")
    await ana.hears("ya se usó o venció")
    await ana.says("Feria del libro")
    await ana.hears("✓ Nombre del evento: Feria del libro", "Fecha y hora · Paso 2 de 4")


async def test_an_invitation_gives_its_role_once_after_the_aviso(world: World, lucia: Phone) -> None:
    await lucia.says("invitar")
    await lucia.hears("¿Para qué rol es la invitación?")
    await lucia.presses("Enlace")
    await lucia.hears("¿De qué área?")
    await lucia.presses("Dirección de Cultura")
    made = await lucia.hears(
        "Invitación: Enlace · Dirección de Cultura", "https://t.me/oficialia_chalco_bot?start=inv-"
    )
    found = re.search(r"start=(inv-[\w-]+)", made.text)
    assert found is not None

    zoe = await stranger(world, "Zoé Díaz")
    await zoe.says(f"/start {found[1]}")
    await zoe.hears("Aviso de privacidad", "Enlace · Dirección de Cultura", buttons=["Acepto", "No acepto"])
    await zoe.says("/nueva GCH-CCS-P01-2023")
    await zoe.hears("Aviso de privacidad")
    await zoe.presses("No acepto")
    await zoe.hears("sin tu aceptación no puedo atenderte")
    await zoe.says("acepto")
    await zoe.hears("¡Listo, Zoé Díaz!")
    await zoe.says("/nueva GCH-CCS-P01-2023")
    await zoe.hears("Nombre del evento")

    late = await stranger(world, "Otra persona")
    await late.says(f"/start {found[1]}")
    await late.hears("ya se usó o venció")
    await late.says("/start inv-adivinando")
    await late.hears("ya se usó o venció")


async def test_an_invitation_ends_after_a_week(world: World, lucia: Phone) -> None:
    await lucia.says("invitar")
    await lucia.hears("¿Para qué rol")
    await lucia.says("coordinador")
    made = await lucia.hears("Invitación: Coordinador")
    found = re.search(r"start=(inv-[\w-]+)", made.text)
    assert found is not None
    await world.later(days=8)
    zoe = await stranger(world, "Zoé")
    await zoe.says(f"/start {found[1]}")
    await zoe.hears("ya se usó o venció")


async def test_only_whoever_administers_invites(ana: Phone) -> None:
    await ana.says("invitar")
    await ana.hears("Ese botón ya no aplica")


async def test_somebody_may_hold_several_roles(world: World, lucia: Phone, ana: Phone) -> None:
    await lucia.says("invitar")
    await lucia.hears("¿Para qué rol")
    await lucia.presses("Coordinador")
    made = await lucia.hears("Invitación: Coordinador")
    found = re.search(r"start=(inv-[\w-]+)", made.text)
    assert found is not None
    await ana.says(f"/start {found[1]}")
    await ana.hears("Enlace · Dirección de Cultura", "Coordinador")
    async with world.database.transaction() as work:
        assert len(await work.people.holders("chalco", "coordinador", None, now=await hour(world))) == 3


async def hour(world: World) -> datetime:
    return datetime.fromisoformat((await world.call("GET", "/sandbox/time"))["now"])


async def test_a_draft_is_kept_listed_resumed_and_discarded(ana: Phone) -> None:
    await ana.says("/nueva GCH-CCS-P01-2023")
    await ana.lives_through(("Nombre del evento", "Feria"), ("Fecha y hora", "cancelar"))
    await ana.hears("Tu borrador queda guardado", "(1 de 4)")
    await ana.says("menú")
    await ana.hears("1 borrador sin enviar")
    await ana.says("borradores")
    await ana.hears("Que cubran un evento · 1 de 4")
    await ana.says("1")
    await ana.hears("Fecha y hora · Paso 2 de 4")
    await ana.says("atrás")
    await ana.hears("Nombre del evento · Paso 1 de 4", "Ahora: Feria")
    await ana.says("Feria del libro")
    await ana.hears("✓ Nombre del evento: Feria del libro")
    await ana.says("/cancelar")
    await ana.hears("Tu borrador queda guardado")
    await ana.presses("Descartar borrador")
    await ana.hears("Borrador descartado")
    await ana.says("borradores")
    await ana.hears("No tienes borradores")


async def test_why_is_answered_with_the_clause(ana: Phone) -> None:
    await ana.says("/nueva GCH-CCS-P01-2023")
    await ana.hears("Nombre del evento")
    await ana.presses("¿Por qué?")
    await ana.sees("Lo pide el manual en 1.7, requisito 1")
    await ana.says("por qué")
    await ana.hears("Lo pide el manual en 1.7, requisito 1")
    await ana.says("Feria")
    await ana.hears("✓ Nombre del evento: Feria")


async def test_whoever_administers_ends_a_role_and_it_holds_at_once(
    world: World, lucia: Phone, ana: Phone, mariana: Phone
) -> None:
    folio = await test_cobertura.ana_files(ana)
    card = await mariana.hears(folio, "¿Cumple")
    await lucia.says("personas")
    await lucia.hears("Personas · ", "Mariana Paz: Coordinador")
    await lucia.presses("Mariana Paz")
    await lucia.hears("Mariana Paz", "• Coordinador")
    await lucia.presses("Quitar: Coordinador")
    await lucia.hears("Quitar a Mariana Paz: Coordinador", buttons=["Todavía no", "Quitar"])
    await lucia.presses("Quitar")
    await lucia.sees("Mariana Paz ya no es Coordinador")
    await mariana.presses("Sí cumple", on=card)
    await mariana.hears("atiendo a su personal por invitación")
    request, _ = await world.record(folio)
    assert request.activity == "2"


async def test_the_last_administrator_stays(lucia: Phone) -> None:
    await lucia.says("personas")
    await lucia.hears("Personas · ")
    await lucia.presses("Siguiente")
    await lucia.hears("Lucía Mora: Administrador")
    await lucia.presses("Lucía Mora")
    await lucia.hears("• Administrador")
    await lucia.presses("Quitar: Administrador")
    await lucia.sees("Es el único administrador")
