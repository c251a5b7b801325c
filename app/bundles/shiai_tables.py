"""Every key under `shiai`, which EvalAI passes over: how it is read and what holds when it is absent."""

from typing import Any

from app.bundles.fields import REFUSED, Field, Parse, Reading, Table, read_row
from app.bundles.moments import moment
from app.bundles.values import boolean, integer, mapping, words
from app.bundles.yaml_document import NodePath
from app.rules.emails import checked_email, email_key
from app.rules.errors import N_, Invalid
from app.rules.picks import MOST_PICKS

KEY = "shiai"
LARGEST_MB = 1_000_000


def row_of(table: Table) -> Parse:
    """Return the reader of one map that this table describes."""

    def parse(reading: Reading, path: NodePath, value: Any) -> Any:
        found = mapping(reading, path, value)
        return REFUSED if found is REFUSED else read_row(reading, path, found, table)

    return parse


def addresses(reading: Reading, path: NodePath, value: Any) -> Any:
    """Read a list of e-mail addresses, each as the form of the *Teams* page takes it."""
    found = words(320)(reading, path, value)
    if found is REFUSED:
        return REFUSED
    kept: dict[str, None] = {}
    for word in found:
        try:
            kept[email_key(checked_email(word))] = None
        except Invalid:
            reading.error(
                path,
                N_("`%(found)s` is not an e-mail address."),
                N_("Write addresses such as anna@example.com; whole domains belong under `allowed_email_domains`."),
                found=word[:80],
            )
            return REFUSED
    return tuple(kept)


SHIAI_CHALLENGE: Table = (
    Field("needs_team_approval", boolean, default=False),
    Field("teams_close_at", moment(ends_day=True)),
    Field("admitted_email_ids", addresses, ()),
)
SHIAI_PHASE: Table = (
    Field("accepts_late", boolean, default=False),
    Field("max_file_mb", integer(1, LARGEST_MB)),
    Field("final_picks", integer(0, MOST_PICKS), 0),
    Field("show_logs", boolean, default=False),
)
BOARD_REFERENCE: Table = (
    Field("challenge_phase_id", integer(), required=True),
    Field("leaderboard_id", integer(), required=True),
    Field("dataset_split_id", integer(), required=True),
)
SHIAI_BOARD: Table = (
    Field("share_percent", integer(1, 100)),
    Field("hidden_until", moment(ends_day=False)),
    Field("freeze_at", moment(ends_day=False)),
    Field("tells_owners", boolean, default=False),
    Field("revealed_at", moment(ends_day=False)),
    Field("public_board", row_of(BOARD_REFERENCE)),
)
SHIAI_TABLES: dict[str, Table] = {
    KEY: SHIAI_CHALLENGE,
    f"challenge_phases[].{KEY}": SHIAI_PHASE,
    f"challenge_phase_splits[].{KEY}": SHIAI_BOARD,
    f"challenge_phase_splits[].{KEY}.public_board": BOARD_REFERENCE,
}
