"""0008_postponed: a letter that waits knows since when, so that a clock that is set back does not make it wait longer."""

import sqlalchemy as sa
from alembic import op

revision = "0008_postponed"
down_revision = "0007_growth"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("letter", sa.Column("postponed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("letter", "postponed_at")
