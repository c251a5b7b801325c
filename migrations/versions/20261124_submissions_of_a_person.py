"""find what a person sent to a phase, with whatever team

Revision ID: e7b05d93c1a4
Revises: c41d7be05a93
Create Date: 2026-11-24 04:15:00.000000+00:00

"""
from alembic import op


# revision identifiers, used by Alembic.
revision = 'e7b05d93c1a4'
down_revision = 'c41d7be05a93'
branch_labels = None
depends_on = None


def upgrade():
    op.create_index('ix_submission_person', 'submission', ['account_id', 'phase_id'], unique=False)


def downgrade():
    op.drop_index('ix_submission_person', table_name='submission')
