"""Boards in the browser: who sees what, and polls of an unchanged board that cost nothing."""

import contextvars
import re
import time
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, select
from werkzeug.test import Client

from app.board_watch import BoardWatch, OpenBoards
from app.evaluation.outcome import SplitScores
from app.extensions import db, writing
from app.models.site import Site
from app.rules.permissions import Standpoint
from app.services import boards, submissions
from app.services import challenges as challenge_services
from app.web.headers import always
from tests.factories import make_account, make_admin, make_board, make_challenge, make_scored, make_team, scored


@pytest.fixture
def teams(challenge):
    made = [make_team(challenge, make_account(name), name=f"Team of {name}") for name in ("Bob", "Carol")]
    for team, score in zip(made, (0.9, 0.123456), strict=True):
        make_scored(challenge.phases[0], team, {"AUC": score, "F1": 1 - score})
    return made


def rows(browser, split, **options):
    return browser.get("leaderboards.rows", phase_split_id=split.id, **options)


def signed_in(pages, team):
    return pages.signed_in(team.members[0].account)


# -- what it shows -----------------------------------------------------------------------------------------------------


def test_the_page_and_the_fragment_show_the_same_rows(pages, split, teams):
    page, piece = pages.get("leaderboards.show", slug="tumours").text, rows(pages, split).text

    assert "<html" not in piece
    for text in (page, piece):
        assert text.index("Team of Bob") < text.index("Team of Carol")
        assert "0.9000" in text
        assert "0.1235" in text
        assert "0.12345" not in text


def test_another_metric_orders_the_board(pages, split, teams):
    text = pages.get("leaderboards.show", slug="tumours", phase_split_id=split.id, by="F1").text

    assert text.index("Team of Carol") < text.index("Team of Bob")


def test_what_a_metric_means_can_be_read_without_a_pointer(pages, split, teams):
    with writing():
        split.leaderboard.metrics = {"F1": {"sort_ascending": False, "description": "the harmonic mean"}}

    assert "<li>F1 – the harmonic mean</li>" in pages.get("leaderboards.show", slug="tumours").text


def test_the_own_row_is_marked_for_its_team_only(pages, split, teams):
    assert "You</span>" in rows(signed_in(pages, teams[1]), split).text
    assert "You</span>" not in rows(pages, split).text


def test_a_missing_score_is_said_in_words(pages, challenge, split):
    make_scored(challenge.phases[0], make_team(challenge), {"AUC": 0.5})

    assert "no score" in rows(pages, split).text


def test_error_bars_are_shown_with_the_boards_decimals(pages, challenge, split):
    splits = (SplitScores(split="test_split", scores={"AUC": 0.5}, errors={"AUC": 0.01234}),)
    make_scored(challenge.phases[0], make_team(challenge), {}, outcome=scored({}, splits=splits))

    assert "± 0.0123" in rows(pages, split).text


@pytest.mark.parametrize("query", [{"page": "x"}, {"page": "-1"}, {"by": "'--"}, {"mine": "x"}, {"tz": "No/Where"}])
def test_no_query_breaks_the_board(pages, split, teams, query):
    assert rows(pages, split, **query).status_code == 200


def test_a_page_that_cannot_be_is_not_there(pages, split):
    assert rows(pages, split, page="99999999999999999999999").status_code == 404


def test_dates_are_in_the_viewers_zone_with_the_zone_named(pages, split, teams):
    text = rows(pages, split, tz="Asia/Tokyo").text

    assert "JST" in text


# -- who sees it -------------------------------------------------------------------------------------------------------


def test_an_owners_board_shows_each_team_its_own_row_and_the_host_all(pages, challenge, hana, teams):
    own = make_board(challenge.phases[0], split="own", visibility=2)
    for team, score in zip(teams, (0.4, 0.6), strict=True):
        make_scored(challenge.phases[0], team, {"own": {"AUC": score}})

    for team, other in ((teams[0], teams[1]), (teams[1], teams[0])):
        text = rows(signed_in(pages, team), own).text
        assert team.name in text
        assert other.name not in text
    assert all(team.name in rows(pages.signed_in(hana), own).text for team in teams)
    assert rows(pages, own).status_code == 404


def test_saying_that_anothers_row_is_mine_shows_no_more(pages, challenge, teams):
    own = make_board(challenge.phases[0], split="own", visibility=2)
    make_scored(challenge.phases[0], teams[1], {"own": {"AUC": 0.6}})

    text = rows(signed_in(pages, teams[0]), own, mine=teams[1].id).text

    assert teams[1].name not in text


