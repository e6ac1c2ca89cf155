"""0005_search: the words by which requests are found again, and who asked before."""

import sqlalchemy as sa
from alembic import op

from storage.search import refill

revision = "0005_search"
down_revision = "0004_quiet"
branch_labels = None
depends_on = None

# What is asked of the index is whether a word is there: neither where, nor how often.
FTS5 = (
    "CREATE VIRTUAL TABLE search_words USING fts5("
    "words, content='search_entry', content_rowid='request_id', prefix='3 4 5 6 7 8 9 10', detail=none, columnsize=0)",
    "CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry BEGIN"
    " INSERT INTO search_words(rowid, words) VALUES (new.request_id, new.words); END",
    "CREATE TRIGGER search_entry_gone AFTER DELETE ON search_entry BEGIN"
    " INSERT INTO search_words(search_words, rowid, words) VALUES ('delete', old.request_id, old.words); END",
    "CREATE TRIGGER search_entry_changed AFTER UPDATE ON search_entry WHEN old.words <> new.words BEGIN"
    " INSERT INTO search_words(search_words, rowid, words) VALUES ('delete', old.request_id, old.words);"
    " INSERT INTO search_words(rowid, words) VALUES (new.request_id, new.words); END",
)
GIN = (
    "ALTER TABLE search_entry ADD COLUMN search_words tsvector"
    " GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED",
    "CREATE INDEX search_words ON search_entry USING gin (search_words)",
)


def upgrade() -> None:
    op.create_table('search_entry',
    sa.Column('request_id', sa.Integer(), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['request_id'], ['request.id'], name=op.f('fk_search_entry_request_id')),
    sa.PrimaryKeyConstraint('request_id', name=op.f('pk_search_entry'))
    )
    for statement in FTS5 if op.get_bind().dialect.name == "sqlite" else GIN:
        op.execute(statement)
    refill(op.get_bind())
    op.create_index("ix_request_month", "request", ["manual", "area", "sent_at"])
    op.create_index("ix_request_alike", "request", ["manual", "area", "procedure", "id"])
    # Added without building the table again, which would lose its triggers.
    op.create_index("ix_request_event_actor", "request_event", ["actor", "id"])


def downgrade() -> None:
    op.drop_index("ix_request_event_actor", "request_event")
    op.drop_index("ix_request_alike", "request")
    op.drop_index("ix_request_month", "request")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_words")
    op.drop_table("search_entry")
