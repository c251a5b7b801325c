"""A challenge as it stands now: what its bundle said, with what the rows say laid over it (docs/decisions/0012)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, count
from typing import Any

from app.bundles.packing import script_path
from app.bundles.spec import (
    ChallengeSpec,
    DatasetSplitSpec,
    Image,
    LeaderboardSpec,
    MetaAttribute,
    MetricSpec,
    Page,
    PhaseSpec,
    PhaseSplitSpec,
)
from app.models.challenges import Challenge, DatasetSplit, Leaderboard, Phase, PhaseSplit
from app.queries import challenges, current_choices

PAGES = ("description", "evaluation_details", "terms_and_conditions", "submission_guidelines")
# what a phase of a bundle and its row call by the same name
SAME_IN_PHASES = (
    *("name", "is_public", "leaderboard_public", "is_submission_public", "is_restricted_to_select_one_submission"),
    *("is_submission_paused", "disable_logs", "max_submissions_per_day", "max_submissions_per_month"),
    *("max_submissions", "max_concurrent_submissions_allowed"),
)
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg"}


def current_spec(challenge: Challenge) -> ChallengeSpec:
    """Return the challenge as it stands now, as a bundle would describe it.

    An entry that the live version does not have, or all of them where it kept no spec, is made of its row.
    """
    live = (challenges.spec_of(challenge.version) if challenge.version else None) or _bare(challenge)
    structure = _Structure(live)
    for phase in challenge.phases:
        structure.add(phase)
    spec = replace(
        live,
        title=challenge.title,
        short_description=challenge.short_description,
        leaderboard_description=challenge.leaderboard_description,
        start_date=challenge.start_at,
        end_date=challenge.end_at,
        published=challenge.is_published,
        is_registration_open=challenge.registration_open,
        image=_logo(live, challenge),
        anonymous_leaderboard=challenge.has_anonymous_teams,
        tags=tuple(challenge.tags),
        allowed_email_domains=tuple(challenge.allowed_email_domains),
        blocked_email_domains=tuple(challenge.blocked_email_domains),
        banned_email_ids=tuple(challenge.banned_email_ids),
        max_team_members=challenge.extra.get("max_team_members"),
        timezone=challenge.timezone or "",
        evaluation_script=script_path(live),
        leaderboard=tuple(structure.boards.values()),
        challenge_phases=tuple(structure.phases),
        dataset_splits=tuple(structure.splits.values()),
        challenge_phase_splits=current_choices.with_boards(structure.joined),
        shiai=current_choices.of_challenge(challenge, live.shiai),
    )
    return _with_pages(spec, challenge)


def _bare(challenge: Challenge) -> ChallengeSpec:
    pages: dict[str, Any] = {key: Page(path=f"templates/{key}.html", html="") for key in PAGES}
    return ChallengeSpec(
        title=challenge.title,
        **pages,
        evaluation_script="evaluation_script.zip",
        start_date=challenge.start_at,
        end_date=challenge.end_at,
        leaderboard=(),
        challenge_phases=(),
        dataset_splits=(),
        challenge_phase_splits=(),
    )


def _logo(live: ChallengeSpec, challenge: Challenge) -> Image | None:
    """Return the logo that is shown: that of the live version, or one that came since and may be of another type."""
    media_type, said = challenge.extra.get("logo_type") or "", live.image
    ending = _ENDINGS.get(media_type)
    of_version = challenge.version.logo_key if challenge.version else None
    # where no size is kept, nobody has put up another one
    if challenge.logo and said and (challenge.logo == of_version or "logo_size" not in challenge.extra):
        return said
    if challenge.logo is None or ending is None:
        return None
    width, height = challenge.extra.get("logo_size") or (0, 0)
    path = said.path if said is not None and said.media_type == media_type else _free_path(challenge, f"logo.{ending}")
    return Image(path=path, media_type=media_type, width=width, height=height)


def _free_path(challenge: Challenge, wanted: str) -> str:
    taken = {file["path"] for file in challenge.version.files} if challenge.version else set()
    stem, _, ending = wanted.rpartition(".")
    numbered = (f"{stem}-{number}.{ending}" for number in count(2))
    return next(path for path in chain([wanted], numbered) if path not in taken)


@dataclass
class _Structure:
    """Phases, boards, splits and what joins them, collected row by row; ids stay those of the bundle."""

    live: ChallengeSpec
    phases: list[PhaseSpec] = field(default_factory=list)
    joined: list[tuple[PhaseSplit, PhaseSplitSpec]] = field(default_factory=list)
    boards: dict[str, LeaderboardSpec] = field(default_factory=dict)
    splits: dict[str, DatasetSplitSpec] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.boards = {str(board.id): board for board in self.live.leaderboard}
        self.splits = {split.codename: split for split in self.live.dataset_splits}

    def add(self, row: Phase) -> None:
        """Take in a phase with its boards."""
        entry = self.live.phase(row.codename) or self._new_phase(row)
        self.phases.append(_phase(entry, row))
        for split in row.splits:
            self.joined.append((split, self._joined(entry, split)))

    def _new_phase(self, row: Phase) -> PhaseSpec:
        taken = {it.id for it in (*self.live.challenge_phases, *self.phases)}
        return PhaseSpec(
            id=_free(row.config_id, taken),
            name=row.name,
            codename=row.codename,
            description=Page(path=f"templates/phase_{row.id}.html", html=""),
            start_date=row.start_at,
            end_date=row.end_at,
            test_annotation_file=f"annotations/{row.id}/{row.annotation_name}" if row.annotation_name else None,
        )

    def _joined(self, phase: PhaseSpec, row: PhaseSplit) -> PhaseSplitSpec:
        board, split = self._board(row.leaderboard), self._split(row.dataset_split)
        triple = (phase.id, board.id, split.id)
        entry = next(
            (
                it
                for it in self.live.challenge_phase_splits
                if (it.challenge_phase_id, it.leaderboard_id, it.dataset_split_id) == triple
            ),
            None,
        )
        return replace(
            entry or _new_joined(triple),
            is_leaderboard_order_descending=_flag(board, entry, row),
            visibility=row.visibility,
            leaderboard_decimal_precision=row.decimals,
            show_execution_time=row.show_execution_time,
            show_leaderboard_by_latest_submission=row.by_latest,
        )

    def _board(self, row: Leaderboard) -> LeaderboardSpec:
        if row.config_id not in self.boards:
            self.boards[row.config_id] = LeaderboardSpec(
                id=_free(row.config_id, {it.id for it in self.boards.values()}),
                labels=tuple(row.labels),
                default_order_by=row.default_order_by,
            )
        known = self.boards[row.config_id]
        said = {label: replace(known.metadata.get(label, MetricSpec()), **it) for label, it in row.metrics.items()}
        metadata = {**known.metadata, **said}
        self.boards[row.config_id] = replace(known, default_order_by=row.default_order_by, metadata=metadata)
        return self.boards[row.config_id]

    def _split(self, row: DatasetSplit) -> DatasetSplitSpec:
        if row.codename not in self.splits:
            self.splits[row.codename] = DatasetSplitSpec(
                id=_free(row.config_id, {it.id for it in self.splits.values()}), name=row.name, codename=row.codename
            )
        return self.splits[row.codename]


def _new_joined(triple: tuple[int, int, int]) -> PhaseSplitSpec:
    phase, board, split = triple
    return PhaseSplitSpec(challenge_phase_id=phase, leaderboard_id=board, dataset_split_id=split)


def _flag(board: LeaderboardSpec, entry: PhaseSplitSpec | None, row: PhaseSplit) -> bool:
    """Return the direction of an entry: what its bundle says, unless the board ranks otherwise by now."""
    now = {label: row.descending.get(label, True) for label in board.labels}
    if entry is not None:
        said = entry.is_leaderboard_order_descending
        if now == {label: board.descending_for(label, split_descending=said) for label in board.labels}:
            return said
    return bool(now.get(board.default_order_by, True))


def _free(config_id: str, taken: set[int]) -> int:
    wanted = int(config_id) if config_id.isdecimal() else 1
    return wanted if wanted not in taken else max(taken) + 1


def _phase(entry: PhaseSpec, row: Phase) -> PhaseSpec:
    return replace(
        entry,
        start_date=row.start_at,
        end_date=row.end_at,
        allowed_submission_file_types=tuple(row.allowed_submission_file_types),
        allowed_email_ids=tuple(row.allowed_email_ids),
        submission_meta_attributes=_attributes(row.submission_meta_attributes, entry.submission_meta_attributes),
        default_submission_meta_attributes=_attributes(
            row.default_submission_meta_attributes, entry.default_submission_meta_attributes
        ),
        shiai=current_choices.of_phase(row, entry.shiai),
        **{key: getattr(row, key) for key in SAME_IN_PHASES},
    )


def _attributes(stored: list[Any], said: Sequence[MetaAttribute]) -> tuple[MetaAttribute, ...]:
    """Return attributes as they are asked now; of one that the bundle has too, what else it says there stays."""
    made, left = [], list(said)
    for it in stored:
        # a bundle may have two of one name
        place = next((n for n, entry in enumerate(left) if entry.name == it["name"]), None)
        entry = left.pop(place) if place is not None else MetaAttribute(name=it["name"])
        made.append(replace(entry, **{**it, "options": tuple(it["options"])}))
    return tuple(made)


def _with_pages(spec: ChallengeSpec, challenge: Challenge) -> ChallengeSpec:
    """Lay the texts of the rows over the pages; pages that shared a file and now differ get files of their own."""
    files = {file["path"] for file in challenge.version.files} if challenge.version else set()
    placed: dict[str, str] = {}

    def page(before: Page, html: str) -> Page:
        path, number = before.path, 2
        while placed.get(path, html) != html or (path != before.path and path in files):
            path, number = f"{before.path.rpartition('.')[0]}-{number}.html", number + 1
        placed[path] = html
        return Page(path=path, html=html)

    fixed: dict[str, Any] = {key: page(getattr(spec, key), getattr(challenge, key)) for key in PAGES}
    phases = [
        replace(entry, description=page(entry.description, row.description))
        for entry, row in zip(spec.challenge_phases, challenge.phases, strict=True)
    ]
    return replace(spec, **fixed, challenge_phases=tuple(phases))
