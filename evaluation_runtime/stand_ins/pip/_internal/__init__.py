"""For scripts that call `pip._internal.main`, where pip's own main lives."""

from pip import main

__all__ = ["main"]
