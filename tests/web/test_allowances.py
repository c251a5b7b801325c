"""What a host allows beyond the bundle, on its page."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock as app_clock
from app.extensions import db
from app.models.site import AuditEntry
from tests.factories import make_account, make_team

PAGE = {"slug": "tumours"}


def test_the_zone_of_limits_is_chosen_and_taken_back(host, challenge):
    answer = host.post("allowances.set_zone", {"timezone": "America/New_York"}, **PAGE)

    assert (answer.status_code, challenge.timezone) == (303, "America/New_York")
    assert 'selected value="America/New_York"' in host.get("allowances.show", **PAGE).text
    host.post("allowances.set_zone", {"timezone": ""}, **PAGE)
    assert challenge.timezone is None


def test_a_zone_that_does_not_exist_is_refused(host, challenge):
    assert host.post("allowances.set_zone", {"timezone": "Atlantis/Capital"}, **PAGE).status_code == 422
    assert challenge.timezone is None


def test_a_phase_opens_to_late_files_and_gets_a_size_of_its_own_and_the_log_says_so(host, pages, challenge):
    phase = challenge.phases[0]
    phase.end_at = app_clock.now() - timedelta(days=1)
    db.session.commit()
    name = f"phase-{phase.id}-"

    answer = host.post(
        "allowances.set_phase", {f"{name}accepts_late": "y", f"{name}most_mb": "3"}, codename="dev", **PAGE
    )

    assert answer.status_code == 303
    assert (phase.accepts_late, phase.max_file_bytes) == (True, 3 * 1024 * 1024)
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (entry.action, entry.subject, entry.details["after"]["late"]) == ("phase.allowance", "tumours/dev", True)
    bob = make_account("Bob")
    make_team(challenge, bob)
    text = pages.signed_in(bob).get("sending.new_to", codename="dev", **PAGE).text
    assert "at most 3\u00a0MB" in text
    assert "never ranked" in text


@pytest.mark.parametrize("given", ["0", "-1", "513", "many"])
def test_a_size_must_fit_into_the_servers(host, challenge, given):
    phase = challenge.phases[0]

    answer = host.post("allowances.set_phase", {f"phase-{phase.id}-most_mb": given}, codename="dev", **PAGE)

    assert answer.status_code == 422
    assert phase.max_file_bytes is None


def test_a_phase_that_is_not_there_is_not_found(host):
    assert host.post("allowances.set_phase", {}, codename="other", **PAGE).status_code == 404


def test_every_way_from_the_manage_page_to_settings_is_called_as_the_page_it_leads_to(host):
    state = host.get("hosting.show", **PAGE).text.split('id="state"')[1].split("</section>")[0]
    ways = dict(re.findall(r'<a (?:class="button" )?href="([^"]+)">([^<]+)</a>', state))

    named = {path: text for path, text in ways.items() if path.endswith(("/sending", "/after-sending"))}

    assert len(set(named.values())) == 2
    for path, text in named.items():
        assert f"<title>{text} · " in host.get_path(path).text
