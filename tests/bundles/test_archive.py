import io
import os
import struct
import tracemalloc
import warnings
import zipfile

import pytest

from app.bundles.archive import open_bundle
from app.bundles.problems import BundleRefused, Severity
from app.bundles.zip_listing import ArchiveLimits
from tests.bundles.builders import RawZip, written, zip_of


def opened(folder, content, **limits):
    return open_bundle(written(folder, content), folder / "out", limits=ArchiveLimits(**limits))


def refusal(folder, content, **limits):
    """Return the sentences of a refusal, having seen that nothing stayed behind."""
    with pytest.raises(BundleRefused) as refused:
        opened(folder, content, **limits)
    assert not (folder / "out").exists()
    assert all(problem.advice() for problem in refused.value.problems)
    return " ".join(problem.text() for problem in refused.value.problems)


def entry(name, **fields):
    raw = RawZip()
    raw.add(b"good.txt")
    raw.add(name, **fields)
    return raw.bytes()


def test_the_files_of_a_zip_are_unpacked_with_plain_modes(tmp_path):
    old = os.umask(0o027)
    try:
        files = opened(tmp_path, entry(b"a/b/run.sh", mode=0o106777))
    finally:
        os.umask(old)

    assert [(file.path, file.size) for file in files.files] == [("good.txt", 1), ("a/b/run.sh", 1)]
    assert (files.root / "a/b/run.sh").read_bytes() == b"x"
    assert (files.root / "a/b/run.sh").stat().st_mode & 0o7777 == 0o640
    assert (files.root / "a/b").stat().st_mode & 0o7777 == 0o750


@pytest.mark.parametrize(
    "name",
    [
        *(b"../x", b"a/../../x", b"a/..", b"..", b".", b"/", b"", b"/abs/x", b"//host/x"),
        *(b"C:\\x", b"C:x", b"..\\..\\x", b"\\\\host\\x", b"a//b", b"a/./b", b"a\x00b", b"a\nb"),
    ],
)
def test_an_entry_that_leaves_the_bundle_is_refused(tmp_path, name):
    assert "entry" in refusal(tmp_path, entry(name))


def test_a_zip_with_dot_dot_is_refused_and_names_the_entry(tmp_path):
    assert "`../../etc/passwd`" in refusal(tmp_path, entry(b"../../etc/passwd"))


@pytest.mark.parametrize("mode", [0o120777, 0o010644, 0o020644, 0o060644, 0o140755])
def test_a_link_or_a_device_is_refused(tmp_path, mode):
    assert "link or a device" in refusal(tmp_path, entry(b"link", content=b"/etc/passwd", mode=mode))


def test_a_name_twice_is_refused(tmp_path):
    assert "twice" in refusal(tmp_path, entry(b"good.txt"))


def test_a_name_in_two_unicode_forms_counts_as_twice(tmp_path):
    raw = RawZip()
    raw.add("é.html".encode(), flags=0x800)
    raw.add("e\u0301.html".encode(), flags=0x800)

    assert "twice" in refusal(tmp_path, raw.bytes())


def test_names_that_differ_in_capitals_only_are_noted(tmp_path):
    files = opened(tmp_path, zip_of({"Data.csv": "a", "data.csv": "b"}))

    assert [problem.severity for problem in files.problems] == [Severity.NOTE]
    assert len(files.files) == 2


@pytest.mark.parametrize("order", [[b"a", b"a/b"], [b"a/b", b"a"], [b"a/", b"a"]])
def test_a_file_that_is_also_a_folder_is_refused(tmp_path, order):
    raw = RawZip()
    for name in order:
        raw.add(name, content=b"")

    assert "file and a folder" in refusal(tmp_path, raw.bytes())


def test_a_password_is_refused(tmp_path):
    assert "password" in refusal(tmp_path, entry(b"secret.csv", flags=1))


def test_an_unusual_packing_is_refused(tmp_path):
    assert "method 99" in refusal(tmp_path, entry(b"x", method=99))
    assert "method 14" in refusal(tmp_path, zip_of({"a": "a"}, packing=zipfile.ZIP_LZMA))


