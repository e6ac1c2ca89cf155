"""0011_digests: what is summed up in the morning is noted with each person, so that it can be done a few at a time.

And whose a gesture is that can be taken back, for whoever minds some municipalities and not all.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011_digests"
down_revision = "0010_strips"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("digest_on", sa.Date(), nullable=True))
    # Whoever was told this morning already is not told again.
    op.execute(
        "UPDATE person SET digest_on ="
        " (SELECT max(day) FROM once WHERE once.manual = person.manual AND once.what = 'digest')"
    )
    op.drop_table("once")
    op.add_column("undo", sa.Column("manual", sa.String(), nullable=True))
    op.execute("UPDATE undo SET manual = (SELECT manual FROM request WHERE request.id = undo.request_id)")


def downgrade() -> None:
    op.create_table(
        "once",
        sa.Column("manual", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("manual", "what", "day", name=op.f("pk_once")),
    )
    op.execute(
        "INSERT INTO once (manual, what, day)"
        " SELECT DISTINCT manual, 'digest', digest_on FROM person WHERE digest_on IS NOT NULL"
    )
    op.drop_column("person", "digest_on")
    op.drop_column("undo", "manual")
