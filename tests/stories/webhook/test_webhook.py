"""Telegram calls us instead of being asked: who knows the secret is heard, and what is accepted is kept."""

import asyncio
import resource

from bot import app
from tests.stories.webhook.calling import HEADER, SECRET, Door, asked, update
from tests.story import Phone, World


async def test_a_question_is_answered_from_end_to_end(world: World, ana: Phone, rosa: Phone) -> None:
    await ana.says("/nueva GCH-CCS-P01-2023")
    await ana.lives_through(
        ("Nombre del evento", "Feria del libro"),
        ("Fecha y hora", "viernes 27 de noviembre 5 pm"),
        ("Lugar y dirección", "Plaza Cívica"),
        ("Foto y/o video", "foto"),
        ("Revisa antes de enviar", "enviar"),
    )
    await ana.hears("Tu folio es CHA-P01-2026-0001")
    await rosa.hears("CHA-P01-2026-0001", "¿Cumple con los requisitos?")
    await rosa.presses("Sí cumple")
    await rosa.sees("CHA-P01-2026-0001", "Sí cumple")
    await rosa.hears("✓ Sí cumple · Rosa Ibarra")
    assert await world.walked("CHA-P01-2026-0001") == ["1", "2", "5", "6"]


async def test_who_does_not_know_the_secret_changes_nothing(ana: Phone, door: Door) -> None:
    await asked(ana)
    for secret in (None, "", "guessed", f"{SECRET}x", SECRET[:-1]):
        assert await door.calls(update(1, "Fiesta ajena"), secret) == 401
    await ana.says("Feria")
    await ana.hears("✓ Nombre del evento: Feria", "Paso 2 de 4")


async def test_a_secret_that_is_no_text_is_refused_like_any_other(ana: Phone, door: Door) -> None:
    await asked(ana)
    host, _, port = door.url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(
        b"POST /telegram/chalco HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n"
        + HEADER.encode()
        + b": \xff\xfe\r\n\r\n{}"
    )
    await writer.drain()
    said = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert said.startswith(b"HTTP/1.1 401 ")


async def test_what_is_too_big_is_refused(ana: Phone, door: Door) -> None:
    await asked(ana)
    assert await door.calls(b" " * 2 * 1024 * 1024) == 413
    assert await door.calls({"update_id": 1, "message": "x" * 2 * 1024 * 1024}) == 413
    await ana.says("Feria")
    await ana.hears("✓ Nombre del evento: Feria")


NONSENSE = (
    b"",
    b"{",
    b"\xff\xfe",
    b"null",
    b"[]",
    b'"x"',
    b"{}",
    b'{"update_id": "uno"}',
    b'{"update_id": 900000001}',
    b'{"update_id": 900000002, "message": 7}',
    b'{"update_id": 900000003, "message": {"text": "Fiesta ajena"}}',
    b'{"update_id": 900000004, "tomorrows_kind_of_update": {"id": 1}}',
    b"[" * 5000 + b"]" * 5000,
)


async def test_nonsense_is_accepted_and_does_nothing(ana: Phone, door: Door) -> None:
    """To refuse it would only bring it again, for a day."""
    await asked(ana)
    for body in NONSENSE:
        assert await door.calls(body) == 200, body[:80]
    await ana.says("Feria")
    await ana.hears("✓ Nombre del evento: Feria", "Paso 2 de 4")


async def test_what_no_database_can_hold_is_left_out(ana: Phone, door: Door) -> None:
    await asked(ana)
    assert await door.calls(update(1, "Feria\x00 del \ud83dlibro")) == 200
    await ana.hears("✓ Nombre del evento: Feria del libro", "Paso 2 de 4")
    assert await door.calls(update(2, "\x00")) == 200
    await ana.says("viernes 27 de noviembre 5 pm")
    await ana.hears("✓ Fecha y hora: viernes 27", "Paso 3 de 4")


async def test_fifty_megabytes_are_refused_without_being_kept(ana: Phone, door: Door) -> None:
    await asked(ana)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for secret, status in ((SECRET, b"413"), ("guessed", b"401")):
        assert status in await door.pours(50 * 1024 * 1024, secret)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40 * 1024  # in kilobytes
    await ana.says("Feria")
    await ana.hears("✓ Nombre del evento: Feria")


async def test_an_update_that_comes_twice_counts_once(ana: Phone, door: Door) -> None:
    await asked(ana)
    for _ in range(2):
        assert await door.calls(update(1, "Feria del libro")) == 200
    await ana.hears("✓ Nombre del evento: Feria del libro", "Paso 2 de 4")
    both = await asyncio.gather(*(door.calls(update(2, "viernes 27 de noviembre 5 pm")) for _ in range(2)))
    assert both == [200, 200]
    await ana.hears("✓ Fecha y hora: viernes 27", "Paso 3 de 4")
    await ana.says("Plaza Cívica")
    await ana.hears("✓ Lugar y dirección: Plaza Cívica", "Paso 4 de 4")
    assert ana.unread() == []


async def test_another_municipalitys_door_is_not_there(ana: Phone, door: Door) -> None:
    await asked(ana)
    assert await door.calls(update(1, "Feria"), manual="tlalmanalco") == 404


async def test_what_could_not_be_stored_is_brought_again_and_stored(world: World, ana: Phone, door: Door) -> None:
    await asked(ana)
    door.desk.away = 1
    assert await door.calls(update(1, "Feria")) == 503
    assert await door.calls(update(1, "Feria")) == 200
    await ana.hears("✓ Nombre del evento: Feria", "Paso 2 de 4")

    door.desk.away = 1
    sent = await ana.says("viernes 27 de noviembre 5 pm")
    await ana.hears("✓ Fecha y hora: viernes 27", "Paso 3 de 4")
    assert door.desk.turned_away == ["800000001", str(sent)]
    token = app.sandbox_tokens(["chalco"])["chalco"]
    async with world.http.get(f"{world.url}/bot{token}/getWebhookInfo") as answer:
        info = (await answer.json())["result"]
    assert info["last_error_message"] == "Wrong response from the webhook: 503 Service Unavailable"


async def test_it_says_whether_it_is_well(ana: Phone, door: Door) -> None:
    await asked(ana)
    async with door.http.get(f"{door.url}/healthz") as answer:
        assert (answer.status, await answer.json()) == (200, {"ok": True})
