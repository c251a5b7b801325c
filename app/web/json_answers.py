"""Answers for programs: JSON that people can read too."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Response


def json_answer(values: Mapping[str, Any]) -> Response:
    """Write values as JSON, letters of every language as they are."""
    return Response(f"{json.dumps(values, ensure_ascii=False, indent=2)}\n", mimetype="application/json")
