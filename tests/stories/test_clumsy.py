"""Double taps, looking around in the middle of a form, roles that end: nothing is done twice, and nothing is lost."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stories.stage import staged
from tests.stories.test_cobertura import ana_files
from tests.stories.test_groups import linked
from tests.story import Heard, Phone, World, together

PDF = b"%PDF-1.7"


async def gives(world: World, phone: Phone, role: str, area: str | None = None, *, takes: bool = False) -> None:
    """Give somebody one role more, or take it away."""
    now = await world.now()
    async with world.database.transaction() as work:
        known = await work.people.at(world.manual, "telegram", str(phone.person), now=now)
        assert known is not None
        if takes:
            await work.people.take_away(known.person.id, role, area, now=now)
        else:
            await work.people.give(known.person, role, area, now=now)


async def is_done(phone: Phone) -> None:
    """Wait until everything is answered that somebody has done so far: what they do is taken in order."""
    await phone.says("/ayuda")
    await phone.hears("Aquí se piden y atienden")


async def taps_twice(phone: Phone, label: str, on: Heard) -> None:
    await together(phone.presses(label, on=on), phone.presses(label, on=on))
    await is_done(phone)


# Double taps


async def test_a_double_tap_ends_one_role(world: World, rosa: Phone, lucia: Phone) -> None:
    await gives(world, rosa, "enlace", "obras")
    await lucia.says("personas")
    await lucia.hears("Personas ·")
    await lucia.presses("Rosa Ibarra")
    await lucia.hears("• Coordinador")
    await lucia.presses("Quitar: Coordinador")
    await taps_twice(lucia, "Quitar", await lucia.hears("Quitar a Rosa"))
    await rosa.says("hola")
    await rosa.hears("Enlace · Dirección de Obras")


@pytest.mark.parametrize("label", ["Repetir", "Comentar", "Retirar"])
async def test_a_double_tap_begins_one_form(world: World, ana: Phone, label: str) -> None:
    await ana_files(ana)
    await taps_twice(ana, label, ana.latest("Tu folio es"))
    async with world.database.transaction() as work:
        known = await work.people.at("chalco", "telegram", str(ana.person), now=await world.now())
        assert known is not None
        assert len(await work.drafts.of(known.person.id)) == 1


async def test_a_double_tap_leaves_the_card_where_it_is(ana: Phone, rosa: Phone) -> None:
    folio = await ana_files(ana)
    card = await rosa.hears(folio, "¿Cumple")
    await taps_twice(rosa, "No cumple", card)
    assert rosa.shown(card.id).labels[:2] == ["Sí cumple", "No cumple"]


# Looking around


async def test_who_looks_at_the_request_in_the_middle_of_a_form_goes_on_with_it(ana: Phone, rosa: Phone) -> None:
    folio = await ana_files(ana)
    card = await rosa.hears(folio, "¿Cumple")
    await rosa.presses("No cumple", on=card)
    await rosa.hears("Requisitos que faltan")
    await rosa.says("1 listo")
    await rosa.hears("Qué debe corregir")
    await rosa.presses("Ver solicitud", on=card)
    await rosa.hears(folio, "enviada el")
    await rosa.says("historial")  # a button of what is shown, and no answer
    await rosa.hears(folio, "Historial")
    await rosa.says("Falta la dirección")
    await ana.hears(folio, "Rosa Ibarra la devolvió", "«Falta la dirección»")


async def test_who_looks_for_something_goes_on_looking_for_it(ana: Phone, rosa: Phone) -> None:
    folio = await ana_files(ana)
    card = await rosa.hears(folio, "¿Cumple")
    await rosa.says("buscar")
    await rosa.hears("¿Qué buscas?")
    await rosa.presses("Ver solicitud", on=card)
    await rosa.hears(folio, "enviada el")
    await rosa.says("historial")
    await rosa.hears(folio, "Historial")


# Second thoughts


async def test_the_last_tick_and_that_this_is_all_are_said_at_once(ana: Phone) -> None:
    await ana.says("/nueva gch-ccs-p06-2023")
    await ana.lives_through(("Justificación", "Feria"), ("Tipo de material", "1"), ("Formato", "1, 3 y listo"))
    await ana.hears("✓ Formato")


async def test_a_decision_in_reply_to_a_card_that_is_decided_is_no_comment(
    ana: Phone, rosa: Phone, mariana: Phone
) -> None:
    folio = await ana_files(ana)
    await rosa.hears(folio, "¿Cumple")
    card = await mariana.hears(folio, "¿Cumple")
    await rosa.presses("Sí cumple")
    await mariana.hears(folio, "✓ Sí cumple")
    await mariana.says("No cumple", reply_to=str(card.id))
    await mariana.hears(folio, "✓ Sí cumple · Rosa Ibarra")
    await mariana.says("ver solicitud", reply_to=str(card.id))
    await mariana.hears(folio, "enviada el")
    assert not await ana.ever_heard("💬")


async def test_what_showed_an_act_says_that_it_was_taken_back_by_typing(ana: Phone, rosa: Phone) -> None:
    folio = await ana_files(ana)
    card = await rosa.hears(folio, "¿Cumple")
    await rosa.presses("Sí cumple", on=card)
    await rosa.hears(folio, "✓ Sí cumple")
    await rosa.says("deshacer")
    await rosa.hears(folio, "↩ Rosa Ibarra deshizo")
    await rosa.hears(folio, "¿Cumple")
    assert rosa.shown(card.id).labels == ["Ver solicitud"]


# Files


async def test_of_an_album_that_nobody_asked_for_is_spoken_once(ana: Phone) -> None:
    folio = await ana_files(ana)
    for place in range(3):
        await ana.sends(PDF, f"{place}.pdf", album="plaza")
    await ana.hears("ahora no te pedí ninguno y no los guardé")
    await ana.sends(PDF, "suelto.pdf")
    await ana.hears("Recibí «suelto.pdf»")
    assert len(await ana.ever_heard("no los guardé")) == 1
    await ana.presses("Comentar", on=ana.latest("Tu folio es"))
    await ana.hears(folio, "Comentario")


async def test_what_comes_of_an_album_after_that_is_all_comes_with_it(ana: Phone, rosa: Phone) -> None:
    folio = await ana_files(ana)
    await rosa.hears(folio, "¿Cumple")
    await ana.presses("Comentar", on=ana.latest("Tu folio es"))
    await ana.hears(folio, "Comentario")
    await ana.sends(PDF, "a.pdf", album="plaza")
    await ana.hears("Recibí 1 archivo")
    await ana.says("listo")
    await rosa.hears(folio, "a.pdf")
    await ana.sends(PDF, "b.pdf", album="plaza")
    await rosa.hears(folio, "b.pdf")
    assert not await ana.ever_heard("no te pedí")


# Roles that end, and come back


async def test_a_form_stays_where_the_role_for_its_area_has_ended(world: World, ana: Phone) -> None:
    await gives(world, ana, "enlace", "obras")
    await ana.says("/nueva GCH-CCS-P01-2023")
    await ana.hears("¿Para qué área es?")
    await ana.says("2")
    await ana.lives_through(
        ("Nombre del evento", "Feria"),
        ("Fecha y hora", "viernes 27 de noviembre 5 pm"),
        ("Lugar", "Plaza"),
        ("Foto", "1"),
    )
    await ana.hears("Revisa antes de enviar")
    await gives(world, ana, "enlace", "obras", takes=True)
    await ana.says("enviar")
    await ana.hears("No la envié", "a nombre de Dirección de Obras Públicas", "Tu borrador queda guardado")
    await gives(world, ana, "enlace", "obras")
    await ana.presses("Borradores")
    await ana.hears("Borradores", "4 de 4")
    await ana.says("1")
    await ana.hears("Revisa antes de enviar")
    await ana.says("enviar")
    await ana.hears("Tu folio es")


async def test_what_was_withdrawn_is_no_draft_any_more(ana: Phone, rosa: Phone) -> None:
    folio = await ana_files(ana)
    filed = ana.latest("Tu folio es")
    await rosa.hears(folio, "¿Cumple")
    await rosa.presses("No cumple")
    await rosa.hears("Requisitos que faltan")
    await rosa.says("1 listo")
    await rosa.hears("Qué debe corregir")
    await rosa.says("omitir")
    await ana.hears(folio, "la devolvió")
    await ana.presses("Corregir")
    await ana.hears("Paso 1 de 1")
    await ana.presses("Retirar", on=filed)
    await ana.hears("Por qué la retiras")
    await ana.says("omitir")
    await ana.confirms()
    await ana.hears(folio, "retirada")
    await ana.says("/borradores")
    await ana.hears("No tienes borradores")


async def test_a_group_that_came_back_sees_what_was_decided_there(
    world: World, ana: Phone, rosa: Phone, mariana: Phone, diego: Phone
) -> None:
    group = await linked(world, rosa, mariana)
    there = mariana.into(group)
    folio = await ana_files(ana)
    card = await there.hears(folio, "¿Cumple")
    await world.place_bot(group, "kicked", by=mariana)
    await rosa.hears("Ya no estoy")
    await world.place_bot(group, "member", by=rosa)
    await rosa.hears("¿De qué rol")
    await there.presses("Sí cumple", on=card)
    await diego.hears(folio, "Actividad 7")
    await there.hears(folio, "✓ Sí cumple · Mariana Paz", buttons=[])


async def test_no_mark_that_turns_a_line_around_is_part_of_a_name(world: World, rosa: Phone, lucia: Phone) -> None:
    known = await world.call("POST", "/sandbox/people", name="\u202eZoe\u2069 Luna")
    zoe = Phone(world, known["id"], "Zoe")
    await lucia.says("invitar")
    await lucia.hears("rol")
    await lucia.presses("Enlace")
    await lucia.hears("área")
    await lucia.presses("Dirección de Cultura")
    link = re.search(r"start=(\S+)", (await lucia.hears("https://")).text)
    assert link is not None
    await zoe.says(f"/start {link.group(1)}")
    await zoe.hears("Aviso de privacidad")
    await zoe.presses("Acepto")
    await zoe.hears("Ya puedes")
    await ana_files(zoe)
    await rosa.hears("Solicita: Dirección de Cultura · Zoe Luna\n")


# Several things side by side


@pytest.fixture
async def chiconcuac(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with staged(database_url, tmp_path, manual="chiconcuac") as stage:
        yield stage.world


@pytest.fixture
def oscar(chiconcuac: World) -> Phone:
    return Phone(chiconcuac, 5102, "Óscar")


@pytest.fixture
def beatriz(chiconcuac: World) -> Phone:
    """Whoever signs for one of the areas."""
    return Phone(chiconcuac, 5101, "Beatriz")


async def planned(oscar: Phone) -> Heard:
    """A maintenance of everything, planned for each area; gives the card of Beatriz's."""
    await oscar.says("/nueva 1")
    await oscar.hears("meses")
    await oscar.says("6")
    await oscar.hears("Revisa antes de enviar")
    await oscar.says("enviar")
    await oscar.hears("Tu folio es")
    await oscar.presses("Programar")
    await oscar.hears("Revisa antes de enviar")
    await oscar.says("enviar")
    return await oscar.hears("\nDirección de Cultura\n", "¿Ya se realizó")


