"""Searching: by folio, by what it says, by area and by date; and never what is not theirs to see."""

from tests.stories import test_cobertura, test_soporte
from tests.stories.quickly import coverages, filed
from tests.story import Phone, World

EVENTS = ("Feria del libro", "Desfile del aniversario", "Informe de gobierno")


async def three(world: World, by: Phone) -> list[str]:
    """Three events of an area, in December, January and February."""
    days = ("2026-12-11", "2027-01-15", "2027-02-19")
    what = [
        {"evento": event, "fecha": f"{day}T17:00-06:00", "lugar": {"text": "Plaza Cívica"}, "formato": "foto"}
        for event, day in zip(EVENTS, days, strict=True)
    ]
    return await filed(world, by, what, wanted=[f"{day}T17:00" for day in days])


async def test_what_was_asked_for_is_found_by_its_words_its_area_and_its_month(
    world: World, ana: Phone, raul: Phone, rosa: Phone
) -> None:
    cultura = await three(world, ana)
    odapas = await three(world, raul)
    await rosa.says("buscar plaza cultura diciembre")
    shown = await rosa.hears(
        "Resultados de «plaza cultura diciembre»", f"1. {cultura[0]} · Dirección de Cultura", "Feria del libro"
    )
    assert shown.labels == [cultura[0], "Buscar", "Menú"]
    await rosa.says("/buscar odapas desf")
    await rosa.hears("Resultados", f"1. {odapas[1]} · ODAPAS Chalco", "Desfile del aniversario", absent=[cultura[1]])
    await rosa.says("buscar 15 de enero")
    await rosa.hears("1. " + odapas[1], "2. " + cultura[1], "Para el viernes 15 de enero de 2027, 17:00 h")
    await rosa.says("2")
    seen = await rosa.hears(cultura[1], "Dirección de Cultura · enviada el")
    await rosa.presses("Resultados", on=seen)
    await rosa.hears("Resultados de «15 de enero»", "1. " + odapas[1], "2. " + cultura[1])
    await rosa.says("buscar hoy")
    await rosa.hears("1. " + odapas[2], "6. " + cultura[0])


async def test_a_folio_is_found_by_all_of_it_or_by_its_number(world: World, ana: Phone, rosa: Phone) -> None:
    folios = await coverages(world, ana, 12)
    for said in ("12", "0012", "P01 12", "p01 0012"):
        await rosa.says(f"buscar {said}")
        shown = await rosa.hears(f"Resultados de «{said}»", f"1. {folios[11]}")
        assert shown.labels[1] == "Buscar"
    await rosa.says(f"buscar {folios[2].lower()}")
    await rosa.hears(folios[2], "¿Cumple con los requisitos?")  # it is her turn: the card itself
    await rosa.says("buscar CHA-P01-2026-9999")
    await rosa.hears("No encontré la solicitud")


async def test_the_button_asks_and_what_is_written_next_is_looked_for(world: World, ana: Phone, rosa: Phone) -> None:
    folios = await three(world, ana)
    await rosa.says("menú")
    await rosa.hears("¿Qué necesitas?")
    await rosa.presses("Buscar")
    await rosa.hears("¿Qué buscas?", buttons=["Menú"])
    await rosa.says("bandeja")  # a word of ours is looked for like any other
    await rosa.hears("Resultados de «bandeja»", "No encontré nada")
    await rosa.presses("Buscar")
    await rosa.hears("¿Qué buscas?")
    await rosa.says("2")
    await rosa.hears("Resultados de «2»", "1. " + folios[1])
    await rosa.says("buscar")
    await rosa.hears("¿Qué buscas?")
    await rosa.sends(b"%PDF", "algo.pdf")
    await rosa.hears("algo.pdf")
    await rosa.says("informe")
    await rosa.hears("1. " + folios[2])


async def test_a_search_is_left_by_its_button_a_word_or_a_command(world: World, ana: Phone) -> None:
    await three(world, ana)
    for way in ("menú", "cancelar", "/cancelar", "/bandeja"):
        await ana.says("/buscar")
        await ana.hears("¿Qué buscas?")
        await ana.says(way)
        await ana.hears("Bandeja" if way == "/bandeja" else "¿Qué necesitas?")
    await ana.says("buscar")
    asked = await ana.hears("¿Qué buscas?")
    await ana.presses("Menú", on=asked)
    await ana.hears("¿Qué necesitas?")
    await ana.says("borradores")
    await ana.hears("No tienes borradores")


