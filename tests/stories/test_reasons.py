"""A reason is one tap: the usual ones are offered wherever one is asked, and any other can be written."""

from bot import shelf
from bot.flows.intake import Form
from bot.flows.words import fold
from tests.stories import test_cobertura, test_soporte
from tests.story import Phone, World


async def test_a_usual_comment_goes_back_with_one_tap(ana: Phone, rosa: Phone) -> None:
    folio = await test_cobertura.ana_files(ana)
    await rosa.hears(folio, "¿Cumple")
    await rosa.presses("No cumple")
    await rosa.hears("¿Qué requisitos no se cumplen?")
    await rosa.says("lugar y dirección, listo")
    asked = await rosa.hears("¿Qué debe corregir el área?", "1. Completa lo marcado", "2. No se lee bien")
    assert asked.labels[:2] == ["Completa lo marcado", "No se lee bien"]
    await rosa.presses("No se lee bien")
    await rosa.hears(folio, "✓ No cumple · Rosa Ibarra", "«No se lee bien»")
    await ana.hears(folio, "Rosa Ibarra la devolvió", "«No se lee bien»")


async def test_a_reason_can_be_its_number_or_anything_else(ana: Phone, world: World) -> None:
    first = await test_cobertura.ana_files(ana)
    await ana.says(f"/ver {first}")
    await ana.hears(first, "Dirección de Cultura")
    await ana.presses("Retirar")
    await ana.hears("¿Por qué la retiras?", "2. Se pidió dos veces")
    await ana.says("2")
    await ana.hears("nadie más la atenderá")
    await ana.says("retirar")
    await ana.hears(first, "Solicitud retirada")
    _, events = await world.record(first)
    assert events[-1].note == "Se pidió dos veces"

    second = await test_cobertura.ana_files(ana)
    await ana.says(f"/ver {second}")
    await ana.hears(second, "Dirección de Cultura")
    await ana.presses("Retirar")
    await ana.hears("¿Por qué la retiras?")
    await ana.says("3 de los invitados no vienen")
    await ana.hears("nadie más la atenderá")
    await ana.says("retirar")
    await ana.hears(second, "Solicitud retirada")
    _, events = await world.record(second)
    assert events[-1].note == "3 de los invitados no vienen"


async def test_what_somebody_wrote_before_for_the_same_comes_first(ana: Phone, rosa: Phone, mariana: Phone) -> None:
    async def returned(by: Phone, *said: str) -> list[str]:
        folio = await test_cobertura.ana_files(ana)
        await by.hears(folio, "¿Cumple")
        await by.presses("No cumple")
        await by.hears("¿Qué requisitos no se cumplen?")
        await by.says("1, listo")
        asked = await by.hears("¿Qué debe corregir el área?")
        for one in said:
            await by.says(one)
        await by.hears(folio, "✓ No cumple")
        return asked.labels

    assert (await returned(rosa, "Falta el croquis"))[0] == "Completa lo marcado"
    await returned(rosa, "x" * 61)
    await returned(rosa, "2")
    labels = await returned(rosa, "1")
    assert labels[:2] == ["Falta el croquis", "Completa lo marcado"]
    assert labels.count("Completa lo marcado") == 1
    assert (await returned(mariana, "omitir"))[0] == "Completa lo marcado"


async def test_an_option_has_reasons_of_its_own(
    ana: Phone, rosa: Phone, gabriela: Phone, tono: Phone, world: World
) -> None:
    folio = await test_soporte.ana_files(ana)
    await rosa.hears(folio)
    await rosa.presses("Turnar")
    await gabriela.hears(folio, "¿Cumple")
    await gabriela.presses("No procede")
    await gabriela.hears("¿Cuál es el motivo?", "1. Falta información")
    await gabriela.says("cancelar")
    await gabriela.hears(folio, "¿Cumple")
    await gabriela.presses("Sí cumple")
    await tono.hears(folio, "Actividad 6")
    await tono.presses("Voy en camino")
    await tono.hears(folio, "Actividad 7")
    await tono.presses("Se lleva a taller")
    asked = await tono.hears("¿Cuál es el motivo?", "1. Falta una refacción", absent=["Falta información"])
    await tono.presses("Falta una refacción", on=asked)
    await tono.hears(folio, "«Falta una refacción»")
    _, events = await world.record(folio)
    assert next(one.note for one in reversed(events) if one.option == "taller") == "Falta una refacción"


def test_every_way_back_or_out_offers_a_few_reasons() -> None:
    house = shelf.house()
    forms = [Form(house.withdraw), Form(house.back), Form(house.aviso)]
    for manual in shelf.catalogue(shelf.MANUALS).manuals.values():
        for law in manual.procedures:
            options = [one for activity in law.activities for one in activity.options if one.asks == "reason"]
            forms.extend(Form(house.reasons(one)) for one in options)
    for form in forms:
        usual = form.fields[-1].usual
        assert 3 <= len(usual) <= 4, form
        assert not any(house.words.read(text, tuple(house.words.words)) for text in usual), usual
        assert len({fold(text) for text in usual}) == len(usual)
