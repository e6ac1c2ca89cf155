"""0002_conversation: what the conversation remembers: who is away, how each wants to be told, what can be taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0002_conversation"
down_revision = "0001_first"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "once",
        sa.Column("manual", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("manual", "what", "day", name=op.f("pk_once")),
    )
    op.create_table(
        "group_chat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("manual", sa.String(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("chat", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_group_chat_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_chat")),
        sa.UniqueConstraint("manual", "platform", "chat", name=op.f("uq_group_chat_manual")),
    )
    op.create_table(
        "rating",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("comment", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_rating_person_id")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_rating_request_id")),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_rating")),
    )
    op.create_table(
        "undo",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_undo_person_id")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_undo_request_id")),
        sa.PrimaryKeyConstraint("request_id", "revision", name=op.f("pk_undo")),
    )
    op.create_index("ix_letter_message", "letter", ["manual", "platform", "chat", "message"])
    op.add_column("draft", sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("person", sa.Column("available", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column("person", sa.Column("prefs", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("task", sa.Column("progress", sa.String(), server_default=sa.text("''"), nullable=False))
    # Added and dropped without building the table again, which would lose its triggers.
    op.add_column("request_event", sa.Column("files", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column("request_event", "files")
    op.drop_column("task", "progress")
    op.drop_column("person", "prefs")
    op.drop_column("person", "available")
    op.drop_column("draft", "warned_at")
    op.drop_index("ix_letter_message", "letter")
    op.drop_table("undo")
    op.drop_table("rating")
    op.drop_table("group_chat")
    op.drop_table("once")
