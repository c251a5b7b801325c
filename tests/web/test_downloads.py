"""Tables for spreadsheets: what a stranger wrote is text in them, whatever it looks like."""

import csv
import io

import pytest

from app.web.downloads import csv_download
from tests.web.test_access import CASES


@pytest.fixture
def in_request(app):
    with app.test_request_context():
        yield


def read_back(response):
    return list(csv.reader(io.StringIO(response.get_data().decode("utf-8-sig"))))


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "=cmd|'/c calc'!A0", "＝1", '=HYPERLINK("x")']
)
def test_text_that_a_spreadsheet_would_run_is_marked_as_text(in_request, text):
    assert read_back(csv_download([[text]], name="x.csv")) == [[f"'{text}"]]


def test_everything_else_comes_back_as_it_was(in_request):
    rows = [["チーム", "a, b", 'say "no"', "two\nlines"], [1, -0.5, None, ""]]

    assert read_back(csv_download(rows, name="x.csv")) == [rows[0], ["1", "-0.5", "", ""]]


def test_the_answer_is_saved_under_its_name_and_never_shown(in_request):
    answer = csv_download([["a"]], name="順位表.csv")

    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_every_file_of_the_site_is_saved_never_shown_and_in_no_cache(visit):
    known, host = visit.ids | visit.people, visit.as_role("host")
    paths = [
        host.path(endpoint, **{name: known.get(value, value) for name, value in values.items()})
        for endpoint, method, values, _expected in CASES
        if method == "GET"
    ]

    files = {
        path: answer
        for path in paths
        if "attachment" in (answer := host.get_path(path)).headers.get("Content-Disposition", "")
    }

    assert len(files) > 8
    for answer in files.values():
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer.headers["Cache-Control"] == "no-store"
