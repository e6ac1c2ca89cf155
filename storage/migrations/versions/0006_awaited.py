"""0006_awaited: what somebody waits for goes before what is told to many."""

import sqlalchemy as sa
from alembic import op

revision = "0006_awaited"
down_revision = "0005_search"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("letter", sa.Column("awaited", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.drop_index("ix_letter_waiting", "letter")
    op.create_index("ix_letter_waiting", "letter", ["state", "awaited", "id"])


def downgrade() -> None:
    op.drop_index("ix_letter_waiting", "letter")
    op.create_index("ix_letter_waiting", "letter", ["state", "id"])
    op.drop_column("letter", "awaited")
