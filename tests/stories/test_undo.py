"""Taking back a decision: within a minute, by whoever made it, and only while nobody has gone on from there."""

from tests.stories.test_cobertura import ana_files
from tests.story import Phone, World, together

UNDO = "Deshacer"


async def test_a_decision_taken_back_is_a_card_again_and_everybody_is_told(
    world: World, ana: Phone, rosa: Phone, mariana: Phone, diego: Phone
) -> None:
    folio = await ana_files(ana)
    await rosa.hears(folio, "¿Cumple con los requisitos?")
    await mariana.hears(folio, "¿Cumple con los requisitos?")
    await rosa.presses("Sí cumple")
    await rosa.hears(folio, "✓ Sí cumple", buttons=["Ver solicitud", UNDO])
    await mariana.hears(folio, "✓ Sí cumple", buttons=["Ver solicitud"])
    await diego.hears(folio, "Actividad 7 de 8")

    await rosa.presses(UNDO)
    await rosa.sees(folio, "quedó como estaba")
    card = await rosa.hears(folio, "¿Cumple con los requisitos?")
    assert card.labels[:2] == ["Sí cumple", "No cumple"]
    await diego.hears(folio, "↩ Rosa Ibarra deshizo el paso anterior", buttons=["Ver solicitud"])
    again = await mariana.hears(folio, "¿Cumple con los requisitos?")
    assert again.silent
    news = await ana.hears("Rosa Ibarra deshizo lo anterior", "Ahora: actividad 2")
    assert news.silent

    await mariana.presses("Sí cumple")
    await diego.hears(folio, "Actividad 7 de 8")
    request, events = await world.record(folio)
    assert [one.kind for one in events].count("undone") == 1
    assert len(request.turns) == 1
    assert await world.agenda(folio) == 1


async def test_what_was_booked_by_an_act_taken_back_leaves_the_agenda(
    world: World, ana: Phone, rosa: Phone, diego: Phone
) -> None:
    folio = await ana_files(ana)
    await rosa.hears(folio, "¿Cumple con los requisitos?")
    await rosa.says("sí cumple")
    await diego.hears(folio, "Actividad 7 de 8")
    booked = await world.agenda(folio)
    await rosa.says("deshacer")
    await diego.hears("↩ Rosa Ibarra deshizo")
    assert (booked, await world.agenda(folio)) == (1, 0)


async def test_after_a_minute_the_button_is_gone_and_pressing_it_does_nothing(
    world: World, ana: Phone, rosa: Phone
) -> None:
    folio = await ana_files(ana)
    await rosa.hears(folio, "¿Cumple con los requisitos?")
    await rosa.presses("Sí cumple")
    decided = await rosa.hears(folio, "✓ Sí cumple", buttons=["Ver solicitud", UNDO])
    await world.later(seconds=61)
    await rosa.hears(folio, "✓ Sí cumple", buttons=["Ver solicitud"])
    await rosa.presses(UNDO, on=decided)
    await rosa.sees("solo se puede durante un minuto")
    assert await world.walked(folio) == ["1", "2", "5", "6"]


async def test_a_clock_that_is_set_back_makes_the_minute_no_longer(world: World, ana: Phone, rosa: Phone) -> None:
    folio = await ana_files(ana)
    await rosa.hears(folio, "¿Cumple con los requisitos?")
    await rosa.presses("Sí cumple")
    decided = await rosa.hears(folio, "✓ Sí cumple", buttons=["Ver solicitud", UNDO])
    await world.at("2026-11-18T09:00")
    await rosa.hears(folio, "✓ Sí cumple", buttons=["Ver solicitud"])
    await rosa.presses(UNDO, on=decided)
    await rosa.sees("solo se puede durante un minuto")
    await rosa.says("deshacer")
    await rosa.hears("solo se puede durante un minuto")
    assert await world.walked(folio) == ["1", "2", "5", "6"]


