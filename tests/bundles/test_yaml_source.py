import datetime as dt

import pytest

from app.bundles.problems import BundleRefused, Severity
from app.bundles.yaml_document import Unreadable, YamlLimits
from app.bundles.yaml_source import read_yaml


def read(text, **limits):
    content = text if isinstance(text, bytes) else text.encode()
    return read_yaml(content, file="challenge_config.yaml", limits=YamlLimits(**limits))


def problems_of(text, **limits):
    """Return what was said of a text, whether or not something was left to read."""
    try:
        return read(text, **limits).problems
    except BundleRefused as refusal:
        return refusal.problems


def only_problem(text, **limits):
    problems = problems_of(text, **limits)
    assert len(problems) == 1, [problem.text() for problem in problems]
    assert problems[0].advice()
    return problems[0]


def test_values_come_with_the_place_of_each():
    document = read("title: A\nphases:\n  - id: 1\n    on: [x, y]\n")

    assert document.data == {"title": "A", "phases": [{"id": 1, "on": ["x", "y"]}]}
    assert (document.marks["phases", 0, "on", 1].line, document.marks["phases", 0, "on", 1].column) == (4, 13)
    assert document.keys["phases", 0, "id"].column == 5


def test_plain_values_have_their_yaml_types():
    document = read("a: 1\nb: 1.5\nc: True\nd: ~\ne: 2026-01-02 03:04:05\nf: 'x'\ng:\n")

    moment = dt.datetime(2026, 1, 2, 3, 4, 5)  # noqa: DTZ001 - as YAML gives it
    assert document.data == {"a": 1, "b": 1.5, "c": True, "d": None, "e": moment, "f": "x", "g": None}


@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r"])
def test_every_line_ending_counts_lines_alike(ending):
    problem = only_problem(ending.join(["a: 1", "b: 2", "a: 3", ""]))

    assert (problem.line, problem.column) == (3, 1)
    assert problem.excerpt[1].text == "a: 3"


@pytest.mark.parametrize("content", [b"\xef\xbb\xbftitle: x\n", "title: x\n".encode("utf-16")])
def test_a_byte_order_mark_does_no_harm(content):
    assert read(content).data == {"title": "x"}


@pytest.mark.parametrize(("codec", "name"), [("cp932", "Shift-JIS"), ("euc_jp", "EUC-JP"), ("gb18030", "GBK")])
def test_a_text_that_is_not_utf8_names_its_encoding_and_line(codec, name):
    text = (
        "title: a\nshort: これは画像分類のコンペです\n"
        if codec != "gb18030"
        else "title: a\nshort: 这个挑战赛的数据集说明\n"
    )

    problem = only_problem(text.encode(codec))

    assert name in problem.text()
    assert (problem.line, problem.column) == (2, 8)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("title: a task\n".encode("utf-16-le"), "UTF-16"),
        ("title: a task\n".encode("utf-16-be"), "UTF-16"),
        ("title: a task\n".encode("utf-32"), "UTF-32"),
        ("title: これは画像分類です\n".encode("iso2022_jp"), "ISO-2022-JP"),
        ("title: Défi d’été\n".encode("cp1252"), "Windows-1252"),
    ],
)
def test_a_text_in_another_encoding_is_called_by_its_name(content, name):
    assert only_problem(content).text() == f"The file is not UTF-8 text; it looks like {name}."


def test_tabs_at_the_ends_of_many_lines_are_one_mistake():
    document = read("a: True\t\nb: 1\t\nc:\t\n  d: 2\t\n")

    assert len(document.problems) == 1
    assert document.data == {"a": True, "b": 1, "c": {"d": 2}}


def test_a_code_block_around_the_configuration_is_one_mistake():
    document = read("```yaml\na: 1\nb: 2\n```\n")

    assert len(document.problems) == 1
    assert document.data == {"a": 1, "b": 2}


def test_bytes_of_no_known_encoding_are_refused_without_a_guess():
    assert problems_of(b"a: \xff\xfe\x81")[0].text() == "The file is not UTF-8 text."


