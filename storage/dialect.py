"""Where the two databases do not speak alike."""

import hashlib
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel.ext.asyncio.session import AsyncSession


def shared(session: AsyncSession) -> bool:
    """Tell whether other processes may be at work in this database: whether it is PostgreSQL."""
    return session.get_bind().dialect.name == "postgresql"


def insert_into(session: AsyncSession, table: Any) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that may say what to do about a row that is there already."""
    return postgresql.insert(table) if shared(session) else sqlite.insert(table)


def number_of(*names: str, bits: int = 63) -> int:
    """A number for something that has a name: what PostgreSQL's advisory locks go by."""
    digest = hashlib.sha256("\n".join(names).encode()).digest()
    return int.from_bytes(digest[:8], "big") >> (64 - bits)
