"""Who may call what: every endpoint and method against every role, and nothing is left out.

The columns are the roles of tests/world.py in this order: a visitor, a participant of another challenge, a participant
in another team, a participant, a team mate, the host of another challenge, the host, an administrator.
"""

import pytest

from app.extensions import db
from app.models.site import Site
from app.web import home
from app.web.access import Access, host_is_trusted, rule_of
from tests.world import ROLES

EVERYBODY = (200,) * 8
NOBODY = (404,) * 8
SIGNED_IN = (303, *(200,) * 7)
GOES_ON = (303,) * 8
REFUSED_FORM = (401, *(422,) * 7)
CHANGES = (401, *(303,) * 7)
ADMIN = (303, *(404,) * 6, 200)
ADMIN_CHANGES = (401, *(404,) * 6, 303)
ADMIN_FORM = (401, *(404,) * 6, 422)
HOST = (303, *(404,) * 5, 200, 200)
HOST_FORM = (401, *(404,) * 5, 422, 422)
HOST_CHANGES = (401, *(404,) * 5, 303, 303)
OWN = (303, 404, 404, 200, 200, 404, 200, 200)
OWN_FRAGMENT = (401, *OWN[1:])
OWN_CHANGES = (401, 404, 404, 303, 303, 404, 303, 303)
PARTICIPANTS = (200, 200, 200, 200, 200, 200, 200, 200)
IN_A_TEAM = (303, 404, 200, 200, 200, 404, 404, 404)
LEADS = (401, 404, 303, 303, 403, 404, 404, 404)
TEAM_FORM = (401, 404, 422, 422, 422, 404, 404, 404)
OF_PANDAS = (401, 404, 404, 303, 403, 404, 404, 404)
# who is in a team already is led to it
JOINS = (401, 422, 303, 303, 303, 422, 422, 422)
TAKES_PART = (303, 303, 200, 200, 200, 303, 303, 303)
HAS_A_ROW_OR_RUNS_IT = (404, 404, 200, 200, 200, 404, 200, 200)
RUNS_IT = (404, 404, 404, 404, 404, 404, 200, 200)

