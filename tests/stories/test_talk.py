"""Talk on a request: comments with files, replies to any message of it, and questions that pause nothing."""

from tests.sandbox.pictures import png
from tests.stories import test_soporte
from tests.stories.test_cobertura import ana_files
from tests.story import Heard, Phone, World, together


async def filed(ana: Phone, rosa: Phone, mariana: Phone) -> tuple[str, Heard, Heard]:
    """A request that waits for either coordinadora: its folio, Ana's receipt and Rosa's card."""
    folio = await ana_files(ana)
    receipt = ana.latest("Tu folio es")
    card = await rosa.hears(folio, "¿Cumple")
    await mariana.hears(folio, "¿Cumple")
    return folio, receipt, card


async def said(world: World, folio: str) -> list[tuple[str, str, str | None, int]]:
    """What was said about a request, in order: how, by whom, what, and with how many files."""
    _, events = await world.record(folio)
    kinds = {"commented", "asked", "answered"}
    return [(one.kind, one.name, one.note, len(one.files)) for one in events if one.kind in kinds]


async def rosa_asks(
    rosa: Phone, ana: Phone, card: Heard, what: str = "¿Habrá estacionamiento?", *, name: str = "Rosa Ibarra"
) -> Heard:
    await rosa.presses("Preguntar", on=rosa.shown(card.id))
    await rosa.hears("¿Qué le preguntas a quien solicita?")
    await rosa.says(what)
    await rosa.hears("Pregunta enviada a Ana Robles", "sigue su curso")
    return await ana.hears(f"{name} pregunta sobre", what)


async def test_a_reply_to_a_message_of_a_request_is_a_comment_on_it(
    world: World, ana: Phone, rosa: Phone, mariana: Phone
) -> None:
    folio, receipt, _ = await filed(ana, rosa, mariana)
    update = await ana.says("Habrá estacionamiento", reply_to=receipt.id)
    await ana.hears(folio, "Comentario agregado. Le llegó a 2 personas.")
    heard = await rosa.hears(folio, "Ana Robles:", "Habrá estacionamiento")
    assert not heard.silent
    assert not (await mariana.hears(folio, "Habrá estacionamiento")).silent

    await world.call("POST", "/sandbox/redeliver", update_id=update)
    await rosa.says("Gracias 👍", reply_to=heard.id)
    await rosa.hears(folio, "Le llegó a 2 personas.")
    assert not (await ana.hears(folio, "Rosa Ibarra:", "Gracias 👍")).silent
    assert (await mariana.hears(folio, "Gracias 👍")).silent
    assert await said(world, folio) == [
        ("commented", "Ana Robles", "Habrá estacionamiento", 0),
        ("commented", "Rosa Ibarra", "Gracias 👍", 0),
    ]


async def test_a_thumb_alone_is_a_comment_and_silence_is_not(
    world: World, ana: Phone, rosa: Phone, mariana: Phone
) -> None:
    folio, receipt, card = await filed(ana, rosa, mariana)
    await rosa.says("👍", reply_to=card.id)
    await ana.hears(folio, "Rosa Ibarra:", "👍")
    await ana.says("muy largo " * 400, reply_to=receipt.id)
    await ana.hears("caracteres y caben 1500")
    await world.call("POST", "/sandbox/people/1101/others", kind="voice", reply_to=receipt.id)
    await ana.hears("Recibí una nota de voz y aquí no lo puedo usar")
    await ana.says("/mis", reply_to=receipt.id)
    await ana.hears("Mis solicitudes", folio)
    assert await said(world, folio) == [("commented", "Rosa Ibarra", "👍", 0)]


async def test_a_long_comment_is_read_whole(ana: Phone, rosa: Phone, mariana: Phone) -> None:
    folio, receipt, _ = await filed(ana, rosa, mariana)
    text = "El acceso es por la calle de atrás. " * 40 + "Pregunten por Luis."
    await ana.says(text, reply_to=receipt.id)
    await rosa.hears(folio, "Ana Robles:", text)


