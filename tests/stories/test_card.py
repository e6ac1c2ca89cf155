"""The card: all that a decision needs, in one glance; and all there is to read, one tap away."""

import re

from tests.stories import test_cobertura, test_material_grafico
from tests.stories.quickly import coverages, filed
from tests.story import Phone, World


async def test_the_card_says_the_notice_the_clash_and_who_asked_before(
    world: World, ana: Phone, raul: Phone, rosa: Phone, diego: Phone
) -> None:
    first = await test_cobertura.ana_files(ana)
    card = await rosa.hears(first, "Anticipación: 9 días; el manual pide 72 h (1.7")
    assert "este mes" not in card.text
    await rosa.presses("Sí cumple")
    await diego.hears(first, "Actividad 7")
    second = await test_cobertura.ana_files(ana, when="viernes 27 de noviembre 6 pm")
    card = await rosa.hears(second, "Segunda solicitud de esta área este mes.", "A esa hora también: " + first)
    assert f"La última igual: {first}, Inauguración de la Casa de Cultura (en curso)." in card.text
    assert card.labels[:2] == ["Sí cumple", "No cumple"]
    await world.at("2026-12-01T10:00")
    third = await test_cobertura.ana_files(ana, when="viernes 11 de diciembre 5 pm")
    card = await rosa.hears(third, f"La última igual: {second}")
    assert "este mes" not in card.text
    theirs = await test_cobertura.ana_files(raul, when="viernes 11 de diciembre 8 pm")
    card = await rosa.hears(theirs, "ODAPAS Chalco")
    assert "La última igual" not in card.text


async def test_earlier_rounds_say_who_returned_it_and_what_was_missing(world: World, ana: Phone, rosa: Phone) -> None:
    folio = await test_cobertura.ana_files(ana)
    for ticks, comment in (("2, 3, listo", "La hora no coincide"), ("3, listo", "Falta la calle")):
        card = await rosa.hears(folio, "Solicita:", "¿Cumple")
        await rosa.presses("No cumple", on=card)
        await rosa.hears("¿Qué requisitos no se cumplen?")
        await rosa.says(ticks)
        await rosa.hears("¿Qué debe corregir")
        await rosa.says(comment)
        card = await ana.hears(folio, "Rosa Ibarra la devolvió", f"«{comment}»")
        assert ("Ya regresó" in card.text) is (comment == "Falta la calle")
        await ana.presses("Corregir", on=card)
        for _ in ticks.split(",")[:-1]:
            await ana.hears("Paso")
            await ana.says("dejar igual")
        await ana.hears("Revisa antes de enviar")
        await ana.says("enviar")
    card = await rosa.hears(folio, "Ya regresó 2 veces; lo último:", "¿Cumple")
    assert "No cumple · Rosa Ibarra: Fecha y hora, Lugar y dirección «La hora no coincide»" in card.text
    assert "No cumple · Rosa Ibarra: Lugar y dirección «Falta la calle»" in card.text
    request, _ = await world.record(folio)
    assert [one.requisitos for one in request.returns] == [("fecha", "lugar"), ("lugar",)]


async def test_a_return_that_was_taken_back_is_no_round(ana: Phone, rosa: Phone) -> None:
    folio = await test_cobertura.ana_files(ana)
    card = await rosa.hears(folio, "Solicita:", "¿Cumple")
    await rosa.presses("No cumple", on=card)
    await rosa.hears("¿Qué requisitos no se cumplen?")
    await rosa.says("1, listo")
    await rosa.hears("¿Qué debe corregir")
    await rosa.says("omitir")
    over = await rosa.hears(folio, "✓ No cumple", buttons=["Ver solicitud", "Bandeja", "Deshacer"])
    await rosa.presses("Deshacer", on=over)
    card = await rosa.hears(folio, "Solicita:", "¿Cumple")
    assert "Ya regresó" not in card.text


async def test_the_rounds_of_a_proposal_are_on_the_card(ana: Phone, rosa: Phone, diego: Phone) -> None:
    folio = await test_material_grafico.ana_files(ana, mode="digital", between=test_material_grafico.DIGITAL)
    await rosa.hears(folio)
    await rosa.says("si cumple")
    for said in ("El logotipo es el viejo", "Falta la fecha"):
        await diego.hears(folio, "Actividad 7")
        await diego.says("enviar propuesta")
        await diego.hears("Manda la propuesta")
        await diego.sends(b"%PDF-1.7", "propuesta.pdf")
        await diego.hears("Recibí 1 archivo")
        await diego.says("listo")
        await ana.hears(folio, "¿Das el Vo.Bo.")
        await ana.says("pedir cambios")
        await ana.hears("¿Qué hay que cambiar?")
        await ana.says(said)
        await rosa.hears(folio, "Actividad 5", said)
        await rosa.says("turnar")
    card = await diego.hears(folio, "Ya regresó 2 veces", "«El logotipo es el viejo»", "«Falta la fecha»")
    assert "Pedir cambios · Ana Robles" in card.text


