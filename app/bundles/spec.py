"""A challenge as its bundle describes it: typed, complete with defaults, every time aware and in UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.bundles.direction import higher_is_better
from app.bundles.shiai_spec import ShiaiBoard, ShiaiChallenge, ShiaiPhase, Unknown


def _none() -> dict[str, Any]:
    return {}


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A page of the bundle: its path inside the bundle and its HTML as written, not yet sanitised."""

    path: str
    html: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Image:
    """The logo: its path inside the bundle, its real type (`image/png`, `image/jpeg`) and its size in pixels."""

    path: str
    media_type: str
    width: int
    height: int


@dataclass(frozen=True, kw_only=True, slots=True)
class MetricSpec:
    """One entry of `schema.metadata`; `sort_ascending` is None where the bundle does not say."""

    sort_ascending: bool | None = None
    description: str = ""
    unknown: Unknown = field(default_factory=_none)


@dataclass(frozen=True, kw_only=True, slots=True)
class LeaderboardSpec:
    """One entry of `leaderboard`: its columns in order and the one that ranks."""

    id: int
    labels: tuple[str, ...]
    default_order_by: str
    metadata: Mapping[str, MetricSpec] = field(default_factory=dict)
    unknown: Unknown = field(default_factory=_none)
    unknown_schema: Unknown = field(default_factory=_none)

    def descending_for(self, label: str, *, split_descending: bool) -> bool:
        """Tell whether the highest value of `label` ranks first on a board of this phase split.

        The rule is written in docs/bundles.md, "Which direction is better".
        """
        said = self._said(label)
        if said is None:
            return split_descending
        if not self.contradicts(split_descending=split_descending):
            return not said
        if label != self.default_order_by and not self._default_overruled(split_descending=split_descending):
            return not said
        meant = self._meant(label)
        return not said if meant is None else meant

    def follows_against_its_name(self, label: str, *, split_descending: bool) -> bool:
        """Tell whether a metric follows the phase split although its name or description points the other way."""
        return self._said(label) is None and self._meant(label) is (not split_descending)

    def contradicts(self, *, split_descending: bool) -> bool:
        """Tell whether `sort_ascending` of the ranking metric and the phase split point different ways."""
        said = self._said(self.default_order_by)
        return said is not None and said == split_descending

    def _default_overruled(self, *, split_descending: bool) -> bool:
        chosen = self.descending_for(self.default_order_by, split_descending=split_descending)
        return chosen == self._said(self.default_order_by)

    def _said(self, label: str) -> bool | None:
        metric = self.metadata.get(label)
        return metric.sort_ascending if metric else None

    def _meant(self, label: str) -> bool | None:
        return higher_is_better(label, self.description_of(label), [it for it in self.labels if it != label])

    def description_of(self, label: str) -> str:
        """Return what the bundle says about a metric, empty where it says nothing."""
        metric = self.metadata.get(label)
        return metric.description if metric else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class MetaAttribute:
    """A field of the submission form: `type` is text, boolean, radio or checkbox."""

    name: str
    description: str = ""
    type: str = "text"
    options: tuple[str, ...] = ()
    required: bool = False
    is_visible: bool = True
    unknown: Unknown = field(default_factory=_none)


@dataclass(frozen=True, kw_only=True, slots=True)
class PhaseSpec:
    """One entry of `challenge_phases`. `test_annotation_file` is a path inside the bundle, or None."""

    id: int
    name: str
    codename: str
    description: Page
    start_date: datetime
    end_date: datetime
    test_annotation_file: str | None = None
    is_public: bool = False
    leaderboard_public: bool = False
    is_submission_public: bool = False
    is_restricted_to_select_one_submission: bool = False
    is_partial_submission_evaluation_enabled: bool = False
    is_submission_paused: bool = False
    annotations_uploaded_using_cli: bool = False
    disable_logs: bool = False
    max_submissions_per_day: int = 100_000
    max_submissions_per_month: int = 100_000
    max_submissions: int = 100_000
    max_concurrent_submissions_allowed: int = 3
    allowed_submission_file_types: tuple[str, ...] = ()
    allowed_email_ids: tuple[str, ...] = ()
    submission_meta_attributes: tuple[MetaAttribute, ...] = ()
    default_submission_meta_attributes: tuple[MetaAttribute, ...] = ()
    environment_image: str = ""
    submission_artifact_retention_policy: str = "keep_forever"
    shiai: ShiaiPhase | None = None
    ignored: Unknown = field(default_factory=_none)
    unknown: Unknown = field(default_factory=_none)


