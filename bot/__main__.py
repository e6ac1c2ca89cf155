"""The command line: `python -m bot`.

aiogram takes seconds to import, so whatever needs no bot does not wait for it.
"""

import asyncio
import gc
import glob
import json
import secrets
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

import click
from pydantic import ValidationError
from pydantic_settings import SettingsError

from bot import shelf
from bot.flows.catalogue import CatalogueError, Mistake, read_catalogue
from bot.flows.export import catalogue_json, record_json
from bot.settings import PARTS, Part, Settings, UsageError

P = ParamSpec("P")


def _explained(command: Callable[P, None]) -> Callable[P, None]:
    """Say what is wrong and how to mend it, without a traceback, where a person can."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except CatalogueError as error:
            for mistake in error.mistakes:
                click.echo(str(mistake), err=True)
            sys.exit(1)
        except UsageError as error:
            raise click.ClickException(str(error)) from error
        except ModuleNotFoundError as error:
            if error.name != "asyncpg":
                raise
            raise click.ClickException(
                "falta asyncpg, que habla con PostgreSQL: pip install --require-hashes -r requirements-postgres.txt"
            ) from error
        except (ValidationError, SettingsError) as error:
            raise click.ClickException(f"un ajuste no está bien:\n{error}") from error

    return wrapped


def _settings(data: Path | None = None) -> Settings:
    # A sandbox's folder holds its own database, whatever the environment says.
    return Settings(data=data, database="") if data is not None else Settings()


@click.group()
def main() -> None:
    """Oficialía: runs a municipality's manual of procedures in a chat."""


@main.command()
@click.option(
    "--only", type=click.Choice(PARTS), multiple=True, help="Only this part, with PostgreSQL; may be repeated."
)
@_explained
def run(only: tuple[Part, ...]) -> None:
    """Run the bots whose tokens are in the environment."""
    gc.disable()  # what comes now stays, and to look through it for rubbish costs a fifth of the time; see `app.run`
    try:
        from bot import app  # noqa: PLC0415 (aiogram is slow to import)

        settings = Settings()
        app.set_up_logs(as_json=settings.log_json)
        asyncio.run(app.run(settings, only or PARTS))
    finally:
        gc.enable()


@main.command()
@click.option("--port", default=8080, show_default=True, help="0 takes a free one.")
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), default=Path(".sandbox"), show_default=True)
@click.option("--manual", default=None, help="Only this municipality.")
@click.option("--headless", is_flag=True, help="Print the address and nothing else.")
@_explained
def sandbox(port: int, data: Path, manual: str | None, *, headless: bool) -> None:
    """Try everything on this machine: no token, no internet."""
    from bot import app  # noqa: PLC0415 (aiogram is slow to import)

    app.set_up_logs(as_json=False)
    settings = _settings(data).model_copy(update={"rate": 1000.0, "chat_burst": 1000})
    asyncio.run(app.serve_sandbox(settings, port=port, manual=manual, headless=headless))


@main.command()
@_explained
def migrate() -> None:
    """Bring the database to today's shape."""
    from storage import migrate as migrations  # noqa: PLC0415 (only this command needs it)

    asyncio.run(migrations.upgrade(Settings().database_url))


@main.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option("--strict", is_flag=True, help="Fail on warnings, too.")
@_explained
def check(files: tuple[Path, ...], *, strict: bool) -> None:
    """Say every mistake of the manuals: file, line and reason; and, as warnings, what looks like one."""
    if files:
        _check_some(files, strict=strict)
        return
    found = shelf.catalogue(Settings().manuals)
    _warn([str(one) for one in found.warnings], strict=strict)
    procedures = sum(len(manual.procedures) for manual in found.manuals.values())
    click.echo(f"{len(found.manuals)} manuals, {procedures} procedures: no mistakes")