T = {"slug": "tumours"}
TABLE = {
    ("home.index", "GET"): ({}, EVERYBODY),
    ("home.health", "GET"): ({}, EVERYBODY),
    ("static", "GET"): ({"filename": "js/live.js"}, EVERYBODY),
    ("setup.waiting", "GET"): ({}, GOES_ON),
    ("setup.start", "GET"): ({"token": "x"}, NOBODY),
    ("setup.start", "POST"): ({"token": "x"}, NOBODY),
    # accounts
    ("accounts.sign_in", "GET"): ({}, (200, *(303,) * 7)),
    ("accounts.sign_in", "POST"): ({}, (422,) * 8),
    ("accounts.sign_up", "GET"): ({}, (200, *(303,) * 7)),
    ("accounts.sign_up", "POST"): ({}, (422, *(303,) * 7)),
    ("accounts.invitation", "GET"): ({"token": "x"}, NOBODY),
    ("accounts.invitation", "POST"): ({"token": "x"}, NOBODY),
    ("accounts.set_language", "POST"): ({}, (422,) * 8),
    ("accounts.confirm", "GET"): ({}, SIGNED_IN),
    ("accounts.confirm", "POST"): ({}, REFUSED_FORM),
    ("accounts.profile", "GET"): ({}, SIGNED_IN),
    ("accounts.profile", "POST"): ({}, REFUSED_FORM),
    ("accounts.change_password", "POST"): ({}, REFUSED_FORM),
    ("accounts.end_other_sessions", "POST"): ({}, CHANGES),
    ("accounts.end_session", "POST"): ({"sign_in_id": 999}, (401, *(404,) * 7)),
    ("tokens.index", "GET"): ({}, SIGNED_IN),
    ("tokens.make", "POST"): ({}, REFUSED_FORM),
    ("tokens.revoke", "POST"): ({"token_id": 999}, (401, *(404,) * 7)),
    # by a token only: a browser's cookie says nothing there
    ("programs.submit", "POST"): (T | {"codename": "dev"}, (401,) * 8),
    ("programs.submission", "GET"): ({"submission_id": "finished"}, (401,) * 8),
    ("accounts.sign_out", "POST"): ({}, GOES_ON),
    # a challenge that is live
    ("challenges.show", "GET"): (T, EVERYBODY),
    ("challenges.evaluation", "GET"): (T, EVERYBODY),
    ("challenges.rules", "GET"): (T, EVERYBODY),
    ("challenges.phases", "GET"): (T, EVERYBODY),
    ("challenges.logo", "GET"): (T, EVERYBODY),
    ("rules.accept", "POST"): (T, (401, 404, 409, 409, 409, 404, 404, 404)),
    # teams: "mate" is a member, "rival" leads another team
    ("teams.show", "GET"): (T, IN_A_TEAM),
    ("teams.rename", "POST"): (T, TEAM_FORM),
    ("teams.renew_code", "POST"): (T, LEADS),
    ("teams.withdraw_code", "POST"): (T, LEADS),
    ("teams.hand_over", "POST"): (T | {"account_id": "Milo"}, (401, 404, 404, 303, 303, 404, 404, 404)),
    ("teams.remove", "POST"): (T | {"account_id": "Olga"}, (401, 404, 404, 404, 403, 404, 404, 404)),
    ("teams.leave", "POST"): (T, (401, 404, 303, 303, 303, 404, 404, 404)),
    ("teams.withdraw", "POST"): (T, LEADS),
    ("teams.come_back", "POST"): (T, (401, 404, 409, 409, 403, 404, 404, 404)),
    ("team_requests.invite", "POST"): (T, TEAM_FORM),
    ("team_requests.make_link", "POST"): (T, LEADS),
    ("team_requests.renew", "POST"): (T | {"invitation_id": "team_invitation"}, OF_PANDAS),
    ("team_requests.revoke", "POST"): (T | {"invitation_id": "team_invitation"}, OF_PANDAS),
    ("team_requests.ask_to_merge", "POST"): (T, TEAM_FORM),
    ("team_requests.answer_merge", "POST"): (
        T | {"merge_id": "merge", "answer": "decline"},
        (401, 404, 403, 303, 403, 404, 404, 404),
    ),
    ("rules.kept", "GET"): (T, HOST),
    ("team_review.index", "GET"): (T, HOST),
    ("team_review.show", "GET"): (T | {"team_id": 1}, HOST),
    ("team_review.let_in", "POST"): (T | {"team_id": 1, "deed": "approve"}, (401, *(404,) * 5, 409, 409)),
    ("team_review.keep_out", "POST"): (T | {"team_id": 1, "deed": "ban"}, (401, *(404,) * 5, 422, 422)),
    ("team_review.ban_person", "POST"): (
        T | {"team_id": 1, "account_id": "Petra"},
        (401, *(404,) * 5, 422, 422),
    ),
    ("team_review.unban_person", "POST"): (T | {"account_id": "Petra"}, (401, *(404,) * 7)),
    ("team_review.settings", "GET"): (T, HOST),
    ("team_review.change_settings", "POST"): (T, HOST_CHANGES),
    ("participation.accept", "POST"): (T | {"invitation_id": "team_invitation"}, (401, *(404,) * 7)),
    ("participation.decline", "POST"): (T | {"invitation_id": "team_invitation"}, (401, *(404,) * 7)),
    ("data.index", "GET"): (T, EVERYBODY),
    ("data.file", "GET"): (T | {"path": "data/train.csv"}, (403, 403, 200, 200, 200, 403, 200, 200)),
    ("data.set_shared", "POST"): (T | {"path": "data/train.csv"}, HOST_CHANGES),
    ("participation.join", "GET"): (T, (303, 200, 303, 303, 303, 200, 200, 200)),
    ("participation.alone", "POST"): (T, JOINS),
    ("participation.found_team", "POST"): (T, JOINS),
    ("participation.join_team", "POST"): (T, JOINS),
    ("leaderboards.show", "GET"): (T, EVERYBODY),
    ("leaderboards.rows", "GET"): ({"phase_split_id": "public"}, EVERYBODY),
    ("board_exports.as_csv", "GET"): (T | {"phase_split_id": "private"}, RUNS_IT),
    ("board_exports.as_json", "GET"): (T | {"phase_split_id": "private"}, RUNS_IT),
    ("board_exports.on_paper", "GET"): (T | {"phase_split_id": "private"}, RUNS_IT),
    ("pictures.show", "GET"): (T, EVERYBODY),
    ("pictures.drawn", "GET"): ({"phase_split_id": "public"}, EVERYBODY),
    ("marks.show", "GET"): ({"submission_id": "finished"}, HOST),
    ("marks.change", "POST"): ({"submission_id": "finished"}, HOST_CHANGES),
    ("marks.set_baseline", "POST"): ({"submission_id": "finished"}, HOST_CHANGES),
    ("past_boards.show", "GET"): (T | {"phase_split_id": "private"}, RUNS_IT),
    ("board_settings.index", "GET"): (T, HOST),
    ("board_settings.change", "POST"): (T | {"phase_split_id": "private"}, (401, *(404,) * 5, 422, 422)),
    ("board_settings.set_anonymous", "POST"): (T, HOST_CHANGES),
    ("board_settings.ask_to_reveal", "GET"): (T | {"phase_split_id": "private"}, HOST),
    ("board_settings.revealed", "GET"): (T | {"phase_split_id": "private"}, HOST),
    ("board_settings.reveal", "POST"): (T | {"phase_split_id": "private"}, HOST_CHANGES),
    # submissions
    ("sending.new", "GET"): (T, GOES_ON),
    ("sending.new_to", "GET"): (T | {"codename": "dev"}, TAKES_PART),
    ("sending.send", "POST"): (T | {"codename": "dev"}, REFUSED_FORM),
    ("sending.allowed", "GET"): (T | {"codename": "dev"}, (401, *IN_A_TEAM[1:])),
    ("sending.same", "GET"): (
        T | {"codename": "dev", "digest": "0" * 64},
        (401, *(204 if it == 200 else it for it in IN_A_TEAM[1:])),
    ),
    ("submissions.mine", "GET"): (T, TAKES_PART),
    ("submissions.mine_rows", "GET"): (T, (401, *IN_A_TEAM[1:])),
    ("submissions.show", "GET"): ({"submission_id": "finished"}, OWN),
    ("submissions.status", "GET"): ({"submission_id": "finished"}, OWN_FRAGMENT),
    ("submissions.file", "GET"): ({"submission_id": "finished"}, OWN),
    ("submissions.result", "GET"): ({"submission_id": "finished"}, HOST),
    ("submissions.log", "GET"): ({"submission_id": "finished", "stream": "stdout"}, HOST),
    ("submissions.set_on_board", "POST"): ({"submission_id": "finished"}, OWN_CHANGES),
    ("submissions.cancel", "POST"): ({"submission_id": "queued"}, OWN_CHANGES),
    ("deletions.new", "GET"): ({"submission_id": "finished"}, OWN),
    ("deletions.delete", "POST"): ({"submission_id": "finished"}, (401, 404, 404, 303, 403, 404, 422, 422)),
    ("submissions.set_picked", "POST"): ({"submission_id": "finished"}, (401, 404, 404, 403, 403, 404, 403, 403)),
    ("descriptions.edit", "GET"): ({"submission_id": "finished"}, (303, 404, 404, 200, 200, 404, 404, 404)),
    ("descriptions.save", "POST"): ({"submission_id": "finished"}, (401, 404, 404, 303, 303, 404, 404, 404)),
    ("phase_settings.index", "GET"): (T, HOST),
    ("phase_settings.set_picks", "POST"): (T | {"codename": "dev"}, (401, *(404,) * 5, 422, 422)),
    ("phase_settings.ask_about_logs", "GET"): (T | {"codename": "dev"}, HOST),
    ("phase_settings.set_logs", "POST"): (T | {"codename": "dev"}, HOST_CHANGES),
    ("hosting.submissions_csv", "GET"): (T, HOST),
    ("reruns.index", "GET"): (T, HOST),
    ("reruns.rows", "GET"): (T, (401, *HOST[1:])),
    ("reruns.new", "GET"): (T, HOST),
    ("reruns.begin", "POST"): (T, (401, *(404,) * 5, 303, 409)),
    # hosting
    ("hosting.index", "GET"): ({}, SIGNED_IN),
    ("hosting.new", "GET"): ({}, (303, 403, 403, 403, 403, 200, 200, 200)),
    ("hosting.example", "GET"): ({"name": "breast-cancer-auc"}, (303, 403, 403, 403, 403, 200, 200, 200)),
    ("hosting.upload", "POST"): ({}, (401, 403, 403, 403, 403, 422, 422, 422)),
    ("hosting.show", "GET"): (T, HOST),
    ("allowances.show", "GET"): (T, HOST),
    ("allowances.set_zone", "POST"): (T, HOST_CHANGES),
    ("allowances.set_phase", "POST"): (T | {"codename": "dev"}, HOST_CHANGES),
    ("hosting.set_published", "POST"): (T, HOST_CHANGES),
    ("hosting.set_preview", "POST"): (T, HOST_CHANGES),
    ("hosting.bundle", "GET"): (T, HOST),
    ("hosting.export", "GET"): (T, HOST),
    ("editing.challenge", "GET"): (T, HOST),
    ("editing.challenge", "POST"): (T, HOST_FORM),
    ("editing.text", "GET"): (T | {"name": "overview"}, HOST),
    ("editing.text", "POST"): (T | {"name": "overview"}, (401, *(404,) * 5, 409, 409)),
    ("editing.phase", "GET"): (T | {"codename": "dev"}, HOST),
    ("editing.phase", "POST"): (T | {"codename": "dev"}, HOST_FORM),
    ("editing.phase_text", "GET"): (T | {"codename": "dev"}, HOST),
    ("editing.phase_text", "POST"): (T | {"codename": "dev"}, (401, *(404,) * 5, 409, 409)),
    ("questions.edit", "GET"): (T | {"codename": "dev"}, HOST),
    ("questions.edit", "POST"): (T | {"codename": "dev"}, (401, *(404,) * 5, 409, 409)),
    ("logos.show", "GET"): (T, HOST),
    ("logos.change", "POST"): (T, HOST_FORM),
    ("logos.remove", "POST"): (T, HOST_CHANGES),
    ("metrics.edit", "GET"): (T | {"leaderboard_id": "leaderboard"}, HOST),
    ("metrics.edit", "POST"): (T | {"leaderboard_id": "leaderboard"}, HOST_FORM),
    ("editing.board", "GET"): (T | {"phase_split_id": "public"}, HOST),
    ("editing.board", "POST"): (T | {"phase_split_id": "public"}, HOST_FORM),
    ("contents.show", "GET"): (T | {"number": 1}, HOST),
    ("hosting.all_submissions", "GET"): (T, HOST),
    ("trials.index", "GET"): (T | {"number": 1}, HOST),
    ("trials.rows", "GET"): (T | {"number": 1}, (401, *HOST[1:])),
    ("trials.check_script", "POST"): (T | {"number": 1}, HOST_CHANGES),
    ("trials.try_known", "POST"): (T | {"number": 1}, (401, *(404,) * 5, 422, 422)),
    ("trials.try_own", "POST"): (T | {"number": 1}, (401, *(404,) * 5, 422, 422)),
    ("trials.show", "GET"): ({"trial_id": "trial"}, HOST),
    ("trials.status", "GET"): ({"trial_id": "trial"}, (401, *HOST[1:])),
    ("trials.file", "GET"): ({"trial_id": "trial"}, HOST),
    ("trials.log", "GET"): ({"trial_id": "trial", "stream": "stdout"}, HOST),
    ("trials.result", "GET"): ({"trial_id": "trial"}, HOST),
    ("trials.stop", "POST"): ({"trial_id": "trial"}, HOST_CHANGES),
    ("uploads.show", "GET"): ({"upload_id": "upload"}, (303, *(404,) * 5, 200, 404)),
    ("uploads.supply", "POST"): ({"upload_id": "upload"}, (401, *(404,) * 5, 422, 404)),
    ("uploads.withdraw", "POST"): ({"upload_id": "upload"}, (401, *(404,) * 5, 303, 404)),
    # new versions
    ("versions.index", "GET"): (T, HOST),
    ("versions.bundle", "GET"): (T | {"number": 1}, HOST),
    ("versions.new", "GET"): (T, HOST),
    ("versions.upload", "POST"): (T, (401, *(404,) * 5, 422, 422)),
    ("versions.changes", "GET"): (T | {"upload_id": "update"}, (303, *(404,) * 5, 200, 404)),
    ("versions.confirm", "POST"): (T | {"upload_id": "update"}, (401, *(404,) * 5, 409, 404)),
    ("versions.withdraw", "POST"): (T | {"upload_id": "update"}, (401, *(404,) * 5, 303, 404)),
    ("versions.take_back", "POST"): (T | {"number": 1}, (401, *(404,) * 5, 409, 409)),
    ("versions.approve", "POST"): (T | {"number": 1}, (401, *(404,) * 6, 409)),
    ("versions.reject", "POST"): (T | {"number": 1}, (401, *(404,) * 6, 409)),
    # administration
    ("admin.index", "GET"): ({}, ADMIN),
    ("admin.challenge", "GET"): (T, ADMIN),
    ("admin.system", "GET"): ({}, ADMIN),
    ("admin.set_approval", "POST"): (T, (401, *(404,) * 6, 409)),
    ("environments.index", "GET"): ({}, ADMIN),
    ("environments.show", "GET"): ({"version_id": "version"}, ADMIN),
    ("environments.ask", "POST"): ({"version_id": "version"}, ADMIN_FORM),
    ("environments.leave", "POST"): ({"version_id": "version"}, ADMIN_CHANGES),
    ("environments.build", "GET"): ({"version_id": "version with environment"}, (401, *(404,) * 6, 200)),
    ("environments.remove", "POST"): ({"environment_id": "environment"}, ADMIN_CHANGES),
    ("people.index", "GET"): ({}, ADMIN),
    ("people.person", "GET"): ({"account_id": "Nina"}, ADMIN),
    ("people.settings", "GET"): ({}, ADMIN),
    ("people.settings", "POST"): ({}, ADMIN_FORM),
    ("people.audit", "GET"): ({}, ADMIN),
    ("people.invite", "POST"): ({}, (401, *(404,) * 6, 200)),
    ("people.withdraw", "POST"): ({"invitation_id": "invitation"}, ADMIN_CHANGES),
    ("people.change_email", "POST"): ({"account_id": "Nina"}, ADMIN_FORM),
    ("people.make_reset_link", "POST"): ({"account_id": "Nina"}, (401, *(404,) * 6, 200)),
    ("people.end_sessions", "POST"): ({"account_id": "Nina"}, ADMIN_CHANGES),
    ("people.set_active", "POST"): ({"account_id": "Nina"}, ADMIN_CHANGES),
    ("people.set_admin", "POST"): ({"account_id": "Nina"}, ADMIN_CHANGES),
    ("people.set_may_host", "POST"): ({"account_id": "Nina"}, ADMIN_CHANGES),
}

