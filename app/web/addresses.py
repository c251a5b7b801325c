"""What may stand in an address besides words."""

from http import HTTPStatus
from typing import Any, cast

from flask import Flask, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter, Map, MapAdapter

from app.rules.bounds import LARGEST


class Identifier(IntegerConverter):
    """The number of a row; one that no database can hold leads nowhere instead of to an error."""

    def __init__(self, routes: Map, *args: Any, **options: Any) -> None:
        super().__init__(routes, *args, **({"max": LARGEST} | options))


def register(app: Flask) -> None:
    """Use it wherever an address says `int`."""
    app.url_map.converters["int"] = Identifier


def without_slash() -> ResponseReturnValue | None:
    """Lead a reader from an address with a slash too many at its end to the one that some view has, if one has it.

    What is there, and for whom, is answered at the plain address: every address of that form is led on alike.
    """
    path = request.path.rstrip("/")
    if request.method not in {"GET", "HEAD"} or path == request.path or not path:
        return None
    try:
        endpoint, values = cast("MapAdapter", current_app.create_url_adapter(request)).match(path, method="GET")
    except HTTPException:
        return None
    query = request.query_string.decode("latin-1")
    # written anew from its parts, so that it stays on this site
    plain = url_for(endpoint, **values)
    return redirect(f"{plain}?{query}" if query else plain, HTTPStatus.PERMANENT_REDIRECT)