async def test_an_album_in_reply_is_one_comment(ana: Phone, rosa: Phone, mariana: Phone) -> None:
    folio, _, card = await filed(ana, rosa, mariana)
    more = {"kind": "photo", "album": "a1", "reply_to": str(card.id)}
    await rosa.sends(png(40, 30), "uno.png", caption="Así quedó el foro", **more)
    await rosa.sends(png(41, 30), "dos.png", **more)
    await rosa.sends(png(42, 30), "tres.png", kind="photo", album="a1")  # some apps say only once what is answered

    receipt = await rosa.hears(folio, "Comentario agregado, con 3 archivos. Le llegó a 2 personas.")
    assert receipt.edited
    first = await ana.hears(folio, "Rosa Ibarra:", "Así quedó el foro", buttons=["Ver solicitud", "Comentar"])
    second = await ana.hears(folio, "Rosa Ibarra mandó un archivo", buttons=[])
    third = await ana.hears(folio, "Rosa Ibarra mandó un archivo", buttons=[])
    assert first.file
    assert second.file
    assert third.file
    assert [first.silent, second.silent, third.silent] == [False, True, True]
    assert [one["width"] for one in (first.file, second.file, third.file)] == [40, 41, 42]
    assert (await mariana.hears(folio, "Así quedó el foro")).silent

    await ana.says(f"/ver {folio}")
    await ana.hears(folio, "enviada el miércoles 18")
    await ana.presses("Ver historial")
    await ana.hears("Historial", "💬 Rosa Ibarra: Así quedó el foro 📎 3 archivos", absent=["foto-"])
    await ana.presses("Atrás")
    await ana.hears(folio, "enviada el miércoles 18")
    await ana.presses("Ver archivos")
    await ana.hears(folio, "Rosa Ibarra: Así quedó el foro", "(1 de 3)")
    await ana.hears(folio, "(2 de 3)")
    await ana.hears(folio, "(3 de 3)")
    # A photo of such a comment is a message of the request like any other.
    await ana.says("Muy bien", reply_to=second.id)
    await rosa.hears(folio, "Ana Robles:", "Muy bien")


async def test_a_reply_leaves_the_form_that_is_being_filled_in(
    world: World, ana: Phone, rosa: Phone, mariana: Phone
) -> None:
    folio, receipt, _ = await filed(ana, rosa, mariana)
    await ana.says("/nueva GCH-CCS-P01-2023")
    asked = await ana.hears("Nombre del evento")
    await ana.says("Habrá estacionamiento", reply_to=receipt.id)
    await ana.hears(folio, "Comentario agregado", buttons=["Ver solicitud"])
    await ana.sends(b"%PDF-1.7", "plano.pdf", reply_to=str(receipt.id))
    await ana.hears(folio, "Comentario agregado, con 1 archivo.")
    await rosa.hears(folio, "Ana Robles:", "Habrá estacionamiento")
    await rosa.hears(folio, "Ana Robles mandó un archivo", "plano.pdf")
    await ana.says("Feria del libro", reply_to=asked.id)
    await ana.hears("✓ Nombre del evento: Feria del libro", "Paso 2 de 4")
    assert [one[2] for one in await said(world, folio)] == ["Habrá estacionamiento", "plano.pdf"]


async def test_a_reply_to_what_is_of_no_request_is_plain_text(ana: Phone) -> None:
    await ana.says("menú")
    menu = await ana.hears("Ana Robles")
    await ana.says("ayuda", reply_to=menu.id)
    await ana.hears("Reforma No. 4")


async def test_a_place_and_a_number_can_be_sent_in_reply(world: World, ana: Phone, rosa: Phone, mariana: Phone) -> None:
    folio, receipt, _ = await filed(ana, rosa, mariana)
    path = "/sandbox/people/1101"
    await world.call("POST", f"{path}/locations", latitude=19.2647, longitude=-98.8975, reply_to=receipt.id)
    await rosa.hears(folio, "Ana Robles:", "https://maps.google.com/?q=19.26470,-98.89750")
    await world.call("POST", f"{path}/contacts", phone="5555123456", reply_to=receipt.id)
    await rosa.hears(folio, "Ana Robles:", "5555123456")


