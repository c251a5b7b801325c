"""Settings: read once, typed; a wrong value is a sentence that names the setting and says what to write."""

import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import config

ROOT = Path(config.__file__).parent
GOOD_SECRET = "3f1c2b9a8d7e6f504132a1b2c3d4e5f6"


def load(tmp_path, **environ):
    return config.load({"SHIAI_DATA_DIR": str(tmp_path / "data"), **environ})


def test_nothing_needs_to_be_set(tmp_path):
    settings = config.load({}, root=tmp_path)

    assert settings.data_dir == tmp_path / "instance"
    assert (settings.host, settings.port, settings.timezone) == ("127.0.0.1", 8000, "UTC")
    assert settings.database_url == f"sqlite:///{tmp_path}/instance/shiai.db"
    assert settings.queue_url == f"sqlite:///{tmp_path}/instance/queue.db"
    assert settings.isolation == "strict"
    assert settings.max_submission_bytes == 512 * 1024 * 1024


def test_the_data_directory_is_made_for_this_account_alone(tmp_path):
    settings = load(tmp_path)

    assert stat.S_IMODE(settings.data_dir.stat().st_mode) == 0o700
    assert {it.name for it in settings.data_dir.iterdir() if it.is_dir()} == {
        "store",
        "packages",
        "jobs",
        "tmp",
        "environments",
    }


def test_a_directory_that_was_open_to_others_is_closed(tmp_path):
    (tmp_path / "data").mkdir(mode=0o755)

    assert stat.S_IMODE(load(tmp_path).data_dir.stat().st_mode) == 0o700


def test_the_secret_is_made_once_and_for_this_account_alone(tmp_path):
    first, second = load(tmp_path).secret_key, load(tmp_path).secret_key

    assert first == second
    assert len(first) == 64
    assert stat.S_IMODE((tmp_path / "data" / "secret-key").stat().st_mode) == 0o600


def test_two_installations_have_two_secrets(tmp_path):
    assert config.load({}, root=tmp_path / "a").secret_key != config.load({}, root=tmp_path / "b").secret_key


def test_values_that_are_set_are_used(tmp_path):
    settings = load(
        tmp_path,
        SHIAI_HOST="0.0.0.0",
        SHIAI_PORT=" 9000 ",
        SHIAI_TIMEZONE="Asia/Tokyo",
        SHIAI_SECRET_KEY=GOOD_SECRET,
        SHIAI_BASE_URL="https://shiai.example.com/",
        SHIAI_TRUSTED_HOSTS="shiai, shiai.lan ,",
        SHIAI_TRUSTED_PROXY="127.0.0.1",
        SHIAI_MAX_SUBMISSION_MB="3",
        SHIAI_DATABASE_URL="postgres://user@host/db",
        SHIAI_QUEUE_URL="redis://host/0",
        SHIAI_ISOLATION="best",
    )

    assert (settings.host, settings.port) == ("0.0.0.0", 9000)
    assert settings.secret_key == GOOD_SECRET
    assert (settings.base_url, settings.address) == ("https://shiai.example.com", "https://shiai.example.com")
    assert settings.is_https
    assert settings.trusted_hosts == ("shiai", "shiai.lan")
    assert settings.max_submission_bytes == 3 * 1024 * 1024
    assert settings.database_url == "postgresql+psycopg://user@host/db"
    assert settings.isolation == "best"


def test_an_address_for_everybody_is_printed_as_one_that_can_be_opened(tmp_path):
    assert load(tmp_path, SHIAI_HOST="0.0.0.0", SHIAI_PORT="81").address == "http://127.0.0.1:81"