# further cases: (endpoint, method, values, expected), above all the closed boards, phases and challenges
MORE = [
    ("leaderboards.show", "GET", T | {"phase_split_id": "public"}, EVERYBODY),
    ("leaderboards.show", "GET", T | {"phase_split_id": "private"}, RUNS_IT),
    ("leaderboards.show", "GET", T | {"phase_split_id": "own"}, HAS_A_ROW_OR_RUNS_IT),
    ("leaderboards.show", "GET", T | {"phase_split_id": "hidden"}, RUNS_IT),
    ("leaderboards.rows", "GET", {"phase_split_id": "private"}, RUNS_IT),
    *(
        (f"board_exports.{name}", "GET", T | {"phase_split_id": board}, expected)
        for name in ("as_csv", "as_json", "on_paper")
        for board, expected in (("public", EVERYBODY), ("own", HAS_A_ROW_OR_RUNS_IT), ("hidden", RUNS_IT))
    ),
    ("past_boards.show", "GET", T | {"phase_split_id": "public"}, EVERYBODY),
    ("pictures.drawn", "GET", {"phase_split_id": "private"}, RUNS_IT),
    ("pictures.drawn", "GET", {"phase_split_id": "own"}, HAS_A_ROW_OR_RUNS_IT),
    ("pictures.show", "GET", T | {"phase_split_id": "hidden"}, RUNS_IT),
    ("past_boards.show", "GET", T | {"phase_split_id": "own"}, RUNS_IT),
    ("leaderboards.rows", "GET", {"phase_split_id": "own"}, HAS_A_ROW_OR_RUNS_IT),
    ("leaderboards.rows", "GET", {"phase_split_id": "hidden"}, RUNS_IT),
    ("sending.new_to", "GET", T | {"codename": "final"}, (303, 404, 404, 404, 404, 404, 303, 303)),
    ("sending.send", "POST", T | {"codename": "final"}, (401, 404, 404, 404, 404, 404, 422, 422)),
    ("submissions.show", "GET", {"submission_id": "rival"}, (303, 404, 200, 404, 404, 404, 200, 200)),
    ("submissions.show", "GET", {"submission_id": "elsewhere"}, (303, 200, 404, 404, 404, 200, 404, 200)),
    ("submissions.log", "GET", {"submission_id": "failed", "stream": "stderr"}, HOST),
    ("data.file", "GET", T | {"path": "data/canary-withheld-file-7Q.csv"}, RUNS_IT),
    ("data.file", "GET", T | {"path": "annotations/truth.csv"}, NOBODY),
    ("data.file", "GET", T | {"path": "challenge_config.yaml"}, NOBODY),
    *(
        (endpoint, "GET", {"slug": "canary-draft-7q"}, RUNS_IT)
        for endpoint in (
            "challenges.show",
            "challenges.evaluation",
            "challenges.rules",
            "challenges.phases",
            "data.index",
            "leaderboards.show",
        )
    ),
    ("participation.join", "GET", {"slug": "canary-draft-7q"}, (303, *RUNS_IT[1:])),
    ("participation.alone", "POST", {"slug": "canary-draft-7q"}, (401, 404, 404, 404, 404, 404, 422, 422)),
    ("sending.send", "POST", {"slug": "canary-draft-7q", "codename": "dev"}, (401, *(404,) * 5, 422, 422)),
    ("hosting.show", "GET", {"slug": "canary-draft-7q"}, HOST),
    ("trials.index", "GET", {"slug": "canary-draft-7q", "number": 1}, HOST),
    ("trials.index", "GET", T | {"number": 2}, (303, *(404,) * 7)),
]
CASES = [(endpoint, method, *rest) for (endpoint, method), rest in TABLE.items()] + MORE
# a thing of another challenge under this challenge's address
NESTED = [
    ("leaderboards.show", T | {"phase_split_id": "elsewhere_board"}),
    ("leaderboards.show", {"slug": "elsewhere", "phase_split_id": "public"}),
    ("sending.new_to", {"slug": "elsewhere", "codename": "final"}),
    ("data.file", {"slug": "elsewhere", "path": "data/train.csv"}),
    ("trials.index", {"slug": "elsewhere", "number": 2}),
    ("versions.changes", {"slug": "elsewhere", "upload_id": "update"}),
    ("versions.bundle", {"slug": "elsewhere", "number": 2}),
    ("board_settings.ask_to_reveal", {"slug": "elsewhere", "phase_split_id": "private"}),
    ("board_settings.revealed", {"slug": "elsewhere", "phase_split_id": "private"}),
    ("board_exports.as_csv", {"slug": "elsewhere", "phase_split_id": "public"}),
    ("past_boards.show", {"slug": "elsewhere", "phase_split_id": "public"}),
]


