"""Whoever else finds the webhook's address, and calls with bodies that are none: nobody waits for them."""

import asyncio
import tracemalloc

import pytest

from tests.stories.webhook.calling import SECRET, Door, asked, update
from tests.story import PATIENCE, Phone

LARGE = 50 * 1024 * 1024


@pytest.mark.parametrize("body", [f"Content-Length: {LARGE}", "Transfer-Encoding: chunked"])
async def test_a_stranger_is_refused_before_there_is_a_body(ana: Phone, door: Door, body: str) -> None:
    await asked(ana)
    for secret in ("guessed", SECRET[:-1]):
        reader, writer = await door.opens(secret=secret, body=body)
        async with asyncio.timeout(PATIENCE):
            assert b"401" in await reader.readline()
        writer.close()
    await ana.says("Feria")
    await ana.hears("✓ Nombre del evento: Feria", "Paso 2 de 4")


async def test_fifty_megabytes_that_do_not_say_so_are_not_kept(ana: Phone, door: Door) -> None:
    await asked(ana)
    tracemalloc.start()
    try:
        for secret, status in ((SECRET, b"413"), ("guessed", b"401")):
            before, _ = tracemalloc.get_traced_memory()
            tracemalloc.reset_peak()
            assert status in await door.pours(LARGE, secret, chunked=True)
            _, peak = tracemalloc.get_traced_memory()
            assert peak - before < LARGE / 4
    finally:
        tracemalloc.stop()
    await ana.says("Feria")
    await ana.hears("✓ Nombre del evento: Feria", "Paso 2 de 4")


async def test_whoever_stops_in_the_middle_of_a_body_keeps_nobody_waiting(ana: Phone, rosa: Phone, door: Door) -> None:
    """They would have to know the secret; a proxy that loses its thread looks the same."""
    await asked(ana)
    halves = [await door.opens(secret=SECRET, body="Content-Length: 1000") for _ in range(100)]
    for _, writer in halves:
        writer.write(b'{"update_id": 900000001, "message": {"text": "Fiesta ajena')
        await writer.drain()
    assert await door.calls(update(1, "Feria")) == 200
    await ana.hears("✓ Nombre del evento: Feria", "Paso 2 de 4")
    await rosa.says("menú")
    await rosa.hears("Rosa Ibarra")
    for reader, writer in halves:
        assert not reader.at_eof()  # each of them is still being waited for
        writer.close()
        await writer.wait_closed()
    await ana.says("viernes 27 de noviembre 5 pm")
    await ana.hears("✓ Fecha y hora: viernes 27", "Paso 3 de 4")
