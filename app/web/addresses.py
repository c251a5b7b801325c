"""What may stand in an address besides words."""

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

# of the columns that hold numbers of rows, in PostgreSQL
LARGEST = 2**31 - 1


class Identifier(IntegerConverter):
    """The number of a row; one that no database can hold leads nowhere instead of to an error."""

    def __init__(self, routes: Map, *args: Any, **options: Any) -> None:
        super().__init__(routes, *args, **({"max": LARGEST} | options))


def register(app: Flask) -> None:
    """Use it wherever an address says `int`."""
    app.url_map.converters["int"] = Identifier
