"""Answers that are files of strangers: saved, never shown, and harmless where a browser or a spreadsheet opens them."""

import csv
import io
import json
from collections.abc import Iterable, Sequence

from flask import Response

# a spreadsheet takes what begins so for a formula, also in the full-width letters of Japanese keyboards
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Cell = str | int | float | None


def download(response: Response) -> Response:
    """Turn an answer into a file to be saved, of which no copy stays in a shared browser's cache."""
    response.headers["Content-Type"] = "application/octet-stream"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "no-store"
    response.headers.setdefault("Content-Disposition", "attachment")
    return response


def readable_json(text: str) -> str:
    """Write what a script returned, stored as JSON text, as people read JSON."""
    return json.dumps(json.loads(text), indent=2, ensure_ascii=False)


def json_download(text: str) -> Response:
    """Answer with what a script returned, stored as JSON text."""
    return download(Response(readable_json(text)))


def csv_download(rows: Iterable[Sequence[Cell]], *, name: str) -> Response:
    """Answer with a table for spreadsheets: UTF-8 with its mark, and no cell of text is taken for a formula."""
    written = io.StringIO()
    csv.writer(written).writerows([_harmless(cell) for cell in row] for row in rows)
    response = Response(written.getvalue().encode("utf-8-sig"))
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return download(response)


def _harmless(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" ").startswith(FORMULA_STARTS) else cell
