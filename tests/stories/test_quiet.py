"""Nothing at night but what is urgent, one digest in the morning, and drafts that do not stay for ever."""

import pytest

from tests.stories import test_groups, test_material_grafico, test_soporte
from tests.stories.test_cobertura import ana_files
from tests.story import Phone, World

NIGHT = "2026-11-18T23:00"
MORNING = "2026-11-19T07:00"
SATURDAY = "2026-11-21T11:00"


# The night


async def test_a_card_at_night_is_heard_in_the_morning(world: World, ana: Phone, rosa: Phone, mariana: Phone) -> None:
    await world.at(NIGHT)
    folio = await ana_files(ana)
    assert await ana.ever_heard(folio, "les aviso el jueves 19 de noviembre de 2026, 07:00 h")
    assert not await rosa.ever_heard(folio)
    assert not await mariana.ever_heard(folio)
    await world.at("2026-11-19T06:58")
    assert not await rosa.ever_heard(folio)
    await world.at(MORNING)
    for phone in (rosa, mariana):
        card = await phone.hears(folio, "¿Cumple")
        assert not card.silent
    await rosa.presses("Sí cumple")
    await rosa.hears(folio, "✓ Sí cumple")


async def test_whoever_is_awake_hears_at_once_and_what_they_settle_is_never_said_to_others(
    world: World, ana: Phone, rosa: Phone, mariana: Phone, diego: Phone
) -> None:
    await world.at("2026-11-18T22:50")
    await rosa.says("bandeja")
    await rosa.hears("No tienes pendientes")
    folio = await ana_files(ana)
    await rosa.hears(folio, "¿Cumple")
    await rosa.presses("Sí cumple")
    await rosa.hears(folio, "✓ Sí cumple")
    await ana.hears(folio, "Ahora: actividad 7")
    assert not await mariana.ever_heard(folio)
    assert not await diego.ever_heard(folio)
    await world.at(MORNING)
    await diego.hears(folio, "Actividad 7 de 8")
    assert not await mariana.ever_heard(folio)


async def test_what_is_answered_at_night_is_answered_at_once(world: World, rosa: Phone, ana: Phone) -> None:
    folio = await ana_files(ana)
    card = await rosa.hears(folio, "¿Cumple")
    await world.at("2026-11-19T03:00")
    await rosa.presses("Sí cumple", on=card)
    await rosa.hears(folio, "✓ Sí cumple")
    assert not await ana.ever_heard(folio, "Ahora: actividad 7")
    await ana.says(f"/ver {folio}")
    # What waited about the request comes before the answer, without a sound, so that nothing old comes after it.
    await ana.hears(folio, "enviada el")
    [news] = await ana.ever_heard(folio, "2. Revisa", "Ahora: actividad 7")
    assert news.silent
    await world.at(MORNING)
    assert len(await ana.ever_heard(folio, "2. Revisa", "Ahora: actividad 7")) == 1


async def test_a_card_opened_by_hand_at_night_does_not_come_again(world: World, ana: Phone, rosa: Phone) -> None:
    await world.at(NIGHT)
    folio = await ana_files(ana)
    await rosa.says(f"/ver {folio}")
    await rosa.hears(folio, "¿Cumple")
    await world.at(MORNING)
    assert len(await rosa.ever_heard(folio, "¿Cumple")) == 1


async def test_a_withdrawn_request_is_never_heard_of(world: World, ana: Phone, rosa: Phone) -> None:
    await world.at(NIGHT)
    folio = await ana_files(ana)
    await ana.presses("Retirar")
    await ana.hears("¿Por qué la retiras?")
    await ana.says("omitir")
    await ana.hears("nadie más la atenderá")
    await ana.says("retirar")
    await ana.hears(folio, "Solicitud retirada")
    await world.at(MORNING)
    assert not await rosa.ever_heard(folio)


async def test_what_is_taken_back_at_night_was_never_said(
    world: World, ana: Phone, rosa: Phone, mariana: Phone, diego: Phone
) -> None:
    folio = await ana_files(ana)
    await rosa.hears(folio, "¿Cumple")
    await mariana.hears(folio, "¿Cumple")
    await world.at(NIGHT)
    await rosa.presses("Sí cumple")
    await rosa.hears(folio, "✓ Sí cumple")
    await rosa.presses("Deshacer")
    await rosa.hears(folio, "¿Cumple", absent=["✓"])
    await world.at(MORNING)
    await mariana.hears(folio, "¿Cumple")
    assert not await diego.ever_heard(folio)


