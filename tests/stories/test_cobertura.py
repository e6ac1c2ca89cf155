"""P01, coverage of an event: one decision, one way back, one entry in the agenda."""

from datetime import UTC, datetime

from tests.story import Phone, World, together

HAPPY = ["1", "2", "5", "6", "7", "8"]


def card_hour() -> datetime:
    """The hour of the stories, for what happens behind the bot's back."""
    return datetime(2026, 11, 18, 16, 0, tzinfo=UTC)


async def ana_files(ana: Phone, *, when: str = "viernes 27 de noviembre 5 pm") -> str:
    """Ana files a coverage and is given its folio."""
    await ana.says("/nueva GCH-CCS-P01-2023")
    await ana.lives_through(
        ("Nombre del evento", "Inauguración de la Casa de Cultura"),
        ("Fecha y hora", when),
        ("Lugar y dirección", "Casa de Cultura, Av. Solidaridad 12"),
        ("Foto y/o video", "foto y video"),
        ("Revisa antes de enviar", "enviar"),
    )
    filed = await ana.hears("Tu folio es")
    return filed.text.partition("Tu folio es ")[2].partition(".")[0]


async def test_an_event_is_asked_for_decided_covered_and_told(
    world: World, ana: Phone, rosa: Phone, diego: Phone
) -> None:
    folio = await ana_files(ana)
    assert folio == "CHA-P01-2026-0001"

    card = await rosa.hears(folio, "Actividad 2 de 8", "Casa de Cultura", "¿Cumple con los requisitos?")
    assert card.labels[:2] == ["Sí cumple", "No cumple"]
    assert "viernes 27 de noviembre de 2026, 17:00 h" in card.text
    assert not card.silent
    await rosa.presses("Sí cumple")
    await rosa.sees(folio, "Sí cumple")
    await rosa.hears(folio, "✓ Sí cumple · Rosa Ibarra", buttons=["Ver solicitud", "Deshacer"])

    news = await ana.hears(folio, "Ahora: actividad 7", "Departamento de Comunicación e Imagen Institucional")
    assert news.silent

    await diego.hears(folio, "Actividad 7 de 8", "Registra, agenda y realiza la cobertura")
    await world.at("2026-11-27T19:30")
    await diego.presses("Cobertura realizada")
    await diego.hears(folio, "Actividad 8 de 8")
    await diego.presses("Concluir cobertura")
    await diego.hears("Evidencia", "Paso 1 de 2")
    await diego.sends(b"\x89PNG imagen", "evidencia.png")
    await diego.hears("Recibí 1 archivo")
    await diego.says("listo")
    await diego.hears("Boletín informativo")
    await diego.says("omitir")
    await diego.hears(folio, "✓ Concluir cobertura", "Concluida: Cobertura concluida")

    closing = await ana.hears(folio, "Concluida: Cobertura concluida")
    assert not closing.silent
    request, events = await world.record(folio)
    assert request.outcome == "Cobertura concluida"
    assert await world.walked(folio) == HAPPY
    assert [one.name for one in events if one.activity in {"2", "5"}] == ["Rosa Ibarra", "Rosa Ibarra"]