def test_a_control_character_is_named_with_its_place():
    problem = only_problem("a: b\nc: d\x07e\n")

    assert "U+0007" in problem.text()
    assert (problem.line, problem.column) == (2, 5)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "empty"),
        ("# only a comment\n", "empty"),
        ("just text\n", "does not start with keys"),
        ("- a\n- b\n", "does not start with keys"),
        ("a: 1\n---\nb: 2\n", "second document"),
        ("<!doctype html><html></html>\n", "This is HTML, not the configuration"),
        (
            "version https://git-lfs.github.com/spec/v1\noid sha256:a\nsize 9\n",
            "This is Git LFS, not the configuration",
        ),
        ("*x\n", "cannot begin with `*`"),
    ],
)
def test_what_is_no_map_of_keys_is_explained(text, sentence):
    assert sentence in only_problem(text).text()


def test_of_a_key_twice_the_last_is_taken_and_both_lines_are_named():
    document = read("a: 1\nb: 2\na: 3\n")

    [problem] = document.problems
    assert document.data["a"] == 3
    assert problem.severity is Severity.WARNING
    assert problem.text() == "The key `a` is already in line 1; the value of this line is used."
    assert (problem.line, problem.path) == (3, "a")


def test_a_key_twice_with_one_value_leaves_nothing_to_choose():
    assert only_problem("a: 1\na: 1\n").text() == "The key `a` is already in line 1."


def test_an_item_without_its_dash_is_one_problem_at_its_first_key():
    document = read("a:\n  - id: 1\n    name: A\n    x: 1\n    id: 2\n    name: B\n    y: 2\n  - id: 3\n")

    [problem] = document.problems
    assert problem.line == 5
    assert problem.text().startswith("A dash seems to be missing before `id`: it and 1 more keys")
    assert document.data["a"] == [{"id": 2, "name": "B", "x": 1, "y": 2}, {"id": 3}]


def test_a_word_that_yaml_takes_for_a_label_is_told():
    problem = only_problem("a: &Dev Phase\nb: 1\n")

    assert problem.text() == "YAML reads `&Dev` here as an anchor, not as part of the text."
    assert problem.line == 1


def test_a_label_that_something_refers_to_is_no_mistake():
    assert problems_of("a: &day 2026-01-01 00:00:00\nb: *day\n") == []


@pytest.mark.parametrize(
    "value",
    ["!!python/object/apply:os.system [ls]", "!!binary aGk=", "!mine x", "!!set {a}", "!!python/name:os.system ''"],
)
def test_tags_are_refused_and_the_rest_is_read(value):
    document = read(f"a: {value}\nb: 2\n")

    assert "is not allowed" in document.problems[0].text()
    assert document.data == {"a": Unreadable.VALUE, "b": 2}


def test_a_day_that_does_not_exist_is_told_with_its_line_and_the_rest_is_read():
    document = read("a: 1\nend: 2026-02-30 10:00:00\nb: 2\n")

    assert document.problems[0].text() == "There is no such date or time: 2026-02-30 10:00:00."
    assert (document.problems[0].line, document.problems[0].path) == (2, "end")
    assert document.data["b"] == 2


@pytest.mark.parametrize(
    "number", ["9" * 5_000, "0x" + "f" * 100_000, str(2**63), "1" + ":59" * 2_000, "1e5" + "0" * 200]
)
def test_a_number_too_large_is_a_problem_not_a_fault(number):
    problems = problems_of(f"a: {number}\nb: 1\n")

    assert problems == [] or "too large" in problems[0].text()


def test_a_bomb_of_aliases_is_refused_by_its_full_size():
    levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 10))

    assert "aliases counted in full" in only_problem(f"l0: &l0 [x, x]\n{levels}\n").text()