async def test_the_minute_ends_without_touching_what_the_message_has_become(
    world: World, ana: Phone, rosa: Phone, mariana: Phone
) -> None:
    folio = await ana_files(ana)
    await rosa.hears(folio, "¿Cumple con los requisitos?")
    await rosa.presses("Sí cumple")
    await rosa.hears(folio, "✓ Sí cumple")
    await rosa.presses("Ver solicitud")
    seen = await rosa.hears(folio, "Nombre del evento", "Ahora: actividad 7")
    await world.later(seconds=61)
    await mariana.says("/menu")
    await mariana.hears("¿Qué necesitas?")
    assert rosa.shown(seen.id).text == seen.text


async def test_what_somebody_has_gone_on_from_cannot_be_taken_back(
    world: World, ana: Phone, rosa: Phone, diego: Phone
) -> None:
    folio = await ana_files(ana)
    await rosa.hears(folio, "¿Cumple con los requisitos?")
    await rosa.presses("Sí cumple")
    decided = await rosa.hears(folio, "✓ Sí cumple", buttons=["Ver solicitud", UNDO])
    await diego.hears(folio, "Actividad 7 de 8")
    await diego.presses("Cobertura realizada")
    await diego.hears("Todavía no")
    await diego.confirms()
    await diego.hears(folio, "Actividad 8 de 8")
    await rosa.presses(UNDO, on=decided)
    await rosa.sees(folio, "ya tuvo otro movimiento")
    assert "8" in {turn.activity for turn in (await world.record(folio))[0].turns}


async def test_nobody_takes_back_what_somebody_else_did(world: World, ana: Phone, rosa: Phone, mariana: Phone) -> None:
    folio = await ana_files(ana)
    await rosa.hears(folio, "¿Cumple con los requisitos?")
    theirs = await mariana.hears(folio, "¿Cumple con los requisitos?")
    await rosa.presses("Sí cumple")
    decided = await rosa.hears(folio, "✓ Sí cumple", buttons=["Ver solicitud", UNDO])
    await mariana.hears(folio, "✓ Sí cumple")
    await mariana.presses("Ver solicitud", on=theirs, data=decided.data[UNDO])
    await mariana.sees("No hay nada que deshacer")
    assert await world.walked(folio) == ["1", "2", "5", "6"]


async def test_of_two_presses_on_undo_one_counts(world: World, ana: Phone, rosa: Phone) -> None:
    folio = await ana_files(ana)
    await rosa.hears(folio, "¿Cumple con los requisitos?")
    await rosa.presses("Sí cumple")
    decided = await rosa.hears(folio, "✓ Sí cumple", buttons=["Ver solicitud", UNDO])
    await together(rosa.presses(UNDO, on=decided), rosa.presses(UNDO, on=decided))
    await rosa.sees("No hay nada que deshacer")
    _, events = await world.record(folio)
    assert [one.kind for one in events].count("undone") == 1


async def test_a_return_written_word_by_word_is_taken_back_with_its_comment(
    world: World, ana: Phone, rosa: Phone
) -> None:
    folio = await ana_files(ana)
    await rosa.hears(folio, "¿Cumple con los requisitos?")
    await rosa.says("no cumple")
    await rosa.hears("¿Qué requisitos no se cumplen?")
    await rosa.presses("Fecha y hora")
    await rosa.hears("Marcado")
    await rosa.presses("Listo")
    await rosa.hears("¿Qué debe corregir el área?")
    await rosa.says("Falta la calle")
    await rosa.hears(folio, "✓ No cumple", buttons=["Ver solicitud", "Bandeja", UNDO])
    await ana.hears(folio, "Actividad 4 de 8")
    await rosa.says("deshacer")
    card = await rosa.hears(folio, "¿Cumple con los requisitos?")
    assert "Falta la calle" not in card.text
    await ana.hears(folio, "↩ Rosa Ibarra deshizo")
    request, _ = await world.record(folio)
    assert (request.returned, request.turns[0].activity) == (None, "2")
