"""Access tokens as the gate and the profile page read them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import contains_eager

from app.extensions import db
from app.models.accounts import Account
from app.models.tokens import AccessToken
from app.queries.accounts import token_hash

# asked by every request of a program, so it is put together once
_LIVE = (
    select(AccessToken)
    .join(AccessToken.account)
    .options(contains_eager(AccessToken.account))
    .where(
        AccessToken.token_hash == bindparam("token_hash"),
        AccessToken.expires_at > bindparam("now"),
        Account.is_active.is_(True),
    )
)


def live(token: str, *, now: datetime) -> AccessToken | None:
    """Return a token with its person, None when it was revoked, has expired or the account is not active."""
    return db.session.scalar(_LIVE, {"token_hash": token_hash(token), "now": now})


def of(account: Account) -> Sequence[AccessToken]:
    """Return a person's tokens, expired ones too, the newest first."""
    query = select(AccessToken).where(AccessToken.account_id == account.id)
    return db.session.scalars(query.order_by(AccessToken.id.desc())).all()
