"""Who goes: availability, the pool, accepting and passing on, what was found, and where."""

from tests.sandbox.pictures import png
from tests.story import Phone, World, together

PHOTO = png(64, 48)


async def files(ana: Phone, *, place: str = "Palacio Municipal, planta baja", outside: str = "no") -> str:
    """Ana asks for support; gives the folio."""
    await ana.says("/nueva GCH-CCS-P10-2023")
    await ana.lives_through(
        ("Falla o problemática", "La impresora no enciende"),
        ("Servidor público que solicita", "Laura Ríos"),
        ("Dependencia u organismo", "Dirección de Cultura"),
        ("Ubicación", place),
        ("¿Está fuera del Palacio Municipal?", outside),
        ("Revisa antes de enviar", "enviar"),
    )
    filed = await ana.hears("Tu folio es")
    return filed.text.partition("Tu folio es ")[2].partition(".")[0]


async def turned(folio: str, rosa: Phone, gabriela: Phone) -> None:
    """The request is turned to Gobierno Digital and complies: somebody must go."""
    await rosa.hears(folio, "Actividad 2")
    await rosa.presses("Turnar")
    await gabriela.hears(folio, "Actividad 3", "¿Cumple con los requisitos?")
    await gabriela.presses("Sí cumple")


async def goes_away(phone: Phone) -> None:
    await phone.says("menú")
    await phone.hears("Estás disponible")
    await phone.presses("No estoy disponible")
    await phone.hears("no se te asigna nada nuevo")


async def test_of_two_the_one_who_is_there_gets_it(
    ana: Phone, rosa: Phone, gabriela: Phone, tono: Phone, elena: Phone
) -> None:
    await goes_away(tono)
    await tono.says("menú")
    await tono.hears("No estás disponible", buttons=["Bandeja", "Buscar", "Ya estoy disponible", "Avisos", "Ayuda"])
    folio = await files(ana)
    await turned(folio, rosa, gabriela)
    await elena.hears(folio, "Actividad 6", "Asignada a: Elena Cruz")
    card = await gabriela.hears(folio, "Asignada a: Elena Cruz")
    await gabriela.presses("Reasignar", on=card)
    await gabriela.hears("1. Elena Cruz · 1 asignada · la tiene", "2. Toño Vera · 0 asignadas · no disponible")
    assert tono.unread() == []


async def test_work_goes_round(
    world: World, ana: Phone, rosa: Phone, gabriela: Phone, tono: Phone, elena: Phone
) -> None:
    """With as little to do as each other, whoever has waited longest is next."""
    for expected in (tono, elena, tono, elena):
        folio = await files(ana)
        await turned(folio, rosa, gabriela)
        await expected.hears(folio, "Actividad 6", f"Asignada a: {expected.name}")
        await expected.says("voy en camino")
        await expected.hears(folio, "Actividad 7")
        await expected.says("sí se solucionó")
        await expected.lives_through(("¿Qué se hizo", "Se reinició"), ("Fotos del servicio", "omitir"))
        await ana.hears(folio, "¿Quedó solucionada")
        await ana.says("conforme")
        await ana.hears(folio, "Concluida: Solucionada")
        await world.later(seconds=60)


async def test_what_nobody_can_take_waits_in_the_pool(
    world: World, ana: Phone, rosa: Phone, gabriela: Phone, tono: Phone, elena: Phone
) -> None:
    await goes_away(tono)
    await goes_away(elena)
    folio = await files(ana)
    await turned(folio, rosa, gabriela)
    for phone in (tono, elena):
        card = await phone.hears(folio, "Sin asignar", "La toma quien se desocupe primero")
        assert card.silent
        assert card.labels[0] == "Tomar"
    told = await gabriela.hears(folio, "Actividad 6", "Sin asignar")
    assert not told.silent
    assert "Asignar" in told.labels
    second = await files(ana)
    await turned(second, rosa, gabriela)
    await elena.hears(second, "Sin asignar")
    await elena.says("ya estoy disponible")
    await elena.hears("Hay 2 sin asignar:", f"1. {folio}", f"2. {second}", buttons=[folio, second, "Menú"])
    await elena.says("1")
    await elena.hears(folio, "Sin asignar")
    await elena.presses("Tomar")
    await elena.hears(folio, "Asignada a: Elena Cruz · aceptó", buttons=[
        "Voy en camino", "No puedo", "Ver solicitud", "Comentar", "Preguntar", "Reasignar"])  # fmt: skip
    await tono.hears(folio, "La tomó Elena Cruz", buttons=["Ver solicitud"])
    news = await ana.hears(folio, "Asignada a Elena Cruz")
    assert news.silent
    await tono.says("disponible")
    await tono.hears("Hay 1 sin asignar:", second, buttons=["Tomar", "Ir a la actividad", "Menú"])
    await tono.says("tomar")
    await tono.hears(second, "Asignada a: Toño Vera · aceptó")
    assert await world.walked(folio) == ["1", "2", "3"]