async def test_of_several_things_each_is_told_apart(oscar: Phone, beatriz: Phone) -> None:
    card = await planned(oscar)
    await oscar.hears("\nTesorería Municipal\n", "¿Ya se realizó")
    await oscar.says("Reprogramar")
    which = await oscar.hears("¿Cuál?")
    assert len(set(which.labels)) == len(which.labels)
    assert any(label.startswith("Catastro Municipal · ") for label in which.labels)

    await oscar.presses("Sí, ya se realizó", on=card)
    await oscar.hears("· Dirección de Cultura · ", "¿Qué se hizo")
    await oscar.says("Limpieza de 3")
    await oscar.hears("Fotos")
    await oscar.says("omitir")
    await oscar.hears("\nDirección de Cultura\n", "✓ Sí, ya se realizó · Óscar Villegas")
    await oscar.says("bandeja")
    await oscar.hears("Bandeja", "Catastro Municipal")
    await oscar.says("1")
    await oscar.hears("\nCatastro Municipal\n", "¿Ya se realizó", absent=["Limpieza de 3"])

    await beatriz.hears("¿Firmas", "Limpieza de 3")
    await beatriz.presses("Firmar reporte")
    await beatriz.hears("¿Quién firma")
    await beatriz.says("1")
    signed = await beatriz.hears("✓ Firmar")
    assert "Ver solicitud" not in signed.labels  # it is Óscar's, and goes on for all the others


