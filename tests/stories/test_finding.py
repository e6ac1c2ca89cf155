"""Whoever does not know what a procedure is called writes what they need: P01 and P10."""

from tests.story import Heard, Phone, World

SENTENCE = "Necesito fotos para la inauguración de la plaza el viernes 27 a las 10 en el auditorio municipal"
UNDERSTOOD = "Entendí: viernes 27 de noviembre de 2026, 10:00 h · Auditorio municipal · Foto"


async def filed(phone: Phone) -> str:
    said = await phone.hears("Tu folio es")
    return said.text.partition("Tu folio es ")[2].partition(".")[0]


async def offers(phone: Phone, said: str, *fragments: str) -> Heard:
    await phone.says(said)
    return await phone.hears("¿Quieres esto?", *fragments)


async def test_a_request_begins_with_a_sentence_and_no_press(world: World, ana: Phone, rosa: Phone) -> None:
    shown = await offers(ana, SENTENCE, "1. Que cubran un evento", UNDERSTOOD)
    assert shown.labels == ["Que cubran un evento", "Ver todo lo demás", "Menú"]
    await ana.says("1")
    asked = await ana.hears("Tomé de tu mensaje:", "Nombre del evento · Paso 1 de 4")
    for line in (
        "• Fecha y hora: viernes 27 de noviembre de 2026, 10:00 h",
        "• Lugar y dirección: Auditorio municipal",
        "• Foto y/o video: Foto",
    ):
        assert line in asked.text
    await ana.says("Inauguración de la plaza")
    await ana.hears("Revisa antes de enviar", "Fecha y hora: viernes 27 de noviembre de 2026, 10:00 h")
    await ana.says("cambiar")
    await ana.hears("¿Qué quieres cambiar?")
    await ana.says("lugar y dirección")
    await ana.hears("Ahora: Auditorio municipal")
    await ana.says("Auditorio municipal, Reforma 4")
    await ana.hears("Lugar y dirección: Auditorio municipal, Reforma 4")
    await ana.says("enviar")
    folio = await filed(ana)
    await rosa.hears(folio, "Foto y/o video: Foto")
    request, _ = await world.record(folio)
    assert request.answers == {
        "evento": "Inauguración de la plaza",
        "fecha": "2026-11-27T10:00-06:00",
        "lugar": {"text": "Auditorio municipal, Reforma 4"},
        "formato": "foto",
    }


async def test_a_request_begins_with_a_sentence_and_buttons(world: World, ana: Phone) -> None:
    await offers(ana, SENTENCE)
    await ana.presses("Que cubran un evento")
    await ana.hears("Tomé de tu mensaje:")
    await ana.says("Inauguración")
    await ana.hears("Revisa antes de enviar")
    await ana.presses("Enviar solicitud")
    request, _ = await world.record(await filed(ana))
    assert request.procedure == "GCH-CCS-P01-2023"


async def test_what_breaks_is_told_once(ana: Phone) -> None:
    """The sentence is the answer to what is asked first, with one tap, or with a number."""
    await offers(ana, "No imprime la impresora de la oficina de cultura", "1. Que arreglen mi equipo")
    await ana.says("sí")
    asked = await ana.hears("Falla o problemática · Paso 1 de", "1. No imprime la impresora")
    assert asked.labels[0].startswith("No imprime la impresora")
    await ana.says("1")
    await ana.hears("✓ Falla o problemática: No imprime la impresora de la oficina de cultura", "Paso 2 de")


async def test_half_a_date_is_asked_for_its_other_half(ana: Phone) -> None:
    await offers(ana, "que graben la feria del viernes 27 a las 5", "Entendí: viernes 27 de noviembre de 2026")
    await ana.says("si")
    await ana.hears("• Fecha y hora: viernes 27 de noviembre de 2026 (falta la hora)")
    await ana.says("Feria")
    await ana.hears("Fecha y hora · Paso 2 de 4", "¿05:00 h o 17:00 h del viernes 27 de noviembre de 2026?")
    await ana.says("17:00")
    await ana.hears("✓ Fecha y hora: viernes 27 de noviembre de 2026, 17:00 h")
    await ana.presses("Atrás")
    await ana.hears("¿Qué día y a qué hora empieza?", "Ahora: viernes 27 de noviembre de 2026, 17:00 h")


async def test_what_is_near_is_offered_too_and_the_whole_menu(ana: Phone) -> None:
    shown = await offers(ana, "invitación y video en Facebook")
    assert shown.labels[-2:] == ["Ver todo lo demás", "Menú"]
    assert {"Difundir en redes sociales", "Un diseño gráfico"} < set(shown.labels)
    await ana.says("no")
    await ana.hears("¿Qué necesitas?", "10. Dar de baja equipo de cómputo")


