"""boards that people trust

Public and private boards, freezing and revealing, aliases, marks of the host, standings by every metric, baselines
beside the ranking, and every change of a standing.

Revision ID: c41d7be05a93
Revises: d2f86a41b7c9
Create Date: 2026-11-24 03:00:00.000000+00:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = 'c41d7be05a93'
down_revision = 'd2f86a41b7c9'
branch_labels = None
depends_on = None

PHASE_SPLIT = {
    'share_percent': sa.Integer(),
    'hidden_until': sa.DateTime(timezone=True),
    'freeze_at': sa.DateTime(timezone=True),
    'revealed_at': sa.DateTime(timezone=True),
    'open_since': sa.DateTime(timezone=True),
    'public_board_id': sa.Integer(),
}


def board_and(*names):
    """Return the columns that name rows of these tables, gone with them."""
    return [sa.Column(f'{name}_id', sa.Integer(), nullable=False) for name in ('phase_split', *names)]


def gone_with(table, *names):
    return [
        sa.ForeignKeyConstraint(
            [f'{name}_id'], [f'{name}.id'], name=op.f(f'fk_{table}_{name}_id_{name}'), ondelete='CASCADE'
        )
        for name in ('phase_split', *names)
    ]


def upgrade():
    # plain ALTERs: a batch would make the table anew on SQLite, and dropping the old one cascades
    for name, kind in PHASE_SPLIT.items():
        op.add_column('phase_split', sa.Column(name, kind, nullable=True))
    op.add_column('phase_split', sa.Column('tells_owners', sa.Boolean(), nullable=False, server_default=sa.text('false')))
    op.add_column(
        'challenge', sa.Column('has_anonymous_teams', sa.Boolean(), nullable=False, server_default=sa.text('false'))
    )
    op.add_column('team', sa.Column('alias', sa.Integer(), nullable=True))
    op.add_column('submission', sa.Column('baseline_name', sa.Text(), nullable=False, server_default=''))
    op.add_column('submission', sa.Column('is_verified', sa.Boolean(), nullable=False, server_default=sa.text('false')))
    op.add_column('submission', sa.Column('flag_reason', sa.Text(), nullable=False, server_default=''))
    op.add_column('standing', sa.Column('trail', sa.JSON(), nullable=False, server_default='[]'))
    make_tables()
    keep_what_is_known()


def make_tables():
    op.create_table(
        'metric_standing',
        *board_and('team'),
        sa.Column('label', sa.Text(), nullable=False),
        sa.Column('submission_id', sa.Integer(), nullable=False),
        sa.Column('score', sa.Double(), nullable=True),
        sa.Column('best_at', sa.DateTime(timezone=True), nullable=False),
        *gone_with('metric_standing', 'submission', 'team'),
        sa.PrimaryKeyConstraint('phase_split_id', 'team_id', 'label', name=op.f('pk_metric_standing')),
    )
    op.create_index('ix_metric_standing_rank', 'metric_standing', ['phase_split_id', 'label', 'score', 'best_at'])
    op.create_table(
        'baseline',
        *board_and('submission', 'team'),
        *gone_with('baseline', 'submission', 'team'),
        sa.PrimaryKeyConstraint('phase_split_id', 'submission_id', name=op.f('pk_baseline')),
    )
    op.create_table(
        'standing_change',
        sa.Column('id', sa.Integer(), nullable=False),
        *board_and('team'),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('submission_id', sa.Integer(), nullable=True),
        sa.Column('score', sa.Double(), nullable=True),
        sa.Column('best_at', sa.DateTime(timezone=True), nullable=True),
        *gone_with('standing_change', 'submission', 'team'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_standing_change')),
    )
    op.create_index('ix_standing_change_past', 'standing_change', ['phase_split_id', 'team_id', 'at'])


def keep_what_is_known():
    """Baselines leave the ranking, and what stands now has stood since it was sent; `repair-boards` adds the rest."""
    op.execute(
        'INSERT INTO baseline (phase_split_id, submission_id, team_id) '
        'SELECT standing.phase_split_id, standing.submission_id, standing.team_id FROM standing '
        'JOIN submission ON submission.id = standing.submission_id WHERE submission.is_baseline'
    )
    op.execute('DELETE FROM standing WHERE submission_id IN (SELECT submission_id FROM baseline)')
    op.execute(
        'UPDATE board_version SET teams = '
        '(SELECT count(*) FROM standing WHERE standing.phase_split_id = board_version.phase_split_id)'
    )
    op.execute(
        'INSERT INTO standing_change (phase_split_id, team_id, at, submission_id, score, best_at) '
        'SELECT phase_split_id, team_id, best_at, submission_id, score, best_at FROM standing'
    )


def downgrade():
    op.execute(
        'INSERT INTO standing (phase_split_id, team_id, submission_id, best_at, entries, last_at) '
        'SELECT phase_split_id, baseline.team_id, min(submission_id), min(submitted_at), 1, min(submitted_at) '
        'FROM baseline JOIN submission ON submission.id = submission_id GROUP BY phase_split_id, baseline.team_id'
    )
    for table in ('standing_change', 'baseline', 'metric_standing'):
        op.drop_table(table)
    op.drop_column('standing', 'trail')
    for name in ('flag_reason', 'is_verified', 'baseline_name'):
        op.drop_column('submission', name)
    op.drop_column('team', 'alias')
    op.drop_column('challenge', 'has_anonymous_teams')
    for name in ('tells_owners', *PHASE_SPLIT):
        op.drop_column('phase_split', name)
