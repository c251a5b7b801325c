"""The record of who did what. Rows are only ever added, within the transaction of the deed itself."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.models.accounts import Account
from app.models.site import AuditEntry


def record(
    session: Session,
    *,
    by: Account | None,
    action: str,
    subject: str,
    now: datetime,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write down a deed in the transaction of `session`.

    `action` is `noun.verb` (`site.change`), `subject` names the thing as it was called then, `details` are values
    before and after. `by` is None for what the machine itself or somebody unknown did.
    """
    entry = AuditEntry(
        at=now, account_id=by.id if by else None, action=action, subject=subject, details=dict(details or {})
    )
    session.add(entry)
