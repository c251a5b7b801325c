"""what happens to a submission after it was sent

Earlier outcomes, who moved a submission and why, final picks, logs for participants.

Revision ID: b3e1c95d7a20
Revises: 8f0b6d2a91c4
Create Date: 2026-11-24 02:55:00.000000+00:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = 'b3e1c95d7a20'
down_revision = '8f0b6d2a91c4'
branch_labels = None
depends_on = None

BYTES = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade():
    op.add_column('submission', sa.Column('attempts_before', sa.Integer(), nullable=False, server_default='0'))
    op.add_column('submission', sa.Column('rerun_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('submission', sa.Column('picked_at', sa.DateTime(timezone=True), nullable=True))
    if op.get_bind().dialect.name == 'postgresql':
        op.alter_column('submission', 'peak_bytes', existing_type=sa.Integer(), type_=sa.BigInteger())
    op.add_column(
        'submission_move',
        sa.Column(
            'account_id',
            sa.Integer(),
            sa.ForeignKey('account.id', name=op.f('fk_submission_move_account_id_account')),
            nullable=True,
        ),
        inline_references=True,
    )
    op.add_column('submission_move', sa.Column('reason', sa.Text(), nullable=True))
    op.add_column('phase', sa.Column('show_logs', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('phase', sa.Column('final_picks', sa.Integer(), nullable=False, server_default='0'))
    op.create_table('past_outcome',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('submission_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=24), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('completed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('seconds', sa.Double(), nullable=True),
    sa.Column('peak_bytes', BYTES, nullable=True),
    sa.Column('failure', sa.String(length=24), nullable=True),
    sa.Column('failure_detail', sa.Text(), nullable=True),
    sa.Column('failure_message', sa.Text(), nullable=True),
    sa.Column('notes', sa.JSON(), nullable=False),
    sa.Column('scores', sa.JSON(), nullable=False),
    sa.Column('stdout', sa.Text(), nullable=False),
    sa.Column('stderr', sa.Text(), nullable=False),
    sa.Column('result', sa.Text(), nullable=True),
    sa.Column('result_metadata', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['submission_id'], ['submission.id'], name=op.f('fk_past_outcome_submission_id_submission'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['version_id'], ['bundle_version.id'], name=op.f('fk_past_outcome_version_id_bundle_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_past_outcome'))
    )
    op.create_index(op.f('ix_past_outcome_submission_id'), 'past_outcome', ['submission_id'], unique=False)


def downgrade():
    op.drop_index(op.f('ix_past_outcome_submission_id'), table_name='past_outcome')
    op.drop_table('past_outcome')
    for table, columns in (
        ('phase', ('final_picks', 'show_logs')),
        ('submission_move', ('reason', 'account_id')),
        ('submission', ('picked_at', 'rerun_at', 'attempts_before')),
    ):
        with op.batch_alter_table(table) as batch_op:
            for column in columns:
                batch_op.drop_column(column)
    if op.get_bind().dialect.name == 'postgresql':
        op.alter_column('submission', 'peak_bytes', existing_type=sa.BigInteger(), type_=sa.Integer())