async def test_a_comment_at_night_rings_in_the_morning(world: World, ana: Phone, rosa: Phone) -> None:
    folio = await ana_files(ana)
    await rosa.hears(folio, "¿Cumple")
    await world.at(NIGHT)
    await ana.presses("Comentar")
    await ana.hears("Escribe el comentario")
    await ana.says("Traigan luces")
    await ana.hears("Comentario agregado")
    assert not await rosa.ever_heard("Traigan luces")
    await world.at(MORNING)
    comment = await rosa.hears(folio, "Traigan luces")
    assert not comment.silent


async def proposed_at_night(world: World, ana: Phone, rosa: Phone, diego: Phone) -> str:
    folio = await test_material_grafico.ana_files(ana, mode="digital", between=test_material_grafico.DIGITAL)
    await rosa.hears(folio)
    await rosa.presses("Sí cumple")
    await diego.hears(folio, "Actividad 7 de 10")
    await world.at(NIGHT)
    await diego.presses("Enviar propuesta")
    await diego.hears("Manda la propuesta")
    await diego.sends(test_material_grafico.PNG, "propuesta.png")
    await diego.hears("Recibí 1 archivo")
    await diego.presses("Listo")
    await diego.hears(folio, "✓ Enviar propuesta")
    assert not await ana.ever_heard(folio, "Ronda 1")
    return folio


async def test_a_proposal_made_at_night_comes_in_the_morning_with_its_file(
    world: World, ana: Phone, rosa: Phone, diego: Phone
) -> None:
    folio = await proposed_at_night(world, ana, rosa, diego)
    await world.at(MORNING)
    sent = await ana.hears(folio, "Ronda 1", "propuesta.png")
    assert sent.file is not None
    card = await ana.hears(folio, "¿Das el Vo.Bo.")
    assert not card.silent


async def test_a_proposal_opened_by_hand_at_night_brings_its_file(
    world: World, ana: Phone, rosa: Phone, diego: Phone
) -> None:
    folio = await proposed_at_night(world, ana, rosa, diego)
    await ana.says(f"/ver {folio}")
    sent = await ana.hears(folio, "Ronda 1", "propuesta.png")
    assert sent.file is not None
    await ana.hears(folio, "¿Das el Vo.Bo.")
    await world.at(MORNING)
    assert len(await ana.ever_heard(folio, "Ronda 1")) == 1
    assert len(await ana.ever_heard(folio, "¿Das el Vo.Bo.")) == 1


async def test_a_group_sleeps_at_night_too(world: World, ana: Phone, rosa: Phone) -> None:
    group = rosa.into(await test_groups.linked(world, rosa))
    await world.at(NIGHT)
    folio = await ana_files(ana)
    assert not await group.ever_heard(folio)
    await world.at(MORNING)
    card = await group.hears(folio, "¿Cumple")
    assert not card.silent


async def test_on_a_day_off_nothing_rings(world: World, ana: Phone, rosa: Phone) -> None:
    await world.at(SATURDAY)
    folio = await ana_files(ana, when="viernes 4 de diciembre 5 pm")
    card = await rosa.hears(folio, "¿Cumple")
    assert card.silent
    assert not await rosa.ever_heard("Te espera")


async def test_what_waited_on_friday_night_comes_on_saturday_without_a_sound(
    world: World, ana: Phone, rosa: Phone
) -> None:
    await world.at("2026-11-20T22:00")
    folio = await ana_files(ana, when="viernes 4 de diciembre 5 pm")
    assert not await rosa.ever_heard(folio)
    await world.at("2026-11-21T07:00")
    card = await rosa.hears(folio, "¿Cumple")
    assert card.silent


# What is urgent


