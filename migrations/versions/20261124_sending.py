"""sending: late files, the zone of limits, a phase's own size, access tokens

Revision ID: d2f86a41b7c9
Revises: 8b3f6c1d9e27
Create Date: 2026-11-24 03:10:00.000000+00:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = 'd2f86a41b7c9'
down_revision = '8b3f6c1d9e27'
branch_labels = None
depends_on = None

BYTES = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade():
    op.add_column('challenge', sa.Column('timezone', sa.Text(), nullable=True))
    op.add_column('phase', sa.Column('accepts_late', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('phase', sa.Column('max_file_bytes', BYTES, nullable=True))
    op.add_column('submission', sa.Column('is_late', sa.Boolean(), nullable=False, server_default=sa.false()))
    if op.get_bind().dialect.name == 'postgresql':
        op.alter_column('submission', 'size', existing_type=sa.Integer(), type_=sa.BigInteger())
    op.create_table('access_token',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_access_token_account_id_account'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_access_token')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_access_token_token_hash'))
    )
    op.create_index(op.f('ix_access_token_account_id'), 'access_token', ['account_id'], unique=False)


def downgrade():
    op.drop_index(op.f('ix_access_token_account_id'), table_name='access_token')
    op.drop_table('access_token')
    for table, columns in (
        ('submission', ('is_late',)),
        ('phase', ('max_file_bytes', 'accepts_late')),
        ('challenge', ('timezone',)),
    ):
        with op.batch_alter_table(table) as batch_op:
            for column in columns:
                batch_op.drop_column(column)
    if op.get_bind().dialect.name == 'postgresql':
        op.alter_column('submission', 'size', existing_type=sa.BigInteger(), type_=sa.Integer())
