"""Where features meet: what one makes of a message, another must still understand."""

import pytest

from bot import shelf
from bot.desk import acting
from tests.stories.test_cobertura import ana_files
from tests.stories.test_groups import linked
from tests.stories.test_rating import attended
from tests.story import Phone, World

UNDO = "Deshacer"


async def test_who_was_about_to_act_on_what_is_taken_back_hears_so(ana: Phone, rosa: Phone, diego: Phone) -> None:
    folio = await ana_files(ana)
    await rosa.hears(folio, "¿Cumple con los requisitos?")
    await rosa.presses("Sí cumple")
    await rosa.hears(folio, "✓ Sí cumple")
    card = await diego.hears(folio, "Actividad 7 de 8")
    await diego.presses("Cobertura realizada")
    await diego.hears("Todavía no")
    await rosa.presses(UNDO)
    await diego.hears(folio, "↩ Rosa Ibarra deshizo")
    await diego.confirms()
    told = await diego.hears(folio, "Rosa Ibarra deshizo el paso anterior")
    assert "✓" not in told.text
    await diego.presses("x", on=card, data=card.data["Cobertura realizada"])
    popup = await diego.sees(folio, "Rosa Ibarra deshizo el paso anterior")
    assert "ya eligió" not in popup


async def test_who_was_returning_what_is_withdrawn_hears_so(ana: Phone, rosa: Phone) -> None:
    folio = await ana_files(ana)
    card = await rosa.hears(folio, "¿Cumple con los requisitos?")
    await rosa.presses("No cumple")
    await rosa.hears("¿Qué requisitos no se cumplen?")
    await ana.presses("Retirar")
    await ana.hears("¿Por qué")
    await ana.says("Se canceló el evento")
    await ana.hears("Todavía no")
    await ana.confirms()
    await rosa.hears(folio, "⏹ Ana Robles la retiró")
    await rosa.says("1 listo")
    told = await rosa.hears(folio, "⏹ Ana Robles la retiró", "Concluida")
    assert "None" not in told.text
    await rosa.presses("x", on=card, data=card.data["Sí cumple"])
    await rosa.sees(f"{folio}: Ana Robles la retiró el")


async def test_who_was_returning_what_another_decides_hears_so(ana: Phone, rosa: Phone, mariana: Phone) -> None:
    folio = await ana_files(ana)
    await rosa.hears(folio, "¿Cumple con los requisitos?")
    await mariana.hears(folio, "¿Cumple con los requisitos?")
    await rosa.presses("No cumple")
    await rosa.hears("¿Qué requisitos no se cumplen?")
    await mariana.presses("Sí cumple")
    await rosa.hears(folio, "✓ Sí cumple · Mariana Paz")
    await rosa.says("1 listo")
    await rosa.hears(folio, "✓ Sí cumple · Mariana Paz", "Ahora: actividad 7")
    await rosa.says("Falta la hora")
    await rosa.hears("No entendí tu mensaje")
    assert rosa.heard("¿De verdad ya está hecho?") == 0


async def test_a_label_in_answer_to_a_card_is_its_button(world: World, ana: Phone, rosa: Phone, diego: Phone) -> None:
    first = await ana_files(ana)
    one = await rosa.hears(first, "¿Cumple con los requisitos?")
    second = await ana_files(ana)
    await rosa.hears(second, "¿Cumple con los requisitos?")
    await rosa.says("si cumple", reply_to=one.id)
    await diego.hears(first, "Actividad 7 de 8")
    assert await world.walked(second) == ["1"]


async def test_an_opinion_in_answer_to_the_question_is_one(world: World, ana: Phone, rosa: Phone, diego: Phone) -> None:
    folio = await attended(world, ana, rosa, diego)
    closing = await ana.hears(folio, "¿Cómo te atendieron?")
    await ana.says("muy bien", reply_to=closing.id)
    await ana.hears(folio, "¿Cómo te atendieron? ", "Muy bien", buttons=["Ver solicitud"])
    await rosa.says(f"/ver {folio}")
    await rosa.hears(folio, "Le pareció: Muy bien")


