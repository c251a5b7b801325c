"""What a bundle's entries are as rows: what a host may change at any time, and what belongs to scoring."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.bundles.images import ImageHeader
from app.bundles.shiai_spec import ShiaiBoard, ShiaiChallenge, ShiaiPhase
from app.bundles.spec import ChallengeSpec, Image, LeaderboardSpec, MetaAttribute, PhaseSpec, PhaseSplitSpec
from app.queries.current import SAME_IN_PHASES
from app.rules.files import MIB


def challenge_texts(spec: ChallengeSpec) -> dict[str, Any]:
    """Return the columns of a challenge that go live at once; not the logo."""
    return {
        "title": spec.title,
        "short_description": spec.short_description,
        "description": spec.description.html,
        "evaluation_details": spec.evaluation_details.html,
        "terms_and_conditions": spec.terms_and_conditions.html,
        "submission_guidelines": spec.submission_guidelines.html,
        "leaderboard_description": spec.leaderboard_description,
        "start_at": spec.start_date,
        "end_at": spec.end_date,
        "registration_open": spec.is_registration_open,
        "has_anonymous_teams": spec.anonymous_leaderboard,
        "allowed_email_domains": list(spec.allowed_email_domains),
        "blocked_email_domains": list(spec.blocked_email_domains),
        "banned_email_ids": list(spec.banned_email_ids),
        "tags": list(spec.tags),
        # a bundle that says nothing leaves what the host chose
        **({"timezone": spec.timezone} if spec.timezone else {}),
        **_own_challenge(spec.shiai),
    }


# a map `shiai` that is not there leaves what the hosts chose


def _own_challenge(own: ShiaiChallenge | None) -> dict[str, Any]:
    if own is None:
        return {}
    return {
        "needs_team_approval": own.needs_team_approval,
        "teams_close_at": own.teams_close_at,
        "admitted_email_ids": list(own.admitted_email_ids),
    }


def _own_phase(own: ShiaiPhase | None) -> dict[str, Any]:
    if own is None:
        return {}
    return {
        "accepts_late": own.accepts_late,
        "max_file_bytes": own.max_file_mb * MIB if own.max_file_mb else None,
        "final_picks": own.final_picks,
        "show_logs": own.show_logs,
    }


def _own_board(own: ShiaiBoard | None) -> dict[str, Any]:
    """Return all but the public board, which is another row (`final_boards.join`)."""
    names = ("share_percent", "hidden_until", "freeze_at", "tells_owners", "revealed_at")
    return {} if own is None else {name: getattr(own, name) for name in names}


def challenge_extra(spec: ChallengeSpec) -> dict[str, Any]:
    """Return what is kept of a challenge beside its columns."""
    return {"max_team_members": spec.max_team_members, **logo_extra(spec.image)}


def logo_extra(image: Image | ImageHeader | None) -> dict[str, Any]:
    """Return what is kept of a logo beside its key."""
    size = [image.width, image.height] if image else None
    return {"logo_type": image.media_type if image else None, "logo_size": size}


def phase_settings(spec: PhaseSpec) -> dict[str, Any]:
    """Return the columns of a phase that go live at once."""
    return {key: getattr(spec, key) for key in SAME_IN_PHASES} | {
        "description": spec.description.html,
        "start_at": spec.start_date,
        "end_at": spec.end_date,
        "allowed_submission_file_types": list(spec.allowed_submission_file_types),
        "allowed_email_ids": list(spec.allowed_email_ids),
        "submission_meta_attributes": [_attribute(it) for it in spec.submission_meta_attributes],
        "default_submission_meta_attributes": [_attribute(it) for it in spec.default_submission_meta_attributes],
        **_own_phase(spec.shiai),
    }


def phase_scoring(spec: PhaseSpec, annotations: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the columns of a phase that belong to scoring; `annotations` as a version keeps them."""
    path = spec.test_annotation_file
    file = annotations.get(path or "", {})
    return {
        "config_id": str(spec.id),
        "codename": spec.codename,
        "annotation_name": Path(path).name if path else None,
        "annotation_key": file.get("key"),
        "annotation_sha256": file.get("sha256"),
    }


def _attribute(spec: MetaAttribute) -> dict[str, object]:
    return {
        "name": spec.name,
        "description": spec.description,
        "type": spec.type,
        "options": list(spec.options),
        "required": spec.required,
        "is_visible": spec.is_visible,
    }


def leaderboard_scoring(spec: LeaderboardSpec, *, known: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the columns of a leaderboard; all of them belong to scoring but the descriptions in `metrics`.

    Descriptions are text: those of `known` metrics went live before, and may have been edited since.
    """
    texts = {label: said["description"] for label, said in (known or {}).items() if label in spec.labels}
    said = {label: metric.sort_ascending for label, metric in spec.metadata.items()}
    described = {label for label, text in texts.items() if text}
    return {
        "config_id": str(spec.id),
        "labels": list(spec.labels),
        "default_order_by": spec.default_order_by,
        "metrics": {
            label: {"sort_ascending": said.get(label), "description": texts.get(label, spec.description_of(label))}
            for label in dict.fromkeys([*said, *(it for it in spec.labels if it in described)])
        },
    }


def with_descriptions(metrics: Mapping[str, Any], spec: LeaderboardSpec) -> dict[str, Any]:
    """Return the metrics of a row with the descriptions of a newer entry: they are text and go live at once."""
    known = {label: metric.description for label, metric in spec.metadata.items()}
    return {label: {**said, "description": known.get(label, "")} for label, said in metrics.items()} | {
        label: {"sort_ascending": None, "description": known[label]}
        for label in known
        if label not in metrics and label in spec.labels
    }


def board_settings(it: PhaseSplitSpec, *, position: int) -> dict[str, Any]:
    """Return the columns of a board that go live at once."""
    return {
        "position": position,
        "visibility": it.visibility,
        "decimals": it.leaderboard_decimal_precision,
        "show_execution_time": it.show_execution_time,
        "by_latest": it.show_leaderboard_by_latest_submission,
        **_own_board(it.shiai),
    }


def directions(spec: ChallengeSpec, it: PhaseSplitSpec) -> dict[str, bool]:
    """Return by label whether higher is better on a board."""
    return {label: spec.descending_for(it, label) for label in spec.board(it.leaderboard_id).labels}
