"""The host's settings of boards as people meet them: hidden, frozen, revealed, anonymous, and the columns they choose."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from app.extensions import db, writing
from app.models.challenges import PhaseSplit
from app.queries import places
from app.services import board_settings
from tests.factories import make_account, make_board, make_scored, make_team


@pytest.fixture
def teams(phase):
    made = [make_team(phase.challenge, make_account(name), name=f"Team of {name}") for name in ("Bob", "Carol")]
    for team, score in zip(made, (0.9, 0.123456), strict=True):
        make_scored(phase, team, {"AUC": score, "F1": 1 - score})
    return made


def put(split, **columns):
    with writing() as session:
        for name, value in columns.items():
            setattr(session.merge(split), name, value)


def rows(browser, split, **options):
    return browser.get("leaderboards.rows", phase_split_id=split.id, **options)


def signed_in(pages, team):
    return pages.signed_in(team.members[0].account)


def test_a_hidden_board_is_the_hosts_alone_until_its_moment_comes(pages, hana, split, teams, clock):
    put(split, hidden_until=clock.now() + timedelta(hours=1))
    browsers = [pages, signed_in(pages, teams[0])]

    assert [rows(it, split).status_code for it in browsers] == [404, 404]
    assert "Participants do not see this leaderboard before" in _show(pages.signed_in(hana))
    clock.advance(hours=2)
    assert [rows(it, split).status_code for it in browsers] == [200, 200]


def _show(browser, **options):
    return browser.get("leaderboards.show", slug="tumours", **options).text


@pytest.mark.parametrize("tells_owners", [False, True])
def test_a_score_that_comes_after_the_freeze_is_told_to_its_team_only_where_the_host_says_so(
    pages, phase, split, teams, clock, tells_owners
):
    clock.to_noon()
    put(split, freeze_at=clock.advance(hours=1), tells_owners=tells_owners)
    tag = rows(pages, split).headers["ETag"]
    clock.advance(hours=1)

    made = make_scored(phase, teams[1], {"AUC": 0.987654, "F1": 0.987654})

    assert rows(pages, split).headers["ETag"] == tag
    assert "0.9877" not in rows(pages, split).text
    bob, carol = (signed_in(pages, team) for team in teams)
    assert "It is frozen" not in _show(bob)
    assert "This leaderboard is frozen" in _show(carol)
    page = carol.get("submissions.show", submission_id=made.id).text
    mine = carol.get("submissions.mine", slug="tumours").text
    assert ["0.9877" in text for text in (page, mine)] == [tells_owners, tells_owners]


def test_only_hosts_are_led_to_a_frozen_board_without_the_freeze(pages, hana, phase, split, teams, clock):
    put(split, freeze_at=clock.advance(hours=1))
    clock.advance(hours=1)
    make_scored(phase, teams[1], {"AUC": 0.987654, "F1": 0.5})

    host, bob = pages.signed_in(hana), signed_in(pages, teams[0])

    assert "See it without the freeze" in _show(host)
    assert "See it without the freeze" not in _show(bob)
    page = host.get("board_settings.revealed", slug="tumours", phase_split_id=split.id)
    assert page.status_code == 200
    assert page.text.index("Team of Carol") < page.text.index("Team of Bob")
    assert "0.9877" in page.text
    assert bob.get("board_settings.revealed", slug="tumours", phase_split_id=split.id).status_code == 404


def test_the_page_states_the_share_of_the_test_data(pages, split, teams):
    put(split, share_percent=30)

    text = _show(pages)

    assert "calculated on about 30 % of the test data" in text.lower()
    assert "based on the other 70 %" in text


def test_revealing_is_asked_about_done_once_and_shows_how_ranks_moved(pages, hana, phase, split, teams):
    private = make_board(phase, split="private", visibility=1, public_board_id=split.id, share_percent=70)
    for team, score in zip(teams, (0.2, 0.8), strict=True):
        make_scored(phase, team, {"private": {"AUC": score}})
    host = pages.signed_in(hana)
    asked = host.get("board_settings.ask_to_reveal", slug="tumours", phase_split_id=private.id).text
    assert "What people have seen cannot be undone" in asked
    assert rows(pages, private).status_code == 404

    answer = host.post("board_settings.reveal", slug="tumours", phase_split_id=private.id)

    assert answer.status_code == 303
    text = rows(pages, private).text
    assert text.index("Team of Carol") < text.index("Team of Bob")
    assert re.search(r"▲1.*Team of Carol.*▼1.*Team of Bob", text, re.DOTALL)
    page = _show(pages, phase_split_id=private.id)
    assert "about 70 %" in page
    rule = page[page.index('id="board-rule"') :]
    assert f'href="/challenges/tumours/leaderboard/{split.id}"' in rule


def test_a_board_that_ranks_picks_says_so_before_and_after_it_is_revealed(pages, hana, phase, split, teams):
    put(phase, final_picks=2)
    private = make_board(phase, split="private", visibility=1)
    host = pages.signed_in(hana)
    picks, shown = "2 submissions that each team picked count", "Submissions that the team put on the leaderboard count"
    asked = host.get("board_settings.ask_to_reveal", slug="tumours", phase_split_id=private.id).text
    assert "What counts is what each team picked" in asked

    host.post("board_settings.reveal", slug="tumours", phase_split_id=private.id)

    pages_of = [_show(pages, phase_split_id=it.id) for it in (private, split)]
    assert [(picks in it, shown in it) for it in pages_of] == [(True, False), (False, True)]
    paper = pages.get("board_exports.on_paper", slug="tumours", phase_split_id=private.id).text
    assert picks in paper


def test_the_settings_are_saved_in_the_readers_zone_and_mistakes_stand_beside_their_fields(pages, hana, split):
    host = pages.signed_in(hana)
    prefix = f"board-{split.id}-"
    sent = {"visibility": "2", "share_percent": "30", "freeze_at": "2031-05-03T12:00", "public_board_id": "0"}
    address = {"slug": "tumours", "phase_split_id": split.id}

    wrong = host.post("board_settings.change", {prefix + "visibility": "7", prefix + "share_percent": "900"}, **address)
    right = host.post("board_settings.change", {prefix + name: it for name, it in sent.items()}, **address)

    assert wrong.status_code == 422
    assert "from 1 to 100" in wrong.text
    assert right.status_code == 303
    page = host.get("board_settings.index", slug="tumours").text
    assert 'value="2031-05-03T12:00"' in page
    assert split.visibility == 2


def test_a_moment_that_nobody_touched_stays_what_it_was_to_the_second(pages, hana, split):
    freeze_at = datetime(2031, 5, 3, 12, 0, 59, tzinfo=UTC)
    put(split, freeze_at=freeze_at)
    sent = {"visibility": "3", "share_percent": "30", "freeze_at": "2031-05-03T12:00", "public_board_id": "0"}
    data = {f"board-{split.id}-{name}": value for name, value in sent.items()}

    pages.signed_in(hana).post("board_settings.change", data, slug="tumours", phase_split_id=split.id)

    db.session.expire_all()
    assert (db.session.get(PhaseSplit, split.id).freeze_at, split.share_percent) == (freeze_at, 30)


def test_anonymous_teams_have_numbers_everywhere_and_each_sees_its_own_name(pages, hana, phase, split, teams, clock):
    board_settings.set_anonymous(phase.challenge, is_anonymous=True, by=hana, now=clock.now())
    make_scored(phase, teams[1], {"AUC": 0.99, "F1": 0.5}, method_name="The way of Carol")
    bob = signed_in(pages, teams[0])
    everywhere = [
        _show(pages),
        rows(pages, split).text,
        rows(pages, split, mine=teams[0].id, lang="en", tz="UTC").text,
        rows(pages, split, by="F1").text,
    ]

    for text in everywhere:
        assert "Bob" not in text
        assert "Carol" not in text
        assert f"Team {teams[0].alias}<" in text
        assert f"row-{teams[0].id}" not in text
    for text in (_show(bob), rows(bob, split).text):
        assert "Team of Bob" in text
        assert "Carol" not in text
    assert "Team of Carol" in rows(pages.signed_in(hana), split).text


def test_only_the_chosen_columns_are_shown_and_the_ordering_one_always(pages, split, teams):
    every, few = _show(pages), _show(pages, col=["entries"])

    assert "F1" in every
    table = few[few.index("<table") : few.index("</table>")]
    assert "AUC" in table
    assert "Entries" in table
    assert "F1" not in table
    assert "Last submission" not in table


def test_answers_to_the_hosts_questions_are_columns_for_who_asks_for_them(pages, phase, split, teams):
    with writing():
        phase.submission_meta_attributes = [{"name": "Family", "type": "text", "is_visible": True}]

    plain, asked = _show(pages), _show(pages, col=["a0", "entries"])

    table, wider = (it[it.index("<table") : it.index("</table>")] for it in (plain, asked))
    assert ("Family" in table, "Family" in wider) == (False, True)


def test_arrows_say_how_many_places_were_won_since_a_moment(pages, phase, split, teams, clock):
    then = clock.advance(minutes=20)
    clock.advance(days=1, minutes=5)
    make_scored(phase, teams[1], {"AUC": 0.95})
    make_scored(phase, make_team(phase.challenge, name="Late"), {"AUC": 0.5})

    for since in (None, then.strftime("%Y-%m-%dT%H:%MZ")):
        text = rows(pages, split, since=since).text
        assert re.search(r"▲1.*Team of Carol.*▼1.*Team of Bob.*new.*Late", text, re.DOTALL)
    assert "▲" not in rows(pages, split, since="2020-01-01T00:00Z").text


def test_the_own_row_is_told_above_the_table_with_a_way_to_it(pages, phase, split, teams, monkeypatch):
    monkeypatch.setattr(places, "PAGE", 1)
    carol = signed_in(pages, teams[1])

    text = _show(carol)

    assert "rank 2 of 2" in text
    assert f"page=2#row-{teams[1].id}" in text
    assert "Your team:" not in _show(pages)


@pytest.mark.parametrize("query", [{"since": "x"}, {"since": "0001-01-01T00:00+00:00"}, {"col": ["x", "m99"]}])
def test_no_wish_in_the_address_breaks_the_board(pages, split, teams, query):
    assert rows(pages, split, **query).status_code == 200
