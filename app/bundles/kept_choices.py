"""What a new version says nothing of stays as hosts chose it, where EvalAI's format has no word for it."""

from dataclasses import replace

from app.bundles.compared_rows import Rows
from app.bundles.shiai_spec import ShiaiBoard
from app.bundles.spec import ChallengeSpec, PhaseSplitSpec


def keeping_choices(new: ChallengeSpec, old: ChallengeSpec) -> ChallengeSpec:
    """Return a new version in which what it says nothing of stands as it does in the old one.

    That is every entry without a `shiai` map, and `timezone`: a bundle written for EvalAI knows nothing of them.
    """
    rows = Rows.of(old, new)
    places = {it.triple: after for it, after in rows.boards if it is not None and after is not None}
    phases = [
        replace(it, shiai=before.shiai) if before and it.shiai is None else it for before, it in rows.phases if it
    ]
    boards = [
        replace(it, shiai=_moved(before, places)) if before and it.shiai is None else it
        for before, it in rows.boards
        if it
    ]
    return replace(
        new,
        timezone=new.timezone or old.timezone,
        shiai=new.shiai or old.shiai,
        challenge_phases=tuple(phases),
        challenge_phase_splits=tuple(boards),
    )


def _moved(before: PhaseSplitSpec, places: dict[tuple[int, int, int], PhaseSplitSpec]) -> ShiaiBoard | None:
    """Return what an old board said, its reference with the ids that the public board has in the new version."""
    own = before.shiai
    if own is None or own.public_board is None:
        return own
    public = places.get(own.public_board.triple)
    if public is None:
        return replace(own, public_board=None)
    return replace(
        own,
        public_board=replace(
            own.public_board,
            challenge_phase_id=public.challenge_phase_id,
            leaderboard_id=public.leaderboard_id,
            dataset_split_id=public.dataset_split_id,
        ),
    )