def answers(visit, endpoint, method, values):
    known = visit.ids | visit.people
    values = {name: known.get(value, value) for name, value in values.items()}
    found = []
    for role in ROLES:
        browser = visit.as_role(role)
        path = browser.path(endpoint, **values)
        found.append(browser.get_path(path) if method == "GET" else browser.post_path(path))
    return found


def name_of(case):
    return case if isinstance(case, str) else ""


@pytest.mark.parametrize(("endpoint", "method", "values", "expected"), CASES, ids=name_of)
def test_every_role_gets_the_declared_answer(visit, endpoint, method, values, expected):
    found = answers(visit, endpoint, method, values)

    assert dict(zip(ROLES, [it.status_code for it in found], strict=True)) == dict(zip(ROLES, expected, strict=True))


def test_every_endpoint_and_method_is_in_the_table(app):
    there = {
        (rule.endpoint, method) for rule in app.url_map.iter_rules() for method in rule.methods - {"HEAD", "OPTIONS"}
    }

    assert there == set(TABLE)


@pytest.mark.parametrize(("endpoint", "values"), NESTED, ids=name_of)
@pytest.mark.parametrize("role", ROLES)
def test_a_thing_of_another_challenge_is_not_found_under_this_ones_address(visit, role, endpoint, values):
    values = {name: visit.ids.get(value, value) for name, value in values.items()}

    found = visit.as_role(role).get(endpoint, **values)

    assert found.status_code == (
        303
        if role == "visitor" and endpoint.startswith(("sending", "submissions", "trials", "versions", "board_settings"))
        else 404
    )


