"""What changed between two pages, as people read them."""

import pytest

from app.rules.text_changes import text_changes


@pytest.mark.parametrize(
    ("before", "after", "gone", "added"),
    [
        ("<p>Play fair.</p>", "<p>Play  <b>fair</b>.</p>", [], []),
        ("<p>A</p><p>B</p>", "<p>A</p><p>C</p>", ["B"], ["C"]),
        (
            "<ul><li>A</li></ul>",
            "<ul><li>A</li><li>No teams of more than 3 &amp; no bots.</li></ul>",
            [],
            ["No teams of more than 3 & no bots."],
        ),
        ("", "<p>A</p>", [], ["A"]),
        ("<p>A</p>", "", ["A"], []),
        ("<p>A</p>", "<style>p { color: red }</style><p>A</p>", [], []),
        ("line<br>two", "line<br>three", ["two"], ["three"]),
        ("<p>A</style><p>B", "<p>A<p>B", [], []),
    ],
)
def test_what_is_gone_and_what_is_new_is_told_line_by_line(before, after, gone, added):
    assert text_changes(before, after) == (gone, added)
