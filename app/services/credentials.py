"""What lets a person in: a new password ends every session, reset link and access token made before it."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.models.accounts import Account, Invitation
from app.models.tokens import AccessToken
from app.services import sessions


def set_password(session: Session, account: Account, password_hash: str) -> None:
    """Give an account a new password within a running transaction."""
    account.password_hash = password_hash
    sessions.end_all(session, account)
    drop_reset_links(session, account)
    session.execute(delete(AccessToken).where(AccessToken.account_id == account.id))


def drop_reset_links(session: Session, account: Account) -> None:
    """Make the reset links of an account useless within a running transaction."""
    session.execute(delete(Invitation).where(Invitation.account_id == account.id))
