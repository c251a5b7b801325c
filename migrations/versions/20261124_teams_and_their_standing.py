"""teams: leader, standing, invitations, merging, accepted rules, who may take part

Revision ID: c4a17d90e2b6
Revises: b3e1c95d7a20
Create Date: 2026-11-24 03:00:00.000000+00:00

"""
import hashlib
from datetime import UTC, datetime

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = 'c4a17d90e2b6'
down_revision = 'b3e1c95d7a20'
branch_labels = None
depends_on = None

LISTS = ('allowed_email_domains', 'blocked_email_domains', 'banned_email_ids')


def upgrade():
    # plain ALTERs: a batch would make the tables anew on SQLite, and dropping the old ones cascades
    op.add_column('challenge', sa.Column('needs_team_approval', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    op.add_column('challenge', sa.Column('teams_close_at', sa.DateTime(timezone=True), nullable=True))
    for name in (*LISTS, 'admitted_email_ids'):
        op.add_column('challenge', sa.Column(name, sa.JSON(), server_default='[]', nullable=False))
    op.add_column('team', sa.Column('status', sa.String(length=24), server_default='active', nullable=False))
    op.add_column('team', sa.Column('status_reason', sa.Text(), server_default='', nullable=False))
    op.add_column('team', sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('membership', sa.Column('is_leader', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    _new_tables()
    _first_member_leads()
    op.create_index('ix_membership_leader', 'membership', ['team_id'], unique=True, sqlite_where=sa.text('is_leader'), postgresql_where=sa.text('is_leader'))
    _keep_accepted_rules()
    _read_lists_of_bundles()


def _new_tables():
    op.create_table('team_invitation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('team_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('token', sa.String(length=64), nullable=True),
    sa.Column('status', sa.String(length=24), nullable=False),
    sa.Column('invited_by_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_team_invitation_account_id_account'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['invited_by_id'], ['account.id'], name=op.f('fk_team_invitation_invited_by_id_account')),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_team_invitation_team_id_team'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_team_invitation')),
    sa.UniqueConstraint('token', name=op.f('uq_team_invitation_token'))
    )
    op.create_index(op.f('ix_team_invitation_account_id'), 'team_invitation', ['account_id'], unique=False)
    op.create_index(op.f('ix_team_invitation_team_id'), 'team_invitation', ['team_id'], unique=False)
    op.create_table('team_merge',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('from_team_id', sa.Integer(), nullable=False),
    sa.Column('into_team_id', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=24), nullable=False),
    sa.Column('asked_by_id', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_by_id', sa.Integer(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['answered_by_id'], ['account.id'], name=op.f('fk_team_merge_answered_by_id_account')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['account.id'], name=op.f('fk_team_merge_asked_by_id_account')),
    sa.ForeignKeyConstraint(['from_team_id'], ['team.id'], name=op.f('fk_team_merge_from_team_id_team'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['into_team_id'], ['team.id'], name=op.f('fk_team_merge_into_team_id_team'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_team_merge'))
    )
    op.create_index(op.f('ix_team_merge_from_team_id'), 'team_merge', ['from_team_id'], unique=False)
    op.create_index(op.f('ix_team_merge_into_team_id'), 'team_merge', ['into_team_id'], unique=False)
    op.create_table('rules_text',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('challenge_id', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('kept_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['challenge_id'], ['challenge.id'], name=op.f('fk_rules_text_challenge_id_challenge'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rules_text')),
    sa.UniqueConstraint('challenge_id', 'sha256', name=op.f('uq_rules_text_challenge_id_sha256'))
    )
    op.create_table('rules_acceptance',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('rules_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_rules_acceptance_account_id_account')),
    sa.ForeignKeyConstraint(['rules_id'], ['rules_text.id'], name=op.f('fk_rules_acceptance_rules_id_rules_text'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rules_acceptance'))
    )
    op.create_index(op.f('ix_rules_acceptance_account_id'), 'rules_acceptance', ['account_id'], unique=False)
    op.create_index(op.f('ix_rules_acceptance_rules_id'), 'rules_acceptance', ['rules_id'], unique=False)
    op.create_table('ban',
    sa.Column('challenge_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('banned_by_id', sa.Integer(), nullable=False),
    sa.Column('banned_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_ban_account_id_account')),
    sa.ForeignKeyConstraint(['banned_by_id'], ['account.id'], name=op.f('fk_ban_banned_by_id_account')),
    sa.ForeignKeyConstraint(['challenge_id'], ['challenge.id'], name=op.f('fk_ban_challenge_id_challenge'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('challenge_id', 'account_id', name=op.f('pk_ban'))
    )
    op.create_index(op.f('ix_ban_account_id'), 'ban', ['account_id'], unique=False)


def _first_member_leads():
    op.execute(
        'UPDATE membership SET is_leader = true WHERE id IN '
        '(SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY team_id ORDER BY joined_at, id) AS place '
        'FROM membership) AS placed WHERE place = 1)'
    )


def _keep_accepted_rules():
    """Keep the rules that people accepted, as far as the challenge still has the text with that hash."""
    db = op.get_bind()
    challenge = sa.table('challenge', sa.column('id'), sa.column('terms_and_conditions', sa.Text()))
    membership = sa.table(
        'membership', *map(sa.column, ('challenge_id', 'account_id', 'terms_sha256')),
        sa.column('terms_accepted_at', sa.DateTime(timezone=True)),
    )
    rules = sa.table(
        'rules_text', sa.column('id'), *map(sa.column, ('challenge_id', 'sha256', 'text')),
        sa.column('kept_at', sa.DateTime(timezone=True)),
    )
    acceptance = sa.table(
        'rules_acceptance', *map(sa.column, ('rules_id', 'account_id')),
        sa.column('accepted_at', sa.DateTime(timezone=True)),
    )
    for row in db.execute(sa.select(challenge)).all():
        sha256 = hashlib.sha256(row.terms_and_conditions.encode()).hexdigest()
        same = (membership.c.challenge_id == row.id) & (membership.c.terms_sha256 == sha256)
        accepted = db.execute(sa.select(membership.c.account_id, membership.c.terms_accepted_at).where(same)).all()
        if not accepted:
            continue
        kept = {'challenge_id': row.id, 'sha256': sha256, 'text': row.terms_and_conditions, 'kept_at': datetime.now(UTC)}
        db.execute(sa.insert(rules), kept)
        key = (rules.c.challenge_id == row.id) & (rules.c.sha256 == sha256)
        rules_id = db.scalar(sa.select(rules.c.id).where(key))
        rows = [{'rules_id': rules_id, 'account_id': it.account_id, 'accepted_at': it.terms_accepted_at} for it in accepted]
        db.execute(sa.insert(acceptance), rows)


def _read_lists_of_bundles():
    """Take over who may take part from the bundles, which kept it without effect until now."""
    db = op.get_bind()
    challenge = sa.table('challenge', sa.column('id'), sa.column('version_id'), *(sa.column(name, sa.JSON()) for name in LISTS))
    version = sa.table('bundle_version', sa.column('id'), sa.column('spec', sa.JSON()))
    joined = sa.select(challenge.c.id, version.c.spec).join(version, version.c.id == challenge.c.version_id)
    for row in db.execute(joined).all():
        said = {name: row.spec[name] for name in LISTS if row.spec and row.spec.get(name)}
        if said:
            db.execute(sa.update(challenge).where(challenge.c.id == row.id).values(said))


def downgrade():
    for name in ('ban', 'rules_acceptance', 'rules_text', 'team_merge', 'team_invitation'):
        op.drop_table(name)
    op.drop_index('ix_membership_leader', table_name='membership')
    op.drop_column('membership', 'is_leader')
    for name in ('approved_at', 'status_reason', 'status'):
        op.drop_column('team', name)
    for name in (*LISTS, 'admitted_email_ids', 'teams_close_at', 'needs_team_approval'):
        op.drop_column('challenge', name)