# -- a site that visitors may not read ---------------------------------------------------------------------------------


@pytest.fixture
def closed(visit):
    db.session.get(Site, 1).visitors_may_read = False
    db.session.commit()
    return visit


def reading_cases(app):
    with app.test_request_context():
        return [case for case in CASES if case[1] == "GET" and rule_of(case[0]).level is Access.READER]


def test_where_visitors_may_not_read_they_are_asked_to_sign_in_and_nobody_else_notices(closed):
    cases = reading_cases(closed.app)
    assert len(cases) > 15
    for endpoint, method, values, expected in cases:
        found = answers(closed, endpoint, method, values)

        first = 401 if endpoint in {"leaderboards.rows", "pictures.drawn"} else 303
        assert [it.status_code for it in found] == [first, *expected[1:]], endpoint
        if first == 303:
            assert found[0].location.startswith("/sign-in?next=")


def test_a_hidden_challenge_and_one_that_is_not_there_look_the_same_to_a_visitor(closed):
    hidden = closed.visitor.get("challenges.show", slug="canary-draft-7q")
    missing = closed.visitor.get("challenges.show", slug="no-such-challenge")

    assert hidden.status_code == missing.status_code
    assert hidden.data.replace(b"canary-draft-7q", b"") == missing.data.replace(b"no-such-challenge", b"")