async def test_of_two_who_take_it_at_once_one_has_it(
    world: World, ana: Phone, rosa: Phone, gabriela: Phone, tono: Phone, elena: Phone
) -> None:
    await goes_away(tono)
    await goes_away(elena)
    folio = await files(ana)
    await turned(folio, rosa, gabriela)
    on = [await phone.hears(folio, "Sin asignar") for phone in (tono, elena)]
    await together(tono.presses("Tomar", on=on[0]), elena.presses("Tomar", on=on[1]))
    await ana.hears(folio, "Asignada a")
    request, events = await world.record(folio)
    assert [one.kind for one in events].count("assigned") == 1
    [turn] = request.turns
    assert turn.progress == "accepted"
    assigned = next(one for one in events if one.kind == "assigned")
    winner, loser = (tono, elena) if assigned.note == "Toño Vera" else (elena, tono)
    await winner.hears(folio, f"Asignada a: {assigned.note}")
    await loser.sees(f"Esto le toca a {assigned.note}", folio)
    await loser.hears(folio, str(assigned.note), buttons=["Ver solicitud"])


async def test_whoever_performs_what_waits_has_it(
    world: World, ana: Phone, rosa: Phone, gabriela: Phone, tono: Phone, elena: Phone
) -> None:
    await goes_away(tono)
    await goes_away(elena)
    folio = await files(ana)
    await turned(folio, rosa, gabriela)
    await elena.hears(folio, "Sin asignar")
    await elena.says("voy en camino")
    await elena.hears(folio, "Actividad 7", "Asignada a: Elena Cruz")
    assert await world.walked(folio) == ["1", "2", "3", "6"]


async def test_whoever_asked_hears_that_it_was_accepted(
    world: World, ana: Phone, rosa: Phone, gabriela: Phone, tono: Phone
) -> None:
    folio = await files(ana)
    await turned(folio, rosa, gabriela)
    await tono.hears(folio, "Actividad 6", buttons=[
        "Voy en camino", "Acepto", "No puedo", "Ver solicitud", "Comentar", "Preguntar", "Reasignar"])  # fmt: skip
    card = await gabriela.hears(folio, "Asignada a: Toño Vera")
    assert "Acepto" not in card.labels
    await tono.presses("Acepto")
    await tono.sees(folio, "aceptada")
    await tono.hears(folio, "Asignada a: Toño Vera · aceptó", buttons=[
        "Voy en camino", "No puedo", "Ver solicitud", "Comentar", "Preguntar", "Reasignar"])  # fmt: skip
    told = await ana.hears(folio, "Actividad 6", "Toño Vera aceptó atenderla")
    assert told.silent
    await gabriela.hears(folio, "Asignada a: Toño Vera · aceptó")
    request, events = await world.record(folio)
    [turn] = request.turns
    assert turn.progress == "accepted"
    assert [(one.kind, one.activity, one.name, one.role) for one in events][-1] == (
        "accepted",
        "6",
        "Toño Vera",
        "tecnico",
    )
    await ana.says(f"/ver {folio}")
    await ana.hears(folio, "La impresora no enciende")
    await ana.presses("Ver historial")
    await ana.hears("Toño Vera aceptó atenderla")
    await tono.says("voy en camino")
    await tono.hears(folio, "Actividad 7", "va en camino o la atiende")
    assert await world.walked(folio) == ["1", "2", "3", "6"]


