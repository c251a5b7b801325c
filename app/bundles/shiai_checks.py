"""The maps under `shiai`: checked as a whole, and built."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from app.bundles.fields import Reading, Row
from app.bundles.shiai_spec import BoardReference, ShiaiBoard, ShiaiChallenge, ShiaiPhase
from app.bundles.shiai_tables import KEY
from app.rules.errors import N_

Spec = TypeVar("Spec")
_IDS = ("challenge_phase_id", "leaderboard_id", "dataset_split_id")


def check_shiai(reading: Reading, top: Row) -> None:
    """Complain about a final board of nothing, and warn where what the script prints is opened to participants."""
    boards = list(top.get("challenge_phase_splits") or ())
    known = {_triple(row) for row in boards}
    for row in boards:
        own = row.get(KEY)
        public = own.get("public_board") if own else None
        if public and None not in _triple(public):
            _check_public_board(reading, row, public, known=known)
    for phase in top.get("challenge_phases") or ():
        own = phase.get(KEY)
        if own and own.get("show_logs"):
            _say_logs(reading, phase, own)


def _triple(row: Row) -> tuple[Any, ...]:
    return tuple(row.get(key) for key in _IDS)


def _check_public_board(reading: Reading, row: Row, public: Row, *, known: set[tuple[Any, ...]]) -> None:
    if _triple(public) == _triple(row):
        message = N_("A leaderboard cannot be compared with itself.")
    elif _triple(public) not in known:
        message = N_("`public_board` names three ids that no entry of `challenge_phase_splits` joins.")
    else:
        return
    hint = N_("Write the three ids of the entry whose leaderboard is the public one, or leave `public_board` out.")
    reading.error(public.path, message, hint)


def _say_logs(reading: Reading, phase: Row, own: Row) -> None:
    if phase.get("disable_logs"):
        message = N_("`show_logs` has no effect, because `disable_logs` keeps no logs at all.")
        reading.note(own.at("show_logs"), message)
    else:
        reading.warn(
            own.at("show_logs"),
            N_("`show_logs: True` lets participants read whatever the script prints about their files."),
            N_("Make sure that it prints no label, and nothing computed from one."),
        )


def challenge_part(row: Row | None) -> ShiaiChallenge | None:
    """Build what stands under `shiai` at the top."""
    return _built(ShiaiChallenge, row)


def phase_part(row: Row | None) -> ShiaiPhase | None:
    """Build what stands under `shiai` of a phase."""
    return _built(ShiaiPhase, row)


def board_part(row: Row | None) -> ShiaiBoard | None:
    """Build what stands under `shiai` of a phase split."""
    built = _built(ShiaiBoard, row)
    return built and replace(built, public_board=_built(BoardReference, row.get("public_board") if row else None))


def _built(kind: Callable[..., Spec], row: Row | None) -> Spec | None:
    return None if row is None else kind(**row.values, unknown=row.unknown)
