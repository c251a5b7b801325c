"""what a version changes, and rows that a version removed

Revision ID: 8b3f6c1d9e27
Revises: 8c2f64d91e07
Create Date: 2026-11-24 00:31:02.104000+00:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '8b3f6c1d9e27'
down_revision = '8c2f64d91e07'
branch_labels = None
depends_on = None


def upgrade():
    # plain ALTERs: a batch would make the table anew on SQLite, and dropping the old one cascades
    op.add_column('bundle_version', sa.Column('changes', sa.JSON(), server_default='[]', nullable=False))
    op.add_column('phase', sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('phase_split', sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True))


def downgrade():
    op.drop_column('phase_split', 'removed_at')
    op.drop_column('phase', 'removed_at')
    op.drop_column('bundle_version', 'changes')
