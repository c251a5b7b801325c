"""The product. Its factory, `create_app`, sees every floor and takes a second to load, so that happens when it is asked
for: the worker starts the warm parent of its evaluations first (docs/decisions/0017).
"""

import importlib
from typing import Any

__all__ = ["create_app"]


def __getattr__(name: str) -> Any:
    if name != "create_app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return importlib.import_module("app.factory").create_app
