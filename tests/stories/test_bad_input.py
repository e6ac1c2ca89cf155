"""What people send by mistake, and what hostile people send on purpose: a clear answer, and nothing lost."""

import pytest

from tests.story import Phone, World


async def ana_at_the_place(ana: Phone) -> None:
    """Ana is asked for the place: two answers are in."""
    await ana.says("/nueva GCH-CCS-P01-2023")
    await ana.lives_through(("Nombre del evento", "Feria"), ("Fecha y hora", "viernes 27 de noviembre 5 pm"))
    await ana.hears("Lugar y dirección · Paso 3 de 4")


async def the_draft_is_as_it_was(ana: Phone) -> None:
    """The next answer is taken as the answer to the same question."""
    await ana.says("Plaza Cívica")
    await ana.hears("✓ Lugar y dirección: Plaza Cívica", "Paso 4 de 4")


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("sticker", "un sticker"),
        ("voice", "una nota de voz"),
        ("poll", "una encuesta"),
        ("dice", "un dado"),
        ("video_note", "un video redondo"),
        ("animation", "un GIF"),
        ("audio", "un audio"),
    ],
)
async def test_what_is_no_answer_changes_nothing(world: World, ana: Phone, kind: str, said: str) -> None:
    await ana_at_the_place(ana)
    await world.call("POST", "/sandbox/people/1101/others", kind=kind)
    await ana.hears(f"Recibí {said}", "Tu respuesta anterior sigue igual")
    await the_draft_is_as_it_was(ana)


async def test_a_forwarded_message_is_not_taken_for_an_answer(ana: Phone) -> None:
    await ana_at_the_place(ana)
    await ana.says("Oficio 123", forward=True)
    await ana.hears("un mensaje reenviado")
    await the_draft_is_as_it_was(ana)


async def test_a_video_of_sixty_megabytes_is_refused_with_its_size(world: World, ana: Phone) -> None:
    await ana_at_the_place(ana)
    await world.call("POST", "/sandbox/people/1101/others", kind="video", size=60 * 1024 * 1024)
    await ana.hears("pesa 60.0 MB y puedo recibir hasta 20 MB")
    await the_draft_is_as_it_was(ana)


async def test_a_file_where_words_are_needed_is_refused(ana: Phone) -> None:
    await ana_at_the_place(ana)
    await ana.sends(b"%PDF-1.7", "../../etc/oficio.pdf")
    await ana.hears("Esta pregunta se contesta con texto", "oficio.pdf", absent=[".."])
    await the_draft_is_as_it_was(ana)


async def test_five_thousand_characters_are_too_many(ana: Phone) -> None:
    await ana_at_the_place(ana)
    await ana.says("muy largo " * 400)
    await ana.hears("caracteres y caben", "Lugar y dirección")
    await the_draft_is_as_it_was(ana)


async def test_markup_is_words(ana: Phone, rosa: Phone) -> None:
    await ana.says("/nueva GCH-CCS-P01-2023")
    await ana.lives_through(
        ("Nombre del evento", "<b>Feria</b> & {{ 7*7 }} </html>"),
        ("✓ Nombre del evento: <b>Feria</b> & {{ 7*7 }} </html>", "viernes 27 de noviembre 5 pm"),
        ("Lugar y dirección", "حفل \u202eافتتاح"),
        ("Foto y/o video", "video"),
        ("حفل افتتاح", "enviar"),
    )
    await rosa.hears("<b>Feria</b> & {{ 7*7 }}", "حفل افتتاح")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("31 de noviembre", "noviembre"),
        ("ayer a las 5 pm", ""),
        ("10 de noviembre de 2026 a las 10:00", "ya pasó"),
        ("cuando se pueda", ""),
        ("martes 27 de noviembre 5 pm", "viernes"),
        ("25:00", ""),
    ],
)
async def test_a_date_that_cannot_be_is_asked_again(ana: Phone, typed: str, said: str) -> None:
    await ana.says("/nueva GCH-CCS-P01-2023")
    await ana.lives_through(("Nombre del evento", "Feria"), ("Paso 2 de 4", typed))
    await ana.hears("⚠️", said, "Fecha y hora · Paso 2 de 4")
    await ana.says("viernes 27 de noviembre 5 pm")
    await ana.hears("✓ Fecha y hora: viernes 27 de noviembre de 2026, 17:00 h")


