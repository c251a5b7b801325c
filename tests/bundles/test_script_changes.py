"""People who approve a script see which of its lines change, and nothing that hides from them."""

import pytest

from app.bundles.line_diff import changed_lines
from app.bundles.script_changes import MOST_BYTES, MOST_FILES, Fate, Unshown, script_changes


@pytest.fixture
def compare(tmp_path):
    def _compare(old, new):
        for name, files in (("old", old), ("new", new)):
            for path, content in files.items():
                file = tmp_path / name / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return script_changes(tmp_path / "old", tmp_path / "new")

    return _compare


def signed(lines):
    return [f"{line.sign}{line.text}" for line in lines]


def test_changed_new_and_removed_files_are_told_with_their_lines_python_first(compare):
    old = {"main.py": "a\nb\n", "same.py": "x\n", "words.txt": "one\n"}

    found = compare(old, {"main.py": "a\nc\n", "same.py": "x\n", "parts/new.py": "y = 1\n"})

    assert [(it.path, it.fate) for it in found] == [
        ("main.py", Fate.CHANGED),
        ("parts/new.py", Fate.NEW),
        ("words.txt", Fate.REMOVED),
    ]
    assert [signed(it.lines) for it in found] == [[" a", "-b", "+c"], ["+y = 1"], ["-one"]]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b"\xff\xfe\x00", b"\xff\xfe\x01", Unshown.BINARY),
        (b"a\0b", b"a\0c", Unshown.BINARY),
        (b"", b"x" * (MOST_BYTES + 1), Unshown.LARGE),
        (b"a\n" * 3_000, b"b\n" * 3_000, Unshown.LARGE),
        (b"a\r\n", b"a\n", Unshown.ENDS),
    ],
)
def test_a_file_whose_lines_are_not_shown_says_why(compare, old, new, why):
    (found,) = compare({"file.py": old}, {"file.py": new})

    assert (found.unshown, found.lines) == (why, ())


def test_one_line_of_a_very_long_file_is_shown_with_two_around_it(compare):
    lines = [f"x{number}\n" for number in range(10_000)]

    (found,) = compare({"a.py": "".join(lines)}, {"a.py": "".join([*lines[:5_000], "new\n", *lines[5_000:]])})

    assert signed(found.lines) == [" x4998", " x4999", "+new", " x5000", " x5001"]


def test_very_many_files_are_named_and_the_first_of_them_shown(compare):
    found = compare({}, {f"{number:03}.py": "x\n" for number in range(MOST_FILES + 2)})

    assert [it.unshown for it in found[-3:]] == [None, Unshown.MANY, Unshown.MANY]


def test_signs_that_nobody_sees_are_written_out():
    assert signed(changed_lines("a = 1", "a = 1 \u202e# \u200b")) == ["-a = 1", "+a = 1 \\u202e# \\u200b"]
