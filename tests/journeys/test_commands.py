"""Files sent by curl, as the page says: one line, with a token, against the real server."""

import html
import json
import re
import shutil
import subprocess

import pytest

from tests.journeys.challenges import obedient_zip
from tests.journeys.installation import until
from tests.journeys.people import live_challenge
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")


@pytest.fixture(scope="module")
def obedient(host, admin):
    return live_challenge(host, admin, obedient_zip("Sent by a command"))


@pytest.fixture
def carol(installation, obedient, request):
    number = len(installation.rows("select id from account"))
    return Visitor(installation.address).sign_up(f"Carol{number}").take_part(obedient)


def token_of(browser):
    answer = browser.fill_in("/profile/tokens", "/profile/tokens", {"name": "curl", "days": "30"})
    return re.search(r"shiai_[\w-]{43}", answer.text)[0]


def run(command, *, token, folder):
    """Run a line in a shell and return what it printed, and whether it went well."""
    environment = {"SHIAI_TOKEN": token, "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        ["sh", "-c", f"{command} -sS"],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, json.loads(done.stdout)


def test_the_line_on_the_page_sends_the_file_and_the_score_appears_at_the_address_it_names(carol, obedient, tmp_path):
    page = carol.get(f"/challenges/{obedient}/submit/dev").text
    command = html.unescape(re.search(r'<textarea id="command"[^>]*>([^<]+)</textarea>', page)[1])
    name = re.search(r"file=@(\S+)", command)[1]
    (tmp_path / name).write_bytes(b"score 0.75")
    token = token_of(carol)

    code, sent = run(command, token=token, folder=tmp_path)

    assert (code, sent["status"] in {"queued", "running", "finished"}) == (0, True)
    ask = f'curl --fail-with-body -H "Authorization: Bearer $SHIAI_TOKEN" {sent["state"]}'
    state = lambda: run(ask, token=token, folder=tmp_path)[1]  # noqa: E731 - one line asked again and again
    until(lambda: state()["status"] == "finished", seconds=30, what="the score")
    assert state()["scores"] == {"test_split": {"AUC": 0.75, "F1": 0.75}}

    code, again = run(command, token=token, folder=tmp_path)
    assert (code, again["submission"]["id"]) == (22, sent["id"])
    code, refused = run(command, token="shiai_made-up", folder=tmp_path)
    assert (code, list(refused)) == (22, ["error"])


def test_a_command_that_breaks_off_leaves_nothing_behind_and_one_of_many_bytes_arrives(
    installation, carol, obedient, tmp_path
):
    token, large = token_of(carol), tmp_path / "large.txt"
    large.write_bytes(b"sleep 0\n" * 1_500_000 + b"score 0.25")
    address = f"{installation.address}/api/challenges/{obedient}/phases/dev/submissions"
    send = f'curl -H "Authorization: Bearer $SHIAI_TOKEN" -F file=@large.txt {address} -sS'
    environment = {"SHIAI_TOKEN": token, "PATH": "/usr/bin:/bin"}

    broken = subprocess.run(
        ["sh", "-c", f"{send} --limit-rate 2M --max-time 2"], env=environment, cwd=tmp_path, timeout=60, check=False
    )

    assert broken.returncode == 28
    parts = installation.data / "tmp"
    until(lambda: not list(parts.glob("*.part")), seconds=30, what="the broken upload swept away")
    assert installation.rows("select count(*) from submission where file_name = 'large.txt'") == [(0,)]
    code, sent = run(send, token=token, folder=tmp_path)
    assert (code, sent["file"]) == (0, "large.txt")