async def test_urgent_support_is_heard_at_any_hour(
    world: World, ana: Phone, rosa: Phone, gabriela: Phone, tono: Phone
) -> None:
    await world.at("2026-11-19T03:00")
    folio = await test_soporte.ana_files(ana)
    assert not await rosa.ever_heard(folio)
    await ana.presses("Es urgente")
    await ana.hears(folio, "Ya avisé que es urgente")
    [card] = await rosa.ever_heard(folio, "Urgente", "Actividad 2 de 10")
    assert not card.silent
    await rosa.presses("Turnar")
    card = await gabriela.hears(folio, "Urgente", "¿Cumple con los requisitos?")
    assert not card.silent
    await gabriela.presses("Sí cumple")
    await tono.hears(folio, "Urgente", "Actividad 6 de 10")
    await ana.presses("Es urgente")
    await ana.sees("Ya está marcada como urgente")
    _, events = await world.record(folio)
    assert [one.note for one in events if one.kind == "commented"] == ["Es urgente"]


async def test_what_is_urgent_can_be_said_with_a_word_and_later(world: World, ana: Phone, rosa: Phone) -> None:
    await world.at(NIGHT)
    folio = await test_soporte.ana_files(ana)
    await ana.says("menú")
    await ana.hears("¿Qué necesitas?")
    await ana.says(f"/ver {folio}")
    await ana.hears(folio, "enviada el")
    await ana.says("urgente")
    await ana.hears(folio, "Ya avisé que es urgente")
    await rosa.hears(folio, "Urgente")


async def test_only_what_may_be_urgent_and_only_out_of_hours(world: World, ana: Phone, rosa: Phone) -> None:
    by_day = await test_soporte.ana_files(ana)
    assert "Es urgente" not in (await ana.ever_heard(f"Tu folio es {by_day}"))[0].labels
    await world.at(NIGHT)
    coverage = await ana_files(ana)
    assert "Es urgente" not in (await ana.ever_heard(f"Tu folio es {coverage}"))[0].labels
    folio = await test_soporte.ana_files(ana, "No hay red")
    await world.at("2026-11-19T10:00")
    await rosa.hears(folio)
    await ana.presses("Es urgente")
    await ana.sees("no hace falta marcarla")


# The digest


async def test_what_waits_is_summed_up_once_on_the_morning_of_a_working_day(
    world: World, ana: Phone, rosa: Phone
) -> None:
    folio = await ana_files(ana, when="martes 24 de noviembre 5 pm")
    await rosa.hears(folio, "¿Cumple")
    await world.at("2026-11-19T08:29")
    assert not await rosa.ever_heard("Te espera")
    await world.at("2026-11-19T08:30")
    digest = await rosa.hears("Buenos días, Rosa Ibarra. Te espera 1 pendiente:", folio, "¿Cumple", "Para el martes 24")
    assert digest.labels == ["Bandeja (1)", "Avisos"]
    assert not digest.silent
    await world.at("2026-11-19T10:00")
    assert len(await rosa.ever_heard("Te espera")) == 1
    assert not await ana.ever_heard("Te espera")
    await world.at("2026-11-21T09:00")
    assert len(await rosa.ever_heard("Te espera")) == 1
    await world.at("2026-11-25T11:59")  # whatever kept us, the morning is not over yet
    await rosa.hears("Te espera 1 pendiente", folio, "⚠️ Se requería para el martes 24 de noviembre")
    await world.at("2026-11-26T12:01")
    assert len(await rosa.ever_heard("Te espera")) == 2
    await rosa.says("bandeja")
    await rosa.hears("Bandeja · 1 pendiente")


async def test_the_digest_shows_what_is_due_first_and_counts_the_rest(world: World, ana: Phone, rosa: Phone) -> None:
    for day in (11, 10, 9, 8, 7, 4, 3):
        await ana_files(ana, when=f"{day} de diciembre de 2026 5 pm")
    await world.at("2026-11-19T08:30")
    digest = await rosa.hears("Te esperan 7 pendientes", "Y 2 más en tu bandeja")
    assert digest.text.index("jueves 3 de diciembre") < digest.text.index("viernes 4 de diciembre")
    assert "11 de diciembre" not in digest.text
    assert digest.labels == ["Bandeja (7)", "Avisos"]


# What each person prefers


