"""A challenge leaves as a bundle and comes back as the same challenge, whatever was edited in between."""

import io
import json
import tempfile
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given

from app import clock
from app.bundles.check import check
from app.extensions import store, writing
from app.queries import challenges
from app.queries.current import current_spec
from app.rules.files import MIB
from app.services import board_settings, bundles, exports
from tests.bundles.builders import CONFIG, challenge_files, changed, png, zip_of
from tests.bundles.specs import specs
from tests.bundles.test_writer import read_back
from tests.factories import make_board, make_challenge, make_phase
from tests.fuzzing import few

pytestmark = pytest.mark.usefixtures("site")


def imported(path, *, by):
    """Import a zip and return the challenge."""
    with tempfile.TemporaryDirectory() as folder:
        checked = check(path, work_dir=Path(folder), default_zone="Asia/Tokyo")
        return bundles.import_bundle(checked, zip_path=path, file_name="x.zip", by=by, now=clock.now())


def brought(files, folder, *, by):
    (folder / "bundle.zip").write_bytes(zip_of(files))
    return imported(folder / "bundle.zip", by=by)


def exported(challenge, folder, name="export.zip"):
    exports.export_bundle(challenge, into=folder / name)
    return folder / name


def comes_back(challenge, folder, *, by):
    """Export, import and export again; return what the two exports hold."""
    first = exported(challenge, folder, "first.zip")
    second = exported(imported(first, by=by), folder, "second.zip")
    return first.read_bytes(), second.read_bytes()


@few(6, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture)
@given(spec=specs())
def test_any_challenge_that_is_exported_imports_as_the_same_challenge(hana, spec):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        read_back(spec, folder)
        challenge = imported(folder / "bundle.zip", by=hana)

        first, second = comes_back(challenge, folder, by=hana)

        assert current_spec(challenge) == spec
        assert first == second == (folder / "bundle.zip").read_bytes()


def test_pages_pictures_annotations_and_the_script_come_back(hana, tmp_path):
    files = challenge_files() | {"data/train.csv": "id\n1\n", "templates/plot.png": png()}
    files["templates/description.html"] = '<p><img src="plot.png"></p>'
    challenge = brought(files, tmp_path, by=hana)

    first, second = comes_back(challenge, tmp_path, by=hana)

    packed = zipfile.ZipFile(io.BytesIO(first))
    assert first == second
    assert set(packed.namelist()) == set(files)
    assert packed.read("annotations/dev.csv") == files["annotations/dev.csv"].encode()
    assert packed.read("templates/description.html") == files["templates/description.html"].encode()


def test_what_was_edited_since_is_exported_and_what_only_the_bundle_knew_is_kept(hana, tmp_path):
    config = changed("published: True", "published: True\nprizes: [{rank: 1, amount: 100.00USD}]\nodd_key: 7")
    challenge = brought(challenge_files(config), tmp_path, by=hana)
    phase, split = challenge.phases[0], challenge.phases[0].splits[0]
    with writing():
        challenge.title, challenge.tags, challenge.description = "Better: #1", ["a, b"], "<p>New.</p>"
        phase.end_at += timedelta(days=1)
        phase.max_submissions_per_day, split.decimals, split.by_latest = 7, 1, True

    again = current_spec(imported(exported(challenge, tmp_path), by=hana))

    assert (again.title, again.tags, again.description.html) == ("Better: #1", ("a, b",), "<p>New.</p>")
    assert (again.prizes[0].amount, again.unknown) == ("100.00USD", {"odd_key": 7})
    assert again.challenge_phases[0].end_date == phase.end_at
    assert again.challenge_phases[0].max_submissions_per_day == 7
    assert again.challenge_phase_splits[0].leaderboard_decimal_precision == 1
    assert again.challenge_phase_splits[0].show_leaderboard_by_latest_submission


def test_pages_that_shared_a_file_and_were_edited_apart_get_files_of_their_own(hana, tmp_path):
    config = CONFIG.replace("templates/terms.html", "templates/description.html")
    files = challenge_files(config) | {"templates/description-2.html": "not a page"}
    challenge = brought(files, tmp_path, by=hana)
    with writing():
        challenge.terms_and_conditions = "<p>Play fair.</p>"

    again = current_spec(imported(exported(challenge, tmp_path), by=hana))

    assert again.description.html == "<p>About description.</p>"
    assert (again.terms_and_conditions.path, again.terms_and_conditions.html) == (
        "templates/description-3.html",
        "<p>Play fair.</p>",
    )