def test_entries_over_the_same_bytes_are_refused(tmp_path):
    raw = RawZip()
    first = raw.add(b"a" * 4, content=b"\0" * 5_000)
    for number in range(50):
        raw.add(f"{number:04}".encode(), content=b"\0" * 5_000, offset=first)

    assert "overlaps" in refusal(tmp_path, raw.bytes())


def test_headers_quoted_in_an_extra_field_are_refused(tmp_path):
    raw = RawZip()
    inner = RawZip()
    inner.add(b"b", content=b"payload")
    raw.add(b"a", content=b"payload", extra=struct.pack("<HH", 0x9999, len(inner.body)) + bytes(inner.body))
    raw.add(b"b", content=b"payload", offset=30 + 1 + 4)

    assert "overlaps" in refusal(tmp_path, raw.bytes())


def test_a_bomb_is_refused_by_its_ratio(tmp_path):
    assert "200 times" in refusal(tmp_path, zip_of({"bomb": bytes(20 * 1024**2), "x": "x"}))


def test_a_small_uniform_file_is_fine_at_any_ratio(tmp_path):
    assert opened(tmp_path, zip_of({"zeros.csv": bytes(5 * 1024**2)})).files[0].size == 5 * 1024**2


def test_too_much_in_all_is_refused_before_unpacking(tmp_path):
    content = zip_of({"a": os.urandom(600), "b": os.urandom(600)})

    assert "1200 bytes" in refusal(tmp_path, content, unpacked=1_000)


def test_a_file_too_large_is_refused_with_both_sizes(tmp_path):
    assert "600 bytes; at most 500" in refusal(tmp_path, zip_of({"a": os.urandom(600)}), file=500)


def test_a_zip_too_large_is_refused_before_it_is_opened(tmp_path):
    assert "the limit is 100" in refusal(tmp_path, b"PK" + bytes(200), packed=100)


def test_seventy_thousand_entries_are_refused_by_the_end_record(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(70_000):
            archive.writestr(f"f{number}", b"")

    assert "70000 entries" in refusal(tmp_path, buffer.getvalue())


def test_a_count_of_entries_that_lies_is_refused(tmp_path):
    raw = RawZip()
    for number in range(5):
        raw.add(f"{number}".encode())

    assert "damaged" in refusal(tmp_path, raw.bytes(count=3))


def test_folders_too_deep_are_refused(tmp_path):
    assert "12 folders deep" in refusal(tmp_path, entry(b"/".join([b"d"] * 3_000)))


def test_a_name_too_long_is_refused(tmp_path):
    assert "longer than 200 bytes" in refusal(tmp_path, entry(b"n" * 300))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"hello", "not a zip"),
        (b"GIF89a" + zip_of({"a": "a"}), "not a zip"),
        (b"MZ\x90" + zip_of({"a": "a"}), "not a zip"),
        (zip_of({"a": "a" * 500})[:100], "cut off"),
        (zip_of({"a": "a"}) + b"\0" * 70_000, "cut off"),
        (zip_of({"a": "a"}) + b"junk", "cut off"),
        (b"PK\x03\x04", "cut off"),
        (b"PK\x05\x06", "cut off"),
    ],
    # names of their own: a zip holds the time it was made, and test processes have to agree on the names of tests
    ids=["empty", "text", "gif", "program", "half", "padded", "followed", "start", "end"],
)
def test_what_is_no_whole_zip_is_refused(tmp_path, content, sentence):
    assert sentence in refusal(tmp_path, content)


def test_bytes_in_front_of_the_first_entry_are_refused(tmp_path):
    assert "cut off or damaged" in refusal(tmp_path, b"PK" + b"junk" * 5 + zip_of({"a": "a"}))


def test_an_empty_zip_opens_to_nothing(tmp_path):
    assert opened(tmp_path, zip_of({})).files == ()