async def test_files_are_welcome_in_the_comment_form(world: World, ana: Phone, rosa: Phone, mariana: Phone) -> None:
    folio, receipt, _ = await filed(ana, rosa, mariana)
    await ana.presses("Comentar", on=ana.shown(receipt.id))
    await ana.hears("Escribe el comentario, o manda fotos y archivos")
    await ana.sends(png(40, 30), "uno.png", kind="photo", album="b1", caption="El foro")
    await ana.sends(png(41, 30), "dos.png", kind="photo", album="b1")
    await ana.hears("Recibí 2 archivos", "escribe «listo»")
    await ana.sends(b"%PDF-1.7", "plano.pdf")
    asked = await ana.hears("Recibí 3 archivos")
    assert "Listo" in asked.labels
    await ana.says("listo")
    await ana.hears(folio, "Comentario agregado, con 3 archivos. Le llegó a 2 personas.")
    first = await rosa.hears(folio, "Ana Robles:", "El foro", "(1 de 3)")
    second = await rosa.hears(folio, "(2 de 3)")
    third = await rosa.hears(folio, "plano.pdf (3 de 3)")
    assert [first.silent, second.silent, third.silent] == [False, True, True]
    assert third.file is not None
    assert third.file["name"] == "plano.pdf"
    assert await said(world, folio) == [("commented", "Ana Robles", "El foro", 3)]


async def test_words_after_the_files_end_the_comment(world: World, ana: Phone, rosa: Phone, mariana: Phone) -> None:
    folio, receipt, _ = await filed(ana, rosa, mariana)
    await ana.presses("Comentar", on=ana.shown(receipt.id))
    await ana.hears("Escribe el comentario")
    await ana.sends(b"%PDF-1.7", "plano.pdf", caption="El plano")
    await ana.hears("Recibí 1 archivo")
    await ana.says("El acceso es por atrás")
    await rosa.hears(folio, "Ana Robles: El plano\nEl acceso es por atrás", "plano.pdf")
    assert await said(world, folio) == [("commented", "Ana Robles", "El plano\nEl acceso es por atrás", 1)]


async def test_a_file_that_is_too_big_says_so_and_counts_for_nothing(
    world: World, ana: Phone, rosa: Phone, mariana: Phone
) -> None:
    folio, receipt, _ = await filed(ana, rosa, mariana)
    size = 60 * 1024 * 1024
    await world.call("POST", "/sandbox/people/1101/others", kind="video", size=size, reply_to=receipt.id)
    await ana.hears("pesa 60.0 MB y puedo recibir hasta 20 MB")
    assert await said(world, folio) == []


async def test_a_question_pauses_nothing_and_is_answered_by_a_reply(
    world: World, ana: Phone, rosa: Phone, mariana: Phone, diego: Phone
) -> None:
    folio, _, card = await filed(ana, rosa, mariana)
    question = await rosa_asks(rosa, ana, card)
    assert question.labels == ["Responder", "Ver solicitud"]
    assert not question.silent
    assert "Actividad 2 de 8" in question.text
    open_ = ("Pregunta abierta desde el mié 18 nov", "(Rosa Ibarra): ¿Habrá estacionamiento?")
    await mariana.hears(folio, "¿Cumple con los requisitos?", *open_)
    assert all(one in rosa.shown(card.id).text for one in open_)
    await ana.says("mis solicitudes")
    await ana.hears("Mis solicitudes", folio, *open_)
    await ana.says("menú")
    menu = await ana.hears("Tienes 1 pregunta por responder.")
    assert "Responder (1)" in menu.labels

    await mariana.presses("Sí cumple")
    await diego.hears(folio, "Actividad 7 de 8", *open_)

    await ana.says("Sí, en la parte de atrás", reply_to=question.id)
    await ana.hears(folio, "Respuesta enviada a Rosa Ibarra")
    answer = await rosa.hears(folio, "Ana Robles respondió tu pregunta: «¿Habrá", "Sí, en la parte de atrás")
    assert not answer.silent
    assert "✓ Sí cumple · Mariana Paz" in rosa.shown(card.id).text
    over = ana.shown(question.id)
    assert over.labels == ["Ver solicitud"]
    assert "Respondió Ana Robles: «Sí, en la parte de atrás»" in over.text
    await diego.hears(folio, "Actividad 7 de 8", absent=["Pregunta abierta"])
    await ana.says("menú")
    await ana.hears("¿Qué necesitas?", absent=["por responder"])
    assert await said(world, folio) == [
        ("asked", "Rosa Ibarra", "¿Habrá estacionamiento?", 0),
        ("answered", "Ana Robles", "Sí, en la parte de atrás", 0),
    ]
    assert await world.walked(folio) == ["1", "2", "5", "6"]
    # To answer twice is to comment: the question has its answer.
    await ana.says("Y en la calle", reply_to=question.id)
    await ana.hears(folio, "Comentario agregado")
    await diego.says(f"/ver {folio}")
    await diego.hears(folio, "Actividad 7 de 8")
    await diego.presses("Ver solicitud")
    await diego.hears(folio, "enviada el miércoles 18")
    await diego.presses("Ver historial")
    await diego.hears("❓ Rosa Ibarra pregunta: ¿Habrá", "✅ Ana Robles responde: Sí, en la parte de atrás")


