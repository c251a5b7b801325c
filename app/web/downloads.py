"""Answers that are files of strangers: saved, never shown, and harmless where a browser or a spreadsheet opens them."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence

from flask import Response, stream_with_context

from app.rules.spreadsheets import Cell, safe_cell

# a spreadsheet takes a file without it for one in another encoding
_BYTE_ORDER_MARK = "\ufeff"


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
    """Answer with a table for spreadsheets, sent row by row: UTF-8, and no text is taken for a formula."""
    response = Response(stream_with_context(_csv(rows)))
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return download(response)


def _csv(rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    yield _BYTE_ORDER_MARK
    for row in rows:
        line = io.StringIO()
        csv.writer(line).writerow([safe_cell(it) for it in row])
        yield line.getvalue()
