"""Which files a phase takes, by how they begin."""

import pytest

from app.rules.errors import Invalid
from app.rules.files import check_beginning

TEXTS = [".csv", ".json", ".zip"]
ODDITIES = [
    b"",
    b"PK",
    b"PK,label\n",
    b"id,label\n",
    "\ufeffid,label\n".encode(),
    "番号,値\n".encode(),
    b'{"a": 1}',
    b"BZh,x",
]


@pytest.mark.parametrize(
    ("name", "head", "sentence"),
    [
        ("a.csv", b"PK\x03\x04\x14\x00", "Excel workbook or a zip archive"),
        ("A.CSV ", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Excel workbook or a zip archive"),
        ("a.json", b"\x1f\x8b\x08", "compressed or binary"),
        ("a.csv", b"\x93NUMPY\x01", "compressed or binary"),
        ("a.json", b"<!doctype html>", "web page"),
        ("a.json", b"\xef\xbb\xbf\n <html>", "web page"),
    ],
)
def test_a_file_that_is_another_kind_inside_is_refused_with_what_it_is(name, head, sentence):
    with pytest.raises(Invalid, match=sentence):
        check_beginning(TEXTS, name=name, head=head)


@pytest.mark.parametrize("head", ODDITIES)
def test_every_text_is_a_text(head):
    check_beginning(TEXTS, name="a.csv", head=head)


@pytest.mark.parametrize(("kinds", "name"), [([], "a.csv"), (TEXTS, "a.zip"), ([".xml", ".csv"], "a.xml")])
def test_a_phase_that_takes_anything_and_other_kinds_are_left_alone(kinds, name):
    check_beginning(kinds, name=name, head=b"PK\x03\x04" if name != "a.xml" else b"<a>")
