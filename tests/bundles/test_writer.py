"""What is written, as a bundle or as JSON, is read again as the same challenge."""

import functools
import json
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given

from app.bundles.check import check
from app.bundles.packing import pack
from app.bundles.spec_json import decode, encode
from app.bundles.writer import write_configuration
from tests.bundles.builders import SCRIPT, challenge_files, changed, png, written, zip_of
from tests.bundles.corpus import configurations, outcome_of
from tests.bundles.specs import specs
from tests.fuzzing import few


def read_back(spec, folder, **options):
    """Pack a challenge with stand-ins for its files and check the bundle as an upload is checked."""
    script = folder / "script"
    script.mkdir()
    for name, source in SCRIPT.items():
        (script / name).write_text(source)
    (folder / "file").write_bytes(b"1,0")
    image = spec.image and png(spec.image.width, spec.image.height)
    (folder / "logo").write_bytes(image or b"")
    files = {it.test_annotation_file: folder / "file" for it in spec.challenge_phases if it.test_annotation_file}
    files |= {spec.image.path: folder / "logo"} if spec.image else {}
    pack(spec, files, script=script, into=folder / "bundle.zip")
    return check(folder / "bundle.zip", work_dir=folder / "work", default_zone="Asia/Tokyo", **options)


def read_back_in_a_folder(spec):
    with tempfile.TemporaryDirectory() as folder:
        return read_back(spec, Path(folder))


def read(content, folder):
    return check(written(folder, content), work_dir=folder / "first", default_zone="Asia/Tokyo")


@few(20, HealthCheck.data_too_large)
@given(specs())
def test_any_challenge_comes_back_as_it_was_from_a_bundle_and_from_json(spec):
    again = read_back_in_a_folder(spec)

    assert [it.text() for it in again.problems if it.severity == "error"] == []
    assert again.spec == spec
    assert decode(json.loads(json.dumps(encode(spec)))) == spec


@pytest.mark.skipif(not configurations(), reason="there is no ../shared/corpus beside the checkout")
def test_real_challenges_come_back_as_they_were_from_a_bundle_and_from_json():
    for path in configurations():
        spec = outcome_of(path).checked.spec if path.parent.name == "configs" else None
        if spec is not None:
            assert read_back_in_a_folder(spec).spec == spec, path.stem
            assert decode(json.loads(json.dumps(encode(spec)))) == spec


def test_what_is_written_is_what_a_person_would_write(tmp_path):
    config = changed("short_description: Which tumours are malignant?", "short_description: |\n  One: #1\n  Two")

    spec = read(zip_of(challenge_files(config)), tmp_path).spec

    text = write_configuration(replace(spec, unknown={"odd_key": [None, "1.50"]})).decode()
    assert "short_description: |-\n  One: #1\n  Two\ndescription: templates/description.html\n" in text
    assert "    schema:\n      labels:\n        - AUC\n        - F1\n      default_order_by: AUC\n" in text
    assert "disable_logs" not in text
    assert text.endswith("odd_key:\n  - null\n  - '1.50'\n")


def test_times_are_written_with_their_zone_so_that_every_server_reads_the_same_moment(tmp_path):
    spec = read(zip_of(challenge_files()), tmp_path).spec

    assert b"start_date: 2025-12-31 15:00:00+00:00\n" in write_configuration(spec)


def test_the_script_is_packed_with_its_folders_and_read_again(tmp_path):
    script = {**SCRIPT, "parts/inner.py": "x = 1\n", "data.bin": b"\x00\x01"}
    first = read(zip_of(challenge_files(script=script)), tmp_path)

    pack(first.spec, annotations_of(first), script=first.script_folder, into=tmp_path / "again.zip")
    again = check(tmp_path / "again.zip", work_dir=tmp_path / "second", default_zone="UTC")

    assert contents(again.script_folder) == contents(first.script_folder)
    assert (again.script_folder / "parts" / "inner.py").read_text() == "x = 1\n"


def test_the_same_challenge_gives_the_same_bytes(tmp_path):
    first = read(zip_of(challenge_files()), tmp_path)
    for name in ("one.zip", "two.zip"):
        pack(first.spec, annotations_of(first), script=first.script_folder, into=tmp_path / name)

    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_a_large_uniform_file_is_not_packed_so_tightly_that_the_import_refuses_it(tmp_path):
    first = read(zip_of(challenge_files()), tmp_path)
    (tmp_path / "zeros").write_bytes(bytes(11 * 1024 * 1024))

    pack(
        first.spec,
        {**annotations_of(first), "zeros": tmp_path / "zeros"},
        script=first.script_folder,
        into=tmp_path / "x.zip",
    )

    assert check(tmp_path / "x.zip", work_dir=tmp_path / "second", default_zone="UTC").ok


@pytest.mark.parametrize("name", ["evaluation_script/", "./code.zip", "https://example.org/e.zip", "../e.zip", "SRC"])
def test_a_script_under_any_name_is_found_again(tmp_path, name):
    first = read(zip_of(challenge_files()), tmp_path)

    pack(
        replace(first.spec, evaluation_script=name),
        annotations_of(first),
        script=first.script_folder,
        into=tmp_path / "x.zip",
    )

    assert check(tmp_path / "x.zip", work_dir=tmp_path / "second", default_zone="UTC").spec.evaluation_script == name


def test_a_configuration_too_long_in_lines_is_written_densely(tmp_path):
    spec = read(zip_of(challenge_files()), tmp_path).spec
    deep = {"k": functools.reduce(lambda inner, _: {"k": inner}, range(27), 1)}
    deep = {f"k{number}": deep for number in range(300)}

    assert read_back(replace(spec, unknown=deep), tmp_path).spec.unknown == deep


def annotations_of(checked):
    paths = [it.test_annotation_file for it in checked.spec.challenge_phases] + [checked.spec.image.path]
    return {path: checked.root / path for path in paths}


def contents(folder):
    return {str(it.relative_to(folder)): it.read_bytes() for it in folder.rglob("*") if it.is_file()}


@pytest.mark.parametrize("key", ['said"', '"said', "“said”", "said’"])
def test_quotation_marks_that_belong_to_a_key_come_back_with_it(tmp_path, key):
    spec = read(zip_of(challenge_files()), tmp_path).spec
    spec = replace(spec, unknown={key: "kept"})

    assert read_back(spec, tmp_path).spec.unknown == {key: "kept"}
