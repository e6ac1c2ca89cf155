"""The tray: twenty decisions with one thumb, while others decide too."""

from tests.stories import test_cobertura, test_soporte
from tests.stories.quickly import coverages
from tests.story import Heard, Phone, World


async def opened(phone: Phone, folio: str) -> Heard:
    """Open the tray, and from it a card."""
    await phone.says("bandeja")
    await phone.hears("Bandeja", folio)
    await phone.presses(folio)
    return await phone.hears(folio, "Solicita:", "¿Cumple con los requisitos?")


async def test_the_tray_has_pages_and_they_are_turned_without_going_back(world: World, ana: Phone, rosa: Phone) -> None:
    folios = await coverages(world, ana, 14)
    await rosa.says("bandeja")
    first = await rosa.hears("Bandeja · 14 pendientes", "De la 1 a la 6:", "1. " + folios[0], "6. " + folios[5])
    assert folios[6] not in first.text
    assert "Dirección de Cultura · Desfile 1\n" in first.text
    assert [*folios[:6], "Siguiente ›"] == first.labels[:7]
    await rosa.presses("Siguiente ›")
    second = await rosa.hears("De la 7 a la 12:", "1. " + folios[6])
    assert second.labels[6:8] == ["‹ Anterior", "Siguiente ›"]
    await rosa.says("siguiente")
    third = await rosa.hears("De la 13 a la 14:", "2. " + folios[13])
    assert third.labels[2] == "‹ Anterior"
    await rosa.says("2")
    await rosa.hears(folios[13], "Solicita:", "¿Cumple con los requisitos?")


async def test_a_page_that_others_have_emptied_meanwhile_gives_the_one_that_is_there_now(
    world: World, ana: Phone, rosa: Phone, mariana: Phone
) -> None:
    folios = await coverages(world, ana, 9)
    await rosa.says("bandeja")
    await rosa.hears("De la 1 a la 6:")
    for folio in folios[5:]:  # the last of her page, and all that come after it
        await mariana.says(f"/ver {folio}")
        await mariana.hears(folio, "Solicita:", "¿Cumple")
        await mariana.says("sí cumple")
        await mariana.hears(folio, "✓ Sí cumple")
    await rosa.presses("Siguiente ›")
    await rosa.hears("Bandeja · 5 pendientes", "1. " + folios[0], "5. " + folios[4])


async def test_twenty_are_decided_with_two_taps_each(world: World, ana: Phone, rosa: Phone) -> None:
    folios = await coverages(world, ana, 20)
    card = await opened(rosa, folios[0])
    for place, folio in enumerate(folios[:-1]):
        assert card.labels[0] == "Sí cumple"
        await rosa.presses("Sí cumple", on=card)
        said = "Queda 1 en tu bandeja." if place == 18 else f"Quedan {19 - place} en tu bandeja."
        over = await rosa.hears(folio, "✓ Sí cumple · Rosa Ibarra", said)
        assert over.id == card.id
        await rosa.presses("Siguiente pendiente", on=over)
        card = await rosa.hears(folios[place + 1], "Solicita:", "¿Cumple con los requisitos?")
    await rosa.presses("Sí cumple", on=card)
    over = await rosa.hears(folios[-1], "Ya no queda nada en tu bandeja.")
    assert over.labels[-1] == "Bandeja"
    assert over.id == card.id
    await rosa.says("bandeja")
    await rosa.hears("No tienes pendientes.")


async def test_next_and_previous_hold_while_somebody_else_decides(
    world: World, ana: Phone, rosa: Phone, mariana: Phone
) -> None:
    folios = await coverages(world, ana, 7)
    card = await opened(rosa, folios[1])
    assert card.labels[-3:] == ["‹ Anterior", "2 de 7", "Siguiente ›"]
    for folio in (folios[0], folios[2]):
        await mariana.says(f"/ver {folio}")
        await mariana.hears(folio, "Solicita:", "¿Cumple")
        await mariana.says("sí cumple")
        await mariana.hears(folio, "✓ Sí cumple")
    await rosa.presses("Siguiente ›", on=card)
    card = await rosa.hears(folios[3], "Solicita:", "¿Cumple")
    assert card.labels[-3:] == ["‹ Anterior", "2 de 5", "Siguiente ›"]
    await rosa.presses("‹ Anterior", on=card)
    card = await rosa.hears(folios[1], "Solicita:", "¿Cumple")
    assert card.labels[-2:] == ["1 de 5", "Siguiente ›"]
    await rosa.presses("1 de 5", on=card)
    await rosa.hears("Bandeja · 5 pendientes", folios[1])


