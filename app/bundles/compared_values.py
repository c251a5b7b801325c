"""Comparing two rows of a configuration, value by value."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from app.bundles.changes import CHALLENGE, Change, Kind
from app.bundles.compared_keys import Keys
from app.bundles.spec import Page
from app.rules.pairing import Pair


def changed_keys(
    old: Any, new: Any, keys: Keys, *, where: str, place: str = CHALLENGE, name: str = ""
) -> Iterator[Change]:
    """Compare two rows key by key; those without an effect of their own are kept with the version."""
    for it in fields(old):
        if it.name in keys.elsewhere:
            continue
        before, after = getattr(old, it.name), getattr(new, it.name)
        at = f"{where}.{it.name}" if where else it.name
        kind, what = keys.known.get(it.name, (Kind.KEPT, f"`{it.name}`"))
        if isinstance(before, Mapping):
            yield from changed_leftovers(before, after, where=where, place=place, name=name)
        elif isinstance(before, Page):
            yield from _page(before, after, kind=kind, what=what, where=at, place=place, name=name)
        elif before != after:
            old_value, new_value = plain(before), plain(after)
            yield Change(kind=kind, where=at, what=what, old=old_value, new=new_value, place=place, name=name)


def changed_leftovers(
    old: Mapping[str, Any], new: Mapping[str, Any], *, where: str, place: str, name: str
) -> Iterator[Change]:
    """Compare two maps of keys that nothing here acts on."""
    for key in dict.fromkeys([*old, *new]):
        before, after = old.get(key), new.get(key)
        if before != after or (key in old) != (key in new):
            at = f"{where}.{key}" if where else key
            old_value, new_value = plain(before), plain(after)
            yield Change(
                kind=Kind.KEPT, where=at, what=f"`{key}`", old=old_value, new=new_value, place=place, name=name
            )


def _page(old: Page, new: Page, *, kind: Kind, what: str, where: str, place: str, name: str) -> Iterator[Change]:
    if old.html != new.html:
        yield Change(kind=kind, where=where, what=what, old=old.html, new=new.html, place=place, name=name)
    elif old.path != new.path:
        what = f"`{where.rsplit('.', 1)[-1]}`"
        yield Change(kind=Kind.KEPT, where=where, what=what, old=old.path, new=new.path, place=place, name=name)


def plain(value: Any) -> Any:
    """Return a value as a change carries it: rows of lists as texts."""
    if isinstance(value, tuple):
        return tuple(plain(it) for it in value)
    if is_dataclass(value):
        said = {it.name: getattr(value, it.name) for it in fields(value)}
        return ", ".join(f"{key}: {plain(it)}" for key, it in said.items() if it not in ("", (), {}, None, False))
    return str(value) if isinstance(value, dict | list) else value


def came_or_went(old: Any, new: Any, *, where: str, place: str, name: str) -> Iterator[Change]:
    """Say when a row is new, or gone."""
    if old is None:
        yield Change(kind=Kind.ADDED, where=where, place=place, name=name)
    elif new is None:
        yield Change(kind=Kind.REMOVED, where=where, place=place, name=name)


def changed_order(
    found: Sequence[Pair[Any, Any]], old: Sequence[Any], *, where: str, what: str | None = None
) -> Iterator[Change]:
    """Say when the rows that stay stand in another order; without `what` nobody sees it."""
    place = {id(row): number for number, row in enumerate(old)}
    stay = [place[id(before)] for before, after in found if before is not None and after is not None]
    if stay != sorted(stay):
        yield Change(kind=Kind.SETTING if what else Kind.KEPT, where=where, what=what or f"`{where}`")
