"""Groups: a coordination decides where its people already talk, and nobody else does."""

import pytest

from tests.stories import test_staffing
from tests.stories.test_cobertura import ana_files
from tests.story import Phone, World

ACTS = ["Sí cumple", "No cumple"]


async def linked(world: World, whose: Phone, *others: Phone, title: str = "Comunicación") -> int:
    """A group that gets the coordinadores' cards, added and linked by whoever is named first."""
    group = await world.group(title, whose, *others)
    asked = await whose.hears(f"Grupo «{title}»", "¿De qué rol deben llegar las tarjetas")
    await whose.presses("Coordinador", on=asked)
    await whose.hears(f"Desde ahora llegan al grupo «{title}» las tarjetas para decidir de: Coordinador")
    await whose.into(group).hears("llegan aquí las tarjetas para decidir de: Coordinador", buttons=[])
    return group


async def test_who_adds_the_bot_chooses_in_private_which_cards_a_group_gets(
    world: World, rosa: Phone, ana: Phone
) -> None:
    group = await world.group("Comunicación", rosa, ana)
    await rosa.into(group).hears("En los grupos solo doy avisos y tarjetas para decidir", buttons=[])
    await rosa.hears("¿De qué rol deben llegar las tarjetas", "1. Coordinador", buttons=["Coordinador", "Ninguna"])
    await rosa.says("1")
    await rosa.hears("Desde ahora llegan al grupo «Comunicación»", "Coordinador", buttons=["Grupos", "Menú"])
    await rosa.presses("Grupos")
    listed = await rosa.hears("Grupos · 1", "1. Comunicación: tarjetas de Coordinador", "?startgroup=")
    assert listed.labels == ["Comunicación", "Agregar a un grupo", "Menú"]
    await rosa.says("comunicacion")
    await rosa.hears("Ahora llegan ahí las tarjetas de: Coordinador")
    await rosa.says("ninguna")
    await rosa.hears("Al grupo «Comunicación» no llegan tarjetas")
    await rosa.into(group).hears("Aquí ya no llegan tarjetas", buttons=[])
    folio = await ana_files(ana)
    await rosa.hears(folio, "¿Cumple con los requisitos?")
    assert folio not in "".join(await said_in(world, rosa, group))


async def said_in(world: World, phone: Phone, group: int) -> list[str]:
    """Everything that the bot has said in a group."""
    path = f"/sandbox/people/{phone.person}/chat?manual={world.manual}&chat={group}"
    shown = await world.call("GET", path)
    return [one["text"] for one in shown["messages"] if one["from"] == "bot"]


async def test_a_decision_in_the_group_is_everybodys_at_once(
    world: World, ana: Phone, rosa: Phone, mariana: Phone, diego: Phone
) -> None:
    group = await linked(world, rosa, mariana, ana)
    there = mariana.into(group)
    folio = await ana_files(ana)
    card = await there.hears(folio, "¿Cumple con los requisitos?", "Solicita: Dirección de Cultura", buttons=ACTS)
    assert not card.silent
    await rosa.hears(folio, "¿Cumple con los requisitos?")
    await mariana.hears(folio, "¿Cumple con los requisitos?")

    await there.presses("Sí cumple", on=card)
    await there.sees(folio, "Sí cumple")
    await there.hears(folio, "✓ Sí cumple · Mariana Paz", buttons=[])
    await rosa.hears(folio, "✓ Sí cumple · Mariana Paz", buttons=["Ver solicitud"])
    await mariana.hears(folio, "✓ Sí cumple · Mariana Paz", buttons=["Ver solicitud", "Deshacer"])
    await diego.hears(folio, "Registra, agenda y realiza la cobertura")
    assert await world.walked(folio) == ["1", "2", "5", "6"]

    late = rosa.into(group)
    await late._look(wait=0)
    await late.presses("Sí cumple", on=late.shown(card.id), data=card.data["Sí cumple"])
    await late.sees(folio, "Mariana Paz ya eligió «Sí cumple»")


async def test_a_decision_in_private_settles_the_groups_card(world: World, ana: Phone, rosa: Phone) -> None:
    group = await linked(world, rosa)
    folio = await ana_files(ana)
    await rosa.into(group).hears(folio, "¿Cumple con los requisitos?", buttons=ACTS)
    await rosa.hears(folio, "¿Cumple con los requisitos?")
    await rosa.presses("Sí cumple")
    await rosa.into(group).hears(folio, "✓ Sí cumple · Rosa Ibarra", buttons=[])