async def test_a_card_that_somebody_else_decides_still_leads_on(
    world: World, ana: Phone, rosa: Phone, mariana: Phone
) -> None:
    folios = await coverages(world, ana, 3)
    await opened(rosa, folios[1])
    await mariana.says(f"/ver {folios[1]}")
    await mariana.hears(folios[1], "Solicita:", "¿Cumple")
    await mariana.says("sí cumple")
    over = await mariana.hears(folios[1], "✓ Sí cumple · Mariana Paz")
    assert "Siguiente pendiente" not in over.labels  # she did not come by the tray
    over = await rosa.hears(folios[1], "✓ Sí cumple · Mariana Paz")
    assert over.labels == ["Ver solicitud", "Siguiente pendiente"]
    await rosa.presses("Siguiente pendiente", on=over)
    await rosa.hears(folios[2], "Solicita:", "¿Cumple")
    await rosa.presses("Sí cumple")
    await rosa.hears(folios[2], "✓ Sí cumple · Rosa Ibarra", "Queda 1 en tu bandeja.")
    await rosa.says("la siguiente")
    await rosa.hears(folios[0], "Solicita:", "¿Cumple")  # what was passed over is still pending
    await rosa.says("1")
    await rosa.hears(folios[0], "✓ Sí cumple", "Ya no queda nada en tu bandeja.")


async def test_what_is_returned_or_looked_at_on_the_way_leads_on_too(world: World, ana: Phone, rosa: Phone) -> None:
    folios = await coverages(world, ana, 4)
    card = await opened(rosa, folios[0])
    await rosa.presses("Ver solicitud", on=card)
    seen = await rosa.hears(folios[0], "enviada el")
    await rosa.presses("Ir a la actividad 2", on=seen)
    card = await rosa.hears(folios[0], "Solicita:", "¿Cumple")
    assert card.labels[-2:] == ["1 de 4", "Siguiente ›"]
    await rosa.presses("No cumple", on=card)
    await rosa.hears("¿Qué requisitos no se cumplen?")
    await rosa.says("cancelar")
    card = await rosa.hears(folios[0], "Solicita:", "¿Cumple")
    assert card.labels[-2:] == ["1 de 4", "Siguiente ›"]
    await rosa.says("no cumple")
    await rosa.hears("¿Qué requisitos no se cumplen?")
    await rosa.says("1, 2, listo")
    await rosa.hears("¿Qué debe corregir")
    await rosa.presses("Completa lo marcado")
    over = await rosa.hears(folios[0], "✓ No cumple", "Quedan 3 en tu bandeja.")
    await rosa.presses("Siguiente pendiente", on=over)
    await rosa.hears(folios[1], "Solicita:", "¿Cumple")
    await rosa.presses("No cumple")
    await rosa.hears("¿Qué requisitos no se cumplen?")
    await rosa.says("1 listo")
    await rosa.hears("¿Qué debe corregir")
    await rosa.says("El nombre completo")
    await rosa.hears(folios[1], "✓ No cumple", "«El nombre completo»", "Quedan 2 en tu bandeja.")
    await rosa.says("siguiente pendiente")
    await rosa.hears(folios[2], "Solicita:", "¿Cumple")


async def test_what_was_taken_back_is_still_on_the_way(world: World, ana: Phone, rosa: Phone) -> None:
    folios = await coverages(world, ana, 3)
    card = await opened(rosa, folios[0])
    await rosa.presses("Sí cumple", on=card)
    over = await rosa.hears(folios[0], "✓ Sí cumple", "Quedan 2 en tu bandeja.")
    await rosa.presses("Deshacer", on=over)
    card = await rosa.hears(folios[0], "Solicita:", "¿Cumple")
    assert card.labels[-2:] == ["1 de 3", "Siguiente ›"]


