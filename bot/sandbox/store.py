"""Where the sandbox's Telegram keeps its memory: small rows in SQLite, written as things happen.

Everything is also held in memory; these rows exist so that a killed process finds its world as it was.
Rows are written one by one and become durable together at `commit`, which precedes every answer.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from bot.sandbox.errors import Json

SCHEMA = """
CREATE TABLE IF NOT EXISTS entry (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (kind, key)
)
"""


class Store:
    """Rows of JSON, each under a kind and a key, read back in the order in which they were first written."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, timeout=10)
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL"):
            self._connection.execute(f"PRAGMA {pragma}").close()
        self._connection.execute(SCHEMA).close()
        self._connection.commit()

    def rows(self, kind: str) -> Iterator[tuple[str, Json]]:
        query = "SELECT key, value FROM entry WHERE kind = ? ORDER BY rowid"
        with closing(self._connection.execute(query, (kind,))) as found:
            for key, value in found:
                yield key, json.loads(value)

    def get(self, kind: str, key: str) -> Json | None:
        query = "SELECT value FROM entry WHERE kind = ? AND key = ?"
        with closing(self._connection.execute(query, (kind, key))) as found:
            row = found.fetchone()
        return dict(json.loads(row[0])) if row else None

    def put(self, kind: str, key: str, value: Json) -> None:
        self._connection.execute(
            "INSERT INTO entry (kind, key, value) VALUES (?, ?, ?)"
            " ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value",
            (kind, key, json.dumps(value, ensure_ascii=False, separators=(",", ":"))),
        ).close()

    def remove(self, kind: str, key: str) -> None:
        self._connection.execute("DELETE FROM entry WHERE kind = ? AND key = ?", (kind, key)).close()

    def commit(self) -> None:
        if self._connection.in_transaction:
            self._connection.commit()

    def close(self) -> None:
        self.commit()
        self._connection.close()