async def test_whoever_has_no_role_any_more_hears_no_question(
    world: World, ana: Phone, rosa: Phone, mariana: Phone
) -> None:
    _, _, card = await filed(ana, rosa, mariana)
    now = await world.now()
    async with world.database.transaction() as work:
        found = await work.people.at("chalco", "telegram", str(mariana.person), now=now)
        assert found is not None
        await work.people.take_away(found.person.id, "coordinador", None, now=now)
    await rosa_asks(rosa, ana, card)
    await mariana.says("hola")
    await mariana.hears("invitación")
    assert mariana.heard("¿Habrá estacionamiento?") == 0


async def test_a_question_is_answered_by_its_button_with_files(
    world: World, ana: Phone, rosa: Phone, mariana: Phone
) -> None:
    folio, _, card = await filed(ana, rosa, mariana)
    await rosa_asks(rosa, ana, card)
    await ana.presses("Responder")
    await ana.hears("Rosa Ibarra pregunta: «¿Habrá estacionamiento?»")
    await ana.sends(png(40, 30), "plano.png", kind="photo", caption="Aquí")
    await ana.hears("Recibí 1 archivo")
    await ana.presses("Listo")
    await ana.hears(folio, "Respuesta enviada a Rosa Ibarra, con 1 archivo")
    answer = await rosa.hears(folio, "Ana Robles respondió tu pregunta", "Respuesta: Aquí")
    assert answer.file is not None
    assert await said(world, folio) == [
        ("asked", "Rosa Ibarra", "¿Habrá estacionamiento?", 0),
        ("answered", "Ana Robles", "Aquí", 1),
    ]
    await ana.says("responder")
    await ana.hears("No tienes preguntas por responder")


async def test_everything_can_be_typed(ana: Phone, rosa: Phone, mariana: Phone) -> None:
    folio, _, _ = await filed(ana, rosa, mariana)
    await rosa.says("preguntar")
    await rosa.hears(folio, "¿Qué le preguntas")
    await rosa.says("¿Habrá luz?")
    await rosa.hears("Pregunta enviada")
    await ana.hears("¿Habrá luz?")
    second = await ana_files(ana)
    await rosa.hears(second, "¿Cumple")
    await rosa.says("preguntar")
    await rosa.hears("varias solicitudes donde cabe «Preguntar»", f"2. {second}")
    await rosa.says("2")
    await rosa.hears(second, "¿Qué le preguntas")
    await rosa.says("¿Y sonido?")
    await rosa.hears("Pregunta enviada")
    await ana.hears("¿Y sonido?")
    await ana.says("responder")
    await ana.hears("Preguntas por responder", f"1. {folio}", "¿Habrá luz?", f"2. {second}", "¿Y sonido?")
    await ana.says("2")
    await ana.hears("Rosa Ibarra pregunta: «¿Y sonido?»")
    await ana.says("Sí")
    await ana.hears(second, "Respuesta enviada")
    await ana.says("contestar")
    await ana.hears("Rosa Ibarra pregunta: «¿Habrá luz?»")
    await ana.says("cancelar")
    await ana.hears("No se hizo nada")
    await ana.says("comentar")
    which = await ana.hears("varias solicitudes donde cabe «Comentar»")
    await ana.says("comentar")  # once more: it is still one of these
    await ana.hears("varias solicitudes donde cabe «Comentar»", buttons=which.labels)
    await ana.says("1")
    await ana.hears("Escribe el comentario")
    await ana.says("Gracias")
    await ana.hears("Comentario agregado")
    await ana.says("preguntar")
    await ana.hears("No tienes ahora una solicitud abierta donde quepa «Preguntar»")