def test_a_repository_with_a_folder_around_it_becomes_a_bundle_that_evalai_takes(hana, tmp_path):
    files = challenge_files(
        changed("evaluation_script: evaluation_script.zip", "evaluation_script: evaluation_script/")
    )
    del files["evaluation_script.zip"]
    files |= {"evaluation_script/__init__.py": "from .main import evaluate\n"}
    files |= {"evaluation_script/main.py": "def evaluate(a, b, c, **kwargs):\n    return {}\n"}
    challenge = brought({f"repository/{name}": content for name, content in files.items()}, tmp_path, by=hana)

    packed = zipfile.ZipFile(exported(challenge, tmp_path))

    assert b"evaluation_script: evaluation_script.zip\n" in packed.read("challenge_config.yaml")
    assert {"challenge_config.yaml", "evaluation_script.zip"} <= set(packed.namelist())
    assert not [name for name in packed.namelist() if name.endswith(".py")]


def test_a_challenge_from_before_specs_were_kept_is_exported_from_its_rows(hana, tmp_path):
    challenge = make_challenge("Old", host=hana, annotation=b"id\n1\n", logo=None)
    make_board(challenge.phases[0], split="private", visibility=1)
    make_phase(challenge, codename="final", split="final")
    assert challenges.spec_of(challenge.version) is None

    first, second = comes_back(challenges.by_slug(challenge.slug), tmp_path, by=hana)

    assert first == second
    again = current_spec(imported(tmp_path / "first.zip", by=hana))
    assert [phase.codename for phase in again.challenge_phases] == ["dev", "final"]
    assert [split.visibility for split in again.challenge_phase_splits] == [3, 3, 1]


def test_the_command_line_writes_the_same_bundle_as_the_page(app, hana, tmp_path):
    challenge = brought(challenge_files(), tmp_path, by=hana)
    out = tmp_path / "out.zip"

    result = app.test_cli_runner().invoke(args=["export-bundle", challenge.slug, str(out), "--json"])

    assert json.loads(result.output) == {
        "ok": True,
        "slug": challenge.slug,
        "file": str(out),
        "size": out.stat().st_size,
    }
    assert out.read_bytes() == exported(challenges.by_slug("tumour-challenge"), tmp_path).read_bytes()
    assert list(store.parts.iterdir()) == []


def test_a_bundle_says_whether_teams_are_anonymous_and_an_export_what_the_host_chose_since(hana, tmp_path):
    challenge = brought(challenge_files(CONFIG + "anonymous_leaderboard: True\n"), tmp_path, by=hana)
    by_bundle = challenge.has_anonymous_teams

    board_settings.set_anonymous(challenge, is_anonymous=False, by=hana, now=clock.now())
    again = imported(exported(challenge, tmp_path), by=hana)

    assert (by_bundle, again.has_anonymous_teams) == (True, False)


def test_what_hosts_chose_beyond_evalais_keys_comes_back(hana, tmp_path):
    challenge = brought(challenge_files(), tmp_path, by=hana)
    phase = challenge.phases[0]
    public, final = phase.splits[0], make_board(phase, split="private", visibility=1)
    with writing():
        challenge.needs_team_approval, challenge.admitted_email_ids = True, ["anna@example.com"]
        challenge.teams_close_at = phase.end_at
        phase.accepts_late, phase.final_picks, phase.show_logs = True, 2, True
        phase.max_file_bytes = 5 * MIB
        public.share_percent, public.freeze_at, public.tells_owners = 30, phase.end_at, True
        final.hidden_until, final.revealed_at, final.public_board_id = phase.end_at, phase.start_at, public.id

    again = imported(exported(challenges.by_slug(challenge.slug), tmp_path), by=hana)

    assert choices_of(again) == choices_of(challenges.by_slug(challenge.slug))
    assert again.needs_team_approval
    assert again.phases[0].max_file_bytes == 5 * MIB
    assert [it.public_board_id for it in again.phases[0].splits] == [None, again.phases[0].splits[0].id]


def choices_of(challenge):
    """What the rows say beyond EvalAI's keys; of a final board, the place of its public one."""
    columns = (
        (challenge, ("needs_team_approval", "teams_close_at", "admitted_email_ids")),
        *((it, ("accepts_late", "max_file_bytes", "final_picks", "show_logs")) for it in challenge.phases),
        *(
            (it, ("share_percent", "hidden_until", "freeze_at", "tells_owners", "revealed_at"))
            for it in challenge.phases[0].splits
        ),
    )
    return [getattr(row, name) for row, names in columns for name in names]