async def test_each_person_says_how_they_want_to_be_told(world: World, ana: Phone, rosa: Phone, mariana: Phone) -> None:
    await rosa.says("avisos")
    await rosa.hears("Resumen", ": sí", buttons=["Resumen: sí", "De noche: silencio", "Sonido: no", "Menú"])
    await rosa.presses("Resumen: sí")
    await rosa.hears("1. Resumen a las 8:30", buttons=["Resumen: no", "De noche: silencio", "Sonido: no", "Menú"])
    await rosa.says("2")
    await rosa.hears("te aviso como siempre", buttons=["Resumen: no", "De noche: avisar", "Sonido: no", "Menú"])
    await ana.says("menú")
    await ana.hears("¿Qué necesitas?")
    await ana.presses("Avisos")
    await ana.hears("Avisos")
    await ana.says("sonido")
    await ana.hears("Sonido en lo que solo informa: sí")

    await world.at(NIGHT)
    folio = await ana_files(ana)
    card = await rosa.hears(folio, "¿Cumple")
    assert not card.silent
    assert not await mariana.ever_heard(folio)
    await world.at("2026-11-19T09:00")
    await mariana.hears("Te espera 1 pendiente", folio)
    assert not await rosa.ever_heard("Te espera")
    await rosa.presses("Sí cumple")
    news = await ana.hears(folio, "Ahora: actividad 7")
    assert not news.silent


# Drafts


async def ana_leaves(ana: Phone) -> None:
    await ana.says("/nueva GCH-CCS-P01-2023")
    await ana.lives_through(("Nombre del evento", "Feria"), ("Fecha y hora", "cancelar"))
    await ana.hears("Tu borrador queda guardado")


async def test_a_draft_is_announced_and_goes_after_a_month(world: World, ana: Phone) -> None:
    await ana_leaves(ana)
    await world.at("2026-12-15T09:59")
    assert not await ana.ever_heard("se borrará")
    await world.at("2026-12-15T10:01")
    said = await ana.hears("Que cubran un evento (1 de 4) se borrará el viernes 18 de diciembre")
    assert said.labels == ["Seguir", "Descartar borrador"]
    await world.at("2026-12-18T09:00")
    assert not await ana.ever_heard("Se borró")
    await world.at("2026-12-18T10:02")
    gone = await ana.hears("Se borró tu borrador Que cubran un evento (1 de 4)")
    assert gone.silent
    await ana.presses("Seguir", on=said)
    await ana.sees("ya se envió o se descartó")
    await ana.says("borradores")
    await ana.hears("No tienes borradores")


async def test_a_draft_that_is_gone_on_with_stays(world: World, ana: Phone) -> None:
    await ana_leaves(ana)
    await world.at("2026-12-15T10:01")
    await ana.hears("se borrará")
    await ana.says("seguir")
    await ana.hears("Fecha y hora · Paso 2 de 4")
    await world.at("2026-12-18T12:00")
    assert not await ana.ever_heard("Se borró")
    await ana.says("/cancelar")
    await ana.hears("Tu borrador queda guardado")
    await world.at("2027-01-15T12:00")
    assert len(await ana.ever_heard("se borrará el lunes 18 de enero de 2027")) == 1


async def test_no_draft_goes_unannounced(world: World, ana: Phone) -> None:
    await ana_leaves(ana)
    await world.at("2027-01-20T10:00")  # the machine was off for weeks
    await ana.hears("se borrará el sábado 23 de enero de 2027")
    await world.at("2027-01-22T10:00")
    assert not await ana.ever_heard("Se borró")
    await world.at("2027-01-23T10:01")
    await ana.hears("Se borró")


async def test_a_draft_announced_is_discarded_on_a_second_screen_when_typed(world: World, ana: Phone) -> None:
    await ana_leaves(ana)
    await ana.says("mis solicitudes")
    await ana.hears("Mis solicitudes")
    await world.at("2026-12-15T10:01")
    await ana.hears("se borrará")
    await ana.says("descartar")
    await ana.hears("Tu borrador queda guardado", buttons=["Seguir", "Descartar borrador", "Menú"])
    await ana.says("descartar borrador")
    await ana.hears("Borrador descartado")