async def test_who_does_not_hold_the_role_decides_nothing_in_the_group(
    world: World, ana: Phone, rosa: Phone, diego: Phone
) -> None:
    group = await linked(world, rosa, ana, diego)
    met = await world.call("POST", "/sandbox/people", name="Zoé")
    zoe = Phone(world, met["id"], "Zoé")
    await world.call("POST", f"/sandbox/groups/{group}/members", members=[zoe.person])
    folio = await ana_files(ana)
    for one in (ana, diego, zoe):
        there = one.into(group)
        card = await there.hears(folio, "¿Cumple con los requisitos?")
        await there.presses("Sí cumple", on=card)
        await there.sees("Esto le toca a: Coordinador de Comunicación Social")
    # What nobody put on a button of a group means nothing there.
    await diego.into(group).presses("x", on=card, data="m:home")
    await diego.sees("Esa solicitud o botón no existe")
    assert await world.walked(folio) == ["1"]
    card = await rosa.into(group).hears(folio, "¿Cumple con los requisitos?", buttons=ACTS)


async def test_a_return_pressed_in_the_group_is_asked_in_private(world: World, ana: Phone, rosa: Phone) -> None:
    group = await linked(world, rosa, ana)
    there = rosa.into(group)
    folio = await ana_files(ana)
    card = await there.hears(folio, "¿Cumple con los requisitos?")
    await there.presses("No cumple", on=card)
    await there.sees("Te lo pregunto en privado")
    await rosa.hears("¿Qué requisitos no se cumplen?")
    await rosa.says("2 listo")
    await rosa.hears("¿Qué debe corregir el área?")
    await rosa.says("Falta la hora")
    await rosa.hears(folio, "✓ No cumple · Rosa Ibarra")
    await there.hears(folio, "✓ No cumple · Rosa Ibarra", "«Falta la hora»", buttons=[])
    await ana.hears(folio, "Rosa Ibarra la devolvió")
    assert not any("¿Qué" in one and "requisitos no" in one for one in await said_in(world, rosa, group))


async def test_who_blocks_the_bot_is_told_to_open_their_chat(world: World, ana: Phone, rosa: Phone) -> None:
    group = await linked(world, rosa, ana)
    there = rosa.into(group)
    await world.call("POST", f"/sandbox/people/{rosa.person}/block", blocked=True)
    await world.reaches(rosa.person, reachable=False)
    folio = await ana_files(ana)
    card = await there.hears(folio, "¿Cumple con los requisitos?")
    await there.presses("No cumple", on=card)
    await there.sees("no puedo escribirte en privado")
    await there.presses("Sí cumple", on=card)
    await there.hears(folio, "✓ Sí cumple · Rosa Ibarra")


async def test_what_takes_a_form_is_not_brought_to_a_group(
    world: World, ana: Phone, rosa: Phone, diego: Phone, lucia: Phone
) -> None:
    group = await world.group("Imagen", lucia, diego)
    asked = await lucia.hears("¿De qué rol", "Coordinador", "Comunicación e Imagen", "Técnico de soporte")
    assert "Enlace" not in asked.labels
    await lucia.presses("Comunicación e Imagen", on=asked)
    there = diego.into(group)
    await there.hears("tarjetas para decidir de: Comunicación e Imagen")
    folio = await ana_files(ana)
    await rosa.hears(folio, "¿Cumple con los requisitos?")
    await rosa.presses("Sí cumple")
    card = await there.hears(folio, "Actividad 7 de 8", buttons=["Cobertura realizada"])
    await world.at("2026-11-27T19:30")
    await there.presses("Cobertura realizada", on=card)
    await there.hears(folio, "✓ Cobertura realizada · Diego Luna", buttons=[])
    await diego.hears(folio, "Actividad 8 de 8")
    assert not any("Actividad 8 de 8" in one for one in await said_in(world, diego, group))


@pytest.mark.parametrize("admin", [False, True])
async def test_there_are_no_menus_in_a_group(world: World, rosa: Phone, *, admin: bool) -> None:
    group = await world.group("Comunicación", rosa, admin=admin)
    there = rosa.into(group)
    await there.hears("En los grupos solo doy avisos")
    await rosa.hears("¿De qué rol")
    await rosa.says("ninguna")
    for text in ("hola", "menú", "1", "/nueva@otro_bot", "/menu", "@oficialia_chalco_bot2 hola"):
        await there.says(text)
    for text in ("/nueva", "/bandeja@oficialia_chalco_bot", "oye @oficialia_chalco_bot, ¿qué hay?"):
        await there.says(text)
        await there.hears("escríbeme en privado", buttons=[])
    assert len(await said_in(world, rosa, group)) == 4


