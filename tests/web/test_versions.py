"""A new version in the browser: upload, see what changes, confirm, approve; the board, the pages, who scored what."""

import io
import re

import pytest

from app.extensions import db
from app.queries import challenges
from app.queries import uploads as upload_queries
from app.queries import versions as version_queries
from app.rules.states import VersionStatus
from tests.bundles.builders import CONFIG, challenge_files, changed, zip_of
from tests.factories import (
    make_account,
    make_challenge,
    make_scored,
    make_submission,
    make_team,
)
from tests.services.test_versions import OTHER_SCRIPT, SECOND_PHASE, imported

SHOWN = re.compile(r'name="shown"[^>]*value="([^"]+)"')


@pytest.fixture
def challenge(hana):
    return imported(challenge_files(SECOND_PHASE), hana)


def upload(browser, challenge, files):
    """Upload a version and return the address of the page that says what it changes."""
    file = {"file": (io.BytesIO(zip_of(files)), "next.zip")}
    answer = browser.post("versions.upload", file, slug=challenge.slug)
    assert answer.status_code == 303, answer.text
    return answer.location


def confirm(browser, address, **fields):
    shown = SHOWN.search(browser.get_path(address).text)[1]
    answer = browser.post_path(address, {"shown": shown} | fields)
    db.session.rollback()
    return answer


def test_the_page_says_in_words_what_goes_live_at_once_and_what_waits(host, challenge):
    config = SECOND_PHASE.replace("max_submissions: 100", "max_submissions: 7", 1).replace(
        "title: Tumour", "title: Lump"
    )
    files = challenge_files(config, script=OTHER_SCRIPT) | {"templates/terms.html": "<p>Play.</p>\n<p>Fair.</p>\n"}

    page = host.get_path(upload(host, challenge, files)).text

    words = re.sub(r"<[^>]+>", " ", page)
    for said in (
        "Needs approval",
        "changed files",
        "main.py",
        "Goes live immediately",
        "Submissions altogether",
        "Lump Challenge",
    ):
        assert said in words
    assert "version 1 stays live" in words
    assert "<ins>+ &lt;p&gt;Fair.&lt;/p&gt;</ins>" in page
    db.session.rollback()
    assert challenge.title == "Tumour Challenge"


def test_whoever_confirms_or_approves_sees_which_lines_of_the_script_change(host, admin, challenge):
    address = upload(host, challenge, challenge_files(SECOND_PHASE, script=OTHER_SCRIPT))

    asked = host.get_path(address).text
    confirm(host, address)
    decided = admin.get("admin.challenge", slug=challenge.slug).text

    for page in (asked, decided):
        assert "<del>-     return {&#34;result&#34;: [{&#34;test_split&#34;: {&#34;AUC&#34;: 0.5" in page
        assert "<ins>+     return {&#34;result&#34;: [{&#34;test_split&#34;: {&#34;AUC&#34;: 0.7" in page


def test_confirming_stores_the_version_and_the_admin_puts_it_live_with_one_click(host, admin, challenge):
    files = challenge_files(SECOND_PHASE.replace("title: Tumour", "title: Lump"), script=OTHER_SCRIPT)

    answer = confirm(host, upload(host, challenge, files))

    assert answer.location.endswith("/manage/versions")
    assert "Waiting for approval" in host.get_path(answer.location).text
    assert challenge.title == "Lump Challenge"
    assert "A new version is waiting" in admin.get("admin.index").text
    page = admin.get("admin.challenge", slug=challenge.slug).text
    assert "changed files: main.py" in page
    assert admin.post("versions.approve", slug=challenge.slug, number=2).status_code == 303
    db.session.rollback()
    assert challenge.version.number == 2
    assert "A new version is waiting" not in admin.get("admin.index").text


def test_rejecting_and_taking_back_leave_the_live_version(host, admin, challenge):
    for browser, endpoint in ((admin, "versions.reject"), (host, "versions.take_back")):
        confirm(host, upload(host, challenge, challenge_files(SECOND_PHASE, script=OTHER_SCRIPT)))
        number = version_queries.waiting(challenge).number

        assert browser.post(endpoint, slug=challenge.slug, number=number).status_code == 303

        db.session.rollback()
        assert challenge.version.number == 1
        assert version_queries.waiting(challenge) is None
    assert [it.status for it in challenge.versions[1:]] == [VersionStatus.REJECTED, VersionStatus.TAKEN_BACK]


def test_a_broken_version_lists_its_problems_and_stores_nothing(host, hana, challenge):
    files = challenge_files(changed("end_date: 2099-05-31 23:59:59", "end_date: 2099-02-31"))

    answer = host.post("versions.upload", {"file": (io.BytesIO(zip_of(files)), "x.zip")}, slug=challenge.slug)

    assert answer.status_code == 422
    assert "challenge_config.yaml" in answer.text
    assert not upload_queries.all_of(hana.id)


def test_what_removes_submissions_needs_a_yes_and_its_board_stays(host, pages, challenge):
    final = challenge.phases[1]
    scored = make_scored(final, make_team(challenge, name="Pandas"), {"AUC": 0.5})
    address = upload(host, challenge, challenge_files(CONFIG))
    assert "submissions that stay readable: 1" in host.get_path(address).text

    refused = confirm(host, address)
    accepted = confirm(host, address, agreed="y")

    assert (refused.status_code, accepted.status_code) == (422, 303)
    assert "Final Phase" not in pages.get("challenges.phases", slug=challenge.slug).text
    board = pages.get("leaderboards.show", slug=challenge.slug, phase_split_id=scored.entries[0].phase_split_id).text
    assert "No longer part of the challenge" in board
    assert "Pandas" in board
    assert host.get("submissions.show", submission_id=scored.id).status_code == 200


