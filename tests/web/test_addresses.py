"""Addresses as people write them: one slash too many at the end leads to the page all the same."""

import pytest


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("/challenges/tumours/", "/challenges/tumours"),
        ("/challenges/tumours/leaderboard/", "/challenges/tumours/leaderboard"),
        ("/challenges/tumours/leaderboard/1//", "/challenges/tumours/leaderboard/1"),
        ("/challenges/tumours/leaderboard/?by=F1&col=m1&col=%E6%AD%A3", "/challenges/tumours/leaderboard?by=F1&col=m1&col=%E6%AD%A3"),
        ("/challenges/%E7%B3%96/", "/challenges/%E7%B3%96"),
        ("/sign-in/", "/sign-in"),
    ],
)  # fmt: skip
def test_a_slash_too_many_leads_to_the_page_without_it(visit, written, plain):
    answer = visit.as_role("visitor").client.get(written, follow_redirects=False)

    while answer.status_code == 308 and answer.location.endswith("/"):
        answer = visit.as_role("visitor").client.get(answer.location, follow_redirects=False)

    assert answer.status_code == 308
    assert answer.location == plain


def test_who_may_not_see_a_page_learns_nothing_from_a_slash(visit):
    stranger = visit.as_role("outsider")

    there, missing = (stranger.client.get(f"/challenges/{slug}/manage/") for slug in ("tumours", "nothing-here"))

    assert (there.status_code, missing.status_code) == (308, 308)
    assert stranger.client.get(there.location).status_code == 404


@pytest.mark.parametrize("written", ["/nothing/", "///example.com/", "/%2F/example.com/", "/x%0d%0aA:b/"])
def test_a_slash_behind_an_address_that_leads_nowhere_changes_nothing(visit, written):
    answer = visit.as_role("visitor").client.get(written, follow_redirects=True)

    assert answer.status_code == 404
    assert all(hop.request.host == "localhost" for hop in answer.history)


def test_a_form_sent_to_such_an_address_is_not_sent_on(visit):
    answer = visit.as_role("participant").post_path("/sign-out/")

    assert answer.status_code == 404
