"""What can go wrong, in the domain's words; each door (pages, command line) translates it."""

from typing import Any


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translate this later"
    """Mark a sentence for the translation catalogues without translating it yet."""
    return message


class DomainError(Exception):
    """A sentence for a person: an English template marked with N_ and the values that fill it.

    The door translates `message` and then formats it with `values`, so a rule needs no language.
    """

    def __init__(self, message: str, **values: Any) -> None:
        self.message = message
        self.values = values
        super().__init__(message % values if values else message)


class Invalid(DomainError):
    """What was sent cannot be accepted; `field` names the form field it belongs to, where there is one."""

    def __init__(self, message: str, field: str | None = None, **values: Any) -> None:
        self.field = field
        super().__init__(message, **values)


class NotAllowed(DomainError):
    """The person may know of the thing but not do this with it."""


class NotFound(DomainError):
    """There is no such thing for this person."""

    def __init__(
        self, message: str = N_("There is nothing at this address, or it is not open to you."), **values: Any
    ) -> None:
        super().__init__(message, **values)


class Conflict(DomainError):
    """Somebody was first, or the thing changed since the person looked."""


class SentBefore(Conflict):
    """The team sent these very bytes to this phase already; `submission_id` is what it sent."""

    def __init__(self, message: str, submission_id: int, **values: Any) -> None:
        self.submission_id = submission_id
        super().__init__(message, **values)


class TooMany(DomainError):
    """Too many tries in a short time; `retry_after` is in seconds."""

    def __init__(self, message: str, retry_after: int, **values: Any) -> None:
        self.retry_after = retry_after
        super().__init__(message, **values)
