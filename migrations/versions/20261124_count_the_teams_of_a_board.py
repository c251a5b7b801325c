"""count the teams of a board

Revision ID: 8f0b6d2a91c4
Revises: 17e328074c60
Create Date: 2026-11-24 01:35:00.000000+00:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '8f0b6d2a91c4'
down_revision = '17e328074c60'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('board_version') as batch_op:
        batch_op.add_column(sa.Column('teams', sa.Integer(), nullable=False, server_default='0'))
    op.execute(
        'UPDATE board_version SET teams = '
        '(SELECT count(*) FROM standing WHERE standing.phase_split_id = board_version.phase_split_id)'
    )


def downgrade():
    with op.batch_alter_table('board_version') as batch_op:
        batch_op.drop_column('teams')