async def test_results_are_turned_page_by_page(world: World, ana: Phone, rosa: Phone) -> None:
    folios = await coverages(world, ana, 14)
    await rosa.says("buscar desfile")
    first = await rosa.hears("Resultados", "1. " + folios[13], "6. " + folios[8], "Hay más")
    assert first.labels[6:] == ["Siguiente ›", "Buscar", "Menú"]
    await coverages(world, ana, 1)
    await rosa.presses("Siguiente ›", on=first)
    second = await rosa.hears("1. " + folios[7], "6. " + folios[2])
    assert second.labels[6:8] == ["‹ Anterior", "Siguiente ›"]
    await rosa.says("siguiente")
    third = await rosa.hears("1. " + folios[1], "2. " + folios[0])
    assert third.labels[2:] == ["‹ Anterior", "Buscar", "Menú"]
    await rosa.presses("‹ Anterior", on=third)
    await rosa.hears("1. " + folios[7], "6. " + folios[2])


async def test_nobody_finds_what_they_may_not_see(
    world: World, ana: Phone, raul: Phone, rosa: Phone, gabriela: Phone, tono: Phone, elena: Phone, lucia: Phone
) -> None:
    theirs = await three(world, raul)
    await three(world, ana)
    for said in ("feria", "plaza", "odapas", "diciembre", "hoy", "raul", '" OR 1', "feria OR odapas", "xr02 feria"):
        await ana.says(f"buscar {said}")
        await ana.hears("Resultados de", absent=theirs)
        await tono.says(f"buscar {said}")
        await tono.hears("No encontré nada")
    await ana.says(f"buscar {theirs[0]}")
    await ana.hears("No encontré la solicitud")
    await lucia.says("menú")
    menu = await lucia.hears("¿Qué necesitas?")
    assert "Buscar" not in menu.labels
    await lucia.says("buscar feria")
    await lucia.hears("No encontré nada")
    await lucia.presses("Menú", data="b:1:n:1")
    await lucia.sees("ya se envió o se descartó")

    folio = await test_soporte.ana_files(ana)
    await rosa.hears(folio)
    await rosa.says("turnar")
    await gabriela.hears(folio)
    await gabriela.says("sí cumple")
    await tono.hears(folio)
    await tono.says("buscar cultura")
    await tono.hears("Resultados", "1. " + folio)
    await elena.says("buscar cultura")
    await elena.hears("No encontré nada")


async def test_somebody_elses_search_is_not_ours(world: World, ana: Phone, raul: Phone) -> None:
    await three(world, ana)
    await ana.says("buscar plaza")
    await ana.hears("Resultados de «plaza»")
    async with world.database.transaction() as work:
        me = await work.people.at("chalco", "telegram", "1101", now=await world.now())
        assert me is not None
        [kept] = await work.drafts.of(me.person.id)
    await raul.says("menú")
    menu = await raul.hears("¿Qué necesitas?")
    await raul.presses("Menú", on=menu, data=f"b:{kept.id}:n:9")
    await raul.sees("ya se envió o se descartó")


async def test_what_was_corrected_is_found_by_what_it_says_now(ana: Phone, rosa: Phone) -> None:
    folio = await test_cobertura.ana_files(ana)
    await rosa.hears(folio)
    await rosa.says("no cumple")
    await rosa.hears("¿Qué requisitos no se cumplen?")
    await rosa.says("lugar y dirección, listo")
    await rosa.hears("¿Qué debe corregir")
    await rosa.says("omitir")
    await ana.hears(folio, "la devolvió")
    await ana.says("corregir")
    await ana.hears("Lugar y dirección")
    await ana.says("Jardín de la Lectura")
    await ana.hears("Revisa antes de enviar")
    await ana.says("enviar")
    await ana.hears(folio, "✓ Corregir")
    await rosa.says("buscar jardin lectura")
    await rosa.hears("1. " + folio)
    await rosa.says("buscar solidaridad")
    await rosa.hears("No encontré nada")
