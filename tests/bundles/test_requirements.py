"""What a script needs, read from its source: imports, requests to pip in all the ways they are written, requirements files."""

import pytest

from app.bundles.check import check
from app.bundles.problems import Severity
from app.bundles.requirements import Need, Place, State, Way, script_needs
from tests.bundles.builders import MAIN, challenge_files, written, zip_of

TEMPLATE = """\
import os
import subprocess
import sys
from pathlib import Path


def install(package):
    subprocess.run([sys.executable, "-m", "pip", "install", "--disable-pip-version-check", package])


def install_local_package(folder_name):
    where = os.path.join(str(Path(__file__).parent.absolute()) + folder_name)
    subprocess.run([sys.executable, "-m", "pip", "install", where])


PACKAGES = ["shapely==1.7.1", "nltk"]
"""


@pytest.fixture
def needs(tmp_path):
    """Write a script's files and return what it needs, by name."""

    def _needs(**files):
        folder = tmp_path / "script"
        folder.mkdir()
        for name, source in files.items():
            (folder / name.replace("__txt", ".txt")).with_suffix(
                ".txt" if name.endswith("__txt") else ".py"
            ).write_text(source, encoding="utf-8")
        return {it.name: it for it in script_needs(folder)}

    return _needs


def test_imports_are_packages_by_the_name_they_are_installed_under(needs):
    found = needs(
        __init__="import cv2, yaml\nimport PIL.Image as I\nfrom sklearn.metrics import f1_score\nfrom google.protobuf import x\n"
    )

    assert set(found) == {"opencv-python-headless", "pyyaml", "pillow", "scikit-learn", "protobuf"}
    assert found["pillow"].places == (Place(Way.IMPORT, "__init__.py", 2),)


def test_pythons_own_modules_and_the_scripts_own_are_no_packages(needs):
    found = needs(
        __init__="import json, os.path\nfrom .main import evaluate\nimport helper\nimport challenge_data.challenge_1.main\n",
        main="import helper\nimport numpy\n",
        helper="from __future__ import annotations\nimport scipy.stats\n",
        never_imported="import torch\n",
    )

    assert set(found) == {"numpy", "scipy"}


@pytest.mark.parametrize(
    ("source", "optional"),
    [
        ("try:\n    import torch\nexcept ImportError:\n    torch = None\n", True),
        ("try:\n    import torch\nexcept:\n    torch = None\n", True),
        ("try:\n    import torch\nexcept ValueError:\n    pass\n", False),
        ("try:\n    import torch\nexcept ImportError:\n    pass\nimport torch\n", False),
    ],
)
def test_an_import_that_the_script_can_do_without_is_optional(needs, source, optional):
    assert needs(__init__=source)["torch"].optional is optional


def test_what_only_type_checkers_import_is_not_needed(needs):
    assert needs(__init__="from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import torch\n") == {}


@pytest.mark.parametrize(
    ("call", "asked"),
    [
        ("install('shapely==1.7.1')", "shapely==1.7.1"),
        ("install(package='nltk')", "nltk"),
        ("for one in PACKAGES:\n    install(one)", "shapely==1.7.1"),
        ("for one in ['nltk', 'tqdm']:\n    subprocess.call(['pip', 'install', one])", "tqdm"),
        ("for module, one in (('PIL', 'pillow>=9'), ('tqdm', 'tqdm')):\n    install(one)", "pillow>=9"),
        ("PAIRS = [('cv2', 'opencv-python')]\nfor module, one in PAIRS:\n    install(one)", "opencv-python"),
        ("subprocess.check_call([sys.executable, '-m', 'pip', 'install', '-q', 'tqdm>=4', 'nltk'])", "tqdm>=4"),
        ("subprocess.check_call([sys.executable, '-m', 'pip', 'install', *PACKAGES])", "nltk"),
        ("subprocess.check_call(['pip', 'install'] + PACKAGES)", "nltk"),
        ("subprocess.run('pip install tqdm==4.1'.split())", "tqdm==4.1"),
        ("subprocess.run(f'{sys.executable} -m pip install tqdm', shell=True)", "tqdm"),
        ("subprocess.run('{} -m pip install tqdm'.format(sys.executable), shell=True)", "tqdm"),
        ("os.system('pip3 install --index-url https://example.org/simple tqdm')", "tqdm"),
        ("os.system('pip install ' + PACKAGES[0])", "pip install …"),
        ("import pip\npip.main(['install', 'tqdm'])", "tqdm"),
        ("from pip._internal import main\nmain(['install', 'tqdm'])", "tqdm"),
        ("install(os.environ['WHAT'])", "pip install …"),
        ("os.system('pip install git+https://example.org/x.git')", "git+https://example.org/x.git"),
    ],
)
def test_every_way_of_asking_pip_is_read(needs, call, asked):
    found = needs(__init__=TEMPLATE + call + "\n")

    assert asked in {it.requirement for it in found.values()}