async def test_whatever_a_tecnico_does_is_recorded_as_a_tecnicos(
    world: World, ana: Phone, rosa: Phone, gabriela: Phone, tono: Phone
) -> None:
    """Support is Gobierno Digital's by the manual; who is handed it has a role of their own, and that one alone."""
    folio = await files(ana)
    await turned(folio, rosa, gabriela)
    await tono.hears(folio, "Actividad 6")
    await tono.says("voy en camino")
    await tono.hears(folio, "Actividad 7")
    await tono.says("preguntar")
    await tono.hears("¿Qué le preguntas")
    await tono.says("¿Qué modelo es?")
    await tono.hears("Pregunta enviada")
    await tono.says(f"/ver {folio}")
    await tono.presses("Se lleva a taller", on=await tono.hears(folio, "¿Se solucionó"))
    await tono.hears("¿Cuál es el motivo?")
    await tono.says("Hay que abrirla")
    await tono.hears(folio, "✓ Se lleva a taller")
    await tono.says("deshacer")
    await ana.hears(folio, "Toño Vera deshizo lo anterior")
    _, events = await world.record(folio)
    assert [(one.kind, one.role) for one in events if one.name == "Toño Vera"] == [
        ("performed", "tecnico"),
        ("asked", "tecnico"),
        ("decided", "tecnico"),
        ("undone", "tecnico"),
    ]
    assert {one.role for one in events if one.name.startswith("Gabriela")} == {"gobierno_digital"}


async def test_whoever_cannot_says_why_and_the_next_one_has_it(
    world: World, ana: Phone, rosa: Phone, gabriela: Phone, tono: Phone, elena: Phone
) -> None:
    folio = await files(ana)
    await turned(folio, rosa, gabriela)
    old = await tono.hears(folio, "Asignada a: Toño Vera")
    await tono.presses("No puedo")
    await tono.hears(folio, "¿Por qué no puedes?", "1. Estoy en otro servicio", "4. Hoy no estoy")
    await tono.presses("Estoy en otro servicio")
    await tono.hears(folio, "Ahora le toca a Elena Cruz")
    given = await elena.hears(folio, "Asignada a: Elena Cruz", "Toño Vera no puede: «Estoy en otro servicio»")
    assert not given.silent
    await ana.hears(folio, "Toño Vera no puede atenderla", "Asignada a Elena Cruz")
    await tono.presses("Acepto", data=old.data["Acepto"], on=old)
    await tono.sees("Esto le toca a Elena Cruz")
    # The only other one has declined: it does not go back to him.
    await elena.says("no puedo")
    await elena.hears("¿Por qué no puedes?")
    await elena.says("Me quedé sin llaves del almacén")
    await elena.hears(folio, "Nadie más está disponible", "Departamento de Gobierno Digital")
    said = (folio, "Sin asignar", "Elena Cruz no puede: «Me quedé sin llaves del almacén»")
    assert (await gabriela.hears(*said)).edited  # the card she had
    assert not (await gabriela.hears(*said)).silent
    offered = await tono.hears(folio, "Sin asignar")
    assert offered.silent
    await gabriela.presses("Asignar")
    await gabriela.hears("1. Toño Vera · 0 asignadas · dijo que no puede")
    await gabriela.says("Toño Vera")
    await tono.hears(folio, "Asignada a: Toño Vera")
    await tono.says("acepto")
    await ana.hears(folio, "Toño Vera aceptó atenderla")
    request, events = await world.record(folio)
    assert request.staff == {"tecnico": 4}
    assert [one.kind for one in events if one.activity == "6"] == [
        "assigned", "declined", "assigned", "declined", "assigned", "accepted",
    ]  # fmt: skip
    assert await world.walked(folio) == ["1", "2", "3"]


async def test_whoever_goes_away_hears_what_stays_theirs(
    ana: Phone, rosa: Phone, gabriela: Phone, tono: Phone, elena: Phone
) -> None:
    folio = await files(ana)
    await turned(folio, rosa, gabriela)
    await tono.hears(folio, "Asignada a: Toño Vera")
    await tono.says("no estoy disponible")
    await tono.hears("Esta sigue a tu nombre:", folio, buttons=["No puedo", "Reasignar", "Ya estoy disponible", "Menú"])
    await tono.says("no puedo")
    await tono.lives_through(("¿Por qué no puedes?", "4"))
    await elena.hears(folio, "Asignada a: Elena Cruz", "Toño Vera no puede: «Hoy no estoy»")
    await tono.says("bandeja")
    await tono.hears("No tienes pendientes")