async def test_a_request_comes_back_for_two_requisitos_and_is_accepted(
    world: World, ana: Phone, rosa: Phone, diego: Phone
) -> None:
    folio = await ana_files(ana)
    await rosa.hears(folio, "¿Cumple con los requisitos?")
    await rosa.presses("No cumple")
    asked = await rosa.hears("¿Qué requisitos no se cumplen?", "1. Nombre del evento", "3. Lugar y dirección")
    await rosa.presses("Fecha y hora", on=asked)
    ticked = await rosa.hears("Marcado: Fecha y hora.")
    await rosa.presses("Lugar y dirección", on=ticked)
    await rosa.hears("Marcado: Fecha y hora, Lugar y dirección.")
    await rosa.presses("Listo")
    await rosa.hears("¿Qué debe corregir el área?")
    await rosa.says("Falta la calle y el número")
    await rosa.hears(folio, "✓ No cumple · Rosa Ibarra", "Falta la calle y el número")

    card = await ana.hears(
        folio,
        "Actividad 4 de 8",
        "Rosa Ibarra la devolvió",
        "Falta: Fecha y hora, Lugar y dirección",
        "«Falta la calle",
    )
    assert "Corregir" in card.labels
    await ana.presses("Corregir")
    await ana.hears("Fecha y hora · Paso 1 de 2", "Ahora: viernes 27 de noviembre de 2026, 17:00 h")
    await ana.presses("Dejar igual")
    await ana.hears("Lugar y dirección · Paso 2 de 2", "Ahora: Casa de Cultura")
    await ana.says("Casa de Cultura, Av. Solidaridad 120")
    await ana.hears("Revisa antes de enviar", "Solidaridad 120", "Nombre del evento: Inauguración")
    await ana.presses("Enviar corrección")
    await ana.hears(folio, "✓ Corregir · Ana Robles")

    await rosa.hears(folio, "Actividad 2 de 8", "Solidaridad 120", "¿Cumple con los requisitos?")
    await rosa.says("sí cumple")
    await rosa.hears(folio, "✓ Sí cumple")
    await diego.hears(folio, "Actividad 7 de 8", "Solidaridad 120")
    assert await world.walked(folio) == ["1", "2", "3", "4", "1", "2", "5", "6"]
    request, _ = await world.record(folio)
    assert request.answers["evento"] == "Inauguración de la Casa de Cultura"


async def test_an_event_in_twenty_hours_goes_as_extraordinary_with_its_reason(
    world: World, ana: Phone, rosa: Phone
) -> None:
    await ana.says("/nueva GCH-CCS-P01-2023")
    await ana.lives_through(
        ("Nombre del evento", "Visita del gobernador"),
        ("Fecha y hora", "mañana a las 6 am"),
    )
    aviso = await ana.hears("El manual pide 72 h", "llegas con 20 h", "Lo más pronto es el sábado 21")
    assert aviso.labels[:2] == ["Cambiar la fecha", "Enviar extraordinaria"]
    await ana.presses("Enviar extraordinaria")
    await ana.hears("¿Por qué no se pidió antes?")
    await ana.says("Lo confirmaron hoy")
    await ana.hears("Lugar y dirección")
    await ana.says("Plaza Cívica")
    await ana.hears("Foto y/o video")
    await ana.says("1")
    await ana.hears("Revisa antes de enviar", "Va como extraordinaria")
    await ana.says("enviar")
    filed = await ana.hears("Tu folio es", "extraordinaria")
    folio = filed.text.partition("Tu folio es ")[2].partition(".")[0]
    await rosa.hears(folio, "Extraordinaria: llega con 20 h y el manual pide 72 h", "Lo confirmaron hoy")
    request, _ = await world.record(folio)
    assert request.extraordinary is not None
    assert set(request.answers) == {"evento", "fecha", "lugar", "formato"}


async def test_a_date_with_too_little_notice_can_be_changed(ana: Phone) -> None:
    await ana.says("/nueva GCH-CCS-P01-2023")
    await ana.lives_through(("Nombre del evento", "Feria"), ("Fecha y hora", "mañana 12:00"))
    await ana.hears("llegas con 26 h")
    await ana.says("cambiar la fecha")
    again = await ana.hears("Fecha y hora", "¿Qué día y a qué hora empieza?")
    assert again.labels[0] == "lun 23 nov"
    await ana.presses("lun 23 nov")
    await ana.hears("lunes 23 de noviembre de 2026. ¿A qué hora?")
    await ana.presses("10:00 h")
    await ana.hears("✓ Fecha y hora: lunes 23 de noviembre de 2026, 10:00 h")


