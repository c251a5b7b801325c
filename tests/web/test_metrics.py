"""The page on which hosts edit the metrics of a leaderboard."""

from app.extensions import db
from app.models.challenges import Leaderboard
from tests.factories import make_account, make_scored, make_team
from tests.web.test_editing import filled


def the_form(host, challenge, **changes):
    """Open the page, change some fields, send it; return the answer."""
    number = challenge.phases[0].splits[0].leaderboard_id
    values = filled(host, "metrics.edit", slug="tumours", leaderboard_id=number)
    return host.post("metrics.edit", values | changes, slug="tumours", leaderboard_id=number, follow=True)


def test_every_metric_is_described_and_the_words_stand_over_the_column(host, challenge):
    make_scored(challenge.phases[0], make_team(challenge), {"test_split": {"AUC": 0.4, "F1": 0.2}})
    answer = the_form(host, challenge, description_0="Area under the curve")

    assert "Saved. It takes effect now." in answer.text
    board = host.get("leaderboards.show", slug="tumours", phase_split_id=challenge.phases[0].splits[0].id)
    assert "Area under the curve" in board.text


def test_turning_a_board_round_asks_first_and_keeps_what_was_typed(host, challenge):
    make_scored(challenge.phases[0], make_team(challenge), {"test_split": {"AUC": 0.4, "F1": 0.2}})

    refused = the_form(host, challenge, descending_0="0", description_0="Now a loss")
    turned = the_form(host, challenge, descending_0="0", agreed="y")

    assert refused.status_code == 422
    assert "Scored submissions that get a new rank: 1." in refused.text
    assert "Now a loss" in refused.text
    assert "Saved. The ranks on the leaderboards are recalculated." in turned.text
    assert "AUC ↓" in host.get("hosting.show", slug="tumours").text


def test_the_manage_page_leads_to_the_metrics_and_strangers_find_nothing(host, pages, challenge):
    number = challenge.phases[0].splits[0].leaderboard_id

    assert f"/edit/metrics/{number}" in host.get("hosting.show", slug="tumours").text
    stranger = pages.signed_in(make_account("Mallory"))
    assert stranger.get("metrics.edit", slug="tumours", leaderboard_id=number).status_code == 404
    assert host.get("metrics.edit", slug="tumours", leaderboard_id=number + 1).status_code == 404
    assert db.session.get(Leaderboard, number) is not None
