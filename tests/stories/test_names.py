"""Names written nearly right: an area of P10, and the public servant whose equipment fails."""

from tests.story import Phone, World


async def asks_for_support(phone: Phone) -> None:
    await phone.says("/nueva P10")
    await phone.hears("Falla o problemática")
    await phone.says("La impresora no enciende")
    await phone.hears("Servidor público que solicita")


async def test_an_area_is_understood_without_accents_and_with_a_slip(ana: Phone) -> None:
    await asks_for_support(ana)
    await ana.says("Ana Robles")
    await ana.hears("Dependencia u organismo")
    await ana.says("obras publics")
    await ana.hears("✓ Dependencia u organismo: Dirección de Obras Públicas")


async def test_of_several_areas_the_likely_ones_are_offered(ana: Phone) -> None:
    await asks_for_support(ana)
    await ana.presses("Ana Robles")
    await ana.hears("Dependencia u organismo")
    await ana.says("municpal")
    asked = await ana.hears("No encontré «municpal» tal cual", "1. Contraloría Municipal", "2. Tesorería Municipal")
    assert asked.labels[:3] == ["Contraloría Municipal", "Tesorería Municipal", "Como lo escribí"]
    await ana.says("2")
    await ana.hears("✓ Dependencia u organismo: Tesorería Municipal")
    await ana.presses("Atrás")
    await ana.hears("Ahora: Tesorería Municipal")
    await ana.says("direccion")
    asked = await ana.hears("No encontré «direccion» tal cual", "5. Dirección de")
    assert len([label for label in asked.labels if label.startswith("Dirección")]) == 5
    await ana.presses("Dirección de la Mujer", on=asked)
    await ana.hears("✓ Dependencia u organismo: Dirección de la Mujer")


async def test_an_area_that_is_not_known_stands_as_it_is_written(world: World, ana: Phone) -> None:
    await asks_for_support(ana)
    await ana.says("1")
    await ana.hears("Dependencia u organismo")
    await ana.says("Patronato municipl")
    await ana.hears("✓ Dependencia u organismo: Patronato municipl")
    await ana.presses("Atrás")
    await ana.hears("Ahora: Patronato municipl")
    await ana.says("municipl")
    await ana.hears("No encontré «municipl» tal cual")
    await ana.says("como lo escribí")
    await ana.lives_through(
        ("✓ Dependencia u organismo: municipl", "Palacio"),
        ("¿Está fuera del Palacio", "no"),
        ("Dependencia u organismo: municipl", "enviar"),
    )
    filed = await ana.hears("Tu folio es")
    request, _ = await world.record(filed.text.partition("Tu folio es ")[2].partition(".")[0])
    assert request.answers["dependencia"] == "municipl"


async def test_a_name_with_a_slip_is_offered_as_it_is_spelt(ana: Phone) -> None:
    await asks_for_support(ana)
    await ana.says("roza ibara")
    asked = await ana.hears("¿Quisiste decir alguno de estos nombres?", "1. Rosa Ibarra", "2. Como lo escribí")
    assert asked.labels[:2] == ["Rosa Ibarra", "Como lo escribí"]
    await ana.presses("Rosa Ibarra", on=asked)
    await ana.hears("✓ Servidor público que solicita: Rosa Ibarra")


async def test_a_name_that_nobody_has_is_never_refused(ana: Phone) -> None:
    await asks_for_support(ana)
    await ana.says("Ing. Próspero Díaz de la Vega")
    await ana.hears("✓ Servidor público que solicita: Ing. Próspero Díaz de la Vega")
    await ana.presses("Atrás")
    await ana.hears("Ahora: Ing. Próspero")
    await ana.says("Roza Ibara")
    await ana.hears("¿Quisiste decir alguno de estos nombres?")
    await ana.says("Roza Ibara")
    await ana.hears("✓ Servidor público que solicita: Roza Ibara")


async def test_a_known_name_is_written_with_its_accents(ana: Phone) -> None:
    await asks_for_support(ana)
    await ana.says("tono vera")
    await ana.hears("✓ Servidor público que solicita: Toño Vera")


async def test_an_old_offer_of_a_name_says_what_it_says(ana: Phone) -> None:
    """The question is still the same, but the names have changed: a button means its own label."""
    await asks_for_support(ana)
    await ana.says("roza ibara")
    old = await ana.hears("1. Rosa Ibarra")
    await ana.says("gabriel soza")
    await ana.hears("1. Gabriela Sosa")
    await ana.presses("Rosa Ibarra", on=old)
    await ana.hears("✓ Servidor público que solicita: Rosa Ibarra")


async def test_a_name_that_was_given_before_is_offered_and_not_doubted_again(ana: Phone) -> None:
    await asks_for_support(ana)
    await ana.says("roza ibara")
    await ana.hears("¿Quisiste decir alguno de estos nombres?")
    await ana.presses("Como lo escribí")
    await ana.lives_through(
        ("✓ Servidor público que solicita: roza ibara", "1"),
        ("Ubicación", "Palacio"),
        ("¿Está fuera del Palacio", "no"),
        ("Revisa antes de enviar", "enviar"),
    )
    await ana.hears("Tu folio es")
    await ana.says("/nueva P10")
    await ana.hears("Falla o problemática")
    await ana.says("Ahora es el monitor")
    await ana.hears("1. Ana Robles", "2. roza ibara")
    await ana.says("2")
    await ana.hears("✓ Servidor público que solicita: roza ibara")
