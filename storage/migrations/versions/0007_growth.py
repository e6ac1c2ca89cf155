"""0007_growth: what somebody asked for, and was handed, is found without a walk through all that has ended."""

from alembic import op

revision = "0007_growth"
down_revision = "0006_awaited"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_request_mine_open", "request", ["requester", "state", "id"])
    op.create_index("ix_request_area_open", "request", ["manual", "area", "state", "id"])
    op.create_index("ix_request_habits", "request", ["requester", "procedure", "id"])
    op.create_index("ix_task_person", "task", ["person_id", "manual", "state", "closed_at", "opened_at"])


def downgrade() -> None:
    op.drop_index("ix_task_person", "task")
    op.drop_index("ix_request_habits", "request")
    op.drop_index("ix_request_area_open", "request")
    op.drop_index("ix_request_mine_open", "request")
