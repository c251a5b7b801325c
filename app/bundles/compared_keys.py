"""The keys that have an effect here, what each is called for people, and which kind of change it is.

A key that is not listed is kept with the version and does nothing (`kept` in tables.py); a test compares the two.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.bundles.changes import Kind
from app.rules.errors import N_


@dataclass(frozen=True, slots=True)
class Keys:
    """What is known of the keys of one kind of row; `elsewhere` are those that are compared in another way."""

    known: Mapping[str, tuple[Kind, str]]
    elsewhere: frozenset[str]


CHALLENGE_KEYS = Keys(
    {
        "title": (Kind.TEXT, N_("Title")),
        "short_description": (Kind.TEXT, N_("Short description")),
        "description": (Kind.TEXT, N_("Page “Overview”")),
        "evaluation_details": (Kind.TEXT, N_("Page “Evaluation”")),
        "terms_and_conditions": (Kind.TEXT, N_("Page “Rules”")),
        "submission_guidelines": (Kind.TEXT, N_("Submission guidelines")),
        "leaderboard_description": (Kind.TEXT, N_("Description of the leaderboard")),
        "tags": (Kind.TEXT, N_("Tags")),
        "start_date": (Kind.DATE, N_("Start")),
        "end_date": (Kind.DATE, N_("End")),
        "is_registration_open": (Kind.SETTING, N_("Open for new participants")),
        "anonymous_leaderboard": (Kind.SETTING, N_("Numbers in place of the teams' names")),
        "timezone": (Kind.LIMIT, N_("Time zone of the limits")),
        "max_team_members": (Kind.LIMIT, N_("Most members of a team")),
        "allowed_email_domains": (Kind.SETTING, N_("Admitted e-mail domains")),
        "blocked_email_domains": (Kind.SETTING, N_("Blocked e-mail domains")),
        "banned_email_ids": (Kind.SETTING, N_("Banned e-mail addresses")),
        "remote_evaluation": (Kind.SCORING, N_("Evaluation elsewhere")),
        "is_docker_based": (Kind.SCORING, N_("Evaluation of containers")),
    },
    frozenset({"image", "leaderboard", "challenge_phases", "dataset_splits", "challenge_phase_splits", "shiai"}),
)
PHASE_KEYS = Keys(
    {
        "name": (Kind.TEXT, N_("Name")),
        "codename": (Kind.RENAMED, N_("Codename")),
        "description": (Kind.TEXT, N_("Description")),
        "start_date": (Kind.DATE, N_("Start")),
        "end_date": (Kind.DATE, N_("End")),
        "is_public": (Kind.SETTING, N_("Open to participants")),
        "leaderboard_public": (Kind.SETTING, N_("Participants choose what the leaderboard shows")),
        "is_submission_public": (Kind.SETTING, N_("Submissions start on the leaderboard")),
        "is_restricted_to_select_one_submission": (Kind.SETTING, N_("One submission of a team on the leaderboard")),
        "is_submission_paused": (Kind.SETTING, N_("Submissions paused")),
        "disable_logs": (Kind.SETTING, N_("Logs discarded")),
        "max_submissions_per_day": (Kind.LIMIT, N_("Submissions a day")),
        "max_submissions_per_month": (Kind.LIMIT, N_("Submissions a month")),
        "max_submissions": (Kind.LIMIT, N_("Submissions altogether")),
        "max_concurrent_submissions_allowed": (Kind.LIMIT, N_("Submissions at the same time")),
        "allowed_submission_file_types": (Kind.LIMIT, N_("File types")),
        "allowed_email_ids": (Kind.SETTING, N_("Invited e-mail addresses")),
        "submission_meta_attributes": (Kind.SETTING, N_("Own fields of the submission form")),
        "default_submission_meta_attributes": (Kind.SETTING, N_("Usual fields of the submission form")),
    },
    frozenset({"test_annotation_file", "shiai"}),
)
SPLIT_KEYS = Keys(
    {"name": (Kind.TEXT, N_("Name")), "codename": (Kind.RENAMED, N_("Codename"))},
    frozenset(),
)
LEADERBOARD_KEYS = Keys(
    {
        "labels": (Kind.SCORING, N_("Metrics")),
        "default_order_by": (Kind.SCORING, N_("Metric that ranks")),
    },
    frozenset({"metadata"}),
)
BOARD_KEYS = Keys(
    {
        "visibility": (Kind.SETTING, N_("Who sees it")),
        "leaderboard_decimal_precision": (Kind.SETTING, N_("Decimals")),
        "show_execution_time": (Kind.SETTING, N_("Shows how long the evaluation took")),
        "show_leaderboard_by_latest_submission": (Kind.SETTING, N_("Ranks the latest submission")),
    },
    frozenset({"challenge_phase_id", "leaderboard_id", "dataset_split_id", "shiai"}),
)
SHIAI_CHALLENGE_KEYS = Keys(
    {
        "needs_team_approval": (Kind.SETTING, N_("A host approves each team")),
        "teams_close_at": (Kind.DATE, N_("Teams may change until")),
        "admitted_email_ids": (Kind.SETTING, N_("Admitted e-mail addresses")),
    },
    frozenset(),
)
SHIAI_PHASE_KEYS = Keys(
    {
        "accepts_late": (Kind.SETTING, N_("Files are taken after the end")),
        "max_file_mb": (Kind.LIMIT, N_("Largest file, in MB")),
        "final_picks": (Kind.SETTING, N_("Final picks of a team")),
        "show_logs": (Kind.SETTING, N_("Participants read what the script prints")),
    },
    frozenset(),
)
SHIAI_BOARD_KEYS = Keys(
    {
        "share_percent": (Kind.SETTING, N_("Share of the test data, in percent")),
        "hidden_until": (Kind.DATE, N_("Hidden until")),
        "freeze_at": (Kind.DATE, N_("Frozen from")),
        "tells_owners": (Kind.SETTING, N_("Teams see their own new scores meanwhile")),
        "revealed_at": (Kind.DATE, N_("Revealed")),
    },
    frozenset({"public_board"}),
)