# -- ways around -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "//admin",
        "/./admin",
        "/admin/",
        "/ADMIN",
        "/admin;x",
        "/admin%00",
        "/challenges/../admin",
        "/challenges/tumours/%2e%2e/%2e%2e/admin",
        "/challenges/tumours//manage",
        "/challenges/tumours/manage/.",
        "/challenges/TUMOURS/manage",
        "/challenges/tumours/files/../../../secret-key",
        "/challenges/tumours/files/%2e%2e/%2e%2e/shiai.db",
        "/challenges/tumours/files//etc/passwd",
        "/static/../config.py",
        "/static/%2e%2e/config.py",
        "/submissions/-1",
        "/submissions/0",
        "/submissions/99999999999999999999",
        "/submissions/1e1",
    ],
)
def test_no_way_of_writing_an_address_gets_further_than_the_plain_one(visit, path):
    browser = visit.as_role("outsider")

    answer = browser.get_path(path)

    assert answer.status_code in {301, 308, 400, 404, 405}
    if answer.location:
        assert browser.get_path(answer.location).status_code == 404


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"])
def test_reading_changes_nothing_whatever_the_headers_say(visit, header):
    host = visit.as_role("host")
    for path in ("/challenges/tumours/manage/published", f"/submissions/{visit.ids['queued']}/cancel", "/sign-out"):
        assert host.get_path(f"{path}?_method=post&on=", headers={header: "POST"}).status_code in {404, 405}
        assert host.client.head(path).status_code in {404, 405}


