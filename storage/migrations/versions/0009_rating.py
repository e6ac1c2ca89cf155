"""0009_rating: what somebody was asked and has not answered is found without a walk through every answer."""

import sqlalchemy as sa
from alembic import op

revision = "0009_rating"
down_revision = "0008_postponed"
branch_labels = None
depends_on = None

OPEN = sa.text("score IS NULL")


def upgrade() -> None:
    columns = ["person_id", "at", "request_id"]
    op.create_index("ix_rating_open", "rating", columns, sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    op.drop_index("ix_rating_open", "rating")