def test_on_an_owners_board_the_tag_stays_while_others_score(pages, challenge, teams):
    own = make_board(challenge.phases[0], split="own", visibility=2)
    make_scored(challenge.phases[0], teams[0], {"own": {"AUC": 0.9}})
    bob = signed_in(pages, teams[0])
    before = rows(bob, own).headers["ETag"]

    make_scored(challenge.phases[0], teams[1], {"own": {"AUC": 0.1}})
    assert rows(bob, own).headers["ETag"] == before

    make_scored(challenge.phases[0], teams[0], {"own": {"AUC": 0.95}})
    assert rows(bob, own).headers["ETag"] != before


def test_a_challenge_with_no_open_board_says_so(pages, hana):
    make_challenge("Closed", host=hana, visibility=1)

    assert "No leaderboard is open to you" in pages.get("leaderboards.show", slug="closed").text


def test_an_empty_board_says_what_will_appear(pages, split):
    assert "No score yet" in rows(pages, split).text


# -- unchanged ---------------------------------------------------------------------------------------------------------


def test_an_unchanged_board_answers_304_and_a_new_score_200(pages, challenge, split, teams):
    tag = {"If-None-Match": rows(pages, split).headers["ETag"]}
    unchanged = rows(pages, split, headers=tag)
    assert (unchanged.status_code, unchanged.data) == (304, b"")

    make_scored(challenge.phases[0], teams[0], {"AUC": 0.95})

    assert rows(pages, split, headers=tag).status_code == 200


class Flask:
    """Stands behind the middleware and counts how often it is asked."""

    def __init__(self, app):
        self.app, self.asked = app, 0

    def __call__(self, environ, start_response):
        self.asked += 1
        return self.app.wsgi_app(environ, start_response)


@pytest.fixture
def watched(app, challenge, split, teams):
    watch, behind = BoardWatch(), Flask(app)
    watch.start(app)
    client = Client(OpenBoards(behind, watch, always(app.extensions["settings"])))
    wait_until(lambda: watch.current(str(split.id)) is not None)
    yield client, behind, watch
    watch.stop()
    time.sleep(0.1)


def wait_until(holds):
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def poll(client, split, tag=None, query="", **headers):
    given = ({"If-None-Match": tag} if tag else {}) | headers
    return contextvars.Context().run(client.get, f"/boards/{split.id}/rows{query}", headers=given)


ALL = "?lang=ja&tz=Asia/Tokyo"


def test_the_rows_of_an_open_board_are_drawn_once_for_all_who_use_one_address(watched, split):
    client, behind, _ = watched

    answers = [poll(client, split, query=ALL) for _ in range(3)]

    assert behind.asked == 1
    assert len({(answer.status_code, answer.data, tuple(answer.headers)) for answer in answers}) == 1
    assert "チーム" in answers[0].text


def test_once_drawn_an_open_board_marks_each_teams_row_without_asking_the_database(watched, split, teams):
    client, behind, _ = watched
    board, first, second = split.id, teams[0].id, teams[1].id
    client.get(f"/boards/{board}/rows{ALL}&mine={first}")
    asked = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))

    answer = client.get(f"/boards/{board}/rows{ALL}&mine={second}")

    assert (answer.status_code, behind.asked, asked) == (200, 2, [])
    own = re.findall(r'<tr id="row-(\d+)" class="own', answer.text)
    assert own == [str(second)]


def test_an_edited_setting_shows_in_the_rows_that_come_from_memory(watched, challenge, split, teams):
    client, _, watch = watched
    before = poll(client, split, query=f"{ALL}&mine={teams[0].id}")

    with writing() as session:
        split.decimals = 1
        session.flush()
        boards.raise_version(session, split)
    wait_until(lambda: watch.current(str(split.id)) != before.headers["ETag"])

    after = poll(client, split, query=f"{ALL}&mine={teams[1].id}")
    assert before.text != after.text
    assert "0.9<" in after.text


def test_a_new_score_is_in_the_rows_that_come_from_memory(watched, challenge, split, teams):
    client, _, watch = watched
    tag = poll(client, split, query=ALL).headers["ETag"]

    make_scored(challenge.phases[0], teams[1], {"AUC": 0.9999})
    wait_until(lambda: watch.current(str(split.id)) != tag)

    assert "0.9999" in poll(client, split, query=ALL).text


def test_rows_that_depend_on_who_asks_are_never_kept(watched, split):
    client, behind, _ = watched

    for query in ("", "?lang=ja", "?tz=UTC"):
        before = behind.asked
        poll(client, split, query=query)
        poll(client, split, query=query)
        assert behind.asked == before + 2


