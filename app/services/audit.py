"""The record of who did what. Rows are only ever added, within the transaction of the deed itself."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.models.accounts import Account
from app.models.site import AuditEntry

# characters of a text that are kept; a page may have 65,000
_LONGEST_KEPT = 200


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


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the details of a change: of every value that is another `after`, what it was and what it is now.

    Times become text; of a long text the beginning stays, with its length and hash.
    """
    return {
        name: {"before": _kept(before[name]), "after": _kept(value)}
        for name, value in after.items()
        if before[name] != value
    }


def _kept(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    if isinstance(value, str) and len(value) > _LONGEST_KEPT:
        digest = hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
        return f"{value[:_LONGEST_KEPT]}… ({len(value)} characters, SHA-256 {digest[:12]}…)"
    return value
