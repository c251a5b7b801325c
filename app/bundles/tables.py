"""Every key of a challenge bundle: how it is read and what holds when it is absent (docs/bundles.md lists the same)."""

from app.bundles.fields import Field, Table, rows_of
from app.bundles.moments import moment
from app.bundles.pages import annotation, image, page, script_name
from app.bundles.shiai_tables import KEY, SHIAI_BOARD, SHIAI_CHALLENGE, SHIAI_PHASE, SHIAI_TABLES, row_of
from app.bundles.values import (
    anything,
    boolean,
    choice,
    codename,
    extensions,
    integer,
    labels,
    mapping,
    name,
    optional_mapping,
    text,
    words,
    zone,
)
from app.rules.bounds import (
    LONGEST_ADDRESS,
    LONGEST_DOMAIN,
    LONGEST_NOTE,
    LONGEST_OPTION,
    LONGEST_SUMMARY,
    LONGEST_TAG,
    LONGEST_TITLE,
    MOST_DECIMALS,
)

# AWS sizes, queues and the like: EvalAI's machinery, which does not exist here.
_ELSEWHERE = (
    "category worker_python_version worker_image_url sqs_retention_period use_fifo_sqs uses_ec2_worker ec2_storage "
    "ephemeral_storage cpu_only_jobs job_cpu_cores job_memory worker_instance_type worker_ami_type worker_disk_size "
    "max_worker_instance min_worker_instance desired_worker_instance vpc_cidr subnet_1_cidr subnet_2_cidr "
    "max_docker_image_size cli_version challenge_usage_type evaluation_module_error slug github_repository "
    "github_branch"
)