async def test_an_old_offer_brings_nothing_of_a_newer_sentence(ana: Phone) -> None:
    old = await offers(ana, SENTENCE)
    await offers(ana, "se descompuso mi computadora")
    await ana.presses("Que cubran un evento", on=old)
    asked = await ana.hears("Nombre del evento · Paso 1 de 4")
    assert "Tomé de tu mensaje" not in asked.text


async def test_an_offer_that_waited_knows_which_friday_was_meant(world: World, ana: Phone) -> None:
    await offers(ana, "fotos el viernes a las 10")
    await world.later(days=1)
    await ana.presses("Que cubran un evento")
    await ana.hears("• Fecha y hora: viernes 20 de noviembre de 2026, 10:00 h")
    await ana.says("/cancelar")
    await ana.hears("Tu borrador queda guardado")
    await offers(ana, "fotos el viernes a las 10")
    await world.later(days=7)
    await ana.presses("Que cubran un evento")
    asked = await ana.hears("Tomé de tu mensaje:", "• Foto y/o video: Foto")
    assert "Fecha y hora:" not in asked.text


async def test_for_several_areas_the_sentence_waits_for_the_choice(world: World, ana: Phone) -> None:
    async with world.database.transaction() as work:
        now = await world.now()
        contact = await work.people.at("chalco", "telegram", "1101", now=now)
        assert contact is not None
        await work.people.give(contact.person, "enlace", "odapas", now=now)
    await offers(ana, SENTENCE)
    await ana.says("1")
    await ana.hears("¿Para qué área es?", "ODAPAS Chalco")
    await ana.says("odapas chalco")
    await ana.hears("Tomé de tu mensaje:", "• Lugar y dirección: Auditorio municipal")
    await ana.says("Inauguración")
    await ana.hears("Revisa antes de enviar")
    await ana.says("1")
    request, _ = await world.record(await filed(ana))
    assert request.area == "odapas"


async def test_chatter_asks_for_nothing(ana: Phone) -> None:
    for chatter in ("jajaja ok", "gracias", "qué hora es", "👍"):
        await ana.says(chatter)
        await ana.hears("No entendí tu mensaje")


async def test_whoever_opens_nothing_is_answered_as_ever(tono: Phone) -> None:
    await tono.says(SENTENCE)
    await tono.hears("No entendí tu mensaje", absent=["con tus palabras"])


async def test_while_a_form_is_filled_in_a_sentence_is_its_answer(ana: Phone) -> None:
    await ana.says("/nueva P01")
    await ana.hears("Nombre del evento · Paso 1 de 4")
    await ana.says("se descompuso mi computadora")
    await ana.hears("✓ Nombre del evento: se descompuso mi computadora")


async def test_the_command_takes_words_too(ana: Phone) -> None:
    await ana.says("/nueva fotos de la feria")
    await ana.hears("¿Quieres esto?", "1. Que cubran un evento")
    await ana.says("/nueva P99")
    await ana.hears("P99")


async def test_the_menu_begins_with_what_one_asks_for(ana: Phone) -> None:
    await ana.says("nueva")
    menu = await ana.hears("¿Qué necesitas?", "1. Que cubran un evento", "por ejemplo «fotos de un evento»")
    assert "Lo que has pedido" not in menu.text
    await ana.says("un diseño")
    await ana.hears("¿Quieres esto?", "1. Un diseño gráfico")
    await offers(ana, SENTENCE)
    await ana.says("1")
    await ana.hears("Tomé de tu mensaje:")
    await ana.says("Inauguración")
    await ana.hears("Revisa antes de enviar")
    await ana.says("enviar")
    await filed(ana)
    await ana.says("no sirve mi computadora")
    await ana.lives_through(
        ("1. Que arreglen mi equipo", "1"),
        ("Falla o problemática", "1"),
        ("Servidor público", "1"),
        ("Dependencia", "1"),
        ("Ubicación", "Palacio"),
        ("¿Está fuera del Palacio", "no"),
        ("Revisa antes de enviar", "1"),
    )
    await filed(ana)
    await ana.says("nueva")
    menu = await ana.hears(
        "Lo que has pedido:", "1. Que arreglen mi equipo", "2. Que cubran un evento", "Todo lo demás:"
    )
    await ana.says("2")
    await ana.hears("Nombre del evento · Paso 1 de 4")