async def test_a_word_in_a_group_does_not_lose_what_is_being_filled_in(world: World, ana: Phone) -> None:
    await ana.says("/nueva GCH-CCS-P01-2023")
    await ana.hears("Nombre del evento")
    group = await world.group("Obras", ana)
    await ana.into(group).hears("En los grupos solo doy avisos")
    await ana.into(group).says("/mis")
    await ana.into(group).hears("escríbeme en privado")
    await ana.says("Feria del libro")
    await ana.hears("✓ Nombre del evento: Feria del libro")


async def test_a_stranger_who_adds_the_bot_gets_one_polite_line(world: World, ana: Phone, lucia: Phone) -> None:
    met = await world.call("POST", "/sandbox/people", name="Zoé")
    zoe = Phone(world, met["id"], "Zoé")
    for one in (zoe, ana):
        group = await world.group("Vecinos", one)
        await one.into(group).hears("En los grupos solo doy avisos")
        assert not any("¿De qué rol" in text for text in one.unread())
    await lucia.says("grupos")
    await lucia.hears("Grupos · 0", "Todavía no estoy en ninguno")
    # Whoever may link it asks for the question, as the link that adds the bot ends.
    await world.call("POST", f"/sandbox/groups/{group}/members", members=[lucia.person])
    await lucia.into(group).says("/start@oficialia_chalco_bot tarjetas")
    await lucia.hears("Grupo «Vecinos»", "¿De qué rol")


async def test_a_group_goes_by_its_new_name(world: World, rosa: Phone) -> None:
    group = await linked(world, rosa)
    await world.call("POST", f"/sandbox/groups/{group}/title", title="Prensa")
    await rosa.says("grupos")
    await rosa.hears("Grupos · 1", "1. Prensa: tarjetas de Coordinador")


async def test_what_is_taken_back_in_private_is_asked_again_in_the_group(
    world: World, ana: Phone, rosa: Phone, mariana: Phone
) -> None:
    group = await linked(world, rosa, mariana)
    there = mariana.into(group)
    folio = await ana_files(ana)
    card = await there.hears(folio, "¿Cumple con los requisitos?")
    await there.presses("Sí cumple", on=card)
    await there.hears(folio, "✓ Sí cumple · Mariana Paz", buttons=[])
    await mariana.hears(folio, "✓ Sí cumple · Mariana Paz", buttons=["Ver solicitud", "Deshacer"])
    await mariana.presses("Deshacer")
    again = await there.hears(folio, "¿Cumple con los requisitos?", buttons=ACTS)
    await rosa.into(group).presses("Sí cumple", on=again)
    await there.hears(folio, "✓ Sí cumple · Rosa Ibarra", buttons=[])


async def test_an_administrator_sees_every_group_and_can_silence_it(
    world: World, ana: Phone, rosa: Phone, mariana: Phone, lucia: Phone, diego: Phone
) -> None:
    group = await linked(world, rosa, mariana)
    await diego.says("grupos")
    await diego.hears("Grupos · 0")
    for one in (mariana, lucia):
        await one.says("grupos")
        await one.hears("Grupos · 1", "Comunicación: tarjetas de Coordinador")
    await ana.says("grupos")
    await ana.hears("Ese botón ya no aplica")
    await lucia.presses("Comunicación")
    await lucia.hears("Ahora llegan ahí las tarjetas de: Coordinador")
    await lucia.presses("Ninguna")
    await rosa.into(group).hears("Aquí ya no llegan tarjetas")


async def test_a_group_that_becomes_a_supergroup_loses_nothing(
    world: World, ana: Phone, rosa: Phone, mariana: Phone
) -> None:
    group = await linked(world, rosa, mariana)
    first = await ana_files(ana)
    await rosa.into(group).hears(first, "¿Cumple con los requisitos?")
    moved = (await world.call("POST", f"/sandbox/groups/{group}/upgrade"))["id"]
    there = rosa.into(moved)
    # What was asked in the old group can be answered in the new one.
    card = await there.hears(first, "¿Cumple con los requisitos?", buttons=ACTS)
    second = await ana_files(ana, when="sábado 28 de noviembre 5 pm")
    await there.hears(second, "¿Cumple con los requisitos?", buttons=ACTS)
    await there.presses("Sí cumple", on=card)
    await there.hears(first, "✓ Sí cumple · Rosa Ibarra", buttons=[])
    await mariana.hears(second, "¿Cumple con los requisitos?")
    await mariana.presses("Sí cumple")
    await there.hears(second, "✓ Sí cumple · Mariana Paz", buttons=[])
    await rosa.says("grupos")
    await rosa.hears("Grupos · 1", "Comunicación: tarjetas de Coordinador")