async def test_of_two_coordinadoras_at_once_one_decides(world: World, ana: Phone, rosa: Phone, mariana: Phone) -> None:
    folio = await ana_files(ana)
    hers, theirs = await rosa.hears(folio, "¿Cumple"), await mariana.hears(folio, "¿Cumple")
    await together(rosa.presses("Sí cumple", on=hers), mariana.presses("Sí cumple", on=theirs))
    first = await rosa.hears(folio, "✓ Sí cumple")
    second = await mariana.hears(folio, "✓ Sí cumple")
    assert first.text == second.text
    assert sorted([first.labels, second.labels]) == [["Ver solicitud"], ["Ver solicitud", "Deshacer"]]
    winner, loser = (rosa, mariana) if "Rosa Ibarra" in first.text else (mariana, rosa)
    await winner.sees(folio, "Sí cumple")
    await loser.sees(folio, "ya eligió «Sí cumple»")
    _, events = await world.record(folio)
    assert len([one for one in events if one.activity == "2"]) == 1


async def test_an_old_button_in_the_middle_of_a_form_leaves_the_form_as_it_is(
    ana: Phone, rosa: Phone, mariana: Phone
) -> None:
    decided, other = await ana_files(ana), await ana_files(ana)
    old, hers = await rosa.hears(decided, "¿Cumple"), await mariana.hears(decided, "¿Cumple")
    card = await rosa.hears(other, "¿Cumple")
    await mariana.presses("Sí cumple", on=hers)
    await rosa.hears(decided, "✓ Sí cumple · Mariana")
    await rosa.presses("No cumple", on=card)
    asked = await rosa.hears("¿Qué requisitos no se cumplen?")
    await rosa.presses("Sí cumple", on=old)
    await rosa.sees(decided, "ya eligió «Sí cumple»")
    await rosa.presses("Fecha y hora", on=asked)
    await rosa.hears("Marcado: Fecha y hora.")
    await rosa.presses("Sí cumple", on=old)
    await rosa.says("listo")
    await rosa.hears("¿Qué debe corregir el área?")


async def test_a_card_of_last_week_says_what_became_of_it(
    world: World, ana: Phone, rosa: Phone, mariana: Phone
) -> None:
    folio = await ana_files(ana, when="viernes 18 de diciembre 5 pm")
    old = await mariana.hears(folio, "¿Cumple")
    await rosa.hears(folio, "¿Cumple")
    await world.later(days=7)
    await rosa.presses("Sí cumple")
    await rosa.hears(folio, "✓ Sí cumple")
    await mariana.hears(folio, "✓ Sí cumple · Rosa Ibarra")
    await mariana.presses("Sí cumple", on=old)
    await mariana.sees("Rosa Ibarra ya eligió «Sí cumple»")
    assert (await world.walked(folio)).count("2") == 1


async def test_a_week_old_button_still_works(world: World, ana: Phone, rosa: Phone) -> None:
    folio = await ana_files(ana, when="viernes 18 de diciembre 5 pm")
    await rosa.hears(folio, "¿Cumple")
    await world.later(days=7)
    await rosa.presses("Sí cumple")
    await rosa.hears(folio, "✓ Sí cumple")


async def test_whoever_lost_the_role_keeps_the_buttons_and_nothing_else(world: World, ana: Phone, rosa: Phone) -> None:
    folio = await ana_files(ana)
    card = await rosa.hears(folio, "¿Cumple")
    async with world.database.transaction() as work:
        found = await work.people.at("chalco", "telegram", "1102", now=card_hour())
        assert found is not None
        await work.people.take_away(found.person.id, "coordinador", None, now=card_hour())
        await work.people.give(found.person, "comunicacion", None, now=card_hour())
    await rosa.presses("Sí cumple", on=card)
    await rosa.sees("Esto le toca a: Coordinador de Comunicación Social")
    request, events = await world.record(folio)
    assert request.activity == "2"
    assert [one.kind for one in events] == ["filed"]


async def test_an_update_that_comes_twice_counts_once(world: World, ana: Phone) -> None:
    await ana.says("/nueva GCH-CCS-P01-2023")
    await ana.hears("Nombre del evento")
    update = await ana.says("Feria del libro")
    await ana.hears("Fecha y hora · Paso 2 de 4")
    await world.call("POST", "/sandbox/redeliver", update_id=update)
    await ana.says("viernes 27 de noviembre 5 pm")
    await ana.hears("✓ Fecha y hora: viernes 27", "Paso 3 de 4")