WRONG = [
    ("SHIAI_PORT", "x"),
    ("SHIAI_PORT", "0"),
    ("SHIAI_PORT", "70000"),
    ("SHIAI_PORT", "8000.5"),
    ("SHIAI_WORKERS", "0"),
    ("SHIAI_WORKERS", "-1"),
    ("SHIAI_WEB_THREADS", "many"),
    ("SHIAI_CONNECTION_LIMIT", "5"),
    ("SHIAI_MAX_SUBMISSION_MB", "0"),
    ("SHIAI_MAX_BUNDLE_MB", "1e3"),
    ("SHIAI_EVALUATION_SECONDS", "forever"),
    ("SHIAI_EVALUATION_MEMORY_MB", "-5"),
    ("SHIAI_EVALUATION_MEMORY_MB", "64"),
    ("SHIAI_HOST", ""),
    ("SHIAI_HOST", "two words"),
    ("SHIAI_HOST", "http://127.0.0.1"),
    ("SHIAI_TIMEZONE", "Mars/Olympus"),
    ("SHIAI_TIMEZONE", "../../etc/passwd"),
    ("SHIAI_TIMEZONE", ""),
    ("SHIAI_SECRET_KEY", "short"),
    ("SHIAI_SECRET_KEY", "a" * 40),
    ("SHIAI_SECRET_KEY", "changeme-changeme-changeme"),
    ("SHIAI_BASE_URL", "shiai.example.com"),
    ("SHIAI_BASE_URL", "ftp://shiai.example.com"),
    ("SHIAI_TRUSTED_HOSTS", "http://x/"),
    ("SHIAI_TRUSTED_PROXY", "proxy.lan"),
    ("SHIAI_DATABASE_URL", "mysql://host/db"),
    ("SHIAI_QUEUE_URL", "amqp://host"),
    ("SHIAI_ISOLATION", "none"),
    ("SHIAI_PACKAGE_INDEX", "pypi.org"),
    ("SHIAI_PACKAGE_FOLDER", "/no/such/folder"),
    ("SHIAI_BUILD_SECONDS", "0"),
    ("SHIAI_ENVIRONMENT_MB", "much"),
    ("SHIAI_DATA_DIR", "/proc/nowhere"),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_value_is_a_sentence_that_names_it_and_says_what_to_write(tmp_path, name, value):
    with pytest.raises(config.ConfigError) as refusal:
        load(tmp_path, **{name: value})

    said = str(refusal.value)
    assert name in said
    assert re.search(r"\b(Write|Leave|Name|Run)\b", said)
    assert said.endswith(".")


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("SHIAI_PROT", "SHIAI_PORT"), ("SHIAI_DATADIR", "SHIAI_DATA_DIR"), ("SHIAI_TIME_ZONE", "SHIAI_TIMEZONE")],
)
def test_a_misspelt_name_stops_the_start_instead_of_meaning_nothing(tmp_path, wrong, right):
    with pytest.raises(config.ConfigError, match=f"{wrong} is no setting. Write {right}"):
        load(tmp_path, **{wrong: "x"})


def test_what_other_programs_call_theirs_is_left_alone(tmp_path):
    assert load(tmp_path, SHIAI_TOKEN="shiai_x", SHIAI_BACKUP_HOURS="3").port == 8000


@pytest.mark.parametrize("name", ["SHIAI_SECRET_KEY", "SHIAI_DATABASE_URL", "SHIAI_QUEUE_URL"])
def test_a_refusal_does_not_repeat_a_secret(tmp_path, name):
    value = "mysql://user:hunter2@host/db" if name.endswith("URL") else "hunter2"

    with pytest.raises(config.ConfigError) as refusal:
        load(tmp_path, **{name: value})

    assert "hunter2" not in str(refusal.value)


def test_a_secret_that_others_can_read_stops_the_start(tmp_path):
    load(tmp_path)
    (tmp_path / "data" / "secret-key").chmod(0o644)

    with pytest.raises(config.ConfigError, match="chmod 600"):
        load(tmp_path)


def test_a_secret_file_cut_short_stops_the_start(tmp_path):
    load(tmp_path)
    (tmp_path / "data" / "secret-key").write_text("")

    with pytest.raises(config.ConfigError, match="too easy to guess"):
        load(tmp_path)


@pytest.mark.parametrize("module", ["app.server", "app.worker"])
def test_a_wrong_value_ends_each_front_door_with_the_sentence_and_no_traceback(tmp_path, module):
    environ = {"PATH": "/usr/bin:/bin", "SHIAI_DATA_DIR": str(tmp_path), "SHIAI_PORT": "x", "SHIAI_WORKERS": "x"}

    ended = subprocess.run(
        [sys.executable, "-m", module], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=False
    )

    assert ended.returncode == 1
    assert "cannot start. SHIAI_PORT is 'x'" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_every_setting_is_in_the_documents():
    names = set(re.findall(r'"(SHIAI_[A-Z_]+)"', (ROOT / "config.py").read_text(encoding="utf-8")))
    assert names == set(config.NAMES)
    said = "".join(it.read_text(encoding="utf-8") for it in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])

    assert len(names) > 10
    assert {name for name in names if name not in said} == set()
