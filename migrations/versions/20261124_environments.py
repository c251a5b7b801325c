"""environments of packages, and which one a bundle version is evaluated in

Revision ID: 8c2f64d91e07
Revises: c4a17d90e2b6
Create Date: 2026-11-24 00:20:00+00:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '8c2f64d91e07'
down_revision = 'c4a17d90e2b6'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('environment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('requirements', sa.Text(), nullable=False),
    sa.Column('python', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=24), nullable=False),
    sa.Column('attempt', sa.Integer(), nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('asked_by_id', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('built_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('size', sa.BigInteger(), nullable=True),
    sa.Column('packages', sa.JSON(), nullable=False),
    sa.Column('failure', sa.String(length=24), nullable=True),
    sa.Column('failure_detail', sa.Text(), nullable=True),
    sa.Column('unavailable', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['asked_by_id'], ['account.id'], name=op.f('fk_environment_asked_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_environment')),
    sa.UniqueConstraint('key', name=op.f('uq_environment_key'))
    )
    op.add_column('bundle_version', sa.Column('needs', sa.JSON(), nullable=True))
    # Alembic adds no column with a foreign key on SQLite outside of a batch, and a batch would make the table anew
    op.execute(
        'ALTER TABLE bundle_version ADD COLUMN environment_id INTEGER '
        'CONSTRAINT fk_bundle_version_environment_id_environment REFERENCES environment (id)'
    )
    op.create_index(op.f('ix_bundle_version_environment_id'), 'bundle_version', ['environment_id'])


def downgrade():
    op.drop_index(op.f('ix_bundle_version_environment_id'), 'bundle_version')
    op.drop_column('bundle_version', 'environment_id')
    op.drop_column('bundle_version', 'needs')
    op.drop_table('environment')
