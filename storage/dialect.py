"""Where the two databases do not speak alike."""

import hashlib

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_unless_there(table: Table, *, shared: bool) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that leaves a row that is there already as it is."""
    return (postgresql.insert(table) if shared else sqlite.insert(table)).on_conflict_do_nothing()


def insert_or_change(table: Table, names: tuple[str, ...], *, shared: bool) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that brings these columns of a row that is there already up to date."""
    row = postgresql.insert(table) if shared else sqlite.insert(table)
    return row.on_conflict_do_update(
        index_elements=[one.name for one in table.primary_key], set_={name: row.excluded[name] for name in names}
    )


def number_of(*names: str, bits: int = 63) -> int:
    """A number for something that has a name: what PostgreSQL's advisory locks go by."""
    digest = hashlib.sha256("\n".join(names).encode()).digest()
    return int.from_bytes(digest[:8], "big") >> (64 - bits)
