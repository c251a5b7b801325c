"""The pages about packages: what a script needs, asking for an environment, watching its build, removing it."""

import pytest

from app.extensions import db, queue, store, writing
from app.models.environments import Environment
from app.models.versions import BundleVersion
from app.queries import challenges
from app.rules.environments import BuildFailure, EnvironmentStatus
from tests.bundles.builders import MAIN, challenge_files, zip_of
from tests.factories import make_admin, make_challenge, make_environment, make_host, make_submission, make_team
from tests.web.test_hosting import upload

NEEDS = [
    {
        "name": "shapely",
        "asked": "==1.7.1",
        "places": [{"way": "pip", "file": "__init__.py", "line": 3}],
        "optional": False,
        "is_clear": True,
    },
    {
        "name": "numpy",
        "asked": "",
        "places": [{"way": "import", "file": "main.py", "line": 1}],
        "optional": False,
        "is_clear": True,
    },
    {
        "name": "pandas",
        "asked": "==0.1",
        "places": [{"way": "file", "file": "requirements.txt", "line": 2}],
        "optional": False,
        "is_clear": True,
    },
]


@pytest.fixture
def version(site):
    challenge = make_challenge("Tumours")
    with writing():
        challenge.version.needs = NEEDS
    return challenge.version_id


def environment_of(version_id):
    db.session.rollback()
    return db.session.get(BundleVersion, version_id).environment


def ask(browser, version, text, **options):
    return browser.post("environments.ask", {"requirements": text}, version_id=version, **options)


def change(environment, **values):
    with writing():
        for name, value in values.items():
            setattr(environment, name, value)


def test_after_an_upload_the_host_reads_what_the_script_needs_and_what_is_missing(pages, site):
    host = pages.signed_in(make_host())
    script = {"__init__.py": "import shapely\nfrom .main import evaluate\n", "main.py": f"import numpy\n{MAIN}"}

    text = upload(host, zip_of(challenge_files(script=script)), follow=True).text

    assert challenges.by_slug("tumour-challenge").version.needs is not None
    assert "The script needs <code>shapely</code>, which is not installed on this server." in text
    assert "__init__.py:1" in text
    assert "missing" in text


def test_the_form_is_filled_in_with_what_the_script_needs(admin, version):
    text = admin.get("environments.show", version_id=version).text

    assert "shapely==1.7.1\nnumpy\npandas==0.1</textarea>" in text
    assert "SHIAI_PACKAGE_INDEX" in text


def test_asking_for_an_environment_stores_it_and_wakes_the_builder(admin, version):
    queue.flush()

    answer = ask(admin, version, "# mine\nShapely == 2.0\nnumpy\n", follow=True)

    environment = environment_of(version)
    assert environment.requirements == "numpy\nshapely==2.0"
    assert environment.status is EnvironmentStatus.WAITING
    assert "Waiting to be built" in answer.text
    assert "data-live" in answer.text
    assert queue.pending_count() == 1
    assert "asked for an environment" in admin.get("people.audit").text


def test_every_line_that_cannot_be_used_is_named_and_nothing_is_stored(admin, version):
    answer = ask(admin, version, "numpy\n-r x.txt\nleaf @ https://evil.example/leaf.whl\n")

    assert answer.status_code == 422
    assert "Line 2" in answer.text
    assert "Line 3" in answer.text
    assert environment_of(version) is None


def test_a_build_is_watched_until_it_is_over(admin, version):
    ask(admin, version, "numpy")
    environment = environment_of(version)
    store.build_log(environment.key).write_text("Looking in links <b>\n")
    change(environment, status=EnvironmentStatus.BUILDING, started_at=environment.asked_at)

    running = admin.get("environments.build", version_id=version)
    again = admin.get("environments.build", version_id=version, headers={"If-None-Match": running.headers["ETag"]})
    change(environment_of(version), status=EnvironmentStatus.READY, packages={"numpy": "2.1"}, size=12_345_678)
    over = admin.get("environments.build", version_id=version)

    assert "Looking in links &lt;b&gt;" in running.text
    assert "data-live" in running.text
    assert again.status_code == 304
    assert "data-live" not in over.text
    assert "numpy 2.1" in over.text
    # the table of what the script needs follows: pandas was another version of the server's own, and is not in this one
    assert "another version" in running.text
    assert "another version" not in over.text


