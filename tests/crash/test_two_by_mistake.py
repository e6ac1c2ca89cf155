"""Two bots by mistake on one SQLite file: the second one says so and ends, whatever way it came to that file."""

import asyncio
import signal
from pathlib import Path

from bot import app
from tests.notes import PATIENCE
from tests.processes.machines import Process

NOBODY = "http://127.0.0.1:1"  # it waits for Telegram, with everything else in its hands


async def starts(data: Path, database: str = "") -> Process:
    token = app.sandbox_tokens(["chalco"])["chalco"]
    return await Process.start(
        None, token=token, manual="chalco", data=str(data), database=database, telegram_api=NOBODY
    )


async def is_refused(second: Process, folder: Path) -> None:
    try:
        async with asyncio.timeout(PATIENCE):
            await second.read()
    except TimeoutError:
        second.send(signal.SIGKILL)  # it was let in, and would stay
        raise
    assert await second.ended() == 1
    said = "\n".join(line["event"] for line in second.lines)
    assert f"otro proceso ya usa la carpeta {folder}" in said
    assert "Traceback" not in said


async def test_a_second_bot_on_one_file_is_refused_whichever_folder_it_has(tmp_path: Path) -> None:
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    first = await starts(here)
    async with asyncio.TaskGroup() as readers:
        readers.create_task(first.read())
        try:
            await first.until("telegram_unreachable")
            await is_refused(await starts(here), here)
            await is_refused(await starts(elsewhere, f"sqlite:///{here}/oficialia.sqlite"), here)
        finally:
            first.send(signal.SIGTERM)
    assert await first.ended() == 0
