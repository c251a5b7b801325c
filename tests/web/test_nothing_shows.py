"""What is kept back does not show: whatever scores there, nobody else's pages, files and headers change by a byte.

The walk for secrets (test_canaries.py) finds what is told outright. This one finds what could be counted, timed or
ordered: an ETag that moves, a number of entries, a rank, a picture that grows by a submission.
"""

import re

import pytest

from app.evaluation.outcome import SplitScores
from app.extensions import db
from app.models.challenges import PhaseSplit
from app.models.teams import Team
from tests.factories import make_scored, scored
from tests.web.test_canaries import every_address

ABOUT_BOARDS = {
    "leaderboards",
    "board_exports",
    "past_boards",
    "pictures",
    "challenges",
    "home",
    "teams",
    "submissions",
}
# made anew for every page: the token of its forms, the key of a form, the session that notes the visit
ANEW = re.compile(r'name="(?:csrf_token|form_key)"[^>]*value="[^"]*"|"X-CSRFToken": ?"[^"]*"|content="[\w.-]{40,}"')


def everything(visit, role):
    """All that somebody in a role is answered, by address; boards are looked at before, as a first visit is noted."""
    browser, seen = visit.as_role(role), {}
    for name in ("public", "own"):
        browser.get("leaderboards.show", slug="tumours", phase_split_id=visit.ids[name])
    adapter = visit.app.url_map.bind("localhost")
    for path in every_address(visit):
        endpoint, _ = adapter.match(path.partition("?")[0], method="GET")
        if endpoint.partition(".")[0] not in ABOUT_BOARDS or "elsewhere" in path:
            continue
        answer = browser.get_path(path)
        headers = sorted(
            (name, value) for name, value in answer.headers if name not in {"Set-Cookie", "Date", "Expires"}
        )
        seen[path] = (answer.status_code, headers, ANEW.sub("", answer.get_data().decode(errors="replace")))
    return seen


def pandas_score(visit, scores):
    """Let the team Pandas have another submission scored on some boards of the phase."""
    phase = db.session.get(PhaseSplit, visit.ids["public"]).phase
    team = db.session.query(Team).filter_by(name="Pandas").one()
    splits = tuple(SplitScores(split=name, scores={"AUC": it, "F1": it}) for name, it in scores.items())
    make_scored(phase, team, {"test_split": {}}, outcome=scored({}, splits=splits))
    db.session.remove()


@pytest.mark.parametrize("role", ["visitor", "rival"])
def test_scores_on_boards_that_are_kept_back_change_nothing_for_others(visit, clock, role):
    before = everything(visit, role)

    pandas_score(visit, {"private": 0.99, "frozen": 0.98, "later": 0.97})

    after = everything(visit, role)
    assert {path for path in before if before[path] != after[path]} == set()
    assert len(before) > 60


def test_a_score_on_the_public_board_does_change_what_others_see_so_that_the_walk_is_known_to_look(visit, clock):
    before = everything(visit, "rival")

    pandas_score(visit, {"test_split": 0.99})

    after = everything(visit, "rival")
    changed = {path.partition("?")[0].rpartition("/")[2] for path in before if before[path] != after[path]}
    assert {"rows", "pictures", "board.csv", "board.json", "print"} <= changed