async def test_the_end_of_a_request_is_the_end_of_its_questions(
    world: World, ana: Phone, rosa: Phone, mariana: Phone
) -> None:
    folio, receipt, card = await filed(ana, rosa, mariana)
    question = await rosa_asks(rosa, ana, card)
    await ana.presses("Retirar", on=ana.shown(receipt.id))
    await ana.lives_through(("¿Por qué la retiras?", "omitir"), ("nadie más la atenderá", "retirar"))
    await ana.hears("preguntó sobre", "ya no hace falta responder", buttons=["Ver solicitud"])
    await ana.says("menú")
    await ana.hears("¿Qué necesitas?", absent=["por responder"])
    request, _ = await world.record(folio)
    assert request.unanswered == ()

    await ana.says("Ya no es necesario", reply_to=question.id)
    told = await ana.hears(folio, "ya concluyó", "no se envió", "Ya no es necesario")
    assert told.labels == ["Ver solicitud", "Repetir", "Menú"]
    for _ in range(2):
        await ana.sends(png(40, 30), "foto.png", kind="photo", album="c1", caption="Mira", reply_to=str(question.id))
    await ana.says("menú")
    await ana.hears(folio, "ya concluyó", "Mira")
    await ana.hears("¿Qué necesitas?")
    assert ana.heard("ya concluyó", "Mira") == 1  # once for the whole album
    await rosa.presses("Comentar", on=card, data=f"c:{request.id}")
    await rosa.hears(folio, "ya concluyó", buttons=["Ver solicitud", "Menú"])
    await ana.presses("Menú", data=f"y:{request.id}:1")
    await ana.hears(folio, "ya concluyó")
    assert [one[0] for one in await said(world, folio)] == ["asked"]


async def test_a_comment_being_written_when_the_request_ends_is_given_back(
    world: World, ana: Phone, rosa: Phone, mariana: Phone
) -> None:
    folio, receipt, card = await filed(ana, rosa, mariana)
    await rosa.presses("Comentar", on=card)
    await rosa.hears("Escribe el comentario")
    await ana.presses("Retirar", on=ana.shown(receipt.id))
    await ana.lives_through(("¿Por qué la retiras?", "omitir"), ("nadie más la atenderá", "retirar"))
    await ana.hears(folio, "Solicitud retirada")
    await rosa.says("Falta el programa")
    await rosa.hears(folio, "ya concluyó", "no se envió", "Falta el programa")
    assert await said(world, folio) == []


