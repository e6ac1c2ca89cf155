"""0010_strips: what answers a question takes the question's buttons away, without another letter for that."""

import sqlalchemy as sa
from alembic import op

revision = "0010_strips"
down_revision = "0009_rating"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("letter", sa.Column("strips", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("letter", "strips")
