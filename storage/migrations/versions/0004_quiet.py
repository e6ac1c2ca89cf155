"""0004_quiet: when somebody was last here, and drafts that expire under a number that is not used again."""

import sqlalchemy as sa
from alembic import op

revision = "0004_quiet"
down_revision = "0003_sentence"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("active_at", sa.DateTime(timezone=True), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        _build_again(never_twice=True)
    op.create_index("ix_draft_touched", "draft", ["touched_at"])


def downgrade() -> None:
    op.drop_index("ix_draft_touched", "draft")
    if op.get_bind().dialect.name == "sqlite":
        _build_again(never_twice=False)
    op.drop_column("person", "active_at")


def _build_again(*, never_twice: bool) -> None:
    """SQLite gives the number of a deleted last row again, unless the table was made otherwise."""
    options = {"sqlite_autoincrement": True} if never_twice else {}
    with op.batch_alter_table("draft", recreate="always", table_kwargs=options):
        pass
