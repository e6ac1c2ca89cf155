"""P06, graphic material: conditional requisitos, días hábiles of notice, rounds until the Vo.Bo."""

from tests.stories.stage import asked_for_logos
from tests.story import Phone, World

PNG = b"\x89PNG\r\n\x1a\n propuesta"


async def ana_files(ana: Phone, *, mode: str, between: tuple[tuple[str, str], ...]) -> str:
    await ana.says("/start nueva-gch-ccs-p06-2023")
    await ana.lives_through(
        ("Justificación · Paso 1 de", "Difundir la feria del libro"),
        ("Tipo de material", "lona"),
        ("Formato del archivo", "1, jpg, listo"),
        ("Digital o para impresión", mode),
        *between,
        ("Texto", "Feria del Libro, Plaza Cívica"),
        ("Eslogan", "omitir"),
        ("Logotipos", "omitir"),
        ("Fecha que llevará", "del 5 al 8 de diciembre"),
        ("Imagen", "omitir"),
        ("Fecha en que se requiere", "miércoles 25 de noviembre"),
        ("Enlace de seguimiento", "1"),
        ("Revisa antes de enviar", "enviar"),
    )
    filed = await ana.hears("Tu folio es")
    return filed.text.partition("Tu folio es ")[2].partition(".")[0]


DIGITAL = (("Plataforma", "Facebook"),)
PRINTED = (("Tamaño real de impresión", "1.5 x 2 m"), ("Tipo de material de impresión", "lona mate"))


async def test_a_proposal_goes_round_twice_until_the_area_gives_its_vobo(
    world: World, ana: Phone, rosa: Phone, diego: Phone
) -> None:
    folio = await ana_files(ana, mode="digital", between=DIGITAL)
    await rosa.hears(folio, "Actividad 2 de 10", "Formato del archivo: PDF, JPG", "Ana Robles")
    await rosa.presses("Sí cumple")
    for turn in (1, 2, 3):
        await diego.hears(folio, "Actividad 7 de 10", "Envía la propuesta al área.")
        await diego.presses("Enviar propuesta")
        await diego.hears("Manda la propuesta de diseño")
        await diego.sends(PNG + bytes([turn]), f"propuesta-{turn}.png")
        await diego.hears("Recibí 1 archivo")
        await diego.presses("Listo")
        await diego.hears(folio, "✓ Enviar propuesta")
        sent = await ana.hears(folio, f"Ronda {turn}", f"propuesta-{turn}.png")
        assert sent.file is not None
        await ana.hears(folio, f"ronda {turn}", "¿Das el Vo.Bo. a la propuesta?")
        if turn == 3:
            break
        await ana.presses("Pedir cambios")
        await ana.hears("¿Qué hay que cambiar?")
        await ana.says(f"Más grande el título, vuelta {turn}")
        await ana.hears(folio, "✓ Pedir cambios")
        await rosa.hears(folio, "Actividad 5 de 10", f"vuelta {turn}")
        await rosa.presses("Turnar")
        await rosa.hears(folio, "✓ Turnar")
    await ana.says("dar vo.bo.")
    await ana.hears(folio, "✓ Dar Vo.Bo.")
    await rosa.hears(folio, "Aprueba la propuesta")
    await diego.hears(folio, "Actividad 10 de 10")
    await diego.presses("Concluir solicitud")
    await diego.hears("Archivos finales")
    await diego.presses("Omitir")
    await diego.hears(folio, "Concluida: Material entregado")
    await ana.hears(folio, "Concluida: Material entregado")
    loop = ["6", "7", "7", "9", "5"]
    assert await world.walked(folio) == ["1", "2", "5", *loop, *loop, "6", "7", "7", "8", "10"]
    request, _ = await world.record(folio)
    assert request.round == 3


async def test_printed_material_asks_for_size_and_material_and_not_for_a_platform(
    world: World, ana: Phone, rosa: Phone
) -> None:
    folio = await ana_files(ana, mode="para impresión", between=PRINTED)
    await rosa.hears(folio, "Tamaño real de impresión: 1.5 x 2 m", "lona mate", absent=["Plataforma"])
    request, _ = await world.record(folio)
    assert request.answers["tamano"] == {"width": 1.5, "height": 2.0, "unit": "m"}
    assert "plataforma" not in request.answers


async def test_both_ask_everything(ana: Phone, rosa: Phone) -> None:
    folio = await ana_files(ana, mode="3", between=(*PRINTED, *DIGITAL))
    await rosa.hears(folio, "Plataforma: Facebook", "Tamaño real de impresión")
    await ana.says("mis")
    await ana.hears(folio)


async def test_changing_the_branch_from_the_summary_changes_what_is_asked(ana: Phone) -> None:
    await ana.says("/nueva gch-ccs-p06-2023")
    await ana.lives_through(
        ("Justificación · Paso 1 de 11", "Difundir la feria"),
        ("Tipo de material", "cartel"),
        ("Elige una de las opciones", "invitación"),
        ("Formato del archivo", "pdf y png, listo"),
        ("Digital o para impresión", "digital"),
        ("Plataforma · Paso 5 de 12", "Facebook"),
        ("Texto", "Te invitamos"),
        ("Eslogan", "omitir"),
        ("Logotipos", "omitir"),
        ("Fecha que llevará", "omitir"),
        ("Imagen", "omitir"),
        ("Fecha en que se requiere", "30 de noviembre"),
        ("Enlace de seguimiento", "Ana Robles"),
        ("Revisa antes de enviar", "cambiar"),
        ("¿Qué quieres cambiar?", "digital o para impresión"),
        ("Ahora: Digital", "para impresión"),
        ("Tamaño real de impresión", "60 x 90"),
        ("Tipo de material de impresión", "couché"),
    )
    await ana.hears("Revisa antes de enviar", "60 x 90 cm", absent=["Facebook"])


async def test_three_working_days_are_counted_without_weekend_or_holiday(world: World, ana: Phone) -> None:
    await world.at("2026-11-13T10:00")  # Friday; Monday 16 is the holiday of 20 November
    await asked_for_logos(ana)
    await ana.says("omitir")
    await ana.lives_through(("Fecha que llevará", "omitir"), ("Imagen", "omitir"))
    asked = await ana.hears("Fecha en que se requiere", "3 días hábiles")
    assert asked.labels[0] == "jue 19 nov"
    await ana.says("miércoles 18 de noviembre")
    await ana.hears("El manual pide 3 días hábiles", "llegas con 2 días hábiles", "jueves 19 de noviembre")


async def test_an_album_is_one_answer(ana: Phone) -> None:
    await asked_for_logos(ana)
    for n in (1, 2, 3):
        await ana.sends(PNG + bytes([n]), f"logo-{n}.png", album="logos")
    await ana.hears("Recibí 3 archivos")
    await ana.says("listo")
    await ana.hears("✓ Logotipos: logo-1.png, logo-2.png, logo-3.png")