def test_a_bomb_of_merges_is_refused_by_its_full_size():
    levels = "\n".join(f"l{n}: &l{n}\n  <<: [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 10))

    assert "aliases counted in full" in only_problem(f"l0: &l0 {{a: 1}}\n{levels}\n").text()


def test_merged_keys_give_way_to_written_ones():
    document = read("base: &b {x: 1, y: 2}\none:\n  <<: *b\n  y: 3\n")

    assert document.data["one"] == {"x": 1, "y": 3}
    assert document.problems == []


def test_an_alias_to_itself_is_refused():
    assert "levels deep" in only_problem("a: &a [*a]\n").text()


@pytest.mark.parametrize("depth", [40, 500, 5_000, 60_000])
@pytest.mark.parametrize("bracket", ["[", "{a: ", "- "])
def test_deep_nesting_is_refused_before_it_hurts(depth, bracket):
    assert "levels deep" in problems_of("a:\n  " + bracket * depth)[0].text()


def test_a_text_too_long_is_refused_before_parsing():
    assert "longer than the limit of 200 bytes" in only_problem("a" * 300, size=200).text()


def test_a_number_of_values_too_large_is_refused():
    assert "more than 50 values" in only_problem("a: [" + "1," * 60 + "]", nodes=50).text()


MISTAKES = {
    "an unquoted colon": ("title: My task: the sequel\n", 1, "contains a colon", 'title: "My task: the sequel"'),
    "a tab as indentation": ("a:\n\tb: 1\n", 2, "indented with a tab", "spaces"),
    "a tab in a list": ("a:\n  - x: 1\n\t  y: 2\n", 3, "indented with a tab", "spaces"),
    "a full-width colon": ("a: 1\nb：2\nc: 3\n", 2, "full-width `：`", "`: `"),
    "a full-width comma": ('s: {"labels": ["A"，"B"]}\n', 1, "full-width `，`", "`, `"),
    "curly quotes in a map": ("s: {“labels”: [1]， b: 2}\n", 1, "typographic quote `“`", '`"`'),
    "curly quotes around a colon": ("title: “Cells: a task”\n", 1, "typographic quote", "word processors"),
    "a full-width space as indentation": ("a:\n  b: 1\n　　c: 2\n", 3, "U+3000", "plain spaces"),
    "a full-width space after a colon": ("a: 1\nb:　2\nc: 3\n", 2, "full-width space", "type a space"),
    "a no-break space after a colon": ("a: 1\nb:\u00a02\nc: 3\n", 2, "no-break space", "type a space"),
    "a zero-width space before a key": ("a: 1\n\u200bb: 2\n", 2, "U+200B", "plain spaces"),
    "tabs throughout": (
        "a:\n\tb: 1\n\tc:\n\t\td: 1\n",
        2,
        "3 lines, including this one, are indented with tabs",
        "spaces",
    ),
    "a dash that touches its key": ("a:\n  -id: 1\n    x: 2\n", 2, "space is missing after the dash", "`- `"),
    "an equals sign": ("a: 1\npublished = True\nb: 2\n", 2, "`=` after `published`", "`published: `"),
    "an apostrophe in single quotes": ("a: 'the host's task'\nb: 1\n", 1, "apostrophe", "twice"),
    "Python in place of the configuration": (
        "import json\n\ndef f(x):\n    y = {}\n",
        1,
        "This is Python",
        "swapped",
    ),
    "a page in place of the configuration": ("<html>\n<p>a: b: c</p>\n", 1, "This is HTML", "swapped"),
    "a missing comma": ('s: {\n  "a": 1\n  "b": 2\n}\n', 2, "comma is missing", "comma"),
    "a missing comma in a line": ('s: ["a" "b"]\n', 1, "comma is missing", "comma"),
    "a bracket left open": ("s: [1, 2\nb: 3\n", 1, "not closed before line 2", "]"),
    "a bracket too many": ("s:\n  {a: 1}\n  }\n", 3, "one `}` too many", "Remove"),
    "a dash inside braces": ("s: {\n  - a\n}\n", 2, "list with dashes", "[first, second]"),
    "a question mark inside braces": (
        "a:\n  - {description: Which kind?, type: text}\n",
        2,
        "cannot hold a question mark",
        "quotes around the whole text",
    ),
    "a question mark alone inside braces": ("a: {b: ?, c: 1}\n", 1, "cannot hold a question mark", "quotes"),
    "a missing comma beside a dash": ("a:\n  - {b: 1 c: 2}\n", 2, "comma is missing here, before `c: 2}`", "comma"),
    "a quote left open": ('a: "text\nb: 2\n', 1, "not closed on the same line", "quote"),
    "text that runs on": ("a: some text,\nthat goes on here\nb: 2\n", 2, "Line 2 has no key", ">-"),
    "a dash in the wrong column": ("a:\n  - id: 1\n    x: 1\n   - id: 2\n", 4, "column 4", "same column"),
    "a key under its dash": ("a:\n  - id: 1\n  name: x\n", 3, "column 3", "column 5"),
    "a list that lost its indentation": (
        "a:\n- id: 1\nname: x\n- id: 2\nname: y\n",
        3,
        "list item of line 2",
        "column 3",
    ),
    "a colon without a space": ("title: x\nimage:logo.png\nb: 1\n", 2, "space is missing", "`image: `"),
    "a key without its colon": ("title: x\nimage logo.png\nb: 1\n", 2, "colon is missing", "`image: `"),
    "a list closed by a brace": ('s: {\n  "a": [1, 2,\n  "b": 1\n}\n', 2, "`[` that opens here", "`]`"),
    "a brace left open before a list": ("s: {\n  a: 1,\nb:\n- c\n", 2, "`{` of line 1 is still open", "`}`"),
    "an inner brace left open": (
        's:\n  {\n    "a": {\n      "b": 1,\n    "c": 2\n  }\nd: 1\n',
        4,
        "A `}` is missing after this line: the `{` of line 3",
        "where the map or list ends",
    ),
    "an outer brace left open": ('s:\n  {\n    "a": {\n      "b": 1\n    }\n\nd: 1\n', 5, "`{` of line 2", "`}`"),
    "a map without its opening brace": (
        's: "a": [1], "b": 2 }\nt: 1\n',
        1,
        "A `{` is missing here",
        "after its colon",
    ),
    "a map in lines of its own without its opening brace": (
        's:\n  "labels": ["A"],\n  "by": "A"\n  }\nt: 1\n',
        2,
        "A `{` is missing here",
        "after its colon",
    ),
    "an equals sign in the first line": ("title = x\nb: 1\n", 1, "`=` after `title`", "`title: `"),
    "an inner map without its opening brace": (
        's: {\n  "a":\n    "b": 1,\n    "c": 2\n  }\n}\n',
        2,
        "A `{` is missing here",
        "after its colon",
    ),
    "an equals sign beside a dash": ("a:\n  - id = 1\n    x: 2\n", 2, "`=` after `id`", "`id: `"),
    "an equals sign behind a key nobody knows": ("a: 1\nfoo = 1\nb: 2\n", 2, "`=` after `foo`", "`foo: `"),
    "a first key without its colon": ("a:\n  - id 1\n    x: 2\n", 2, "colon is missing after `id`", "`id: `"),
    "a first key that touches its value": (
        "a:\n  - id:1\n    x: 2\n",
        2,
        "space is missing after the colon",
        "`id: `",
    ),
    "a first item without its dash": ("a:\n    id: 1\n    x: 2\n  - id: 2\n", 2, "dash is missing", "`- `"),
    "text after a quotation in a list": ('a:\n  - name: "x" y\n  - name: z\n', 2, "ends before `y`", "quotes"),
    "the first mark of a merge": (
        's: {\n<<<<<<< HEAD\n  "a": 1,\n=======\n  "a": 2,\n>>>>>>> b\n}\n',
        2,
        "leftover of a merge",
        "Remove",
    ),
    "a quote that ends in a later line": ('a: "x\nb: "y"\n', 1, "not closed on the same line", "quote"),
    "a dash too far to the left": ("a:\n    - id: 1\n   - id: 2\n", 3, "item in line 2", "same column"),
    "a key too far in": ("a: 1\n  b: 2\n", 2, "line 1 already has its value", "column, 1"),
    "a key between two columns": ("a:\n    b: 1\n  c: 2\n", 3, "starts in column 3", "same indentation"),
    "a value that starts with a star": ("a: *.csv\n", 1, "cannot begin with `*`", "quotes"),
    "a value that starts with a percent sign": ("a: %x\n", 1, "cannot begin with `%`", "quotes"),
    "a value that starts with an at sign": ("a: @x\n", 1, "cannot begin with `@`", "quotes"),
    "an alias to nothing": ("a: *nobody\n", 1, "cannot begin with `*`", "quotes"),
    "a backslash in double quotes": ('a: "C:\\data"\n', 1, "backslash", "single quotes"),
    "a list on the line of its key": ("a: - x\n", 1, "list item cannot begin here", "line of its own"),
    "a leftover of a merge": ("a: 1\n<<<<<<< HEAD\nb: 2\n=======\n", 2, "leftover of a merge", "Remove"),
    "text after a quotation": ('a: "x" y\n', 1, "ends before `y`", "quotes"),
    "tabs at the ends of lines": ("a: True\t\nb: 1\t\n", 1, "tab at the end of this line", "Delete"),
    "a code block from a chat": ("```yaml\na: 1\n```\n", 1, "marks a code block", "Remove it"),
    "two commas": ("a: [1,,2]\n", 1, "A value is missing between", "comma"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_is_explained_in_words_with_its_line_and_cure(case):
    text, line, sentence, cure = MISTAKES[case]

    problem = problems_of(text)[0]

    assert sentence in problem.text()
    assert problem.line == line
    assert cure in problem.advice()
    assert problem.excerpt
    assert (problem.column or 0) >= 1


ITEM = "phases:\n  - id: 1\n    name: A\n    codename: a\n    about: x\nend: 1\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    name", "\tname"),
        ("    name", "   name"),
        ("    name", "     name"),
        ("    name", "　　name"),
        ("    name", "\u00a0\u00a0\u00a0\u00a0name"),
        ("    name", "  name"),
        ("  - id", "  -id"),
        ("  - id: 1", "  - id = 1"),
        ("  - id: 1", "  - id 1"),
        ("phases:", 'title: "A\nphases:'),
        ("phases:", "title: 'A's'\nphases:"),
    ],
)
def test_one_mistake_gives_one_problem_and_the_rest_is_read(before, after):
    document = read(ITEM.replace(before, after, 1))

    assert [problem.text() for problem in document.problems][1:] == []
    assert document.data["phases"] == [{"id": 1, "name": "A", "codename": "a", "about": "x"}]
    assert document.data["end"] == 1