async def test_files_are_brought_when_they_are_asked_for(ana: Phone, rosa: Phone, diego: Phone) -> None:
    folio = await test_material_grafico.ana_files(ana, mode="digital", between=test_material_grafico.DIGITAL)
    card = await rosa.hears(folio, "Solicita:", "¿Cumple")
    assert not any(one.startswith("Ver archivos") for one in card.labels)
    await rosa.presses("Sí cumple", on=card)
    await diego.hears(folio, "Actividad 7")
    await diego.presses("Enviar propuesta")
    await diego.hears("Manda la propuesta")
    await diego.sends(b"%PDF-1.7", "propuesta.pdf")
    await diego.hears("Recibí 1 archivo")
    await diego.says("listo")
    await ana.hears(folio, "Ronda 1", "propuesta.pdf")
    card = await ana.hears(folio, "¿Das el Vo.Bo.", "propuesta.pdf")
    await ana.presses("Ver archivos (1)", on=card)
    brought = await ana.hears(folio, "propuesta.pdf", absent=["Ronda", "¿Das"])
    assert brought.file is not None
    assert brought.silent


async def long_one(world: World, ana: Phone, words: int = 60) -> str:
    """A request with a good deal to read."""
    said = " ".join(f"palabra{place}" for place in range(words))
    law_answers = {
        "evento": f"Encuentro de danza {said}",
        "fecha": "2026-12-11T17:00-06:00",
        "lugar": {"text": f"Plaza Cívica {said}"},
        "formato": "foto",
    }
    [folio] = await filed(world, ana, [law_answers], wanted=["2026-12-11T17:00"])
    return folio


async def test_a_long_card_shows_what_decides_and_unfolds_in_place(world: World, ana: Phone, rosa: Phone) -> None:
    folio = await long_one(world, ana)
    await rosa.says(f"/ver {folio}")
    card = await rosa.hears(
        folio, "Solicita:", "¿Cumple con los requisitos?", "Fecha y hora: viernes 11 de diciembre de 2026"
    )
    assert card.labels[:2] == ["Sí cumple", "No cumple"]
    assert "Ver todo" in card.labels
    assert len(card.text) < 700
    assert "palabra59" not in card.text
    assert "…" in card.text
    await rosa.presses("Ver todo", on=card)
    whole = await rosa.hears(folio, "palabra59", "¿Cumple con los requisitos?")
    assert whole.id == card.id
    assert whole.labels[:2] == ["Sí cumple", "No cumple"]
    assert "Ver más" not in whole.labels
    await rosa.says("ver menos")
    await rosa.hears(folio, "Solicita:", "¿Cumple", absent=["palabra59"])
    await rosa.says("ver todo")
    await rosa.hears(folio, "palabra59")
    await rosa.says("sí cumple")
    await rosa.hears(folio, "✓ Sí cumple")


async def test_what_fits_no_message_is_read_in_parts(world: World, ana: Phone, rosa: Phone) -> None:
    folio = await long_one(world, ana, words=400)
    await rosa.says(f"/ver {folio}")
    card = await rosa.hears(folio, "Solicita:", "¿Cumple con los requisitos?")
    await rosa.presses("Ver todo", on=card)
    read = ""
    for part in (1, 2, 3, 4):
        shown = await rosa.hears(folio, f"Parte {part} de 4.", "¿Cumple con los requisitos?")
        read += shown.text
        assert shown.labels[:2] == ["Sí cumple", "No cumple"]
        if part < 4:
            await rosa.presses("Ver más", on=shown)
    assert "Ver más" not in shown.labels
    for place in (0, 199, 399):
        assert len(re.findall(rf"palabra{place}\b", read)) == 2


async def test_a_short_card_has_nothing_to_unfold(world: World, ana: Phone, rosa: Phone) -> None:
    [folio] = await coverages(world, ana, 1)
    await rosa.says(f"/ver {folio}")
    card = await rosa.hears(folio, "Solicita:", "¿Cumple con los requisitos?")
    assert "Ver todo" not in card.labels
    await rosa.presses("Ver solicitud", on=card, data=card.data["Ver solicitud"].replace("v:", "k:") + ":1:w9")
    await rosa.hears(folio, "Solicita:", "¿Cumple con los requisitos?", "Desfile 1")


async def test_the_walk_goes_on_from_an_unfolded_card(world: World, ana: Phone, rosa: Phone) -> None:
    folio = await long_one(world, ana)
    await coverages(world, ana, 2)
    await rosa.says("bandeja")
    await rosa.hears("Bandeja · 3 pendientes", folio)
    await rosa.presses(folio)
    card = await rosa.hears(folio, "Solicita:", "¿Cumple", "Solicita:")
    assert any(one.endswith(" de 3") for one in card.labels)
    await rosa.presses("Ver todo", on=card)
    whole = await rosa.hears(folio, "palabra59")
    assert any(one.endswith(" de 3") for one in whole.labels)
