"""0003_sentence: what somebody said that they want, and the form that began with it."""

import sqlalchemy as sa
from alembic import op

revision = "0003_sentence"
down_revision = "0002_conversation"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("sentence", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("draft", sa.Column("origin", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column("draft", "origin")
    op.drop_column("person", "sentence")
