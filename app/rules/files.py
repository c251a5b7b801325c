"""Which files a phase takes."""

from collections.abc import Sequence

from app.rules.errors import N_, Invalid

MIB = 1024 * 1024
# what people write and copy as text
TEXT_KINDS = (".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".xml", ".yaml", ".yml", ".md", ".py")


def check_file(kinds: Sequence[str], *, name: str, size: int, most: int | None = None) -> None:
    """Raise Invalid when a phase that takes `kinds` (endings such as `.csv`; none: any) does not take such a file.

    `size` and `most`, the phase's own limit where it has one, are in bytes.
    """
    if size == 0:
        raise Invalid(N_("The file is empty. Choose the file with your predictions."), "file")
    endings = tuple(kind.lower() for kind in kinds)
    if endings and not name.lower().strip().endswith(endings):
        raise Invalid(
            N_("%(name)s cannot be taken here. This phase takes %(kinds)s."),
            "file",
            name=name,
            kinds=", ".join(endings),
        )
    if most is not None and size > most:
        raise Invalid(
            N_("%(name)s is %(size)s MB; this phase takes at most %(most)s MB."),
            "file",
            name=name,
            size=f"{size / MIB:.1f}",
            most=f"{most / MIB:.0f}",
        )


def pasteable(kinds: Sequence[str]) -> tuple[str, ...]:
    """Return the endings that a pasted text may become in a phase that takes `kinds`; none when it takes no text."""
    if not kinds:
        return TEXT_KINDS[:4]
    return tuple(dict.fromkeys(kind.lower() for kind in kinds if kind.lower() in TEXT_KINDS))
