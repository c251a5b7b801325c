"""Any bytes give a value or our own refusal, soon and in little memory."""

import tempfile
import time
import tracemalloc
from pathlib import Path

import yaml
from hypothesis import given
from hypothesis import strategies as st

from app.bundles.archive import open_bundle
from app.bundles.check import check
from app.bundles.problems import BundleRefused
from app.bundles.yaml_source import read_yaml
from tests.bundles.builders import CONFIG, challenge_files, written, zip_of
from tests.fuzzing import few, within_bounds

SOUND = zip_of(challenge_files())
quick = few(80)
SIGNS = st.sampled_from(
    [*"{}[]:,-?&*!|>'\"%@`#~<=. \t\n\r", "：", "- ", ": ", "<<", "\n  ", "&a ", "*a ", "a", "1", "\ufeff", "\x00", "！"]
)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=20), st.floats(), st.sampled_from(["2026-02-30", "x: y"])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def read(content):
    with within_bounds():
        try:
            problems = read_yaml(content, file="c.yaml").problems
        except BundleRefused as refusal:
            problems = refusal.problems or [None]
    assert all(problem.text() and problem.advice() and problem.line for problem in problems)


def checked(content):
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        path = written(place, content)
        with within_bounds():
            result = check(path, work_dir=place / "work", default_zone="Asia/Tokyo")
    assert result.ok or result.problems
    assert all(problem.text() and problem.to_json() for problem in result.problems)
    return result


@quick
@given(st.binary(max_size=400))
def test_any_bytes_as_a_configuration(content):
    read(content)


@quick
@given(st.lists(SIGNS, max_size=60))
def test_any_signs_of_yaml_as_a_configuration(signs):
    read("".join(signs).encode())


@quick
@given(st.integers(0, len(CONFIG)), st.integers(0, 12), st.lists(SIGNS, max_size=4))
def test_any_slip_in_a_sound_configuration(place, length, signs):
    checked(zip_of(challenge_files(CONFIG[:place] + "".join(signs) + CONFIG[place + length :])))


@quick
@given(st.integers(0, 38), VALUES)
def test_any_value_in_the_place_of_another(line, value):
    lines = CONFIG.splitlines()
    key = lines[line].split(":")[0]
    lines[line] = f"{key}: {yaml.safe_dump(value, default_flow_style=True, width=10_000).splitlines()[0]}"

    checked(zip_of(challenge_files("\n".join(lines) + "\n")))


@quick
@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_as_a_zip(content, starts_well):
    checked(b"PK\x03\x04" + content if starts_well else content)


@quick
@given(
    st.lists(st.tuples(st.integers(0, len(SOUND) - 1), st.integers(0, 255)), min_size=1, max_size=8), st.integers(0, 40)
)
def test_any_damage_to_a_sound_zip(changes, cut):
    content = bytearray(SOUND)
    for place, byte in changes:
        content[place] = byte
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        refused = False
        try:
            open_bundle(written(place, bytes(content[: len(content) - cut])), place / "out")
        except BundleRefused as refusal:
            refused = bool(refusal.problems)
        assert (place / "out").exists() is not refused


@quick
@given(st.binary(max_size=200) | st.text(alphabet="def evaluat(:)=*,\n #'", max_size=80).map(str.encode))
def test_any_bytes_as_a_script(source):
    checked(zip_of(challenge_files(script={"__init__.py": source})))


def test_the_worst_configurations_are_answered_soon():
    size = 256 * 1024
    hostile = ["k: v\n" * 52_000, "a: [" + "1," * 130_000, "[" * size, "k" + " " * 200_000 + "x: y: z", '"\\' * 130_000]
    hostile += [
        "a: b\n" + "".join(f"k{n}: &k{n} [" + f"*k{n - 1}," * 9 + "]\n" for n in range(1, 2_000)),
        "? " * 130_000,
    ]

    for text in hostile:
        began = time.process_time()
        read(text.encode()[:size])
        assert time.process_time() - began < 10  # about one; this catches the square of a line's length only


def test_a_configuration_of_the_largest_size_takes_little_memory():
    tracemalloc.start()
    read(b"k: v\n" * 52_000)

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 64 * 1024**2
