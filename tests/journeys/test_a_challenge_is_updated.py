"""A new version from upload to board: the old one evaluates until the admin approves, then the new one, at once."""

from tests.journeys.challenges import obedient_zip
from tests.journeys.people import live_challenge, upload_version


def test_the_version_before_evaluates_until_the_new_one_is_approved(host, admin, alice):
    slug = live_challenge(host, admin, obedient_zip("Twice measured"))
    alice.take_part(slug)
    before = alice.wait_for(alice.submit(slug, "dev", "a.csv", b"score 0.5\n"))

    changes = upload_version(host, slug, obedient_zip("Measured twice", halved=True))
    assert "version 1 stays live" in changes.words
    host.send(changes.form(changes.path))
    meanwhile = alice.wait_for(alice.submit(slug, "dev", "b.csv", b"score 0.4\n"))
    admin.fill_in(f"/admin/challenges/{slug}", "/versions/2/approve")
    after = alice.wait_for(alice.submit(slug, "dev", "c.csv", b"score 0.6\n"))

    assert "Measured twice" in after.words
    for page, score, version in ((before, "0.5000", 1), (meanwhile, "0.4000", 1), (after, "0.3000", 2)):
        assert score in page.words
        assert f"version {version} of the challenge" in page.words
    assert "The challenge is now at version 2." in alice.get(before.path).words