def _among(found: Iterable[Mistake], folder: Path, asked: set[Path]) -> Iterator[str]:
    """Those in the files that were asked about, or in what they share."""
    for one in found:
        path = folder / one.file.partition("/")[2]
        if not asked or path in asked or path.name == "manual.yaml":
            yield f"{path}:{one.line}: {one.reason}"


def _warn(warnings: list[str], *, strict: bool) -> None:
    for one in warnings:
        click.echo(f"warning: {one}", err=True)
    if warnings and strict:
        sys.exit(1)


def _check_some(files: tuple[Path, ...], *, strict: bool) -> None:
    """Check these files, each with the rest of its manual, and say only what is wrong in them."""
    folders = {(path if path.is_dir() else path.parent).resolve() for path in files}
    asked = {path.resolve() for path in files if path.is_file()}
    mistakes: list[str] = []
    warnings: list[str] = []
    for folder in sorted(folders):
        try:
            doubts = read_catalogue(shelf.texts(folder.parent, glob.escape(folder.name))).warnings
        except CatalogueError as error:
            mistakes.extend(_among(error.mistakes, folder, asked))
        else:
            warnings.extend(_among(doubts, folder, asked))
    for mistake in mistakes:
        click.echo(mistake, err=True)
    if mistakes:
        sys.exit(1)
    _warn(warnings, strict=strict)
    click.echo("no mistakes")


@main.command()
@click.option("--json", "as_json", is_flag=True, help="For other programs.")
@_explained
def catalogue(*, as_json: bool) -> None:
    """Print what the procedure files say."""
    found = shelf.catalogue(Settings().manuals)
    if as_json:
        click.echo(json.dumps(catalogue_json(found), ensure_ascii=False, indent=1))
        return
    for manual in found.manuals.values():
        click.echo(f"{manual.id}: {manual.title} ({manual.edition})")
        for law in manual.procedures:
            click.echo(f"  {law.code}  {law.title}  [{len(law.activities)}]")


@main.command()
@click.argument("code")
@click.option("--manual", default=None, help="The municipality; needed where several have that code.")
@click.option("--mark", default=None, metavar="N", help="The number of the activity to highlight.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), default=None, help="A file, .svg or .png.")
@_explained
def diagram(code: str, manual: str | None, mark: str | None, out: Path | None) -> None:
    """Draw a procedure's flow: CODE is its code, slug or series. Without --out, SVG to standard output."""
    from bot.flows import picture  # noqa: PLC0415 (only this command needs it)

    settings = Settings()
    found = [
        (town, law)
        for town in shelf.catalogue(settings.manuals).manuals.values()
        if (manual or settings.manual or town.id) == town.id and (law := town.procedure(code)) is not None
    ]
    if not found:
        raise click.ClickException(f"no hay procedimiento con el código {code}")
    if len(found) > 1:
        raise click.ClickException(f"di el municipio con --manual: {', '.join(town.id for town, _ in found)}")
    [(town, law)] = found
    if mark is not None and mark not in {activity.n for activity in law.activities}:
        raise click.ClickException(f"{law.code} no tiene actividad {mark}")
    if out is None:
        click.echo(picture.svg(picture.draw(town, law, mark=mark)), nl=False)
    elif out.suffix.lower() == ".svg":
        out.write_text(picture.svg(picture.draw(town, law, mark=mark)), encoding="utf-8")
    elif out.suffix.lower() == ".png":
        from notifications.documents.picture import png_of  # noqa: PLC0415 (typst is large)

        out.write_bytes(png_of(town, law, mark=mark))
    else:
        raise click.ClickException("--out termina en .svg o .png")


@main.command()
@click.argument("folio")
@click.option("--json", "as_json", is_flag=True, help="For other programs.")
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), default=None, help="A sandbox's folder.")
@_explained
def record(folio: str, *, as_json: bool, data: Path | None) -> None:
    """Print one request's record."""
    settings = _settings(data)
    if not settings.database and not (settings.data / "oficialia.sqlite").exists():
        raise click.ClickException(f"no hay base de datos en la carpeta {settings.data}")
    found = asyncio.run(_record(settings, folio))
    if found is None:
        raise click.ClickException(f"no hay solicitud con el folio {folio}")
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    click.echo(f"{found['folio']} · {found['procedure']} · {found['outcome'] or found['state']}")
    for event in found["events"]:
        said = " · ".join(str(event[key]) for key in ("option", "note") if event[key])
        click.echo(f"{event['seq']:>3} {event['at']} {event['activity']:>4} {event['kind']} {event['actor']} {said}")