async def test_who_linked_a_group_is_told_when_the_bot_is_thrown_out(
    world: World, ana: Phone, rosa: Phone, mariana: Phone, lucia: Phone
) -> None:
    group = await linked(world, rosa, mariana)
    first = await ana_files(ana)
    await rosa.into(group).hears(first, "¿Cumple con los requisitos?")
    await world.place_bot(group, "kicked", by=mariana)
    await rosa.hears("Ya no estoy en el grupo «Comunicación»")
    second = await ana_files(ana, when="sábado 28 de noviembre 5 pm")
    await mariana.hears(first, "¿Cumple con los requisitos?")
    await mariana.presses("Sí cumple")
    await rosa.hears(second, "¿Cumple con los requisitos?")
    await rosa.presses("Sí cumple")
    await ana.hears(second, "Ahora: actividad 7")
    await lucia.says("sin entregar")
    await lucia.hears("Todo está entregado")
    await lucia.says("grupos")
    await lucia.hears("Grupos · 0")
    await world.place_bot(group, "member", by=mariana)
    await mariana.hears("Grupo «Comunicación»", "¿De qué rol")


async def test_what_answers_a_card_in_a_group_is_a_comment(
    world: World, ana: Phone, rosa: Phone, mariana: Phone, raul: Phone
) -> None:
    group = await linked(world, rosa, mariana, raul)
    folio = await ana_files(ana)
    there = mariana.into(group)
    card = await there.hears(folio, "¿Cumple con los requisitos?")
    await raul.into(group).says("gracias", reply_to=card.id)  # of another area: nothing is kept, nor said
    await there.says("¿Ya confirmaron el lugar?", reply_to=card.id)
    await ana.hears(folio, "Mariana Paz", "¿Ya confirmaron el lugar?")
    await rosa.hears(folio, "¿Ya confirmaron el lugar?")
    await mariana.hears(folio, "Comentario agregado")
    await there.says("/ayuda", reply_to=card.id)
    await there.hears("escríbeme en privado")
    said = await said_in(world, mariana, group)
    assert not any("Comentario" in one or "confirmaron" in one for one in said)
    _, events = await world.record(folio)
    assert [one.note for one in events if one.kind == "commented"] == ["¿Ya confirmaron el lugar?"]


async def test_an_old_button_in_a_group_works_a_week_later(world: World, ana: Phone, rosa: Phone) -> None:
    group = await linked(world, rosa)
    folio = await ana_files(ana)
    there = rosa.into(group)
    card = await there.hears(folio, "¿Cumple con los requisitos?")
    await world.later(days=7)
    await there.presses("Sí cumple", on=card)
    await there.hears(folio, "✓ Sí cumple · Rosa Ibarra", buttons=[])


async def test_who_takes_a_service_from_the_pool_in_a_group_goes_on_in_private(
    world: World, ana: Phone, rosa: Phone, gabriela: Phone, tono: Phone, elena: Phone
) -> None:
    group = await world.group("Soporte", tono, elena, gabriela)
    await tono.hears("¿De qué rol", buttons=["Técnico de soporte", "Ninguna"])
    await tono.presses("Técnico de soporte")
    there = elena.into(group)
    await there.hears("tarjetas para decidir de: Técnico de soporte")
    for one in (tono, elena):
        await test_staffing.goes_away(one)
    folio = await test_staffing.files(ana)
    await test_staffing.turned(folio, rosa, gabriela)
    card = await there.hears(folio, "Sin asignar", buttons=["Tomar"])
    await gabriela.into(group).presses("Tomar", on=card)
    await gabriela.sees("Esto le toca a: Personal de soporte técnico")
    await there.presses("Tomar", on=card)
    await elena.hears(folio, "Asignada a: Elena Cruz · aceptó")
    await there.hears(folio, "La tomó Elena Cruz", buttons=[])
    await tono.hears(folio, "La tomó Elena Cruz")
    late = tono.into(group)
    await late.presses("Tomar", on=card)
    await tono.sees(folio, "Elena Cruz")
    # What is somebody's already is nobody's to take: it is not brought to the group.
    await elena.presses("Voy en camino")
    await elena.hears(folio, "Actividad 7")
    assert not any("Actividad 7" in one for one in await said_in(world, elena, group))