async def test_what_comes_back_while_its_tecnico_is_away_goes_to_another(
    ana: Phone, rosa: Phone, gabriela: Phone, tono: Phone, elena: Phone
) -> None:
    folio = await files(ana)
    await turned(folio, rosa, gabriela)
    await tono.hears(folio, "Asignada a: Toño Vera")
    await tono.says("voy en camino")
    await tono.hears(folio, "Actividad 7")
    await tono.says("sí se solucionó")
    await tono.lives_through(("¿Qué se hizo", "Se reinició"), ("Fotos del servicio", "omitir"))
    await tono.says("no estoy disponible")
    await tono.hears("no se te asigna nada nuevo", absent=["a tu nombre"])
    await ana.hears(folio, "¿Quedó solucionada")
    await ana.says("no conforme")
    await ana.lives_through(("¿Cuál es el motivo?", "Sigue igual"))
    await elena.hears(folio, "Actividad 7", "Asignada a: Elena Cruz", "Sigue igual")
    # The manual's button for setting out is behind; whoever goes again says so with ours.
    await elena.presses("Voy en camino")
    told = await ana.hears(folio, "Elena Cruz va en camino", absent=["Se reinició"])
    assert told.silent
    await elena.hears(folio, "va en camino o la atiende")


async def test_what_was_of_somebody_who_leaves_goes_to_the_next(
    world: World, ana: Phone, rosa: Phone, gabriela: Phone, tono: Phone, elena: Phone, lucia: Phone
) -> None:
    folio = await files(ana)
    await turned(folio, rosa, gabriela)
    await tono.hears(folio, "Asignada a: Toño Vera")
    await lucia.says("personas")
    await lucia.hears("Toño Vera")
    await lucia.presses("Toño Vera")
    await lucia.hears("Técnico de soporte")
    await lucia.presses("Quitar: Técnico de soporte")
    await lucia.hears("Toño Vera")
    await lucia.presses("Quitar")
    await elena.hears(folio, "Asignada a: Elena Cruz")
    await tono.hears(folio, "Reasignada a Elena Cruz", buttons=["Ver solicitud"])
    await goes_away(elena)
    await lucia.hears("Elena Cruz")
    await lucia.presses("Elena Cruz")
    await lucia.hears("Técnico de soporte")
    await lucia.presses("Quitar: Técnico de soporte")
    await lucia.hears("Elena Cruz")
    await lucia.presses("Quitar")
    await elena.hears(folio, "Espera sin asignar")
    told = await gabriela.hears(folio, "Sin asignar")
    assert "Asignar" in told.labels
    request, _ = await world.record(folio)
    assert request.turns[0].person is None


async def test_whoever_loses_it_to_another_is_told(
    ana: Phone, rosa: Phone, gabriela: Phone, tono: Phone, elena: Phone
) -> None:
    folio = await files(ana)
    await turned(folio, rosa, gabriela)
    await tono.hears(folio, "Asignada a: Toño Vera")
    card = await gabriela.hears(folio, "Actividad 6")
    await gabriela.presses("Reasignar", on=card)
    await gabriela.hears("¿A quién se asigna?")
    await gabriela.presses("Elena Cruz")
    told = await tono.hears(folio, "Ya no te toca a ti: Gabriela Sosa la pasó a Elena Cruz")
    assert not told.silent
    await elena.hears(folio, "Asignada a: Elena Cruz")
    await ana.hears(folio, "Asignada a Elena Cruz")