@dataclass(frozen=True, kw_only=True, slots=True)
class DatasetSplitSpec:
    """One entry of `dataset_splits`; `codename` is the key under which `evaluate` returns its metrics."""

    id: int
    name: str
    codename: str
    unknown: Unknown = field(default_factory=_none)


@dataclass(frozen=True, kw_only=True, slots=True)
class PhaseSplitSpec:
    """One entry of `challenge_phase_splits`. `visibility`: 1 hosts, 2 hosts and the owner, 3 everybody."""

    challenge_phase_id: int
    leaderboard_id: int
    dataset_split_id: int
    visibility: int = 3
    leaderboard_decimal_precision: int = 2
    is_leaderboard_order_descending: bool = True
    show_execution_time: bool = False
    show_leaderboard_by_latest_submission: bool = False
    show_scores_on_leaderboard: bool = True
    is_multi_metric_leaderboard: bool = True
    shiai: ShiaiBoard | None = None
    unknown: Unknown = field(default_factory=_none)

    @property
    def triple(self) -> tuple[int, int, int]:
        """The ids of what it joins: phase, leaderboard, dataset split."""
        return self.challenge_phase_id, self.leaderboard_id, self.dataset_split_id


@dataclass(frozen=True, kw_only=True, slots=True)
class PrizeSpec:
    """One entry of `prizes`; `amount` is text such as `100.00USD`."""

    rank: int
    amount: str
    description: str = ""
    unknown: Unknown = field(default_factory=_none)


@dataclass(frozen=True, kw_only=True, slots=True)
class SponsorSpec:
    """One entry of `sponsors`."""

    name: str
    website: str = ""
    unknown: Unknown = field(default_factory=_none)


@dataclass(frozen=True, kw_only=True, slots=True)
class ChallengeSpec:
    """A whole challenge. `ignored` keeps known keys without effect here, `unknown` all others, for the export."""

    title: str
    description: Page
    evaluation_details: Page
    terms_and_conditions: Page
    submission_guidelines: Page
    evaluation_script: str
    start_date: datetime
    end_date: datetime
    leaderboard: tuple[LeaderboardSpec, ...]
    challenge_phases: tuple[PhaseSpec, ...]
    dataset_splits: tuple[DatasetSplitSpec, ...]
    challenge_phase_splits: tuple[PhaseSplitSpec, ...]
    short_description: str = ""
    leaderboard_description: str = ""
    image: Image | None = None
    published: bool = False
    remote_evaluation: bool = False
    is_docker_based: bool = False
    is_static_dataset_code_upload: bool = False
    submission_time_limit: int = 86_400
    is_registration_open: bool = True
    enable_forum: bool = True
    forum_url: str = ""
    anonymous_leaderboard: bool = False
    allowed_email_domains: tuple[str, ...] = ()
    blocked_email_domains: tuple[str, ...] = ()
    banned_email_ids: tuple[str, ...] = ()
    require_complete_profile: bool = False
    max_team_members: int | None = None
    timezone: str = ""
    allow_resuming_submissions: bool = False
    allow_host_cancel_submissions: bool = False
    allow_cancel_running_submissions: bool = False
    allow_participants_resubmissions: bool = False
    tags: tuple[str, ...] = ()
    domain: str = ""
    prizes: tuple[PrizeSpec, ...] = ()
    sponsors: tuple[SponsorSpec, ...] = ()
    shiai: ShiaiChallenge | None = None
    ignored: Unknown = field(default_factory=_none)
    unknown: Unknown = field(default_factory=_none)

    def phase(self, codename: str) -> PhaseSpec | None:
        """Return the phase of that codename."""
        return next((phase for phase in self.challenge_phases if phase.codename == codename), None)

    def board(self, leaderboard_id: int) -> LeaderboardSpec:
        """Return the leaderboard of that id; KeyError when there is none."""
        return {board.id: board for board in self.leaderboard}[leaderboard_id]

    def split(self, dataset_split_id: int) -> DatasetSplitSpec:
        """Return the dataset split of that id; KeyError when there is none."""
        return {split.id: split for split in self.dataset_splits}[dataset_split_id]

    def phase_splits_of(self, phase: PhaseSpec) -> tuple[PhaseSplitSpec, ...]:
        """Return the phase splits that belong to one phase, in the order of the bundle."""
        return tuple(it for it in self.challenge_phase_splits if it.challenge_phase_id == phase.id)

    def descending_for(self, phase_split: PhaseSplitSpec, label: str) -> bool:
        """Tell whether the highest value of `label` ranks first on the board of this phase split."""
        return self.board(phase_split.leaderboard_id).descending_for(
            label, split_descending=phase_split.is_leaderboard_order_descending
        )