def test_the_script_under_its_names_elsewhere_is_no_package(needs):
    assert needs(__init__="from challenge_data.challenge_1 import main\nfrom evaluation_script.main import x\n") == {}


def test_pip_is_asked_for_nothing_where_python_brings_it(needs):
    assert needs(__init__=TEMPLATE + "install('json')\n") == {}


def test_a_package_that_lies_in_the_bundle_is_not_asked_from_anybody(needs):
    assert needs(__init__=TEMPLATE + "install_local_package('/mine')\nos.system('pip install ./mine')\n") == {}


def test_pip_and_what_builds_packages_are_always_there(needs):
    assert needs(__init__=TEMPLATE + "install('pip')\ninstall('setuptools>=60')\nimport pkg_resources\n") == {}


def test_a_requirements_file_is_read_line_by_line(needs):
    text = "\ufeff# what we need\nNumPy == 1.23.5  # old\nscikit_learn\n-i https://example.org\n-r more.txt\n--hash x\n"

    found = needs(
        __init__="", requirements__txt=text, more__txt="tqdm \\\n  >=4.0 --hash=sha256:12\nx; python_version<'3'\n"
    )

    assert {it.requirement for it in found.values()} == {"numpy==1.23.5", "scikit-learn", "tqdm>=4.0"}
    assert found["tqdm"].places == (Place(Way.FILE, "more.txt", 1),)


def test_a_file_that_pip_is_given_is_read_too(needs):
    call = "subprocess.run(['pip', 'install', '-r', os.path.join(os.path.dirname(__file__), 'needs.txt')])\n"

    assert set(needs(__init__=TEMPLATE + call, needs__txt="tqdm\n")) == {"tqdm"}


def test_requirements_files_that_name_each_other_or_lead_outside_come_to_an_end(needs, tmp_path):
    (tmp_path / "secret.txt").write_text("secret\n")

    assert set(needs(__init__="", requirements__txt="-r requirements.txt\n-r ../secret.txt\ntqdm\n")) == {"tqdm"}


def test_one_package_is_one_row_with_all_its_places(needs):
    found = needs(__init__=TEMPLATE + "install('numpy>=1.20')\nimport numpy\n", requirements__txt="numpy<9\n")

    assert set(found["numpy"].asked.split(",")) == {">=1.20", "<9"}
    assert {place.way for place in found["numpy"].places} == set(Way)


@pytest.mark.parametrize(
    ("need", "state"),
    [
        (Need("numpy"), State.SATISFIED),
        (Need("numpy", "==1.2.3"), State.OTHER_VERSION),
        (Need("numpy", ">=2"), State.SATISFIED),
        (Need("torch"), State.MISSING),
        (Need("git+https://x", is_clear=False), State.UNREADABLE),
    ],
)
def test_a_need_is_compared_with_what_is_installed(need, state):
    assert need.state({"numpy": "2.4.6"}) is state


def test_a_need_survives_being_kept(needs):
    found = needs(__init__=TEMPLATE + "install('numpy>=1.20')\nimport numpy\n")["numpy"]

    assert Need.from_json(found.to_json()) == found


@pytest.mark.parametrize(
    "source",
    [
        "subprocess.run(" + "'a'+" * 2500 + "'b')",
        "import " + ".".join(["a"] * 5000),
        "x = [" * 50 + "]" * 50,
        "os.system('pip install \\0001\\0 x')",
    ],
)
def test_a_script_that_is_made_to_be_hard_to_read_is_read_in_time(needs, source):
    needs(__init__=source)


def test_the_import_says_what_is_missing_and_where_and_goes_on(tmp_path):
    script = {
        "__init__.py": TEMPLATE
        + "install('shapely==1.7.1')\ninstall('numpy==1.0')\ninstall('nltk')\nfrom .main import evaluate\n",
        "main.py": MAIN + "import shapely.geometry\n",
    }

    found = check(
        written(tmp_path, zip_of(challenge_files(script=script))), work_dir=tmp_path / "w", default_zone="UTC"
    )

    said = {(it.severity, it.line): it.text() for it in found.problems if it.file.startswith("evaluation_script")}
    assert found.ok
    assert said[Severity.WARNING, 3] == "The script needs `shapely`, which is not installed on this server."
    assert said[Severity.NOTE, 19].endswith("`nltk`, which is not installed on this server; nothing imports it.")
    assert "The script asks for `numpy==1.0`; this server has" in said[Severity.NOTE, 18]


def test_a_version_is_shown_where_it_is_asked_for_and_not_where_the_package_is_imported(tmp_path):
    script = {"__init__.py": "import numpy\nfrom .main import evaluate\n", "main.py": MAIN}
    listed = script | {"requirements.txt": "# ours\nnumpy==1.0\n"}

    found = check(
        written(tmp_path, zip_of(challenge_files(script=listed))), work_dir=tmp_path / "w", default_zone="UTC"
    )

    note = next(it for it in found.problems if "numpy==1.0" in it.text())
    assert (note.file, note.line) == ("evaluation_script.zip/requirements.txt", 2)