async def test_what_was_found_reaches_whoever_asked_with_its_photos(
    world: World, ana: Phone, rosa: Phone, gabriela: Phone, tono: Phone
) -> None:
    folio = await files(ana)
    await turned(folio, rosa, gabriela)
    await tono.hears(folio, "Actividad 6")
    await tono.says("voy en camino")
    await tono.hears(folio, "Actividad 7")
    await ana.hears(folio, "Ahora: actividad 7")
    await tono.presses("No se solucionó")
    await tono.lives_through(("¿Qué encontraste?", "La tarjeta principal está quemada"))
    await tono.hears("Si tienes fotos de la falla")
    await tono.sends(PHOTO, "falla.png", kind="photo")
    await tono.hears("Recibí 1 archivo")
    await tono.says("listo")
    await tono.hears(folio, "Actividad 8", "Hallazgo: La tarjeta principal está quemada")
    photo = await ana.hears(folio, "Actividad 7")
    assert photo.file is not None
    await ana.hears(folio, "No se solucionó", "Hallazgo: La tarjeta principal está quemada")
    assert await world.walked(folio) == ["1", "2", "3", "6", "7"]


async def test_the_photos_of_a_solution_come_before_the_question(
    ana: Phone, rosa: Phone, gabriela: Phone, tono: Phone
) -> None:
    folio = await files(ana)
    await turned(folio, rosa, gabriela)
    await tono.hears(folio, "Actividad 6")
    await tono.says("voy en camino")
    await tono.hears(folio, "Actividad 7")
    await tono.presses("Sí se solucionó")
    await tono.lives_through(("¿Qué se hizo", "Se cambió el cable"))
    await tono.hears("Si tienes fotos de cómo quedó")
    await tono.sends(PHOTO, "listo.png", kind="photo")
    await tono.hears("Recibí 1 archivo")
    await tono.says("listo")
    photo = await ana.hears(folio, "Actividad 9")
    assert photo.file is not None
    await ana.hears(folio, "Se cambió el cable", "¿Quedó solucionada la falla?")


async def test_outside_palacio_the_area_provides_the_transport(
    ana: Phone, rosa: Phone, gabriela: Phone, tono: Phone
) -> None:
    folio = await files(ana, place="Casa de Cultura, Av. Solidaridad 12", outside="sí")
    filed = next(one for one in ana._messages.values() if f"Tu folio es {folio}" in one.text)
    assert "el área pone el traslado del personal" in filed.text
    await turned(folio, rosa, gabriela)
    card = await tono.hears(folio, "Ubicación: Casa de Cultura, Av. Solidaridad 12", "el área pone el traslado")
    where, who = (card.text.index(said) for said in ("Casa de Cultura", "Laura Ríos"))
    assert where < card.text.index("Solicita:") < who < card.text.index("La impresora no enciende")


async def test_inside_palacio_nothing_is_said_of_transport(
    ana: Phone, rosa: Phone, gabriela: Phone, tono: Phone
) -> None:
    folio = await files(ana)
    filed = next(one for one in ana._messages.values() if f"Tu folio es {folio}" in one.text)
    assert "traslado" not in filed.text
    await turned(folio, rosa, gabriela)
    await tono.hears(folio, "Ubicación: Palacio Municipal, planta baja", absent=["traslado"])


async def test_a_place_that_was_shared_comes_with_its_map(
    world: World, ana: Phone, rosa: Phone, gabriela: Phone, tono: Phone
) -> None:
    await ana.says("/nueva GCH-CCS-P10-2023")
    await ana.lives_through(
        ("Falla o problemática", "La impresora no enciende"),
        ("Servidor público que solicita", "1"),
        ("Dependencia u organismo", "Dirección de Cultura"),
    )
    await ana.hears("Ubicación")
    await world.call("POST", "/sandbox/people/1101/locations", latitude=19.26401, longitude=-98.89702)
    await ana.lives_through(("Fuera de Palacio", "sí"), ("Revisa antes de enviar", "enviar"))
    filed = await ana.hears("Tu folio es")
    folio = filed.text.partition("Tu folio es ")[2].partition(".")[0]
    await turned(folio, rosa, gabriela)
    card = await tono.hears(folio, "Ver en el mapa")
    assert 'href="https://maps.google.com/?q=19.26401,-98.89702"' in card.html


async def test_whoever_serves_no_pool_is_not_asked_whether_they_are_there(ana: Phone) -> None:
    await ana.says("menú")
    menu = await ana.hears("¿Qué necesitas?", absent=["disponible"])
    assert "No estoy disponible" not in menu.labels
    await ana.says("no estoy disponible")
    await ana.hears("No entendí tu mensaje")