def test_every_change_needs_the_forms_token_and_another_browsers_is_no_use(visit):
    changes = [
        (endpoint, values)
        for (endpoint, method), (values, _) in TABLE.items()
        # what takes a person's access token takes no cookie, and so needs no token of a form
        if method == "POST" and not endpoint.startswith("programs.")
    ]
    foreign = visit.as_role("participant").csrf_token()
    admin = visit.as_role("admin")

    for endpoint, values in changes:
        known = {name: (visit.ids | visit.people).get(value, value) for name, value in values.items()}
        path = admin.path(endpoint, **known)
        for token in ("", "x" * 40, foreign):
            assert admin.post_path(path, token=token).status_code == 400, (endpoint, token)
            assert admin.post_path(path, token=token, htmx=True).status_code == 400, (endpoint, token)


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "localhost.evil.example", "127.0.0.1.evil.example"]
)
def test_a_name_that_is_not_ours_is_refused(visit, host):
    answer = visit.visitor.get("home.index", headers={"Host": host})

    assert answer.status_code == 400
    assert "evil" not in answer.text


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "[::1]:8000", "10.1.2.3"])
def test_addresses_and_the_machines_own_names_are_ours(app, host):
    assert host_is_trusted(host, app.extensions["settings"])


def test_a_view_that_says_nothing_stops_the_start(make_app, monkeypatch):
    view = home.index
    monkeypatch.delattr(view, "access")

    with pytest.raises(RuntimeError, match=r"home\.index"):
        make_app()
