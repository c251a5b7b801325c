"""The page of a version shows every field there is."""

from app.bundles.check import check
from app.bundles.contents import Effect, contents
from app.bundles.tables import TABLES
from tests.bundles.builders import challenge_files, changed, written, zip_of

CONFIG = changed(
    "published: True",
    """published: True
worker_image_url: x/y
odd_key: [1, a]
shiai: {needs_team_approval: True}
prizes: [{rank: 1, amount: 100.00USD}]
sponsors: [{name: Us}]""",
)
CONFIG = changed(
    'schema: {"labels": ["AUC", "F1"], "default_order_by": "AUC"}',
    'schema: {"labels": ["AUC", "F1"], "default_order_by": "AUC", "metadata": {"AUC": {sort_ascending: False}}}',
    CONFIG,
)
CONFIG = changed(
    "    codename: dev",
    """    codename: dev
    submission_meta_attributes: [{name: GPU, extra: 1}]
    default_submission_meta_attributes: [{name: method_name, is_visible: True}]
    shiai: {final_picks: 2}""",
    CONFIG,
)
CONFIG = (
    CONFIG.replace("challenge_phase_splits:", "  - {id: 2, name: Private, codename: private}\nchallenge_phase_splits:")
    + """\
  - challenge_phase_id: 1
    leaderboard_id: 1
    dataset_split_id: 2
    shiai: {public_board: {challenge_phase_id: 1, leaderboard_id: 1, dataset_split_id: 1}}
"""
)


def parts_of(config, folder):
    spec = check(written(folder, zip_of(challenge_files(config))), work_dir=folder / "work", default_zone="UTC").spec
    return {part.place: {line.key: line for line in part.lines} for part in contents(spec)}


def test_every_key_of_every_table_is_shown_once(tmp_path):
    places = {
        "": "",
        "leaderboard[]": "leaderboard[1]",
        "leaderboard[].schema": "leaderboard[1].schema",
        "leaderboard[].schema.metadata.<label>": "leaderboard[1].schema.metadata.AUC",
        "challenge_phases[]": "challenge_phases[dev]",
        "challenge_phases[].submission_meta_attributes[]": "challenge_phases[dev].submission_meta_attributes[GPU]",
        "challenge_phases[].default_submission_meta_attributes[]": (
            "challenge_phases[dev].default_submission_meta_attributes[method_name]"
        ),
        "dataset_splits[]": "dataset_splits[test_split]",
        "challenge_phase_splits[]": "challenge_phase_splits[dev, test_split]",
        "prizes[]": "prizes[1]",
        "sponsors[]": "sponsors[Us]",
        "shiai": "shiai",
        "challenge_phases[].shiai": "challenge_phases[dev].shiai",
        "challenge_phase_splits[].shiai": "challenge_phase_splits[dev, private].shiai",
        "challenge_phase_splits[].shiai.public_board": "challenge_phase_splits[dev, private].shiai.public_board",
    }

    parts = parts_of(CONFIG, tmp_path)

    assert set(parts) - {"dataset_splits[private]", "challenge_phase_splits[dev, private]"} == set(places.values())
    assert set(places) == set(TABLES)
    for table, place in places.items():
        own_parts = {key.rpartition(".")[2].partition("[")[0] for key in TABLES if key.startswith(table)}
        expected = {entry.key for entry in TABLES[table] if not entry.ignored} - own_parts - {"schema", "metadata"}
        assert expected <= set(parts[place]), place


def test_what_is_kept_without_effect_and_unknown_keys_are_told_apart(tmp_path):
    parts = parts_of(CONFIG, tmp_path)

    top = parts[""]
    assert top["forum_url"].effect is Effect.KEPT
    assert (top["worker_image_url"].value, top["worker_image_url"].effect) == ("x/y", Effect.WITHOUT)
    assert (top["odd_key"].value, top["odd_key"].effect) == ('[1, "a"]', Effect.UNKNOWN)
    assert parts["challenge_phases[dev].submission_meta_attributes[GPU]"]["extra"].effect is Effect.UNKNOWN
    assert (top["title"].value, top["title"].effect) == ("Tumour Challenge", Effect.ACTS)
    assert top["max_team_members"].is_default
    assert not top["published"].is_default