def test_what_cannot_be_had_is_offered_in_the_nearest_version(admin, version):
    ask(admin, version, "numpy==1.0\nleaf\nnothing-such")
    unavailable = [
        {"name": "numpy", "asked": "==1.0", "nearest": "1.21.2"},
        {"name": "nothing-such", "asked": "", "nearest": ""},
    ]
    change(
        environment_of(version),
        status=EnvironmentStatus.FAILED,
        failure=BuildFailure.UNAVAILABLE,
        unavailable=unavailable,
    )

    page = admin.get("environments.show", version_id=version).text
    offered = admin.get("environments.show", version_id=version, nearest=1).text

    assert "the nearest available version is 1.21.2" in page
    assert "nothing of that name" in page
    assert "leaf\n# nothing-such\nnumpy==1.21.2</textarea>" in offered


def test_the_table_compares_with_the_environment_once_it_is_built(admin, version):
    assert admin.get("admin.challenge", slug="tumours").text.count("missing") == 1

    ask(admin, version, "shapely==1.7.1\npandas==0.1\nnumpy")
    packages = {"shapely": "1.7.1", "pandas": "0.1", "numpy": "1.0"}
    change(environment_of(version), status=EnvironmentStatus.READY, packages=packages, size=1)

    text = admin.get("admin.challenge", slug="tumours").text
    assert "missing" not in text
    assert "in an environment of its own with 3 packages" in text


def test_what_is_still_missing_is_offered_as_a_comment(admin, version):
    ask(admin, version, "numpy")
    change(environment_of(version), status=EnvironmentStatus.READY, packages={"numpy": "2.1"}, size=1)

    text = admin.get("environments.show", version_id=version).text

    assert "numpy\n# shapely==1.7.1\n# pandas==0.1</textarea>" in text


def test_an_environment_that_is_used_stays_and_one_that_is_not_goes(admin, version):
    ask(admin, version, "numpy")
    environment_id = environment_of(version).id

    refused = admin.post("environments.remove", environment_id=environment_id)
    admin.post("environments.leave", version_id=version)
    removed = admin.post("environments.remove", environment_id=environment_id, follow=True)

    assert refused.status_code == 409
    assert removed.status_code == 200
    assert "No environment yet" in removed.text
    assert db.session.get(Environment, environment_id) is None


def test_the_list_says_size_and_who_uses_it(admin, version):
    ask(admin, version, "numpy")
    make_environment("leaf", by=environment_of(version).asked_by, status=EnvironmentStatus.READY, size=3 * 1024**3)

    text = admin.get("environments.index").text

    assert "3\u00a0GB" in text
    assert "Tumours" in text
    assert text.count("Remove</button>") == 1


def test_the_host_reads_why_there_is_no_environment_and_what_happens_meanwhile(admin, version):
    ask(admin, version, "numpy==1.0")
    building = admin.get("admin.challenge", slug="tumours").text
    unavailable = [{"name": "numpy", "asked": "==1.0", "nearest": "1.21.2"}]
    change(environment_of(version), status=EnvironmentStatus.FAILED, failure=BuildFailure.UNAVAILABLE)
    change(environment_of(version), unavailable=unavailable)
    never = admin.get("admin.challenge", slug="tumours").text
    change(environment_of(version), built_at=environment_of(version).asked_at)
    not_again = admin.get("admin.challenge", slug="tumours").text

    assert "An environment for this version is being built." in building
    assert "the nearest available version is 1.21.2" in never
    assert "Until there is one, the script is evaluated" in never
    assert "Until it works again, submissions fail" in not_again


def test_a_participant_reads_that_the_packages_are_being_installed_again(pages, site):
    challenge = make_challenge("Tumours")
    team = make_team(challenge)
    made = make_submission(challenge.phases[0], team)
    environment = make_environment("leaf", by=make_admin(), status=EnvironmentStatus.WAITING)
    with writing():
        challenge.version.environment_id = environment.id
        environment.built_at = environment.asked_at

    text = pages.signed_in(made.account).get("submissions.show", submission_id=made.id).text

    assert "are being installed again on this server" in text