async def test_a_correction_stays_while_it_is_awaited(world: World, ana: Phone, rosa: Phone) -> None:
    folio = await ana_files(ana)
    await rosa.hears(folio, "¿Cumple")
    await rosa.presses("No cumple")
    await rosa.hears("¿Qué requisitos no se cumplen?")
    await rosa.says("1")
    await rosa.hears("Marcado")
    await rosa.says("listo")
    await rosa.hears("¿Qué debe corregir el área?")
    await rosa.says("omitir")
    await ana.hears(folio, "devolvió")
    await ana.presses("Corregir")
    await ana.hears("Paso 1 de 1")
    await world.later(days=40)
    await world.has_said_all()
    assert await drafts(world, 1101) == ["correct"]
    await ana.says(f"/ver {folio}")
    await ana.hears(folio, "Corrige")
    await ana.presses("Retirar", on=(await ana.ever_heard("Tu folio es"))[0])
    await ana.hears("¿Por qué la retiras?")
    await ana.says("omitir")
    await ana.hears("nadie más la atenderá")
    await ana.says("retirar")
    await ana.hears(folio, "Solicitud retirada")
    await world.later(days=40)
    await world.has_said_all()
    assert await drafts(world, 1101) == []
    assert not await ana.ever_heard("borrará")
    assert not await ana.ever_heard("Se borró")


async def test_half_a_decision_is_forgotten_without_a_word(world: World, ana: Phone, rosa: Phone) -> None:
    folio = await ana_files(ana)
    await rosa.hears(folio, "¿Cumple")
    await rosa.presses("No cumple")
    await rosa.hears("¿Qué requisitos no se cumplen?")
    assert await drafts(world, 1102) == ["act"]
    await world.later(days=29)
    await world.has_said_all()
    assert await drafts(world, 1102) == ["act"]
    await world.later(days=2)
    await world.has_said_all()
    assert await drafts(world, 1102) == []
    assert not await rosa.ever_heard("Se borró")
    await rosa.says("no cumple")
    await rosa.hears("¿Qué requisitos no se cumplen?")


async def drafts(world: World, account: int) -> list[str]:
    """What somebody has half filled."""
    async with world.database.transaction() as work:
        contact = await work.people.at("chalco", "telegram", str(account), now=await world.now())
        assert contact is not None
        return [one.purpose for one in await work.drafts.of(contact.person.id)]


async def test_an_old_button_never_discards_another_draft(world: World, ana: Phone) -> None:
    del world
    await ana_leaves(ana)
    old = (await ana.ever_heard("Tu borrador queda guardado"))[-1]
    await ana.presses("Descartar borrador", on=old)
    await ana.hears("Borrador descartado")
    await ana_leaves(ana)
    await ana.presses("Descartar borrador", on=old, data=old.data["Descartar borrador"])
    await ana.says("borradores")
    await ana.hears("Que cubran un evento · 1 de 4")


@pytest.mark.parametrize("greeting", ["hola", "/start", "Buenos días"])
async def test_whoever_comes_back_is_asked_whether_to_go_on(world: World, ana: Phone, greeting: str) -> None:
    await ana.says("/nueva GCH-CCS-P01-2023")
    await ana.lives_through(("Nombre del evento", "Feria"), ("Fecha y hora", "lunes 7 de diciembre 10:00"))
    await ana.hears("Lugar y dirección · Paso 3 de 4")
    await world.later(hours=23)
    await ana.says(greeting)
    await ana.hears("Tienes 1 borrador sin enviar: Que cubran un evento (2 de 4). ¿Seguimos?")
    await ana.says("sí")
    await ana.hears("Lugar y dirección · Paso 3 de 4")
    await ana.says("Plaza Cívica")
    await ana.hears("✓ Lugar y dirección: Plaza Cívica")


async def test_whoever_comes_back_with_the_answer_is_understood(world: World, ana: Phone) -> None:
    await ana.says("/nueva GCH-CCS-P01-2023")
    await ana.lives_through(("Nombre del evento", "Feria"), ("Fecha y hora", "lunes 7 de diciembre 10:00"))
    await ana.hears("Lugar y dirección · Paso 3 de 4")
    await world.later(hours=23)
    await ana.says("Plaza Cívica")
    await ana.hears("✓ Lugar y dirección: Plaza Cívica")
