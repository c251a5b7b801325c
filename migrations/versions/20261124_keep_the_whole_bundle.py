"""keep the whole specification, the annotations and the logo of a bundle version

Revision ID: 5d1c0a7e42b9
Revises: 3a709ee00d0b
Create Date: 2026-11-24 00:00:00+00:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '5d1c0a7e42b9'
down_revision = '3a709ee00d0b'
branch_labels = None
depends_on = None


def upgrade():
    # plain ALTERs: a batch would make the table anew on SQLite, and dropping the old one cascades
    op.add_column('bundle_version', sa.Column('spec', sa.JSON(), nullable=True))
    op.add_column('bundle_version', sa.Column('annotations', sa.JSON(), server_default='{}', nullable=False))
    op.add_column('bundle_version', sa.Column('logo_key', sa.String(length=64), nullable=True))


def downgrade():
    op.drop_column('bundle_version', 'logo_key')
    op.drop_column('bundle_version', 'annotations')
    op.drop_column('bundle_version', 'spec')