async def test_what_was_said_to_somebody_who_blocks_the_bot_waits_for_them(
    world: World, ana: Phone, rosa: Phone, lucia: Phone
) -> None:
    folio = await ana_files(ana)
    await rosa.hears(folio, "¿Cumple")
    await world.call("POST", "/sandbox/people/1101/block", blocked=True)
    await world.reaches(1101, reachable=False)
    await rosa.presses("Sí cumple")
    await rosa.hears(folio, "✓ Sí cumple")
    await lucia.says("sin entregar")
    await lucia.hears("Mensajes sin entregar", "Ana Robles: 1 mensaje", "Bloqueó al bot")
    await world.call("POST", "/sandbox/people/1101/block", blocked=False)
    await ana.says("hola")
    await ana.hears(folio, "Ahora: actividad 7")


async def test_a_429_in_the_middle_of_a_fan_out_loses_nobody(
    world: World, ana: Phone, rosa: Phone, mariana: Phone
) -> None:
    await world.call("POST", "/sandbox/faults", fault="429", retry_after=1, times=2, method="sendMessage", chat=1107)
    folio = await ana_files(ana)
    await rosa.hears(folio, "¿Cumple")
    await world.later(seconds=2)
    await mariana.hears(folio, "¿Cumple")


async def test_what_is_sent_at_night_is_received_the_next_morning(world: World, ana: Phone, rosa: Phone) -> None:
    await world.at("2026-11-20T20:15")
    folio = await ana_files(ana, when="viernes 27 de noviembre 5 pm")
    await rosa.hears(folio, "¿Cumple")
    request, _ = await world.record(folio)
    assert request.received_at.isoformat() == "2026-11-23T15:00:00+00:00"
    await ana.says(f"/ver {folio}")
    await ana.hears("enviada el viernes 20", "recibida el lunes 23 de noviembre de 2026, 09:00 h")


async def test_a_coverage_is_not_marked_before_its_event_without_being_asked_twice(
    world: World, ana: Phone, rosa: Phone, diego: Phone
) -> None:
    folio = await ana_files(ana)
    await rosa.hears(folio, "¿Cumple")
    await rosa.presses("Sí cumple")
    await diego.hears(folio, "Actividad 7 de 8")
    await diego.presses("Cobertura realizada")
    sure = await diego.hears("todavía no llega", buttons=["Todavía no", "Cobertura realizada"])
    await diego.presses("Todavía no", on=sure)
    await diego.hears(folio, "Actividad 7 de 8", "Registra, agenda y realiza")
    await diego.presses("Cobertura realizada")
    await diego.hears("todavía no llega")
    await diego.says("cobertura realizada")
    await diego.hears(folio, "Actividad 8 de 8")
    assert (await world.walked(folio))[-1] == "7"


async def test_the_department_is_reminded_when_the_event_is_over(
    world: World, ana: Phone, rosa: Phone, diego: Phone
) -> None:
    folio = await ana_files(ana)
    await rosa.hears(folio, "¿Cumple")
    await rosa.presses("Sí cumple")
    await diego.hears(folio, "Actividad 7 de 8")
    await world.at("2026-11-27T19:30")
    await diego.hears(folio, "Ya pasó la hora prevista")


async def test_a_request_can_be_withdrawn_commented_and_repeated(
    world: World, ana: Phone, rosa: Phone, mariana: Phone
) -> None:
    folio = await ana_files(ana)
    await rosa.hears(folio, "¿Cumple")
    await ana.presses("Comentar")
    await ana.hears("Escribe el comentario")
    await ana.says("Habrá estacionamiento")
    await ana.hears(folio, "Comentario agregado. Le llegó a 2 personas.")
    await rosa.hears(folio, "Ana Robles:", "Habrá estacionamiento")
    await ana.says(f"/ver {folio}")
    await ana.hears(folio, "Dirección de Cultura")
    await ana.presses("Retirar")
    await ana.hears("¿Por qué la retiras?")
    await ana.says("omitir")
    await ana.hears("nadie más la atenderá", buttons=["Todavía no", "Retirar"])
    await ana.says("retirar")
    await ana.hears(folio, "Solicitud retirada")
    await rosa.hears(folio, "la retiró", buttons=["Ver solicitud"])
    await mariana.hears(folio, "la retiró")
    request, _ = await world.record(folio)
    assert request.state == "closed"
    await ana.says(f"/ver {folio}")
    await ana.hears(folio, "Concluida")
    await ana.presses("Repetir")
    await ana.hears("Fecha y hora · Paso 2 de 4")
    await ana.says("viernes 4 de diciembre 12:00")
    await ana.hears("Revisa antes de enviar", "viernes 4 de diciembre")


