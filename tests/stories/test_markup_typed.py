"""What one person types is what another's phone shows, letter by letter, wherever it is shown."""

from tests.story import Phone, World

NAME = "<b>x</b> {{7*7}} {% raw %} &amp; *a* [l](http://x)"


async def test_a_name_of_markup_is_that_name_on_every_screen(world: World, ana: Phone, rosa: Phone) -> None:
    await ana.says("/nueva GCH-CCS-P01-2023")
    await ana.lives_through(
        ("Nombre del evento", NAME),
        (f"✓ Nombre del evento: {NAME}\n", "viernes 27 de noviembre 5 pm"),
        ("Lugar y dirección", "Plaza Cívica"),
        ("Foto y/o video", "foto"),
        (f"Nombre del evento: {NAME}\n", "enviar"),
    )
    folio = "CHA-P01-2026-0001"
    await ana.hears(folio)
    card = await rosa.hears(folio, f"Nombre del evento: {NAME}\n", "¿Cumple con los requisitos?")
    assert "<b>x</b>" not in card.html
    await rosa.says("bandeja")
    await rosa.hears("Bandeja", f"Dirección de Cultura · {NAME}\n")
    await rosa.says("buscar 7*7")
    await rosa.hears("Resultados de «7*7»", folio, f"\n{NAME} · Que cubran un evento\n")
    await rosa.says(f"buscar {NAME}")
    await rosa.hears(f"Resultados de «{NAME}»", folio)
    await rosa.says(f"/ver {folio}")
    card = await rosa.hears(folio, f"Nombre del evento: {NAME}\n", "¿Cumple")
    await rosa.presses("Comentar", on=card)
    await rosa.hears("comentario")
    await rosa.says(NAME)
    await ana.hears(folio, f"{NAME}")
    request, _ = await world.record(folio)
    assert request.answers["evento"] == NAME