TWO = "splits:\n  - id: 1\n    name: A\n  - id: 2\n    name: B\n  - id: 3\n    name: C\nend: 1\n"


@pytest.mark.parametrize("dash", ["  - id: 1", "  - id: 2", "  - id: 3"])
@pytest.mark.parametrize("margin", [" ", "   ", "    "])
def test_a_dash_that_stands_beside_the_others_is_one_mistake_in_its_own_line(dash, margin):
    moved = margin + dash.lstrip()

    document = read(TWO.replace(dash, moved))

    [problem] = document.problems
    assert problem.line == TWO.split("\n").index(dash) + 1
    assert "dash of this item is in column" in problem.text()
    assert [row["name"] for row in document.data["splits"]] == ["A", "B", "C"]


NESTED = "phases:\n  - id: 1\n    forms:\n      - name: A\n        type: text\n  - id: 2\n    forms: []\n"


@pytest.mark.parametrize("margin", ["\t\t\t", "  \t", "\u3000\u3000\u3000", "\u00a0" * 6])
def test_a_first_item_behind_strange_spaces_stays_in_its_list(margin):
    document = read(NESTED.replace("      - name", f"{margin}- name"))

    assert [problem.line for problem in document.problems] == [4]
    assert document.data["phases"][0]["forms"] == [{"name": "A", "type": "text"}]


