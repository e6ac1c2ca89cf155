"""P10, technical support: a folio, a técnico who goes, solved or not, and the requester's conformity."""

from tests.story import Phone, World


async def ana_files(ana: Phone, fault: str = "La impresora de la ventanilla 2 no enciende") -> str:
    await ana.says("/nueva GCH-CCS-P10-2023")
    await ana.lives_through(
        ("Falla o problemática", fault),
        ("Servidor público que solicita", "1"),
        ("Dependencia u organismo", "Dirección de Cultura"),
        ("Ubicación", "Palacio Municipal, planta baja"),
        ("Fuera de Palacio", "no"),
        ("Revisa antes de enviar", "enviar"),
    )
    filed = await ana.hears("Tu folio es")
    return filed.text.partition("Tu folio es ")[2].partition(".")[0]


async def until_a_tecnico_has_it(folio: str, rosa: Phone, gabriela: Phone, tono: Phone) -> None:
    await rosa.hears(folio, "Actividad 2 de 10")
    await rosa.presses("Turnar")
    await gabriela.hears(folio, "Actividad 3 de 10", "¿Cumple con los requisitos?")
    await gabriela.presses("Sí cumple")
    await tono.hears(folio, "Actividad 6 de 10", "Asignada a: Toño Vera", "Palacio Municipal")
    await tono.presses("Voy en camino")
    await tono.hears(folio, "Actividad 7 de 10", "Folio del formato: CHA-FS-2026-0001", "¿Se solucionó")


async def test_a_fault_is_solved_and_the_area_agrees(
    world: World, ana: Phone, rosa: Phone, gabriela: Phone, tono: Phone
) -> None:
    folio = await ana_files(ana)
    await until_a_tecnico_has_it(folio, rosa, gabriela, tono)
    await ana.hears(folio, "Asignada a Toño Vera")
    await tono.presses("Sí se solucionó")
    await tono.lives_through(("Trabajo realizado", "Se cambió el cable de corriente"), ("Fotos del servicio", "omitir"))
    await ana.hears(folio, "Actividad 9 de 10", "Se cambió el cable", "¿Quedó solucionada la falla?")
    await ana.presses("Conforme")
    await ana.hears(folio, "✓ Conforme", "Concluida: Solucionada")
    asked = await ana.hears(folio, "¿Cómo te atendieron?", buttons=["Muy bien", "Bien", "Regular", "Mal"])
    assert asked.silent
    await ana.presses("Muy bien")
    await ana.hears(folio, "¿Cómo te atendieron? Muy bien. Gracias.", buttons=[])
    assert await world.walked(folio) == ["1", "2", "3", "6", "7", "9", "10"]
    request, _ = await world.record(folio)
    assert request.numbers == {"formato_soporte": "CHA-FS-2026-0001"}


async def test_what_cannot_be_solved_ends_in_a_dictamen(
    world: World, ana: Phone, rosa: Phone, gabriela: Phone, tono: Phone
) -> None:
    folio = await ana_files(ana)
    await until_a_tecnico_has_it(folio, rosa, gabriela, tono)
    await tono.presses("No se solucionó")
    await tono.lives_through(("¿Qué encontraste?", "No le llega corriente"), ("Fotos de la falla", "omitir"))
    await tono.hears(folio, "Actividad 8 de 10", "No le llega corriente")
    await tono.presses("Emitir dictamen")
    await tono.lives_through(
        ("¿Qué haría falta para solucionarla?", "adquisición"),
        ("Motivos técnicos de la falla", "La fuente de poder está quemada"),
        ("Especificaciones para la solución", "Fuente de 24 V, 2 A"),
    )
    await tono.hears(folio, "✓ Emitir dictamen")
    await ana.hears(
        folio,
        "La fuente de poder está quemada",
        "Fuente de 24 V",
        "Concluida: No solucionada, con dictamen técnico interno",
    )
    assert await world.walked(folio) == ["1", "2", "3", "6", "7", "8"]


async def test_a_fault_that_goes_on_goes_back_to_the_same_tecnico(
    world: World, ana: Phone, rosa: Phone, gabriela: Phone, tono: Phone
) -> None:
    folio = await ana_files(ana)
    await until_a_tecnico_has_it(folio, rosa, gabriela, tono)
    await tono.presses("Sí se solucionó")
    await tono.lives_through(("¿Qué se hizo", "Se reinició"), ("Fotos del servicio", "omitir"))
    await ana.hears(folio, "¿Quedó solucionada la falla?")
    await ana.presses("No conforme")
    await ana.hears("¿Cuál es el motivo?")
    await ana.says("Sigue sin encender")
    await tono.hears(folio, "Actividad 7 de 10", "Asignada a: Toño Vera")
    await tono.presses("Se lleva a taller")
    await tono.hears("¿Cuál es el motivo?")
    await tono.says("Hay que abrirla")
    await tono.hears(folio, "Actividad 7 de 10", "¿Se solucionó")
    await ana.hears(folio, "Se lleva a taller", "Hay que abrirla")
    assert await world.walked(folio) == ["1", "2", "3", "6", "7", "9", "7"]


async def test_equipment_of_others_is_refused_on_a_second_screen(
    world: World, ana: Phone, rosa: Phone, gabriela: Phone
) -> None:
    folio = await ana_files(ana, "Mi laptop personal no prende")
    await rosa.hears(folio)
    await rosa.presses("Turnar")
    await gabriela.hears(folio, "Actividad 3 de 10")
    await gabriela.presses("No procede")
    await gabriela.hears("¿Cuál es el motivo?")
    await gabriela.says("No es equipo del Ayuntamiento")
    sure = await gabriela.hears("se cierra sin servicio", buttons=["Todavía no", "No procede"])
    await gabriela.presses("No procede", on=sure)
    await ana.hears(folio, "No es equipo del Ayuntamiento", "Concluida: No procede")
    request, _ = await world.record(folio)
    assert request.outcome == "No procede"


async def test_work_is_handed_to_whoever_has_least_and_can_be_handed_on(
    world: World, ana: Phone, raul: Phone, rosa: Phone, gabriela: Phone, tono: Phone, elena: Phone
) -> None:
    del raul
    first = await ana_files(ana)
    await rosa.hears(first)
    await rosa.presses("Turnar")
    await gabriela.hears(first, "Actividad 3")
    await gabriela.presses("Sí cumple")
    await tono.hears(first, "Asignada a: Toño Vera")
    second = await ana_files(ana, "El teclado no escribe la ñ")
    await rosa.hears(second)
    await rosa.presses("Turnar")
    await gabriela.hears(second, "Actividad 3")
    await gabriela.presses("Sí cumple")
    await elena.hears(second, "Asignada a: Elena Cruz")
    card = await gabriela.hears(second, "Actividad 6 de 10", "Asignada a: Elena Cruz")
    await gabriela.presses("Reasignar", on=card)
    await gabriela.hears("¿A quién se asigna?", "1. Toño Vera · 1 asignada", "2. Elena Cruz · 1 asignada")
    await gabriela.presses("Toño Vera")
    await tono.hears(second, "Asignada a: Toño Vera")
    await elena.hears(second, "Reasignada a Toño Vera")
    await elena.presses("Ver solicitud", data=card.data["Voy en camino"])
    await elena.sees("Esto le toca a")
    assert [one for one in await world.walked(second) if one == "6"] == []