def test_a_participant_cannot_send_to_a_phase_that_is_gone(host, pages, challenge):
    member = make_account()
    make_team(challenge, member)
    confirm(host, upload(host, challenge, challenge_files(CONFIG)))

    browser = pages.signed_in(member)

    assert browser.get("sending.new_to", slug=challenge.slug, codename="final").status_code == 404
    assert browser.post("sending.send", slug=challenge.slug, codename="final").status_code == 404


def test_a_team_reads_that_its_submission_was_cancelled_because_its_phase_is_gone(host, pages, challenge):
    member = make_account()
    made = make_submission(challenge.phases[1], make_team(challenge, member))

    confirm(host, upload(host, challenge, challenge_files(CONFIG)), agreed="y")

    page = pages.signed_in(member).get("submissions.show", submission_id=made.id).text
    assert "its phase is no longer part of the challenge" in page
    assert "held back" not in page


def test_a_private_score_of_a_removed_board_stays_private(host, pages, hana):
    private = SECOND_PHASE.replace("visibility: 3", "visibility: 1", 1)
    challenge = imported(challenge_files(private), hana)
    member = make_account()
    made = make_scored(challenge.phases[0], make_team(challenge, member), {"AUC": 0.123456})
    other = challenge_files(
        SECOND_PHASE.replace("  - id: 1\n    schema", "  - id: 9\n    schema")
        .replace("leaderboard_id: 1", "leaderboard_id: 9")
        .replace('"AUC", "F1"', '"AUC", "F2"')
    )
    confirm(host, upload(host, challenge, other), agreed="y")

    page = pages.signed_in(member).get("submissions.show", submission_id=made.id).text

    assert "0.1234" not in page
    assert pages.signed_in(member).get("submissions.result", submission_id=made.id).status_code == 404


def test_the_second_tab_meets_a_sentence(host, challenge):
    first = upload(host, challenge, challenge_files(SECOND_PHASE.replace("title: Tumour", "title: One")))
    second = upload(host, challenge, challenge_files(SECOND_PHASE.replace("title: Tumour", "title: Two")))
    host.get_path(second)
    confirm(host, first)

    answer = confirm(host, second)

    assert answer.status_code == 409
    assert "The challenge changed since you looked" in answer.text
    assert challenge.title == "One Challenge"


def test_the_same_zip_again_changes_nothing_and_can_be_forgotten(host, hana, challenge):
    address = upload(host, challenge, challenge_files(SECOND_PHASE))

    assert "Nothing changes" in host.get_path(address).text
    assert host.post_path(f"{address}/withdraw").status_code == 303
    db.session.rollback()
    assert not upload_queries.all_of(hana.id)


def test_a_version_that_lacks_a_file_asks_for_it_and_goes_on(host, challenge):
    files = challenge_files(SECOND_PHASE.replace("title: Tumour", "title: Lump"))
    terms = files.pop("templates/terms.html")
    asks = upload(host, challenge, files)
    name = re.search(r'name="(file-[0-9a-f]{16})"', host.get_path(asks).text)[1]

    answer = host.post_path(asks, {name: (io.BytesIO(terms.encode()), "terms.html")})

    assert "/manage/update/" in answer.location
    assert confirm(host, answer.location).status_code == 303
    assert challenge.title == "Lump Challenge"


def test_pictures_of_the_new_pages_are_there_while_the_script_waits(host, pages, challenge):
    files = challenge_files(SECOND_PHASE, script=OTHER_SCRIPT)
    files |= {"templates/description.html": '<img src="new.png" alt="">', "templates/new.png": files["logo.png"]}

    confirm(host, upload(host, challenge, files))

    assert pages.get("data.file", slug=challenge.slug, path="new.png").mimetype == "image/png"


def test_a_submission_says_which_version_scored_it_and_the_host_is_told(host, admin, challenge):
    made = make_scored(challenge.phases[0], make_team(challenge), {"AUC": 0.5})
    confirm(host, upload(host, challenge, challenge_files(SECOND_PHASE, script=OTHER_SCRIPT)))
    admin.post("versions.approve", slug=challenge.slug, number=2)

    page = host.get("submissions.show", submission_id=made.id).text

    assert "version 1 of the challenge" in page
    assert "The challenge is now at version 2." in page
    assert "1 submission was scored by an earlier version" in host.get("hosting.show", slug=challenge.slug).text


def test_a_version_of_other_texts_scores_alike_so_nothing_is_offered_to_be_evaluated_again(host, admin, challenge):
    make_scored(challenge.phases[0], make_team(challenge), {"AUC": 0.5})

    confirm(host, upload(host, challenge, challenge_files(changed("title: Tumour Challenge", "title: Lumps"))))
    texts_changed = host.get("hosting.show", slug=challenge.slug).text
    confirm(host, upload(host, challenge, challenge_files(script=OTHER_SCRIPT)))
    admin.post("versions.approve", slug=challenge.slug, number=3)
    other_title = changed("title: Tumour Challenge", "title: Bumps")
    confirm(host, upload(host, challenge, challenge_files(other_title, script=OTHER_SCRIPT)))

    assert "scored by an earlier version" not in texts_changed
    assert "1 submission was scored by an earlier version" in host.get("hosting.show", slug=challenge.slug).text


@pytest.mark.parametrize("endpoint", ["versions.index", "versions.new"])
def test_challenges_from_before_versions_kept_their_contents_have_the_pages_too(host, hana, endpoint):
    old = make_challenge("Old", host=hana)

    assert host.get(endpoint, slug=old.slug).status_code == 200
    page = host.get_path(upload(host, old, challenge_files(CONFIG))).text
    assert "Needs approval" in page
    assert challenges.by_slug("old").title == "Old"
