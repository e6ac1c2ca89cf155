"""Typed words do all that buttons do: P01, P06 and P10 from beginning to end without a press."""

from tests.stories import test_cobertura, test_material_grafico, test_soporte
from tests.story import Phone, World


async def test_coverage_without_a_press(world: World, ana: Phone, rosa: Phone, diego: Phone) -> None:
    await ana.says("nueva")
    await ana.hears("1. Que cubran un evento")
    await ana.says("que cubran un evento")
    await ana.lives_through(
        ("Nombre del evento", "Feria"),
        ("Paso 2 de 4", "atras"),
        ("Ahora: Feria", "igual"),
        ("Paso 2 de 4", "27/11/26 17:00"),
        ("Paso 3 de 4", "Plaza Cívica"),
        ("Paso 4 de 4", "2"),
        ("Foto y/o video: Video", "cambiar"),
        ("¿Qué quieres cambiar?", "4"),
        ("Ahora: Video", "FOTO"),
        ("Foto y/o video: Foto", "1"),
    )
    filed = await ana.hears("Tu folio es")
    folio = filed.text.partition("Tu folio es ")[2].partition(".")[0]
    await rosa.hears(folio)
    await rosa.says("no cumple")
    await rosa.lives_through(
        ("¿Qué requisitos no se cumplen?", "2, lugar y direccion, listo"), ("¿Qué debe corregir", "omitir")
    )
    await rosa.hears(folio, "✓ No cumple")
    await ana.hears(folio, "Falta: Fecha y hora, Lugar y dirección")
    await ana.says("corregir")
    await ana.lives_through(
        ("Paso 1 de 2", "dejar igual"),
        ("Paso 2 de 2", "Plaza Cívica, entrada norte"),
        ("Revisa antes de enviar", "enviar"),
    )
    await rosa.hears(folio, "entrada norte")
    await rosa.says("1")
    await rosa.hears("No entendí tu mensaje")
    await rosa.says(f"/ver {folio.lower()}")
    await rosa.hears(folio, "¿Cumple con los requisitos?")
    await rosa.says("1")
    await rosa.hears(folio, "✓ Sí cumple")
    await diego.hears(folio, "Actividad 7")
    await world.at("2026-11-28T10:00")
    await diego.says("Cobertura realizada")
    await diego.hears(folio, "Actividad 8")
    await diego.says("concluir cobertura")
    await diego.hears("Manda la evidencia")
    await diego.says("https://fotos.chalco.gob.mx/feria")
    await diego.hears("Recibí 1 archivo")
    await diego.says("Listo")
    await diego.hears("Boletín informativo")
    await diego.says("saltar")
    await ana.hears(folio, "Concluida: Cobertura concluida")


async def test_graphic_material_without_a_press(world: World, ana: Phone, rosa: Phone, diego: Phone) -> None:
    folio = await test_material_grafico.ana_files(ana, mode="digital", between=test_material_grafico.DIGITAL)
    await rosa.hears(folio)
    await rosa.says("si cumple")
    await diego.hears(folio, "Actividad 7")
    await diego.says("enviar propuesta")
    await diego.hears("Manda la propuesta")
    await diego.says("drive.chalco.gob.mx/propuesta")
    await diego.hears("Recibí 1 archivo")
    await diego.says("listo")
    await ana.hears(folio, "¿Das el Vo.Bo.")
    await ana.says("pedir cambios")
    await ana.hears("¿Qué hay que cambiar?")
    await ana.says("El logotipo es el viejo")
    await rosa.hears(folio, "Actividad 5")
    await rosa.says("turnar")
    await diego.hears(folio, "El logotipo es el viejo")
    await diego.says("enviar propuesta")
    await diego.hears("Manda la propuesta")
    await diego.sends(b"%PDF-1.7 dos", "dos.pdf")
    await diego.hears("Recibí 1 archivo")
    await diego.says("ya")
    await ana.hears(folio, "ronda 2")
    await ana.says("dar vobo")
    await diego.hears(folio, "Actividad 10")
    await diego.says("concluir solicitud")
    await diego.hears("Archivos finales")
    await diego.says("omitir")
    await ana.hears(folio, "Concluida: Material entregado")
    request, _ = await world.record(folio)
    assert request.state == "closed"


async def test_support_without_a_press(world: World, ana: Phone, rosa: Phone, gabriela: Phone, tono: Phone) -> None:
    folio = await test_soporte.ana_files(ana)
    await rosa.hears(folio)
    await rosa.says("turnar")
    await gabriela.hears(folio)
    await gabriela.says("sí cumple")
    await tono.hears(folio, "Actividad 6")
    await tono.says("voy en camino")
    await tono.hears(folio, "Actividad 7")
    await tono.says("si se soluciono")
    await tono.hears("¿Qué se hizo")
    await tono.says("Se cambió el cable")
    await tono.hears("Fotos del servicio")
    await tono.says("omitir")
    await ana.hears(folio, "¿Quedó solucionada")
    await ana.says("conforme")
    await ana.hears(folio, "Concluida: Solucionada")
    assert (await world.walked(folio))[-1] == "10"


async def test_a_typed_label_that_fits_two_requests_is_asked(world: World, ana: Phone, rosa: Phone) -> None:
    first = await test_cobertura.ana_files(ana)
    second = await test_cobertura.ana_files(ana, when="lunes 30 de noviembre 10:00")
    await rosa.hears(first)
    await rosa.hears(second)
    await rosa.says("sí cumple")
    await rosa.hears("Tienes varias solicitudes", f"1. {first}", f"2. {second}")
    await rosa.says("2")
    await rosa.hears(second, "✓ Sí cumple")
    request, _ = await world.record(first)
    assert request.activity == "2"