async def test_a_doubtful_hour_is_asked(ana: Phone) -> None:
    await ana.says("/nueva GCH-CCS-P01-2023")
    await ana.lives_through(("Nombre del evento", "Feria"), ("Paso 2 de 4", "viernes 27 de noviembre a las 5"))
    asked = await ana.hears("¿05:00 h o 17:00 h del viernes 27 de noviembre de 2026?")
    assert asked.labels[:2] == ["05:00 h", "17:00 h"]
    await ana.presses("17:00 h")
    await ana.hears("✓ Fecha y hora: viernes 27 de noviembre de 2026, 17:00 h")


@pytest.mark.parametrize(
    "data",
    ["", "x", "t:1:1:cumple", "q:1:1:foto", "q:9999999999999999999999:1:a", "v:abc", "k:-1:-1", "i:administrador",
     "m:nada", "y:2147483648:16", "a:1:1:1", "\N{SNOWMAN}", "t:1", "z:1", "w:1", "n:no-hay", "p:yes"],
)  # fmt: skip
async def test_a_forged_button_does_nothing(ana: Phone, data: str) -> None:
    await ana.says("menú")
    menu = await ana.hears("Ana Robles")
    await ana.presses("Ayuda", on=menu, data=data or " ")
    await ana.says("/ver CHA-P01-2026-0001")
    await ana.hears("No encontré la solicitud")


@pytest.mark.parametrize("data", ["r:{}", "q:{}:0:send"])
async def test_a_search_is_no_form_to_go_on_with(world: World, ana: Phone, data: str) -> None:
    await ana.says("menú")
    menu = await ana.hears("Ana Robles")
    await ana.says("buscar")
    await ana.hears("Escribe")
    async with world.database.transaction() as work:
        contact = await work.people.at("chalco", "telegram", "1101", now=await world.now())
        assert contact is not None
        before = await work.people.before(contact.person.id)
    await ana.presses("Ayuda", on=menu, data=data.format(before.draft))
    await ana.sees("Ese formulario ya se envió o se descartó")


async def test_an_unknown_command_is_said_to_be_one(ana: Phone) -> None:
    await ana.says("/bailar")
    await ana.hears("No conozco /bailar")
    await ana.says("/nueva P99")
    await ana.hears("No encontré el procedimiento «P99»")


async def test_words_that_mean_nothing_get_the_menu(ana: Phone) -> None:
    await ana.says("asdf qwerty")
    await ana.hears("No entendí tu mensaje")


async def test_a_group_gets_no_menus(world: World, ana: Phone) -> None:
    group = await world.call("POST", "/sandbox/groups", title="Coordinación", members=[1101, 1102])
    await ana.says("/bandeja", chat=group["id"])
    path = f"/sandbox/people/1101/chat?manual=chalco&chat={group['id']}&wait=5&after="
    said, seen = "", 0
    for _ in range(5):
        chat = await world.call("GET", f"{path}{seen}")
        seen = chat["revision"]
        said += "".join(one["text"] for one in chat["messages"] if one["from"] == "bot")
        if said:
            break
    assert "En los grupos solo doy avisos" in said


async def test_a_file_that_nobody_asked_for_is_not_kept(world: World, ana: Phone) -> None:
    await ana.sends(b"%PDF-1.7", "oficio.pdf")
    await ana.hears("ahora no te pedí un archivo")
    async with world.database.transaction() as work:
        assert await work.files.some([1]) == {}


async def test_a_button_of_an_earlier_question_shows_the_present_one(ana: Phone) -> None:
    await ana.says("/nueva GCH-CCS-P01-2023")
    first = await ana.hears("Nombre del evento")
    await ana.says("Feria")
    await ana.hears("Fecha y hora · Paso 2 de 4")
    await ana.presses("Atrás", on=first)
    await ana.sees("Esa pregunta ya pasó")
    await ana.hears("Fecha y hora · Paso 2 de 4")


async def test_after_three_misses_a_person_is_offered(ana: Phone) -> None:
    await ana.says("/nueva GCH-CCS-P01-2023")
    await ana.lives_through(("Nombre", "Feria"), ("Paso 2", "quién sabe"), ("⚠️", "pues luego"), ("⚠️", "no sé"))
    await ana.hears("¿Se complica?", "597 2 82 80")
