"""boards at any size

How many submissions were sent in each quarter of an hour, indexes that hold who is on a page and the first change of a
board, and by which rules standings were computed.

Revision ID: 4be19c07d2f5
Revises: 5d0c7e92b8f1
Create Date: 2026-11-28 19:00:00.000000+00:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '4be19c07d2f5'
down_revision = '5d0c7e92b8f1'
branch_labels = None
depends_on = None

IN_ORDER = ['score', 'best_at', 'submission_id', 'team_id']


def upgrade():
    # boards of before this have rules 0: the next start computes them anew and fills what is added here
    op.add_column('board_version', sa.Column('rules', sa.Integer(), nullable=False, server_default='0'))
    op.add_column('standing', sa.Column('quarters', sa.JSON(), nullable=False, server_default='[]'))
    op.create_table(
        'board_quarter',
        sa.Column('phase_split_id', sa.Integer(), nullable=False),
        sa.Column('quarter', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('count', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ['phase_split_id'],
            ['phase_split.id'],
            name=op.f('fk_board_quarter_phase_split_id_phase_split'),
            ondelete='CASCADE',
        ),
        sa.PrimaryKeyConstraint('phase_split_id', 'quarter', name=op.f('pk_board_quarter')),
    )
    op.drop_index('ix_standing_rank', 'standing')
    op.create_index('ix_standing_rank', 'standing', ['phase_split_id', *IN_ORDER])
    op.drop_index('ix_metric_standing_rank', 'metric_standing')
    op.create_index('ix_metric_standing_rank', 'metric_standing', ['phase_split_id', 'label', *IN_ORDER])
    op.create_index('ix_standing_change_first', 'standing_change', ['phase_split_id', 'at'])


def downgrade():
    op.drop_index('ix_standing_change_first', 'standing_change')
    op.drop_index('ix_metric_standing_rank', 'metric_standing')
    op.create_index('ix_metric_standing_rank', 'metric_standing', ['phase_split_id', 'label', 'score', 'best_at'])
    op.drop_index('ix_standing_rank', 'standing')
    op.create_index('ix_standing_rank', 'standing', ['phase_split_id', 'score', 'best_at'])
    op.drop_table('board_quarter')
    op.drop_column('standing', 'quarters')
    op.drop_column('board_version', 'rules')