METRIC: Table = (
    Field("sort_ascending", boolean),
    Field("description", text(LONGEST_SUMMARY, lines=True), ""),
)
SCHEMA: Table = (
    Field("labels", labels, required=True),
    Field("default_order_by", text(LONGEST_TITLE, shown=False), required=True),
    Field("metadata", optional_mapping),
)
LEADERBOARD: Table = (
    Field("id", integer(), required=True),
    Field("schema", mapping, required=True),
)
META_ATTRIBUTE: Table = (
    Field("name", name(LONGEST_TITLE), required=True),
    Field("description", text(LONGEST_SUMMARY, lines=True), ""),
    Field("type", choice("text", "boolean", "radio", "checkbox"), "text"),
    Field("options", words(LONGEST_OPTION), ()),
    Field("required", boolean, default=False),
    Field("is_visible", boolean, default=True),
)
DEFAULT_META_ATTRIBUTE: Table = (
    Field("name", name(LONGEST_TITLE), required=True),
    Field("is_visible", boolean, default=False),
    Field("description", text(LONGEST_SUMMARY, lines=True), "", kept=True),
    Field("type", choice("text", "boolean", "radio", "checkbox"), "text", kept=True),
    Field("options", words(LONGEST_OPTION), (), kept=True),
    Field("required", boolean, default=False, kept=True),
)
PHASE: Table = (
    Field("id", integer(), required=True),
    Field("name", name(LONGEST_TITLE), required=True),
    Field("description", page, required=True),
    Field("codename", codename, required=True),
    Field("start_date", moment(ends_day=False), required=True),
    Field("end_date", moment(ends_day=True), required=True),
    Field("test_annotation_file", annotation),
    Field("is_public", boolean, default=False),
    Field("leaderboard_public", boolean, default=False),
    Field("is_submission_public", boolean, default=False),
    Field("is_restricted_to_select_one_submission", boolean, default=False),
    Field("is_partial_submission_evaluation_enabled", boolean, default=False, kept=True),
    Field("is_submission_paused", boolean, default=False),
    Field("annotations_uploaded_using_cli", boolean, default=False, kept=True),
    Field("disable_logs", boolean, default=False),
    Field("max_submissions_per_day", integer(), 100_000),
    Field("max_submissions_per_month", integer()),
    Field("max_submissions", integer(), 100_000),
    Field("max_concurrent_submissions_allowed", integer(), 3),
    Field("allowed_submission_file_types", extensions, ()),
    Field("allowed_email_ids", words(LONGEST_ADDRESS), ()),
    Field("submission_meta_attributes", rows_of(META_ATTRIBUTE), ()),
    Field("default_submission_meta_attributes", rows_of(DEFAULT_META_ATTRIBUTE), ()),
    Field("environment_image", text(2_128), "", kept=True),
    Field(
        "submission_artifact_retention_policy",
        choice("keep_forever", "days_14", "days_30", "months_3", "months_6", "months_12"),
        "keep_forever",
        kept=True,
    ),
    Field(KEY, row_of(SHIAI_PHASE)),
    Field("challenge", anything, ignored=True),
    Field("is_active", anything, ignored=True),
    Field("slug", anything, ignored=True),
)
DATASET_SPLIT: Table = (
    Field("id", integer(), required=True),
    Field("name", name(LONGEST_TITLE), required=True),
    Field("codename", name(100), required=True),
)
PHASE_SPLIT: Table = (
    Field("challenge_phase_id", integer(), required=True),
    Field("leaderboard_id", integer(), required=True),
    Field("dataset_split_id", integer(), required=True),
    Field("visibility", choice(1, 2, 3), 3),
    Field("leaderboard_decimal_precision", integer(0, MOST_DECIMALS), 2),
    Field("is_leaderboard_order_descending", boolean, default=True),
    Field("show_execution_time", boolean, default=False),
    Field("show_leaderboard_by_latest_submission", boolean, default=False),
    Field("show_scores_on_leaderboard", boolean, default=True, kept=True),
    Field("is_multi_metric_leaderboard", boolean, default=True, kept=True),
    Field(KEY, row_of(SHIAI_BOARD)),
)
PRIZE: Table = (
    Field("rank", integer(1), required=True),
    Field("amount", text(40, shown=False), required=True),
    Field("description", text(200), ""),
)
SPONSOR: Table = (
    Field("name", name(LONGEST_TITLE), required=True),
    Field("website", text(500), ""),
)
CHALLENGE: Table = (
    Field("title", name(LONGEST_TITLE), required=True),
    Field("short_description", text(LONGEST_SUMMARY, lines=True), ""),
    Field("description", page, required=True),
    Field("evaluation_details", page, required=True),
    Field("terms_and_conditions", page, required=True),
    Field("submission_guidelines", page, required=True),
    Field("leaderboard_description", text(LONGEST_NOTE, lines=True), ""),
    Field("image", image),
    Field("evaluation_script", script_name, required=True),
    Field("start_date", moment(ends_day=False), required=True),
    Field("end_date", moment(ends_day=True), required=True),
    Field("published", boolean, default=False),
    Field("remote_evaluation", boolean, default=False),
    Field("is_docker_based", boolean, default=False),
    Field("is_static_dataset_code_upload", boolean, default=False, kept=True),
    Field("submission_time_limit", integer(1), 86_400, kept=True),
    Field("is_registration_open", boolean, default=True),
    Field("enable_forum", boolean, default=True, kept=True),
    Field("forum_url", text(500), "", kept=True),
    Field("anonymous_leaderboard", boolean, default=False),
    Field("allowed_email_domains", words(LONGEST_DOMAIN), ()),
    Field("blocked_email_domains", words(LONGEST_DOMAIN), ()),
    Field("banned_email_ids", words(LONGEST_ADDRESS), ()),
    Field("require_complete_profile", boolean, default=False, kept=True),
    Field("max_team_members", integer(1)),
    Field("timezone", zone, ""),
    Field("allow_resuming_submissions", boolean, default=False, kept=True),
    Field("allow_host_cancel_submissions", boolean, default=False, kept=True),
    Field("allow_cancel_running_submissions", boolean, default=False, kept=True),
    Field("allow_participants_resubmissions", boolean, default=False, kept=True),
    Field("tags", words(LONGEST_TAG), ()),
    Field("domain", choice("CV", "NLP", "RL", "MM", "AUD", "TAB", "AL"), "", kept=True),
    Field("prizes", rows_of(PRIZE), (), kept=True),
    Field("sponsors", rows_of(SPONSOR), (), kept=True),
    Field("leaderboard", rows_of(LEADERBOARD), required=True),
    Field("challenge_phases", rows_of(PHASE), required=True),
    Field("dataset_splits", rows_of(DATASET_SPLIT), required=True),
    Field("challenge_phase_splits", rows_of(PHASE_SPLIT), required=True),
    Field(KEY, row_of(SHIAI_CHALLENGE)),
    *(Field(key, anything, ignored=True) for key in _ELSEWHERE.split()),
)
TABLES = {
    "": CHALLENGE,
    "leaderboard[]": LEADERBOARD,
    "leaderboard[].schema": SCHEMA,
    "leaderboard[].schema.metadata.<label>": METRIC,
    "challenge_phases[]": PHASE,
    "challenge_phases[].submission_meta_attributes[]": META_ATTRIBUTE,
    "challenge_phases[].default_submission_meta_attributes[]": DEFAULT_META_ATTRIBUTE,
    "dataset_splits[]": DATASET_SPLIT,
    "challenge_phase_splits[]": PHASE_SPLIT,
    "prizes[]": PRIZE,
    "sponsors[]": SPONSOR,
    **SHIAI_TABLES,
}


def owners() -> dict[str, str]:
    """Return, for keys that occur in one kind of list only (or under `shiai`), the name of that list."""
    found: dict[str, set[str]] = {}
    for path, table in TABLES.items():
        for entry in table:
            found.setdefault(entry.key, set()).add(KEY if path in SHIAI_TABLES else path.split("[")[0])
    return {key: next(iter(places)) for key, places in found.items() if len(places) == 1 and "" not in places}
