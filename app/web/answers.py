"""How a form comes back when something about it was not right."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.rules.errors import DomainError, TooMany
from app.web.errors import STATUS
from app.web.forms.base import Form


def refused(html: str, problem: DomainError) -> ResponseReturnValue:
    """Answer with a page that shows what a service refused, under that problem's status."""
    return html, STATUS.get(type(problem), 422)


def shown(page: str, form: Form, problem: DomainError | None = None, **values: object) -> ResponseReturnValue:
    """Show a form: fresh, with its own complaints (422), or with what a service refused (that problem's status)."""
    if problem is not None:
        form.refused(problem)
    html = render_template(page, form=form, **values)
    if isinstance(problem, TooMany):
        return html, 429, {"Retry-After": str(problem.retry_after)}
    if problem is not None:
        return refused(html, problem)
    return html, 422 if form.is_submitted() else 200