async def test_whoever_lost_the_role_withdraws_what_they_filed_but_not_in_that_role(
    world: World, ana: Phone, rosa: Phone
) -> None:
    folio = await ana_files(ana)
    await rosa.hears(folio, "¿Cumple")
    async with world.database.transaction() as work:
        found = await work.people.at("chalco", "telegram", "1101", now=card_hour())
        assert found is not None
        await work.people.take_away(found.person.id, "enlace", "cultura", now=card_hour())
        await work.people.give(found.person, "comunicacion", None, now=card_hour())
    await ana.says(f"/ver {folio}")
    await ana.hears(folio, "Dirección de Cultura")
    await ana.presses("Retirar")
    await ana.hears("¿Por qué la retiras?")
    await ana.says("omitir")
    await ana.hears("nadie más la atenderá")
    await ana.says("retirar")
    await ana.hears(folio, "Solicitud retirada")
    _, events = await world.record(folio)
    assert [(one.kind, one.name, one.role) for one in events] == [
        ("filed", "Ana Robles", "enlace"),
        ("withdrawn", "Ana Robles", None),
    ]


async def test_nobody_sees_another_areas_request(world: World, ana: Phone, raul: Phone) -> None:
    folio = await ana_files(ana)
    await raul.says(f"/ver {folio}")
    await raul.hears("No encontré la solicitud")
    request, _ = await world.record(folio)
    card = await raul.says("menú")
    del card
    menu = await raul.hears("Raúl Ortega")
    await raul.presses("Ayuda", on=menu, data=f"v:{request.id}")
    await raul.sees("no está entre lo que puedes ver")
    await raul.presses("Ayuda", on=menu, data=f"t:{request.id}:1:cumple")
    await raul.sees("Esto le toca a")


async def test_lists_and_history_say_where_a_request_is(ana: Phone, rosa: Phone) -> None:
    folio = await ana_files(ana)
    await rosa.hears(folio, "¿Cumple")
    await ana.says("mis solicitudes")
    await ana.hears("Mis solicitudes", folio, "Inauguración", "Ahora: actividad 2 · Coordinador")
    await ana.presses(folio)
    await ana.hears(folio, "Actividad 2 de 8", "enviada el miércoles 18")
    await ana.presses("Ver historial")
    await ana.hears("Historial", "1. Solicita la cobertura del evento. (Ana Robles)")
    await rosa.says("/bandeja")
    await rosa.hears("Bandeja · 1 pendiente", folio, "Para el viernes 27")
    await rosa.says("1")
    await rosa.hears(folio, "¿Cumple con los requisitos?")
    await rosa.says("1")
    await rosa.hears(folio, "✓ Sí cumple")


async def test_the_flow_is_drawn_with_the_present_activity_marked(ana: Phone, rosa: Phone) -> None:
    folio = await ana_files(ana)
    await rosa.hears(folio, "¿Cumple")
    await ana.says(f"/ver {folio}")
    await ana.hears(folio, "Dirección de Cultura")
    await ana.presses("Ver diagrama")
    await ana.sees("Te mando el diagrama")
    drawn = await ana.hears(folio, "Actividad 2 de 8", "Cobertura fotográfica")
    assert drawn.file is not None
    assert drawn.file["name"] == "gch-ccs-p01-2023.png"
    assert drawn.file["size"] > 20_000
