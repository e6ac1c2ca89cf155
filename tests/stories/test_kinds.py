"""Each kind of requisito in its best form on a phone: a calendar, two taps, ticks, what is already known."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.sandbox.pictures import png
from tests.stories.stage import asked_for_logos, staged
from tests.story import Heard, Phone, World

WAYS = ["Atrás", "Cancelar", "¿Por qué?"]


@pytest.fixture
async def calimaya(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with staged(database_url, tmp_path, manual="calimaya") as stage:
        yield stage.world


async def ana_at_the_date(ana: Phone) -> Heard:
    """Ana is asked for the day of her event."""
    await ana.says("/nueva GCH-CCS-P01-2023")
    await ana.lives_through(("Nombre del evento", "Feria"))
    return await ana.hears("¿Qué día y a qué hora empieza?")


# Days and hours


async def test_a_day_two_months_ahead_and_its_hour_are_chosen_and_mended_by_taps(ana: Phone) -> None:
    asked = await ana_at_the_date(ana)
    assert asked.labels[:5] == ["lun 23 nov", "mar 24 nov", "mié 25 nov", "jue 26 nov", "Ver calendario"]
    await ana.presses("Ver calendario")
    november = await ana.hears("Noviembre de 2026.", "Entre paréntesis", absent=["1. lun 23 nov"])
    assert november.id == asked.id, "it is the same message"
    assert november.labels[:3] == ["·", "noviembre de 2026", "dic ›"]
    assert november.labels[3:10] == list("LMMJVSD")
    assert november.labels[-4:] == ["Regresar a los días", *WAYS]
    await ana.presses("dic ›")
    await ana.hears("Diciembre de 2026.", "Con asterisco: día inhábil.", absent=["Entre paréntesis"])
    await ana.presses("ene ›")
    january = await ana.hears("Enero de 2027.")
    assert january.id == asked.id
    assert "‹ dic" in january.labels
    await ana.presses("16")
    hours = await ana.hears("✓ sábado 16 de enero de 2027. ¿A qué hora?")
    assert hours.labels[:2] == ["09:00 h", "10:00 h"]
    await ana.presses("Otra hora")
    await ana.hears("Toca la hora; enseguida los minutos.")
    await ana.presses("20 h")
    quarters = await ana.hears("¿A las 20:00 en punto")
    assert quarters.labels[:4] == ["20:00 h", "20:15 h", "20:30 h", "20:45 h"]
    await ana.presses("20:30 h")
    after = await ana.hears("✓ Fecha y hora: sábado 16 de enero de 2027, 20:30 h", "Paso 3 de 4")
    assert after.id == asked.id
    await ana.presses("Corregir fecha")
    again = await ana.hears("Paso 2 de 4", "Ahora: sábado 16 de enero de 2027, 20:30 h")
    assert "Dejar igual" in again.labels
    await ana.says("domingo 17 de enero, 12:00")
    await ana.hears("✓ Fecha y hora: domingo 17 de enero de 2027, 12:00 h", "Paso 3 de 4")


async def test_a_date_that_was_typed_is_mended_in_one_tap_from_the_next_question(ana: Phone) -> None:
    await ana_at_the_date(ana)
    await ana.says("27/11 5 pm")
    await ana.hears("✓ Fecha y hora: viernes 27 de noviembre de 2026, 17:00 h", "Paso 3 de 4")
    await ana.says("---")
    await ana.hears("No encontré palabras", "Paso 3 de 4")
    await ana.says("corregir fecha")
    await ana.hears("Paso 2 de 4", "Ahora: viernes 27")
    await ana.says("lunes 30 de noviembre, 5 pm")
    await ana.hears("✓ Fecha y hora: lunes 30", buttons=["Corregir fecha", *WAYS])
    await ana.says("Plaza Cívica")
    await ana.hears("Paso 4 de 4", buttons=["Foto", "Video", "Foto y video", *WAYS])


async def test_a_date_changed_from_the_summary_is_mended_there(ana: Phone) -> None:
    await ana_at_the_date(ana)
    await ana.says("27/11 5 pm")
    await ana.lives_through(("Paso 3 de 4", "Plaza Cívica"), ("Paso 4 de 4", "Foto"))
    await ana.hears("Revisa antes de enviar", buttons=["Enviar solicitud", "Cambiar algo", "Cancelar"])
    await ana.presses("Cambiar algo")
    await ana.hears("¿Qué quieres cambiar?")
    await ana.presses("Fecha y hora")
    await ana.hears("Paso 2 de 4")
    await ana.says("28/11 5 pm")
    await ana.hears("sábado 28", buttons=["Enviar solicitud", "Corregir fecha", "Cambiar algo", "Cancelar"])
    await ana.presses("Corregir fecha")
    await ana.hears("Paso 2 de 4", "Ahora: sábado 28")


async def test_a_day_too_early_is_marked_and_leads_to_the_aviso(ana: Phone) -> None:
    await ana_at_the_date(ana)
    await ana.presses("Ver calendario")
    month = await ana.hears("Entre paréntesis: no alcanza el plazo del manual")
    assert "(20)" in month.labels
    assert "21" in month.labels
    await ana.presses("(20)")
    await ana.hears("✓ viernes 20 de noviembre de 2026. ¿A qué hora?")
    await ana.presses("12:00 h")
    await ana.hears("llegas con 50 h", "¿Qué hacemos?", buttons=["Cambiar la fecha", "Enviar extraordinaria", *WAYS])


async def test_an_hour_too_early_is_marked_on_the_first_day(world: World, ana: Phone) -> None:
    await world.at("2026-11-20T10:20")
    await ana_at_the_date(ana)
    await ana.presses("lun 23 nov")
    hours = await ana.hears("✓ lunes 23 de noviembre de 2026. ¿A qué hora?", "Entre paréntesis")
    assert hours.labels[:3] == ["(09:00)", "(10:00)", "11:00 h"]
    await ana.presses("(10:00)")
    await ana.hears("llegas con 71 h", "Lo más pronto es el lunes 23 de noviembre de 2026, 10:30 h")


async def test_what_cannot_be_chosen_says_why(ana: Phone) -> None:
    asked = await ana_at_the_date(ana)
    await ana.presses("Ver calendario")
    month = await ana.hears("Noviembre de 2026.")
    prefix = month.data["dic ›"].rpartition(":c:")[0]
    for reason, why in (
        ("past", "Ese día ya pasó"),
        ("first", "No hay días antes"),
        ("other", "Aquí no hay día"),
        ("head", "Toca el número"),
        ("last", "Hasta aquí llega"),
    ):
        await ana.presses("·", on=month, data=f"{prefix}:no:{reason}")
        await ana.sees(why)
    await ana.presses("23", on=month)
    await ana.hears("✓ lunes 23 de noviembre de 2026. ¿A qué hora?")
    assert ana.shown(asked.id).labels[0] == "09:00 h"


async def test_a_calendar_is_typed_as_well_as_pressed(ana: Phone) -> None:
    await ana_at_the_date(ana)
    await ana.says("calendario")
    await ana.hears("Noviembre de 2026.", buttons=None)
    await ana.says("mes siguiente")
    await ana.hears("Diciembre de 2026.")
    await ana.says("regresar a los días")
    await ana.hears("1. lun 23 nov")
    await ana.says("Ver calendario")
    await ana.hears("Noviembre de 2026.")
    await ana.says("siguiente")
    await ana.hears("Diciembre de 2026.")
    await ana.says("12")
    await ana.hears("✓ sábado 12 de diciembre de 2026. ¿A qué hora?")
    await ana.says("otro día")
    await ana.hears("Diciembre de 2026.")
    await ana.says("el 14")
    await ana.hears("✓ lunes 14 de diciembre de 2026. ¿A qué hora?")
    await ana.says("otra hora")
    await ana.hears("Toca la hora")
    await ana.says("de 10 a 12")
    await ana.hears("✓ Fecha y hora: lunes 14 de diciembre de 2026, 10:00 a 12:00 h")


async def test_a_day_that_is_listed_is_chosen_by_its_number(ana: Phone) -> None:
    await ana_at_the_date(ana)
    await ana.says("2")
    await ana.hears("✓ martes 24 de noviembre de 2026. ¿A qué hora?", absent=["1. 09:00"])
    await ana.says("5")
    await ana.hears("¿05:00 h o 17:00 h")


async def test_an_old_calendar_shows_what_is_asked_now(world: World, ana: Phone) -> None:
    await ana_at_the_date(ana)
    await ana.presses("Ver calendario")
    old = await ana.hears("Noviembre de 2026.")
    await ana.says("27/11 5 pm")
    await ana.hears("Paso 3 de 4")
    await ana.presses("dic ›", on=old)
    await ana.sees("Esa pregunta ya pasó")
    await ana.hears("Lugar y dirección · Paso 3 de 4")
    await ana.presses("24", on=old)
    await ana.says("Plaza Cívica")
    await ana.hears("Paso 4 de 4")
    async with world.database.transaction() as work:
        found = await work.people.at("chalco", "telegram", "1101", now=await world.now())
        assert found is not None
        [draft] = await work.drafts.of(found.person.id)
    assert draft.answers["fecha"] == "2026-11-27T17:00-06:00"


async def test_a_calendar_of_last_week_still_turns(world: World, ana: Phone) -> None:
    asked = await ana_at_the_date(ana)
    await ana.presses("Ver calendario")
    await ana.hears("Noviembre de 2026.")
    await world.later(days=7)
    await ana.presses("dic ›")
    december = await ana.hears("Diciembre de 2026.")
    assert december.id == asked.id
    await world.later(days=30)
    await ana.presses("15")
    await ana.hears("El martes 15 de diciembre de 2026 ya pasó", buttons=None)
    await world.later(days=20)
    await ana.presses("(26)")
    gone = await ana.hears("El sábado 26 de diciembre de 2026 ya pasó", "1. ", absent=["Diciembre de 2026."])
    assert "Ver calendario" in gone.labels, "that month cannot be shown any more"


async def test_whoever_cannot_get_a_day_understood_is_given_the_calendar(ana: Phone) -> None:
    await ana_at_the_date(ana)
    await ana.says("luego les digo")
    await ana.lives_through(
        ("No encontré", "cuando se pueda"),
        ("Paso 2 de 4", "pronto"),
    )
    await ana.hears("Noviembre de 2026.", "Usa los botones o llama")
    await ana.presses("24")
    await ana.hears("✓ martes 24 de noviembre de 2026. ¿A qué hora?")


# Ticks


async def test_ticks_are_put_and_taken_by_typing(ana: Phone) -> None:
    await ana.says("/nueva gch-ccs-p06-2023")
    await ana.lives_through(("Justificación", "Difundir"), ("Tipo de material", "lona"))
    await ana.hears("¿En qué formato", buttons=None)
    await ana.presses("PDF")
    await ana.hears("Marcado: PDF.")
    await ana.says("3")
    three = await ana.hears("Marcado: PDF, ", "✓ PDF")
    first, third = (re.findall(r"\d\. (?:✓ )?(.+)", three.text)[n] for n in (0, 2))
    assert f"Marcado: {first}, {third}." in three.text
    await ana.says("pdf")
    await ana.hears(f"Marcado: {third}.")
    await ana.says("1, 2 y 9")
    await ana.hears("No encontré «9»", "Marcado: PDF, ")
    await ana.says("todos")
    await ana.hears("Marcado: PDF, ", absent=["⚠️"])
    await ana.says("listo")
    await ana.hears("✓ Formato", "PDF, ")


async def test_a_long_list_carries_numbers_on_its_buttons(ana: Phone) -> None:
    await ana.says("/nueva gch-ccs-p06-2023")
    await ana.lives_through(("Justificación", "Difundir"))
    asked = await ana.hears("Tipo de material", "1. ", "14. ")
    assert asked.labels[:14] == [str(n) for n in range(1, 15)]
    third = re.findall(r"^3\. (.+)$", asked.text, re.MULTILINE)[0]
    await ana.presses("3")
    await ana.hears(f"✓ Tipo de material: {third}")


# What is already known, and what is shared


async def test_a_telephone_is_shared_and_offered_the_next_time(calimaya: World) -> None:
    beatriz = Phone(calimaya, 4101, "Beatriz")
    await up_to_the_telephone(beatriz)
    asked = await beatriz.hears("¿Qué teléfono debe aparecer?", "compartir un contacto con el clip")
    assert asked.labels == ["Omitir", *WAYS]
    await calimaya.call("POST", "/sandbox/people/4101/contacts", phone="527221234567")
    await beatriz.hears("✓ Número de teléfono para contacto: 722 123 4567")
    await beatriz.says("Palacio Municipal, planta baja")
    await send(beatriz)
    await up_to_the_telephone(beatriz)
    again = await beatriz.hears("¿Qué teléfono debe aparecer?", "1. 722 123 4567")
    assert again.labels[0] == "722 123 4567"
    await beatriz.presses("722 123 4567")
    address = await beatriz.hears("✓ Número de teléfono para contacto: 722 123 4567", "mandar la ubicación con el clip")
    assert "Palacio Municipal, planta baja" in address.labels


async def up_to_the_telephone(beatriz: Phone) -> None:
    await beatriz.says("/nueva 1.2")
    await beatriz.lives_through(
        ("Nombre del evento", "Feria"),
        ("Fecha y hora", "viernes 11 de diciembre, 5 pm"),
        ("Lugar", "Jardín Enrique Carniado"),
        ("Especificación", "Cartel cuadrado"),
        ("Requisitos del evento", "Entrada libre"),
        ("Responsable", "1"),
        ("Logos", "omitir"),
    )


async def send(beatriz: Phone) -> None:
    await beatriz.lives_through(("Información de manera digital", "omitir"), ("Revisa antes de enviar", "enviar"))
    await beatriz.hears("Tu folio es")


async def test_an_album_and_a_document_are_one_answer_and_the_last_can_be_taken_back(ana: Phone) -> None:
    await asked_for_logos(ana)
    for n in range(5):
        await ana.sends(png(64, 48) + bytes([n]), f"foto-{n}.png", album="feria", kind="photo")
    five = await ana.hears("Recibí 5 archivos (")
    await ana.sends(b"%PDF-1.7" + b"x" * 900_000, "programa.pdf")
    six = await ana.hears("Recibí 6 archivos (8", "Manda más o escribe «listo».")
    assert six.id != five.id
    assert six.labels[:2] == ["Listo", "Quitar el último"]
    await ana.presses("Quitar el último")
    left = await ana.hears("Recibí 5 archivos (", absent=["(8"])
    assert left.id == six.id
    await ana.says("quitar")
    await ana.hears("Recibí 4 archivos (")
    await ana.says("listo")
    echo = await ana.hears("✓ Logotipos: ")
    assert "programa" not in echo.text


# How much it takes


async def test_a_coverage_takes_few_taps_from_the_menu_to_its_folio(ana: Phone) -> None:
    """What can be pressed is pressed; what has no button is typed."""
    await ana.says("menú")
    await ana.hears("Ana Robles", buttons=None)
    steps: list[tuple[str, str, str]] = [
        ("press", "Nueva solicitud", "Que cubran un evento"),
        ("press", "Que cubran un evento", "Nombre del evento · Paso 1 de 4"),
        ("type", "Feria del Libro", "Fecha y hora · Paso 2 de 4"),
        ("press", "lun 23 nov", "¿A qué hora?"),
        ("press", "10:00 h", "Lugar y dirección · Paso 3 de 4"),
        ("type", "Plaza Cívica", "Foto y/o video · Paso 4 de 4"),
        ("press", "Foto y video", "Revisa antes de enviar"),
        ("press", "Enviar solicitud", "Tu folio es CHA-P01-2026-0001"),
    ]
    taken = 0
    for how, what, then in steps:
        await (ana.presses(what) if how == "press" else ana.says(what))
        taken += 1
        await ana.hears(then)
    assert taken <= 14


async def test_the_menu_can_be_asked_for_in_the_middle_of_a_form(ana: Phone) -> None:
    await ana_at_the_date(ana)
    await ana.says("mis solicitudes")
    await ana.hears("no has enviado solicitudes")
    await ana.says("borradores")
    await ana.hears("Borradores", "1 de 4")
    await ana.says("1")
    await ana.hears("Fecha y hora · Paso 2 de 4")


async def test_words_of_the_menu_may_be_an_answer(ana: Phone) -> None:
    await ana.says("/nueva GCH-CCS-P01-2023")
    await ana.hears("Nombre del evento")
    await ana.says("Ayuda")
    await ana.hears("✓ Nombre del evento: Ayuda")