async def test_who_may_not_see_a_request_any_more_reaches_nobody(
    world: World, ana: Phone, rosa: Phone, gabriela: Phone, tono: Phone, elena: Phone, raul: Phone
) -> None:
    folio = await test_soporte.ana_files(ana)
    await rosa.hears(folio, "Actividad 2 de 10")
    await rosa.presses("Turnar")
    await gabriela.hears(folio, "Actividad 3 de 10")
    await gabriela.presses("Sí cumple")
    card = await tono.hears(folio, "Asignada a: Toño Vera")
    await tono.presses("Reasignar", on=card)
    await tono.hears("Elena Cruz")
    await tono.presses("Elena Cruz")
    await elena.hears(folio, "Asignada a: Elena Cruz")
    mine = await tono.hears(folio, "Elena Cruz")
    request, _ = await world.record(folio)
    await tono.says("¿Qué pasó?", reply_to=mine.id)
    await tono.hears(folio, "ya no está entre lo que puedes ver", "¿Qué pasó?")
    await raul.says("menú")
    menu = await raul.hears("Raúl Ortega")
    for data in (f"c:{request.id}", f"y:{request.id}", f"y:{request.id}:1"):
        await raul.presses("Ayuda", on=menu, data=data)
        await raul.sees("no está entre lo que puedes ver")
    assert await said(world, folio) == []
    # Who has it now may ask; who asked for it has nobody to ask.
    await elena.presses("Preguntar")
    await elena.hears("¿Qué le preguntas")
    await elena.says("¿Qué modelo es?")
    question = await ana.hears("Elena Cruz pregunta sobre", "¿Qué modelo es?")
    await ana.presses("Responder", on=question, data=f"y:{request.id}")
    await ana.sees("Ese botón ya no aplica")
    await ana.says("LaserJet 1020", reply_to=question.id)
    await elena.hears(folio, "LaserJet 1020")
    await tono.says("menú")
    await tono.hears("Toño Vera")
    assert not any("LaserJet" in one for one in tono.unread())


async def test_a_stranger_gets_nothing_from_a_reply(world: World, ana: Phone, rosa: Phone, mariana: Phone) -> None:
    folio, _, _ = await filed(ana, rosa, mariana)
    met = await world.call("POST", "/sandbox/people", name="Zoé")
    zoe = Phone(world, met["id"], "Zoé")
    await zoe.says("hola")
    told = await zoe.hears("atiendo a su personal por invitación")
    await zoe.says("¿Cómo va?", reply_to=told.id)
    await zoe.hears("atiendo a su personal por invitación")
    await zoe.sends(b"%PDF-1.7", "intruso.pdf", reply_to=str(told.id))
    await zoe.hears("atiendo a su personal por invitación")
    assert await said(world, folio) == []


async def test_of_a_comment_and_a_decision_at_once_both_count(
    world: World, ana: Phone, rosa: Phone, mariana: Phone, diego: Phone
) -> None:
    folio, receipt, card = await filed(ana, rosa, mariana)
    await together(
        ana.says("Habrá estacionamiento", reply_to=receipt.id),
        rosa.presses("Sí cumple", on=card),
        mariana.says("Va junto con la otra", reply_to=mariana.latest("¿Cumple").id),
    )
    await diego.hears(folio, "Actividad 7 de 8")
    await ana.hears(folio, "Comentario agregado")
    await mariana.hears(folio, "Comentario agregado")
    assert {one[2] for one in await said(world, folio)} == {"Habrá estacionamiento", "Va junto con la otra"}
    assert await world.walked(folio) == ["1", "2", "5", "6"]


async def test_an_end_that_is_taken_back_brings_its_questions_back(
    ana: Phone, rosa: Phone, gabriela: Phone, tono: Phone
) -> None:
    folio = await test_soporte.ana_files(ana)
    await test_soporte.until_a_tecnico_has_it(folio, rosa, gabriela, tono)
    await rosa_asks(tono, ana, tono.latest("¿Se solucionó"), "¿Qué modelo es?", name="Toño Vera")
    question = ana.latest("¿Qué modelo es?")
    await tono.presses("Sí se solucionó")
    await tono.lives_through(("Trabajo realizado", "Se cambió el cable"), ("Fotos del servicio", "omitir"))
    await ana.hears(folio, "Actividad 9 de 10", "¿Quedó solucionada la falla?")
    await ana.presses("Conforme")
    await ana.hears(folio, "¿Cómo te atendieron?")
    assert "ya no hace falta responder" in ana.shown(question.id).text
    await ana.says("deshacer")
    await ana.hears(folio, "¿Quedó solucionada la falla?")
    again = ana.shown(question.id)
    assert again.labels == ["Responder", "Ver solicitud"]
    await ana.says("LaserJet 1020", reply_to=question.id)
    await tono.hears(folio, "Ana Robles respondió tu pregunta", "LaserJet 1020")
