"""Mis solicitudes: open, ended, and those of the area; page by page, and back again."""

import re

from tests.stories.quickly import coverages
from tests.story import Phone, World


async def test_mis_solicitudes_are_told_apart_and_those_of_the_area_are_there(
    world: World, ana: Phone, rosa: Phone, lucia: Phone
) -> None:
    own = await coverages(world, ana, 8)
    await ana.says("mis solicitudes")
    shown = await ana.hears("Mis solicitudes", "1. " + own[7], "6. " + own[2], "Ahora: actividad 2 · Coordinador")
    assert shown.labels[6:] == ["Siguiente ›", "Abiertas (8)", "Menú"]
    await ana.says("siguiente")
    await ana.hears("1. " + own[1], "2. " + own[0], "Se requiere para el viernes 27 de noviembre")
    await ana.presses(own[0])
    seen = await ana.hears(own[0], "enviada el")
    await ana.presses("Retirar", on=seen)
    await ana.hears("¿Por qué la retiras?")
    await ana.says("omitir")
    await ana.hears("nadie más la atenderá")
    await ana.says("retirar")
    await ana.hears("Solicitud retirada")
    await ana.says("mis")
    shown = await ana.hears("Mis solicitudes", own[7])
    assert {"Abiertas (7)", "Concluidas (1)"} < set(shown.labels)
    await ana.says("concluidas")
    shown = await ana.hears("Mis solicitudes · Concluidas", "1. " + own[0], "Retirada por quien la solicitó")
    assert shown.labels == [own[0], "Todas (8)", "Abiertas (7)", "Menú"]
    await ana.presses(own[0], on=shown)
    seen = await ana.hears(own[0], "enviada el")
    await ana.presses("Regresar a la lista", on=seen)
    await ana.hears("Mis solicitudes · Concluidas", "1. " + own[0])

    await lucia.says("invitar")
    await lucia.hears("¿Para qué rol")
    await lucia.presses("Enlace")
    await lucia.hears("¿De qué área?")
    await lucia.presses("Dirección de Cultura")
    made = await lucia.hears("Invitación: Enlace")
    met = await world.call("POST", "/sandbox/people", name="Zoé Díaz")
    zoe = Phone(world, met["id"], "Zoé")
    await zoe.says(f"/start {re.findall(r'start=(inv-[^ ]+)', made.text)[0]}")
    await zoe.hears("Aviso de privacidad")
    await zoe.says("acepto")
    await zoe.hears("¡Listo, Zoé Díaz!")
    await zoe.says("mis")
    shown = await zoe.hears("Todavía no has enviado solicitudes.")
    await zoe.presses("De mi área (8)", on=shown)
    shown = await zoe.hears("De mi área", f"1. {own[7]} · Que cubran un evento · Ana Robles")
    await zoe.presses(own[7], on=shown)
    await zoe.hears(own[7], "Dirección de Cultura · enviada el")
    await rosa.says("menú")
    menu = await rosa.hears("¿Qué necesitas?")
    await rosa.presses("Bandeja (7)", on=menu, data="f:area:open:n:999")
    await rosa.hears("Mis solicitudes · Abiertas", "No hay más solicitudes.")  # an office has no area