@pytest.mark.parametrize("fields", [{"crc": 1}, {"size": 3}, {"size": 2**31}, {"size": 0}])
def test_a_wrong_checksum_or_size_is_refused(tmp_path, fields):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert "bytes" in (said := refusal(tmp_path, entry(b"lie", content=b"12345", **fields))) or "damaged" in said


def test_an_entry_that_unpacks_to_more_than_it_says_is_refused(tmp_path):
    content = bytearray(zip_of({"a": bytes(100_000)}))
    at = content.index(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<L", 10)

    assert "damaged" in refusal(tmp_path, bytes(content))


@pytest.mark.parametrize("size", [2**63, 2**64 - 1])
def test_zip64_sizes_that_lie_are_refused_without_memory(tmp_path, size):
    raw = RawZip()
    raw.add(b"huge", extra=struct.pack("<HHQQ", 1, 16, size, size), size=0xFFFFFFFF)
    tracemalloc.start()

    refusal(tmp_path, raw.bytes())

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * 1024**2


def test_a_directory_past_the_end_is_refused(tmp_path):
    raw = RawZip()
    raw.add(b"a")

    assert "damaged" in refusal(tmp_path, raw.bytes(at=2**31))


def test_a_part_of_several_is_refused(tmp_path):
    raw = RawZip()
    raw.add(b"a")

    assert "damaged" in refusal(tmp_path, raw.bytes(disk=2))


def test_an_honest_zip64_opens(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, archive.open("a.bin", "w", force_zip64=True) as out:
        out.write(b"abc")

    assert opened(tmp_path, buffer.getvalue()).files[0].size == 3


@pytest.mark.parametrize("codec", ["utf-8", "cp932"])
def test_japanese_names_without_the_utf8_flag_are_read(tmp_path, codec):
    raw = RawZip()
    raw.add("正解/予測データ.csv".encode(codec))
    raw.add(b"x")

    assert opened(tmp_path, raw.bytes()).files[0].path == "正解/予測データ.csv"


def test_an_old_western_name_is_read(tmp_path):
    raw = RawZip()
    raw.add("été.html".encode("cp437"))

    assert opened(tmp_path, raw.bytes()).files[0].path == "été.html"


def test_leftovers_of_systems_and_editors_are_left_out_and_listed(tmp_path):
    names = ["__MACOSX/._a.yaml", "a/.DS_Store", ".git/config", ".github/workflows/x.yml", "Thumbs.db", "b/x.yaml~"]

    files = opened(tmp_path, zip_of({"a/x.csv": "x", "top": "x", **dict.fromkeys(names, "y")}))

    assert [file.path for file in files.files] == ["a/x.csv", "top"]
    assert set(files.skipped) == set(names)
    assert "(6)" in files.problems[-1].text()


def test_one_folder_around_everything_is_taken_off(tmp_path):
    files = opened(tmp_path, zip_of({"repo-main/": "", "repo-main/x.yaml": "x", "__MACOSX/repo-main/._x": "x"}))

    assert [file.path for file in files.files] == ["x.yaml"]
    assert "`repo-main/`" in files.problems[0].text()


def test_all_problems_are_told_at_once(tmp_path):
    raw = RawZip()
    raw.add(b"../x")
    raw.add(b"secret", flags=1)
    raw.add(b"link", mode=0o120777)

    said = refusal(tmp_path, raw.bytes())

    assert all(word in said for word in ("../x", "password", "link"))


def test_a_large_file_is_unpacked_without_holding_it(tmp_path):
    path = tmp_path / "big.zip"
    with zipfile.ZipFile(path, "w") as archive, archive.open("big.bin", "w") as out:
        for _ in range(64):
            out.write(os.urandom(1024**2))
    tracemalloc.start()

    open_bundle(path, tmp_path / "out")

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 6 * 1024**2


def test_a_name_that_turns_text_is_shown_harmlessly(tmp_path):
    raw = RawZip()
    raw.add("../a\u202egpj.exe".encode(), flags=0x800)

    assert "\u202e" not in refusal(tmp_path, raw.bytes())
