"""Answers that are files of strangers: saved, never shown, and harmless where a browser shows them all the same."""

from flask import Response


def download(response: Response) -> Response:
    """Turn an answer into a file to be saved."""
    response.headers["Content-Type"] = "application/octet-stream"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers.setdefault("Content-Disposition", "attachment")
    return response
