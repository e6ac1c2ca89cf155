"""How it was: one tap at the end, a comment if it was not good, and never twice."""

from tests.stories.test_cobertura import ana_files
from tests.story import Phone, World, together

SCORES = ["Muy bien", "Bien", "Regular", "Mal"]


async def attended(world: World, ana: Phone, rosa: Phone, diego: Phone) -> str:
    """A coverage from Ana's message to its end."""
    folio = await ana_files(ana)
    await rosa.hears(folio, "¿Cumple con los requisitos?")
    await rosa.presses("Sí cumple")
    await diego.hears(folio, "Actividad 7 de 8")
    await world.at("2026-11-27T19:30")
    await diego.presses("Cobertura realizada")
    await diego.hears(folio, "Actividad 8 de 8")
    await diego.presses("Concluir cobertura")
    await diego.hears("Evidencia")
    await diego.sends(b"\x89PNG imagen", "evidencia.png")
    await diego.hears("Recibí 1 archivo")
    await diego.says("listo")
    await diego.hears("Boletín informativo")
    await diego.says("omitir")
    return folio


async def test_a_good_answer_is_one_tap_and_takes_the_question_away(
    world: World, ana: Phone, rosa: Phone, diego: Phone
) -> None:
    folio = await attended(world, ana, rosa, diego)
    closing = await ana.hears(folio, "Concluida", "¿Cómo te atendieron?")
    assert closing.labels == [*SCORES, "Ver solicitud"]
    await together(ana.presses("Bien", on=closing), ana.presses("Mal", on=closing))
    answered = await ana.hears(folio, "¿Cómo te atendieron? ", buttons=["Ver solicitud"])
    assert ("Bien" in answered.text) is not ("Mal" in answered.text)
    await ana.sees("Ya nos habías dicho")
    await rosa.says(f"/ver {folio}")
    await rosa.hears(folio, "Le pareció:")


async def test_a_low_answer_asks_what_could_be_better(world: World, ana: Phone, rosa: Phone, diego: Phone) -> None:
    folio = await attended(world, ana, rosa, diego)
    await ana.hears(folio, "¿Cómo te atendieron?")
    await ana.presses("Regular")
    await ana.sees("Gracias por tu opinión")
    await ana.hears("¿Qué podemos mejorar?")
    await ana.says("Llegaron tarde")
    await ana.hears("Tu opinión queda con la solicitud")
    await rosa.says(f"/ver {folio}")
    await rosa.hears(folio, "Le pareció: Regular · «Llegaron tarde»")


async def test_the_answer_can_be_typed_and_what_to_mend_left_out(
    world: World, ana: Phone, rosa: Phone, diego: Phone
) -> None:
    folio = await attended(world, ana, rosa, diego)
    await ana.hears(folio, "¿Cómo te atendieron?")
    await ana.says("más o menos")
    await ana.hears("¿Qué podemos mejorar?")
    await ana.says("omitir")
    await ana.hears("Tu opinión queda con la solicitud")
    await ana.says("bien")
    await ana.hears("No entendí tu mensaje")
    async with world.database.transaction() as work:
        request = await work.requests.by_folio(world.manual, folio)
        assert request is not None
        rating = await work.ratings.get(request.id)
    assert rating is not None
    assert (rating.score, rating.comment) == (2, None)


async def test_nobody_answers_for_somebody_else(world: World, ana: Phone, rosa: Phone, diego: Phone) -> None:
    folio = await attended(world, ana, rosa, diego)
    closing = await ana.hears(folio, "¿Cómo te atendieron?")
    await rosa.says(f"/ver {folio}")
    await rosa.hears(folio, "Concluida")
    await rosa.presses("Ver historial", data=closing.data["Mal"])
    await rosa.sees("no existe, o no está entre lo que puedes ver")
    await rosa.presses("Ver historial", data=closing.data["Mal"].rpartition(":")[0] + ":9")
    await rosa.says(f"/ver {folio}")
    seen = await rosa.hears(folio, "Concluida")
    assert "Le pareció" not in seen.text


async def test_what_is_withdrawn_is_not_asked_about(ana: Phone, rosa: Phone) -> None:
    folio = await ana_files(ana)
    await rosa.hears(folio)
    await ana.presses("Retirar")
    await ana.hears("¿Por qué la retiras?")
    await ana.says("omitir")
    await ana.confirms()
    await ana.hears(folio, "Solicitud retirada")
    assert not [one for one in ana.unread() if "¿Cómo te atendieron?" in one]
