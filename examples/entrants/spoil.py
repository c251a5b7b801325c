"""Mistakes that people make with their files, for the demo to show what is said about them."""

from collections.abc import Callable


def in_percent(content: bytes) -> bytes:
    """Write probabilities as 0 to 100."""
    header, *lines = content.decode().splitlines()
    pairs = (line.split(",") for line in lines)
    return "\n".join([header, *(f"{key},{100 * float(value):.2f}" for key, value in pairs), ""]).encode()


def without_last_rows(content: bytes) -> bytes:
    """Lose the last twenty lines."""
    return b"\n".join(content.splitlines()[:-20]) + b"\n"


def cut_off(content: bytes) -> bytes:
    """Stop in the middle, as after a broken copy."""
    return content[: len(content) // 2]


def with_semicolons(content: bytes) -> bytes:
    """Write as spreadsheets do where the comma is the decimal mark."""
    return content.replace(b",", b";").replace(b".", b",")


SPOILERS: dict[str, Callable[[bytes], bytes]] = {
    spoil.__name__: spoil for spoil in (in_percent, without_last_rows, cut_off, with_semicolons)
}