def test_rows_are_not_given_from_memory_under_another_hosts_name(watched, split):
    client, behind, _ = watched
    poll(client, split, query=ALL)

    answer = poll(client, split, query=ALL, Host="evil.example")

    assert (answer.status_code, behind.asked) == (400, 2)


def test_what_is_in_memory_is_not_given_once_the_board_is_hidden(watched, challenge, split):
    client, _, watch = watched
    poll(client, split, query=ALL)

    challenge_services.publish(challenge, published=False, by=make_admin(), now=challenge.created_at)
    wait_until(lambda: watch.current(str(split.id)) is None)

    assert poll(client, split, query=ALL).status_code == 404


def test_an_open_unchanged_board_is_answered_without_asking_flask(watched, split):
    client, behind, _ = watched
    tag = poll(client, split).headers["ETag"]
    asked = behind.asked

    answer = poll(client, split, tag)

    assert (answer.status_code, answer.data, behind.asked) == (304, b"", asked)
    assert answer.headers["ETag"] == tag
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_new_score_reaches_the_poller_within_two_seconds(watched, challenge, split, teams):
    client, _, _ = watched
    tag = poll(client, split).headers["ETag"]
    assert poll(client, split, tag).status_code == 304

    make_scored(challenge.phases[0], teams[0], {"AUC": 0.99})

    started = time.monotonic()
    wait_until(lambda: poll(client, split, tag).status_code == 200)
    assert time.monotonic() - started < 2


def test_a_board_that_is_hidden_is_asked_of_flask_which_says_404(watched, challenge, split):
    client, _, watch = watched
    tag = poll(client, split).headers["ETag"]

    challenge_services.publish(challenge, published=False, by=make_admin(), now=challenge.created_at)
    wait_until(lambda: watch.current(str(split.id)) is None)

    assert poll(client, split, tag).status_code == 404


def test_a_site_closed_to_visitors_answers_401_even_to_an_unchanged_poll(watched, split):
    client, _, watch = watched
    tag = poll(client, split).headers["ETag"]

    db.session.get(Site, 1).visitors_may_read = False
    db.session.commit()
    wait_until(lambda: watch.current(str(split.id)) is None)

    assert poll(client, split, tag).status_code == 401


def test_hosts_boards_are_never_answered_from_memory(watched, challenge):
    client, behind, watch = watched
    private = make_board(challenge.phases[0], split="private", visibility=1)
    time.sleep(0.2)

    assert watch.current(str(private.id)) is None
    asked = behind.asked
    assert poll(client, private, f'"board-{private.id}-1"').status_code == 404
    assert behind.asked == asked + 1


@pytest.mark.parametrize("tag", ["*", 'W/"board-1-1"', '"board-1-999"', "x"])
def test_any_other_tag_is_asked_of_flask(watched, split, tag):
    client, behind, _ = watched
    asked = behind.asked

    assert poll(client, split, tag).status_code == 200
    assert behind.asked == asked + 1


def test_taking_a_row_off_changes_the_tag(pages, challenge, split, teams):
    tag = {"If-None-Match": rows(pages, split).headers["ETag"]}
    made = db.session.get(type(make_scored(challenge.phases[0], teams[0], {"AUC": 0.1})), 1)

    submissions.show_on_board(made, shown=False, person=Standpoint(is_host=True))

    assert rows(pages, split, headers=tag).status_code == 200


def test_an_unchanged_board_forgets_at_midnight_what_moved_the_day_before(watched, challenge, split, teams, clock):
    client, _, watch = watched
    words = "?lang=en&tz=UTC"
    with writing() as session:
        session.scalars(select(Site)).one().timezone = "Asia/Tokyo"
    clock.advance(days=1)
    make_scored(challenge.phases[0], teams[1], {"AUC": 0.9999})
    wait_until(lambda: poll(client, split, watch.current(str(split.id)), query=words).status_code == 304)
    wait_until(lambda: "up 1" in poll(client, split, query=words).text)
    tag = poll(client, split, query=words).headers["ETag"]

    here = clock.now().astimezone(ZoneInfo("Asia/Tokyo"))
    clock.advance(days=1, hours=-here.hour, minutes=-here.minute)
    wait_until(lambda: watch.current(str(split.id)) != tag)

    after = poll(client, split, tag, query=words)
    assert (after.status_code, "up 1" in after.text) == (200, False)
    assert poll(client, split, after.headers["ETag"], query=words).status_code == 304
