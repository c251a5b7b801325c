"""Which board is the final of which, as a bundle says it by ids; used inside other services' transactions."""

from collections.abc import Collection, Sequence

from app.bundles.spec import PhaseSplitSpec
from app.models.challenges import PhaseSplit

Joined = tuple[PhaseSplit, PhaseSplitSpec]


def join(boards: Sequence[Joined], *, but: Collection[int] = ()) -> None:
    """Set the public board of each row whose entry has a word on it.

    What is joined among the rows with ids in `but` stays: hosts may have chosen otherwise since the bundle came. A
    public board that is not there yet, because it waits for approval, is joined when it comes.
    """
    by_ids = {it.triple: row for row, it in boards}
    for row, it in boards:
        if it.shiai is None:
            continue
        wanted = it.shiai.public_board
        public = by_ids.get(wanted.triple) if wanted is not None else None
        if row.id in but and (public is None or public.id in but):
            continue
        if wanted is None or public is not None:
            row.public_board_id = public.id if public is not None else None
