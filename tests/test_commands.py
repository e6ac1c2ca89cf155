"""The command line, as whoever runs it sees it: clean words on standard error, and JSON that other programs read."""

import io
import json
import logging
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import structlog
from click.testing import CliRunner, Result
from pydantic import SecretStr, ValidationError

from bot import app, shelf
from bot.__main__ import main
from bot.settings import MANUALS, PARTS, Part, Settings, UsageError

ROOT = Path(__file__).parents[1]
TOKEN = "7000000001:AAsecret-secret_secret-secret_secret"
Cli = Callable[..., Result]

ACTIVITY = {"n", "role", "text", "kind", "action", "question", "options", "next", "end", "added", "erratum"}
OPTION = {"id", "label", "to", "by", "added"}
PROCEDURE = {
    "code", "slug", "title", "section", "trigger", "opened_by", "requisitos", "notice", "recommended_notice",
    "delivery", "reception", "activities",
}  # fmt: skip
REQUISITO = {"id", "label", "kind", "required", "options", "when", "cite", "added"}


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Run a command in a house of its own."""
    for name in [name for name in os.environ if name.startswith("OFICIALIA_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("OFICIALIA_DATA", str(tmp_path / "data"))

    def run(*arguments: str | Path, **settings: str) -> Result:
        env = {f"OFICIALIA_{name.upper()}": value for name, value in settings.items()}
        return CliRunner().invoke(main, [str(one) for one in arguments], env=env)

    return run


def plainly(result: Result) -> str:
    """What was said to whoever made a mistake: something, and no traceback."""
    assert result.exit_code == 1, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result.output


def copied(tmp_path: Path) -> Path:
    folder = tmp_path / "chalco"
    shutil.copytree(MANUALS / "chalco", folder)
    return folder


def line_of(path: Path, text: str) -> int:
    return next(n for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if text in line)


def test_the_catalogue_is_printed_for_other_programs(cli: Cli) -> None:
    result = cli("catalogue", "--json")
    assert result.exit_code == 0
    manuals = json.loads(result.output)["manuals"]
    assert [set(manual) for manual in manuals] == [{"id", "title", "procedures"}] * len(manuals)
    found: dict[str, Any] = {law["code"]: law for manual in manuals for law in manual["procedures"]}
    assert "GCH-CCS-P01-2023" in found
    for law in found.values():
        assert set(law) >= PROCEDURE
        numbers = [activity["n"] for activity in law["activities"]]
        assert len(set(numbers)) == len(numbers)
        for one in law["requisitos"]:
            assert set(one) >= REQUISITO
            assert isinstance(one["required"], bool)
        for activity in law["activities"]:
            assert set(activity) >= ACTIVITY
            assert isinstance(activity["n"], str)
            assert activity["action"] is None or set(activity["action"]) == {"label"}
            leads = [activity["next"], *(option["to"] for option in activity["options"])]
            assert all(n is None or n in numbers for n in leads)
            for option in activity["options"]:
                assert set(option) >= OPTION
    coverage = found["GCH-CCS-P01-2023"]
    assert set(coverage["notice"]) == {"amount", "unit", "before"}
    assert (coverage["notice"]["amount"], coverage["notice"]["unit"]) == (72, "hours")


def test_the_catalogue_is_printed_for_people(cli: Cli) -> None:
    result = cli("catalogue")
    assert result.exit_code == 0
    assert "chalco: Chalco" in result.output
    assert "GCH-CCS-P01-2023" in result.output


def test_the_manuals_that_come_with_it_have_no_mistakes(cli: Cli) -> None:
    result = cli("check")
    assert (result.exit_code, "no mistakes" in result.output) == (0, True)


def test_a_copied_manual_has_no_mistakes(cli: Cli, tmp_path: Path) -> None:
    folder = copied(tmp_path)
    assert cli("check", folder).exit_code == 0
    assert cli("check", folder / "p01-cobertura.yaml").exit_code == 0


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("kind: place", "kind: sitio", "`requisitos.2.kind`"),
        ("activities:", "activitis:", "activitis"),
        ("role: coordinador", "role: jefe", "jefe"),
        ("procedure: ", "procedure ", ""),
    ],
)
def test_a_broken_file_is_named_with_its_line_and_the_reason(
    cli: Cli, tmp_path: Path, before: str, after: str, reason: str
) -> None:
    path = copied(tmp_path) / "p01-cobertura.yaml"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    said = plainly(cli("check", path))
    assert all(re.match(rf"{re.escape(str(path))}:\d+: .", line) for line in said.splitlines()), said
    assert reason in said


def test_the_line_is_the_one_of_the_mistake(cli: Cli, tmp_path: Path) -> None:
    path = copied(tmp_path) / "p01-cobertura.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("kind: place", "kind: sitio", 1), encoding="utf-8")
    assert f"{path}:{line_of(path, 'kind: sitio')}:" in plainly(cli("check", path))


def test_a_mistake_in_another_file_of_the_manual_is_not_this_files(cli: Cli, tmp_path: Path) -> None:
    folder = copied(tmp_path)
    broken = folder / "p06-material-grafico.yaml"
    broken.write_text(broken.read_text(encoding="utf-8").replace("kind: files", "kind: sitio", 1), encoding="utf-8")
    assert cli("check", folder / "p01-cobertura.yaml").exit_code == 0
    assert "p06-material-grafico.yaml" in plainly(cli("check", folder))


def test_a_file_that_is_no_text_is_named(cli: Cli, tmp_path: Path) -> None:
    path = copied(tmp_path) / "p01-cobertura.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    assert f"{path}:1: not UTF-8" in plainly(cli("check", path))
    assert "not UTF-8" in plainly(cli("check", manuals=str(tmp_path)))


def test_a_manual_with_a_mistake_does_not_run(cli: Cli, tmp_path: Path) -> None:
    path = copied(tmp_path) / "p01-cobertura.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("kind: place", "kind: sitio", 1), encoding="utf-8")
    for command in (("catalogue",), ("check",), ("invite", "--role", "administrador")):
        assert "p01-cobertura.yaml" in plainly(cli(*command, manuals=str(tmp_path)))


def test_a_folio_that_nobody_was_given(cli: Cli, tmp_path: Path) -> None:
    assert "no hay base de datos" in plainly(cli("record", "CHA-P01-2026-0001", "--data", tmp_path))
    assert cli("migrate").exit_code == 0
    for more in ([], ["--json"], ["--data", str(tmp_path / "data")]):
        said = plainly(cli("record", "CHA-P01-2026-9999", *more))
        assert "no hay solicitud con el folio CHA-P01-2026-9999" in said


def test_an_invitation_is_a_link_that_is_not_kept(cli: Cli, tmp_path: Path) -> None:
    result = cli("invite", "--role", "administrador", manual="chalco")
    assert result.exit_code == 0
    secret = result.output.rpartition("/start inv-")[2].strip()
    assert len(secret) >= 32
    kept = b"".join(path.read_bytes() for path in (tmp_path / "data").glob("oficialia.sqlite*"))
    assert secret.encode() not in kept


def test_an_invitation_that_lacks_something_says_what(cli: Cli, tmp_path: Path) -> None:
    assert "--area" in plainly(cli("invite", "--role", "enlace", "--manual", "chalco"))
    assert "no hay rol «jefe»" in plainly(cli("invite", "--role", "jefe", "--manual", "chalco"))
    assert "--manual" in plainly(cli("invite", "--role", "administrador", "--manual", "ninguno"))
    for manual in ("chalco", "otro"):
        shutil.copytree(MANUALS / "chalco", tmp_path / "two" / manual)
    path = tmp_path / "two" / "otro" / "manual.yaml"
    path.write_text(
        path.read_text(encoding="utf-8")
        .replace("manual: chalco", "manual: otro", 1)
        .replace("prefix: CHA", "prefix: OTR", 1),
        encoding="utf-8",
    )
    said = plainly(cli("invite", "--role", "administrador", manuals=str(tmp_path / "two")))
    assert "--manual: chalco, otro" in said


@pytest.mark.parametrize("token", ["TOKEN", "TOKENS"])
def test_a_webhook_without_a_secret_is_refused(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"OFICIALIA_{token}", TOKEN if token == "TOKEN" else json.dumps({"chalco": TOKEN}))
    monkeypatch.setenv("OFICIALIA_WEBHOOK_URL", "https://oficialia.example")
    for secret in (None, ""):
        if secret is not None:
            monkeypatch.setenv("OFICIALIA_WEBHOOK_SECRET", secret)
        with pytest.raises(ValidationError, match="OFICIALIA_WEBHOOK_SECRET") as refusal:
            Settings()
        assert TOKEN not in str(refusal.value)


def test_a_bot_without_a_token_says_how_to_get_one(tmp_path: Path) -> None:
    """In a process of its own, because it sets up the logs of all of it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OFICIALIA_")}
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "run"],
        capture_output=True,
        text=True,
        env={**kept, "PYTHONPATH": str(ROOT), "OFICIALIA_DATA": str(tmp_path)},
        timeout=120,
        check=False,
    )
    assert ended.returncode == 1
    assert "falta el token del bot: OFICIALIA_TOKEN" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({}, "falta el token"),
        ({"token": TOKEN, "manual": "ninguno"}, "no hay manual «ninguno»"),
        ({"tokens": json.dumps({"ninguno": TOKEN})}, "no hay manual «ninguno»"),
        ({"token": "no-token-at-all", "manual": "chalco"}, "no tiene la forma de un token"),
    ],
)
def test_a_token_that_cannot_serve_is_refused_in_words(
    settings: dict[str, str], reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(f"OFICIALIA_{name.upper()}", value)
    with pytest.raises(UsageError, match=reason) as refusal:
        app.tokens_of(Settings(), shelf.catalogue(MANUALS))
    assert "token-at-all" not in str(refusal.value)
    assert TOKEN not in str(refusal.value)


@pytest.mark.parametrize("part", PARTS)
async def test_a_part_alone_is_refused_on_sqlite(tmp_path: Path, part: Part) -> None:
    with pytest.raises(UsageError, match="con SQLite corre un solo proceso"):
        await app.run(Settings(data=tmp_path, database=""), [part])


@pytest.mark.parametrize("home", ["theirs", "shared"])
async def test_a_second_process_on_the_same_database_is_refused_whatever_its_folder(tmp_path: Path, home: str) -> None:
    database = f"sqlite:///{tmp_path / home / 'oficialia.sqlite'}"
    theirs = Settings(data=tmp_path / "theirs", database="" if home == "theirs" else database)
    mine = Settings(data=tmp_path / "mine", database=database, token=SecretStr(TOKEN), manual="chalco")
    with app.alone(theirs), pytest.raises(UsageError, match="otro proceso ya usa la carpeta"):
        await app.run(mine)


async def test_a_database_that_is_not_there_is_said_in_a_sentence(tmp_path: Path) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing"
    settings = Settings(data=tmp_path, database=nowhere, token=SecretStr(TOKEN), manual="chalco")
    with pytest.raises(UsageError, match="la base de datos no responde"):
        await app.run(settings)


def test_who_does_not_listen_does_not_wait_for_the_library_that_does() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", "import sys, bot.app; sys.exit('aiogram' in sys.modules)"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert ended.returncode == 0


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"token": TOKEN, "webhook_url": "https://x.example"}, "OFICIALIA_WEBHOOK_SECRET"),
        ({"tokens": f"{{{TOKEN}"}, "tokens"),
        ({"token": TOKEN, "rate": "0"}, "rate"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(cli: Cli, settings: dict[str, str], reason: str) -> None:
    said = plainly(cli("catalogue", **settings))
    assert reason in said
    assert TOKEN not in said


def test_a_log_on_a_full_disk_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    before = structlog.get_config()
    with Path("/dev/full").open("wb", buffering=0) as disk:
        full = io.TextIOWrapper(disk, write_through=True)
        with pytest.raises(OSError, match="No space left on device"):
            full.write("anything")
        monkeypatch.setattr(sys, "stderr", full)
        try:
            app.set_up_logs(as_json=True)
            structlog.get_logger("bot").warning("not_stored_yet", error="SQLITE_FULL")
        finally:
            structlog.configure(**before)


def test_no_token_is_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not as a value, nor inside an address, nor in the traceback of what went wrong with it."""
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    before, root, httpx = structlog.get_config(), logging.getLogger(), logging.getLogger("httpx")
    handlers, level = root.handlers[:], httpx.level
    root.handlers.clear()
    address = f"https://api.telegram.org/bot{TOKEN}/getMe"
    try:
        for as_json in (True, False):
            app.set_up_logs(as_json=as_json)
            log = structlog.get_logger("bot")
            log.info(address, token=TOKEN, nested={"addresses": [address]})
            log.error("failed", exc_info=OSError(address))
        httpx.info("HTTP Request: POST %s", address)
        logging.getLogger("anything").warning("cannot reach %s", address, exc_info=OSError(address))
    finally:
        structlog.configure(**before)
        root.handlers[:] = handlers
        httpx.setLevel(level)
    said = written.getvalue()
    assert said.count("<token>") == 10
    assert "secret" not in said
    assert "HTTP Request" not in said
