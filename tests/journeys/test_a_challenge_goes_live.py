"""From the zip to the board: a host uploads, the admin approves, participants submit, nothing is ever restarted."""

import re

import pytest

from tests.journeys.challenges import example_zip, obedient_zip, sample, tumour_predictions
from tests.journeys.installation import until
from tests.journeys.people import approve, live_challenge, upload

SECONDS_TO_THE_BOARD = 20


def test_a_challenge_goes_from_zip_to_board_without_a_restart(installation, host, admin, alice, visitor):
    processes = installation.web_server(), installation.worker()

    slug = upload(host, example_zip("breast-cancer-auc"))

    assert "Waiting for approval" in host.get(f"/challenges/{slug}").words
    assert alice.get(f"/challenges/{slug}").status == 404
    assert visitor.get(f"/challenges/{slug}/leaderboard").status == 404
    assert alice.get(f"/challenges/{slug}/join").status == 404

    waiting = admin.get("/admin")
    assert waiting.form(f"/{slug}/approval")
    assert "evaluation_script/main.py" in admin.get(f"/admin/challenges/{slug}").words.replace(".zip/", "/")
    approve(admin, slug)

    assert visitor.get(f"/challenges/{slug}").status == 200
    assert "No score yet" in visitor.get(f"/challenges/{slug}/leaderboard").words

    alice.take_part(slug)
    path = alice.submit(slug, "dev", *sample("breast-cancer-auc"), method_name="All one half")
    finished = alice.wait_for(path, seconds=SECONDS_TO_THE_BOARD)

    assert "Finished" in finished.words
    assert "0.5000" in finished.words
    board = visitor.get(f"/challenges/{slug}/leaderboard").words
    assert board.count("Alice") == 1
    assert "0.5000" in board
    assert (installation.web_server(), installation.worker()) == processes


def test_withdrawing_the_approval_hides_a_challenge_at_once_and_approving_again_shows_it(host, admin, alice):
    slug = live_challenge(host, admin, obedient_zip("Now and then"))
    assert alice.get(f"/challenges/{slug}").status == 200

    admin.fill_in(f"/admin/challenges/{slug}", f"/{slug}/approval", htmx=True)
    hidden = alice.get(f"/challenges/{slug}")
    approve(admin, slug)
    shown = alice.get(f"/challenges/{slug}")

    assert hidden.status == 404
    assert shown.status == 200


@pytest.fixture(scope="module")
def ranking(host, admin):
    return live_challenge(host, admin, example_zip("digits-ranking"))


@pytest.fixture(scope="module")
def diabetes(host, admin):
    return live_challenge(host, admin, example_zip("diabetes-rmse"))


def test_one_json_submission_fills_both_boards_of_the_ranking_challenge(ranking, installation, alice, visitor):
    alice.take_part(ranking)

    finished = alice.wait_for(alice.submit(ranking, "dev", *sample("digits-ranking")))

    assert "Finished" in finished.words
    assert finished.words.count("MAP@10") >= 2
    boards = board_paths(visitor, ranking)
    assert len(boards) == 4
    filled = [path for path in boards if "Alice" in visitor.get(path).words]
    assert len(filled) == 2
    assert "Drop" in visitor.get(filled[1]).words


def test_a_board_of_another_metric_is_a_link_away(ranking, visitor):
    first = board_paths(visitor, ranking)[0]

    by_f1 = visitor.get(f"{first}?by=F1@10")

    assert by_f1.status == 200
    assert "best submission by F1@10" in by_f1.words


def test_a_split_for_hosts_only_is_scored_and_shown_to_hosts_alone(diabetes, installation, host, alice, visitor):
    alice.take_part(diabetes)

    finished = alice.wait_for(alice.submit(diabetes, "main", *sample("diabetes-rmse")))

    assert "Finished" in finished.words
    entries = installation.rows(
        "select count(*) from entry join submission on submission.id = entry.submission_id where submission.id = ?",
        int(finished.path.split("/")[-1]),
    )
    assert entries == [(2,)]
    hosts_boards = board_paths(host, diabetes)
    assert len(hosts_boards) == 2
    assert all("Alice" in host.get(path).words for path in hosts_boards)
    public, private = hosts_boards
    for browser in (alice, visitor):
        assert board_paths(browser, diabetes) in ([public], [])
        assert browser.get(public).status == 200
        assert browser.get(private).status == 404
        assert browser.get(f"/boards/{private.split('/')[-1]}/rows").status == 404
        assert "非公開" not in browser.get(f"/challenges/{diabetes}/leaderboard").words
    secret = [score for score in scores_on(host.get(private)) if score not in scores_on(host.get(public))]
    assert secret
    for page in (finished, alice.get(f"/challenges/{diabetes}/submissions")):
        assert "非公開" not in page.words
        assert not [score for score in secret if score in page.words]


def test_the_smaller_error_stands_on_top(diabetes, host, bob, visitor):
    bob.take_part(diabetes)
    name, content = sample("diabetes-rmse")
    header, *rows = content.decode().splitlines()
    worse = "\n".join([header, *(f"{row.split(',')[0]},{0.0}" for row in rows)])

    finished = bob.wait_for(bob.submit(diabetes, "main", name, worse.encode()))

    assert "Finished" in finished.words
    assert names_on(visitor.get(f"/challenges/{diabetes}/leaderboard")) == ["Alice", "Bob"]


def test_the_best_submission_counts_whatever_comes_after_it(host, admin, alice, bob, visitor):
    slug = live_challenge(host, admin, example_zip("breast-cancer-auc"))
    for browser, files in ((alice, (24, 3)), (bob, (5,))):
        browser.take_part(slug)
        for wrong in files:
            browser.wait_for(browser.submit(slug, "dev", "p.csv", tumour_predictions(wrong=wrong)))

    board = visitor.get(f"/challenges/{slug}/leaderboard")

    assert names_on(board) == ["Alice", "Bob"]


def test_two_sends_of_one_form_are_one_submission(host, admin, alice):
    slug = live_challenge(host, admin, obedient_zip("Double click"))
    alice.take_part(slug)
    form = alice.get(f"/challenges/{slug}/submit/dev").form("/submit/dev")
    file = {"file": ("p.txt", b"score 0.5")}

    first, second = alice.send(form, files=file), alice.send(form, files=file)

    assert first.path == second.path
    assert alice.wait_for(first.path)
    assert [
        it for it in set(alice.get(f"/challenges/{slug}/submissions").links) if re.search(r"/submissions/\d+$", it)
    ] == [first.path]


def board_paths(browser, slug):
    """Return the addresses of the boards this person is shown, in order; none where the page is the only board."""
    until(lambda: browser.get(f"/challenges/{slug}").status == 200)
    links = browser.get(f"/challenges/{slug}/leaderboard").links
    boards = [it.partition("?")[0] for it in links if re.search(rf"/challenges/{slug}/leaderboard/\d+($|\?)", it)]
    return list(dict.fromkeys(boards))


def names_on(board):
    """Return the teams of a board from the top."""
    return re.findall(r'<span class="name">([^<]+)</span>', board.text.partition("<tbody>")[2])


def scores_on(answer):
    """Return everything on a page that looks like a score with two decimals."""
    return {word for word in answer.words.split() if word.replace(".", "", 1).isdigit() and "." in word}
