"""notes with values

Notes on a bundle of the first days were whole sentences; since then each has a template and the values that fill it.

Revision ID: 8d2f64b0a9e3
Revises: 4be19c07d2f5
Create Date: 2026-11-28 22:15:00.000000+00:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '8d2f64b0a9e3'
down_revision = '4be19c07d2f5'
branch_labels = None
depends_on = None

VERSION = sa.table('bundle_version', sa.column('id', sa.Integer()), sa.column('notes', sa.JSON()))


def upgrade():
    connection = op.get_bind()
    for number, notes in connection.execute(sa.select(VERSION.c.id, VERSION.c.notes)).all():
        if any('values' not in note for note in notes):
            # without values a sentence stands as it is, percent signs and all
            filled = [{'values': {}} | note for note in notes]
            connection.execute(sa.update(VERSION).where(VERSION.c.id == number).values(notes=filled))


def downgrade():
    pass
