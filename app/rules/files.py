"""Which files a phase takes."""

from collections.abc import Sequence

from app.rules.errors import N_, Invalid


def check_file(kinds: Sequence[str], *, name: str, size: int) -> None:
    """Raise Invalid when a phase that takes `kinds` (endings such as `.csv`; none: any) does not take such a file."""
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
