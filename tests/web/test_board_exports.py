"""Boards as files, on paper and as they stood: the same rows that the page shows to the same person."""

import csv
import io
import json
from datetime import timedelta

from app.extensions import db, writing
from app.models.leaderboards import Standing
from app.models.site import AuditEntry
from app.queries import places
from app.services import board_settings
from tests.factories import make_account, make_board, make_scored, make_team


def where(split):
    return {"slug": "tumours", "phase_split_id": split.id}


def table(pages, split):
    text = pages.get("board_exports.as_csv", **where(split)).get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_names_in_a_csv_are_never_formulas_and_numbers_stay_numbers(pages, phase, split):
    team = make_team(phase.challenge, make_account("+Bob"), make_account("Carol"), name='=HYPERLINK("x"),\n"y"')
    make_scored(phase, team, {"AUC": -0.123456, "F1": 0.5}, method_name="@method", project_url="https://x.example/=1")

    (row,) = table(pages, split)

    assert row["team"] == '\'=HYPERLINK("x"),\n"y"'
    assert (row["members"], row["method"]) == ("'+Bob, Carol", "'@method")
    assert (row["project"], row["publication"]) == ("https://x.example/=1", "")
    assert (row["rank"], row["AUC"], row["F1"], row["entries"]) == ("1", "-0.1235", "0.5000", "1")


def test_the_json_has_the_rows_of_the_page_with_its_decimals(pages, phase, split):
    for name, score in (("Ones", 0.912345), ("Twos", 0.5)):
        make_scored(phase, make_team(phase.challenge, name=name), {"AUC": score})

    answer = pages.get("board_exports.as_json", **where(split))

    said = json.loads(answer.get_data())
    assert [(row["rank"], row["team"], row["scores"]["AUC"]) for row in said["rows"]] == [
        (1, "Ones", 0.9123),
        (2, "Twos", 0.5),
    ]
    assert (said["ordered_by"], said["higher_is_better"]) == ("AUC", True)


def test_files_of_an_owners_board_hold_the_own_row_and_those_of_an_anonymous_one_no_names(
    pages, hana, phase, split, clock
):
    own = make_board(phase, split="own", visibility=2)
    teams = [make_team(phase.challenge, make_account(name), name=f"Team of {name}") for name in ("Bob", "Carol")]
    for team, score in zip(teams, (0.9, 0.5), strict=True):
        make_scored(phase, team, {"test_split": {"AUC": score}, "own": {"AUC": score}})
    bob = pages.signed_in(teams[0].members[0].account)
    board_settings.set_anonymous(phase.challenge, is_anonymous=True, by=hana, now=clock.now())

    assert [row["team"] for row in table(bob, own)] == ["Team of Bob"]
    assert [row["team"] for row in table(pages, split)] == [f"Team {team.alias}" for team in teams]
    for name in ("as_csv", "as_json", "on_paper"):
        text = bob.get(f"board_exports.{name}", **where(split)).get_data().decode()
        assert "Team of Bob" in text
        assert "Carol" not in text


def test_the_page_for_paper_holds_all_rows(pages, phase, split, monkeypatch):
    monkeypatch.setattr(places, "PAGE", 1)
    for score in (0.9, 0.5):
        make_scored(phase, make_team(phase.challenge), {"AUC": score})

    text = pages.get("board_exports.on_paper", **where(split)).text

    assert "0.9000" in text
    assert "0.5000" in text


def test_the_board_can_be_seen_as_it_stood_in_the_readers_zone(pages, phase, split, clock):
    team, at = make_team(phase.challenge, name="Ones"), clock.now()
    make_scored(phase, team, {"AUC": 0.5})
    clock.advance(days=2)
    make_scored(phase, team, {"AUC": 0.9})
    day_later = (at + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")

    then = pages.get("past_boards.show", at=day_later, tz="UTC", **where(split)).text
    now = pages.get("past_boards.show", **where(split)).text
    before = pages.get("past_boards.show", at="2001-01-01T00:00", **where(split)).text

    assert "0.5000" in then
    assert "0.9000" not in then
    assert "0.9000" in now
    assert "Nothing to see at that moment" in before
    assert pages.get("past_boards.show", at="x", **where(split)).status_code == 200


def test_what_stood_before_a_reveal_is_seen_by_hosts_only(pages, hana, phase, clock):
    private = make_board(phase, split="private", visibility=1)
    team, at = make_team(phase.challenge), clock.now()
    make_scored(phase, team, {"private": {"AUC": 0.777}}, on_board=False)
    make_scored(phase, team, {"private": {"AUC": 0.333}})
    board_settings.reveal(private, by=hana, now=clock.advance(days=2))
    then = (at + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")

    seen = [
        "0.7770" in browser.get("past_boards.show", at=then, **where(private)).text
        for browser in (pages, pages.signed_in(hana))
    ]

    assert seen == [False, True]


def test_a_host_takes_a_submission_out_names_a_baseline_and_verifies(pages, hana, phase, split):
    team = make_team(phase.challenge, make_account("Bob"), name="Ones")
    made = make_scored(phase, team, {"AUC": 0.9})
    make_scored(phase, team, {"AUC": 0.5})
    hosts = make_team(phase.challenge, hana, name="Organisers", is_host_team=True)
    sample = make_scored(phase, hosts, {"AUC": 0.4})
    host, bob = pages.signed_in(hana), pages.signed_in(team.members[0].account)

    host.post("marks.change", {"flag_reason": "labels were in the features"}, submission_id=made.id)
    host.post("marks.change", {"is_baseline": "y", "baseline_name": "All ones"}, submission_id=sample.id)
    refused = host.post("marks.change", {"is_baseline": "y"}, submission_id=made.id)

    assert [(row["rank"], row["team"], row["AUC"]) for row in table(pages, split)] == [
        ("1", "Ones", "0.5000"),
        ("", "All ones", "0.4000"),
    ]
    assert "labels were in the features" in bob.get("submissions.show", submission_id=made.id).text
    assert refused.status_code == 422
    assert db.session.query(AuditEntry).filter_by(action="submission.marked").count() == 2


def test_standings_are_repaired_from_the_command_line(app, phase, split):
    team = make_team(phase.challenge)
    make_scored(phase, team, {"AUC": 0.5})
    with writing() as session:
        session.delete(session.get(Standing, (split.id, team.id)))

    first, second = (app.test_cli_runner().invoke(args=["repair-boards", "--json"]) for _ in range(2))

    assert [len(json.loads(it.output)["differences"]) for it in (first, second)] == [1, 0]
