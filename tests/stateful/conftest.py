"""Many databases for one test: each example of a machine begins with its own."""

import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.conftest import BACKENDS, Postgres


@pytest.fixture(params=BACKENDS)
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Give another fresh database at every call."""
    given: list[str] = []
    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        numbers = count(1)

        def copied() -> str:
            file = tmp_path / f"{next(numbers)}.sqlite"
            shutil.copyfile(template, file)
            return f"sqlite+aiosqlite:///{file}"

        yield copied
        return
    server: Postgres = request.getfixturevalue("postgres_server")

    def lent() -> str:
        while given:
            server.take_back(given.pop())
        given.append(server.migrated())
        return server.url(given[-1])

    yield lent
    while given:
        server.take_back(given.pop())
