"""what PostgreSQL needs: sizes above 2 GiB, and the key that the first tables left out

SQLite's integers have 64 bits whatever they are called, and it has the key: there nothing changes.

Revision ID: 5d0c7e92b8f1
Revises: e7b05d93c1a4
Create Date: 2026-11-28 18:50:00.000000+00:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '5d0c7e92b8f1'
down_revision = 'e7b05d93c1a4'
branch_labels = None
depends_on = None

SIZED = ('bundle_version', 'bundle_asset', 'bundle_upload')
KEY = 'fk_challenge_version_id_bundle_version'


def upgrade():
    if op.get_bind().dialect.name != 'postgresql':
        return
    for table in SIZED:
        op.alter_column(table, 'size', existing_type=sa.Integer(), type_=sa.BigInteger())
    op.create_foreign_key(op.f(KEY), 'challenge', 'bundle_version', ['version_id'], ['id'])


def downgrade():
    if op.get_bind().dialect.name != 'postgresql':
        return
    op.drop_constraint(op.f(KEY), 'challenge', type_='foreignkey')
    for table in SIZED:
        op.alter_column(table, 'size', existing_type=sa.BigInteger(), type_=sa.Integer())