@pytest.mark.parametrize("text", ["title: 腫瘍、良性：悪性: 判別\n", "title: “A” と “B”: 判別\n", "a: 全角　空白: b\n"])
def test_signs_of_another_script_are_no_mistake_within_a_text(text):
    assert "contains a colon" in only_problem(text).text()


def test_several_mistakes_are_told_at_once_and_the_rest_is_still_read():
    document = read('title: A: b\nschema: {"a": 1 "b": 2}\nend: 2026-02-30\nfine: 1\n')

    assert [problem.line for problem in document.problems] == [1, 2, 3]
    assert document.data["fine"] == 1
    assert document.data["title"] == "A: b"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("{about: Which kind?, type: text}", {"about": "Which kind?", "type": "text"}),
        ("{about: どちら? A or B, type: text}", {"about": "どちら? A or B", "type": "text"}),
        ("[is it?, or not?]", ["is it?", "or not?"]),
        ("{why?: because}", {"why?": "because"}),
    ],
)
def test_a_question_in_brackets_without_quotes_is_read_as_it_was_meant(written, meant):
    document = read(f"a:\n  - {written}\nb: 1\n")

    assert {problem.text() for problem in document.problems} == {
        "Between { } or [ ] a text without quotes cannot hold a question mark."
    }
    assert document.data == {"a": [meant], "b": 1}


def test_a_comma_that_ends_a_text_in_braces_is_told():
    problem = only_problem("a: 1\nb: {about: Which kind, or what, type: text}\n")

    assert problem.severity is Severity.WARNING
    assert (problem.line, problem.column) == (2, 24)
    assert "a comma ends a text without quotes: `or what`" in problem.text()


@pytest.mark.parametrize("text", ["a: {b: , c: 1}", "a: {b: 1, c: }", 'a: {"b": 1, "c":}', "a: {b, }"])
def test_a_key_in_braces_with_nothing_behind_its_colon_is_no_mistake(text):
    assert problems_of(text) == []


def test_a_mistake_nobody_foresaw_still_has_a_place_and_a_sentence():
    problem = problems_of("? a\n: b\n: c\n ?\n- x\n")[0]

    assert problem.line
    assert problem.text().endswith(".")
    assert problem.advice()
