"""What Alembic runs around the revisions. It is handed a connection by `storage.migrate`."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import TypeDecorator

from storage.tables import METADATA, is_described


def render(kind: str, item: Any, _: AutogenContext) -> str | Literal[False]:
    # A revision outlives our classes: it names what the database knows.
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    render_item=render,
    compare_server_default=True,
    include_name=is_described,
)
with context.begin_transaction():
    context.run_migrations()
