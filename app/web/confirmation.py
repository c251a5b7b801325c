"""Grave steps ask for the password again when it was given long ago (A37 of the abuse cases)."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue

from app.web.auth import confirmed_recently
from app.web.fragments import is_fragment, page_at_browser

P = ParamSpec("P")


def confirmed(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Let only somebody into the view who gave the password within the last quarter of an hour.

    Others are asked for it and come back to the page they pressed the button on. Stands below @open_to.
    """

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        return view(*args, **kwargs) if confirmed_recently() else _ask()

    return guarded


def _ask() -> ResponseReturnValue:
    address = url_for("accounts.confirm", next=page_at_browser())
    if is_fragment():
        return Response(status=403, headers={"HX-Redirect": address})
    return redirect(address, 303)