@pytest.mark.parametrize("typed", ["sí cumple", "1"])
async def test_what_is_typed_after_another_card_has_come_is_asked_about(
    world: World, ana: Phone, rosa: Phone, typed: str
) -> None:
    first = await ana_files(ana)
    await rosa.hears(first, "¿Cumple con los requisitos?")
    await rosa.says("bandeja")
    await rosa.hears("Bandeja", first)
    await rosa.says("1")
    await rosa.hears(first, "¿Cumple con los requisitos?")
    second = await ana_files(ana)
    await rosa.hears(second, "¿Cumple con los requisitos?")
    await rosa.says(typed)
    await rosa.hears(f"donde cabe «{typed}»", f"1. {first}", f"2. {second}", buttons=[first, second, "Menú"])
    await rosa.says("2")
    await rosa.hears(second, "✓ Sí cumple", buttons=["Ver solicitud", "Bandeja", UNDO])
    assert await world.walked(first) == ["1"]
    assert await world.walked(second) == ["1", "2", "5", "6"]


async def test_a_comment_does_not_keep_from_taking_back(world: World, ana: Phone, rosa: Phone, diego: Phone) -> None:
    folio = await ana_files(ana)
    await rosa.hears(folio, "¿Cumple con los requisitos?")
    await rosa.presses("Sí cumple")
    decided = await rosa.hears(folio, "✓ Sí cumple")
    card = await diego.hears(folio, "Actividad 7 de 8")
    await diego.presses("Preguntar", on=card)
    await diego.hears("¿Qué")
    await diego.says("¿Hay estacionamiento?")
    asked = await ana.hears("¿Hay estacionamiento?")
    await ana.says("Sí hay, gracias", reply_to=asked.id)
    await diego.hears("Sí hay, gracias")
    await rosa.presses(UNDO, on=decided)
    await rosa.hears(folio, "¿Cumple con los requisitos?")
    request, events = await world.record(folio)
    assert [one.answer for one in request.questions] == ["Sí hay, gracias"]
    assert events[-1].kind == "undone"


async def test_what_is_typed_far_from_its_card_is_answered_below(ana: Phone, rosa: Phone) -> None:
    folio = await ana_files(ana)
    card = await rosa.hears(folio, "¿Cumple con los requisitos?")
    await rosa.says("ayuda")
    helped = await rosa.hears("¿Prefieres hablar con alguien?")
    await rosa.says("sí cumple")
    told = await rosa.hears(folio, "✓ Sí cumple", buttons=["Ver solicitud", "Bandeja", UNDO])
    assert told.id > helped.id
    assert rosa.shown(card.id).labels == ["Ver solicitud"]


async def test_a_label_in_answer_to_a_card_of_a_group_is_its_button(
    world: World, ana: Phone, rosa: Phone, mariana: Phone, diego: Phone
) -> None:
    group = await linked(world, rosa, mariana, ana)
    folio = await ana_files(ana)
    card = await mariana.into(group).hears(folio, "¿Cumple con los requisitos?")
    await ana.into(group).says("Sí cumple", reply_to=card.id)
    await rosa.hears("Sí cumple", "Ana Robles")  # who may not decide it has only said so
    await mariana.into(group).says("sí cumple", reply_to=card.id)
    await mariana.into(group).hears(folio, "✓ Sí cumple · Mariana Paz", buttons=[])
    await diego.hears(folio, "Actividad 7 de 8")


def test_what_begins_something_beside_its_turn_is_not_taken_back() -> None:
    """It ends no turn, so there is none to open again."""
    [law] = shelf.catalogue(shelf.MANUALS).manuals["leon"].procedures
    activity = next(one for one in law.activities if any(option.spawns for option in one.options))
    undone = {one.id: acting.can_be_undone(activity, one, {}, ()) for one in activity.options}
    assert undone == {"terminar": True, "comentario": False, "error": True}