async def test_sieves_say_how_many_there_are_and_go_along_on_the_walk(world: World, ana: Phone, rosa: Phone) -> None:
    folios = await coverages(world, ana, 8, rushed=[2, 5])
    await world.at("2026-11-28T18:00")  # the first is late, the second is of today and late too
    await rosa.says("bandeja")
    shown = await rosa.hears("Bandeja · 8 pendientes", "Era para el viernes 27", "⚠️ Extraordinaria")
    sieves = [one for one in shown.labels if one.endswith(")")]
    assert sieves == ["Por decidir (8)", "Atrasadas (2)", "Hoy (1)", "Extraordinarias (2)"]
    await rosa.presses("Extraordinarias (2)")
    shown = await rosa.hears("Bandeja · Extraordinarias · 2 pendientes", folios[2], folios[5])
    assert "Todas (8)" in shown.labels
    assert not any(one.startswith("Extraordinarias") for one in shown.labels)
    await rosa.presses(folios[2])
    card = await rosa.hears(folios[2], "Solicita:", "¿Cumple")
    assert card.labels[-2:] == ["1 de 2", "Siguiente ›"]
    await rosa.presses("Sí cumple")
    over = await rosa.hears(folios[2], "✓ Sí cumple", "Queda 1 en tu bandeja (Extraordinarias).")
    await rosa.presses("Siguiente pendiente", on=over)
    await rosa.hears(folios[5], "Solicita:", "¿Cumple", "Extraordinaria: llega con 20 h")
    await rosa.presses("Sí cumple")
    await rosa.hears(folios[5], "Ya no queda nada en «Extraordinarias».")
    await rosa.says("bandeja")
    await rosa.hears("Bandeja · 6 pendientes")
    await rosa.says("vencidas")
    await rosa.hears("Bandeja · Atrasadas · 2 pendientes", folios[0], folios[1])
    await rosa.says("hoy")
    await rosa.hears("Bandeja · Hoy · 1 pendiente", folios[1])
    await rosa.says("todas")
    await rosa.hears("Bandeja · 6 pendientes")


async def test_a_tecnico_finds_what_was_handed_to_them(ana: Phone, rosa: Phone, gabriela: Phone, tono: Phone) -> None:
    folios = []
    for _ in range(3):
        folio = await test_soporte.ana_files(ana)
        await rosa.hears(folio)
        await rosa.says("turnar")
        await gabriela.hears(folio)
        await gabriela.says("sí cumple")
        await gabriela.hears(folio, "✓ Sí cumple")
        folios.append(folio)
    await tono.says("bandeja")
    shown = await tono.hears("Bandeja · 2 pendientes", folios[0], folios[2])
    assert "Mías (2)" in shown.labels
    await tono.says("mías")
    await tono.hears("Bandeja · Mías · 2 pendientes")
    await gabriela.says("bandeja")
    shown = await gabriela.hears("Bandeja · 3 pendientes")
    assert not any(one.startswith("Mías") for one in shown.labels)


async def test_a_tray_of_nobody_elses_business_stays_so(world: World, ana: Phone, rosa: Phone, diego: Phone) -> None:
    folios = await coverages(world, ana, 2)
    await diego.says("bandeja")
    empty = await diego.hears("No tienes pendientes.")
    request, _ = await world.record(folios[0])
    for data in (f"j:all:n:{request.id}:1", f"l:all:n:{request.id}:1", "j:nada:x:999:1", "l:nada", "j:", "l:all:a:0:0"):
        await diego.presses("Menú", on=empty, data="m:help")
        await diego.hears("Ayuda")
        await diego.presses("Menú", on=empty, data=data)
        await diego.hears("No tienes pendientes.")
    await diego.presses("Menú", on=empty, data=f"k:{request.id}:1:all")
    await diego.sees("Esto le toca a")
    folio = await test_cobertura.ana_files(ana)
    card = await rosa.hears(folio, "Solicita:", "¿Cumple")
    assert not any(" de " in one for one in card.labels)  # she did not come by the tray