async def pressed(phone: Phone, label: str, *heard: str) -> None:
    """Press a button of what was just heard."""
    await phone.presses(label, on=await phone.hears(*heard))


async def test_of_what_goes_on_beside_a_publication_only_what_is_new_is_told(database_url: str, tmp_path: Path) -> None:
    async with staged(database_url, tmp_path, manual="leon") as stage:
        daniela, oscar, julieta = (
            Phone(stage.world, key, name) for key, name in ((3101, "D"), (3102, "O"), (3103, "J"))
        )
        await daniela.says("/nueva PR-DGCS/DAI-07")
        await daniela.lives_through(("Tipo de material", "1"), ("Información", "Feria"))
        await daniela.hears("Boletín o material")
        await daniela.sends(PDF, "b.pdf")
        await daniela.hears("Recibí 1")
        await daniela.says("listo")
        await daniela.lives_through(("Formato de contenido", "omitir"), ("Revisa", "enviar"))
        await daniela.hears("Tu folio es")
        await pressed(oscar, "Terminar redacción", "Redacta o da formato", "Solicita:")
        await oscar.lives_through(("¿Se redactó", "1"))
        await pressed(oscar, "No hace falta", "¿Se necesita corrección", "Solicita:")
        await pressed(oscar, "Pedir autorización", "Resalta", "Solicita:")
        await oscar.lives_through(("Texto de la publicación", "Ven"), ("Gráficos", "omitir"))
        await pressed(julieta, "Autorizar", "¿Se autoriza", "Solicita:")
        await pressed(oscar, "Publicar", "Publica en las redes", "Solicita:")
        await oscar.hears("¿En qué redes")
        await oscar.says("facebook listo")
        await oscar.hears("Publicaciones")
        await oscar.sends(PDF, "c.pdf")
        await oscar.hears("Recibí 1")
        await oscar.says("listo")
        await pressed(oscar, "Sí, ver comentarios", "¿La publicación está correcta", "Solicita:")
        await oscar.hears("¿Hay comentarios por atender", "Solicita:")
        for n in range(2):
            await stage.world.has_said_all()
            await oscar.presses("Nuevo comentario")
            await oscar.lives_through(
                ("¿Qué dice el comentario", f"Luminaria {n}"), ("¿En qué red se", "2"), ("¿De qué clase", "1")
            )
            told = await daniela.hears("Nuevo comentario", f"Luminaria {n}")
            assert told.text.count("Comentario:") == 1
