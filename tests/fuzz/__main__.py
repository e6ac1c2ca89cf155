"""Fire a great many updates at the bot, in episodes against towns of their own.

`python -m tests.fuzz [--updates N] [--seed TEXT] [--episode N]`

Every tenth episode runs on PostgreSQL where one answers, the others on SQLite. What was seen
to go wrong is written to `fuzz-failure.json`, and `--seed` with `--episode` brings it again.
"""

import argparse
import asyncio
import json
import logging
import secrets
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import make_url

from storage import migrate
from tests.conftest import POSTGRES, Postgres
from tests.fuzz.run import EPISODE, FailureError, episode
from tests.fuzz.shapes import CONTENTS, KINDS

_FAILURE = Path("fuzz-failure.json")
_ON_POSTGRES = 10


class Databases:
    """Lends each episode a database of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._template = folder / "template.sqlite"
        asyncio.run(migrate.upgrade(f"sqlite+aiosqlite:///{self._template}"))
        self._server = Postgres(make_url(POSTGRES))
        self._reached = self._server.connect() is None

    def close(self) -> None:
        self._server.close()

    @contextmanager
    def one(self, place: int) -> Iterator[tuple[str, Path]]:
        """A database's address, and a folder for files."""
        folder = self._folder / str(place)
        folder.mkdir()
        if self._reached and place % _ON_POSTGRES == _ON_POSTGRES - 1:
            name = self._server.migrated()
            yield self._server.url(name), folder
            self._server.take_back(name)
        else:
            file = folder / "oficialia.sqlite"
            shutil.copyfile(self._template, file)
            yield f"sqlite+aiosqlite:///{file}", folder
        shutil.rmtree(folder)


def fire(seed: str, places: Sequence[int], updates: int) -> Counter[str]:
    """Run these episodes, and count what was sent."""
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder, closing(Databases(Path(folder))) as databases:
        for place in places:
            share = min(EPISODE, updates - counts["updates"])
            with databases.one(place) as (database, files):
                counts += asyncio.run(episode(seed, place, share, database=database, folder=files))
            _say(f"{counts['updates']:>7} updates, {counts['requests']} requests, {counts['letters']} letters")
    return counts


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _write(failure: FailureError) -> None:
    about = {"seed": failure.seed, "episode": failure.episode, "update": failure.place, "reason": failure.reason}
    _FAILURE.write_text(json.dumps({**about, "manual": failure.stroke.manual, "body": failure.stroke.body}, indent=1))
    _say(f"{failure}\n\nwritten to {_FAILURE}; again: --seed {failure.seed} --episode {failure.episode}")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__.partition("\n")[0])
    parser.add_argument("--updates", type=int, default=100_000)
    parser.add_argument("--seed", default=secrets.token_hex(4))
    parser.add_argument("--episode", type=int, help="only that one")
    given = parser.parse_args(arguments)
    logging.getLogger("aiogram").setLevel(logging.CRITICAL)
    _say(f"seed {given.seed}")
    began = time.monotonic(), time.process_time()
    if given.episode is not None:
        places: Sequence[int] = [given.episode]
    else:
        places = range(-(-given.updates // EPISODE))
    try:
        counts = fire(given.seed, places, given.updates)
    except FailureError as failure:
        _write(failure)
        return 1
    seconds, cpu = time.monotonic() - began[0], time.process_time() - began[1]
    missing = [one for one in KINDS if not counts[one]]
    missing += [f"message.{one}" for one in CONTENTS if not counts[f"message.{one}"]]
    _say(f"{counts['updates']} updates in {seconds:.0f} s ({cpu:.0f} s of CPU); {counts['events']} lines in records")
    _say(f"of every type: {'yes' if not missing else 'no, without ' + ', '.join(missing)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