async def _record(settings: Settings, folio: str) -> dict[str, Any] | None:
    from storage.database import Database  # noqa: PLC0415 (only this command needs it)

    database = Database(settings.database_url)
    try:
        async with database.transaction() as work:
            request = await work.requests.by_folio(None, folio)
            if request is None:
                return None
            lines = await work.requests.record(request.id)
    finally:
        await database.close()
    return record_json(request, [(line.seq, line.event) for line in lines])


@main.command()
@click.option("--role", required=True, help="administrador, or a role of the manual.")
@click.option("--manual", default=None, help="The municipality; needed where there are several.")
@click.option("--area", default=None, help="The area's id, for a role that is held for one.")
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), default=None, help="A sandbox's folder.")
@_explained
def invite(role: str, manual: str | None, area: str | None, data: Path | None) -> None:
    """Make an invitation: a link that gives a role to the first who opens it, for a week."""
    click.echo(asyncio.run(_invite(_settings(data), role, manual, area)))


async def _only_manual(settings: Settings, known: list[str]) -> str:
    """The municipality that is meant where none is said: the only one there is, has a bot, or has people."""
    from storage.database import Database  # noqa: PLC0415 (only this command needs it)

    if len(known) == 1:
        return known[0]
    if len(settings.tokens) == 1:
        return next(iter(settings.tokens))
    database = Database(settings.database_url)
    try:
        async with database.transaction() as work:
            peopled = await work.people.manuals()
    finally:
        await database.close()
    return peopled[0] if len(peopled) == 1 else ""


async def _invite(settings: Settings, role: str, manual: str | None, area: str | None) -> str:
    from bot.flows.people import ADMINISTRATOR, Area  # noqa: PLC0415 (only this command needs these)
    from storage import migrate as migrations  # noqa: PLC0415 (as above)
    from storage.database import Database  # noqa: PLC0415 (as above)

    manuals = shelf.catalogue(settings.manuals).manuals
    await migrations.upgrade(settings.database_url)
    chosen = manual or settings.manual or await _only_manual(settings, list(manuals))
    if chosen not in manuals:
        raise click.ClickException(f"di el municipio con --manual: {', '.join(manuals)}")
    roles = manuals[chosen].roles
    if role != ADMINISTRATOR and role not in roles:
        raise click.ClickException(f"no hay rol «{role}»; los que hay: {ADMINISTRATOR}, {', '.join(roles)}")
    database = Database(settings.database_url)
    secret = secrets.token_urlsafe(24)
    try:
        async with database.transaction() as work:
            for key, place in manuals[chosen].areas.items():
                await work.people.open_area(chosen, Area(id=key, name=place.name, kind=place.kind))
            areas = [one.id for one in await work.people.areas(chosen)]
            if role in roles and roles[role].of_area and area not in areas:
                raise click.ClickException(f"di el área con --area: {', '.join(areas) or 'todavía no hay ninguna'}")
            now = datetime.now(UTC)  # noqa: TID251 (a command line is its own clock)
            await work.people.invite(chosen, secret, role=role, area=area, made_by=None, now=now)
    finally:
        await database.close()
    return (
        "Sirve una vez y vence en 7 días. Se abre con\n"
        f"https://t.me/<usuario del bot>?start=inv-{secret}\n"
        f"o escribiéndole al bot: /start inv-{secret}"
    )


if __name__ == "__main__":
    main()
