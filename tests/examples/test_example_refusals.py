import json

import pytest

from examples.build import EXAMPLES

TUMOUR, RANKING, DIABETES = "breast-cancer-auc", "digits-ranking", "diabetes-rmse"


@pytest.fixture
def rows():
    def read(name):
        return (EXAMPLES / name / "sample_submission.csv").read_text().splitlines()

    return read


@pytest.fixture
def ranking():
    return json.loads((EXAMPLES / RANKING / "sample_submission.json").read_text())


def joined(lines):
    return "\n".join(lines).encode()


def as_json(value):
    return json.dumps(value).encode()


def test_a_wrong_header_is_quoted_beside_the_right_one(refusal, rows):
    told = refusal(TUMOUR, joined(["ID;prob", *rows(TUMOUR)[1:]]))

    assert told == "The first line must be id,probability but is “ID;prob”."


def test_an_empty_file_is_called_empty(refusal):
    assert refusal(TUMOUR, b"") == "The file is empty. Its first line must be id,probability."
    assert refusal(DIABETES, b"\n\n") == "ファイルが空です。1行目は「id,progression」にしてください。"


def test_missing_ids_are_named_up_to_ten(refusal, rows):
    told = refusal(TUMOUR, joined(rows(TUMOUR)[:-12]))

    assert told.startswith("These ids of data/test.csv are missing (12): t0558; t0559; ")
    assert told.endswith("t0567 and 2 more.")


def test_every_kind_of_mistake_is_told_at_once(refusal, rows):
    lines = rows(TUMOUR)
    lines[1] = "t0250,1.5"
    lines[2] = "t0251,nan"
    lines[3] = "t0252,high"
    lines[4] = "t0253"
    lines[5] = "t9999,0.5"
    lines.append(lines[6])

    told = refusal(TUMOUR, joined(lines)).splitlines()

    assert told == [
        (
            "Some lines cannot be used (4): line 2: “1.5” is not between 0 and 1; line 3: “nan” is not between 0 and 1; "
            "line 4: “high” is not a number; line 5: 2 values are wanted, 1 found."
        ),
        "These ids appear more than once (1): t0255.",
        "These ids of data/test.csv are missing (1): t0254.",
        "These ids are not in data/test.csv (1): t9999.",
    ]


def test_a_file_that_is_not_text_is_told_so(refusal):
    assert "not UTF-8 text" in refusal(TUMOUR, b"PK\x03\x04\xff\xfe")
    assert "not UTF-8 text" in refusal(RANKING, b"\xff\xd8\xff")
    assert "UTF-8ではありません" in refusal(DIABETES, "id,予測\n".encode("cp932"))


def test_a_field_without_end_is_refused_as_csv(refusal):
    told = refusal(TUMOUR, b'id,probability\n"' + b"x" * 200_000)

    assert told.startswith("The file cannot be read as CSV: field larger than field limit")


def test_a_byte_order_mark_blanks_and_windows_line_ends_are_fine(score, rows):
    lines = [line.replace(",", ", ") for line in rows(TUMOUR)]

    score(TUMOUR, b"\xef\xbb\xbf" + "\r\n".join([*lines, "", ""]).encode())


def test_the_text_of_a_stranger_is_cut_and_made_printable(refusal, rows):
    told = refusal(TUMOUR, joined(["\x1b[31m" + "x" * 500, *rows(TUMOUR)[1:]]))

    assert "\x1b" not in told
    assert len(told) < 150


def test_labels_are_never_told(refusal):
    answers = (EXAMPLES / TUMOUR / "annotations/test_labels.csv").read_text()

    told = refusal(TUMOUR, answers.encode())

    assert "malignant" in told, "the header that was sent is quoted"
    assert len(told.splitlines()) == 1


def test_japanese_sentences_name_lines_and_ids(refusal, rows):
    lines = rows(DIABETES)
    lines[1] = "d243,-3"
    lines[2] = "d244,1,234"
    lines[3] = "d245,百五十"
    del lines[10:24]

    told = refusal(DIABETES, joined(lines)).splitlines()

    assert told[0] == (
        "読み取れない行があります（3件）：2行目：「-3」は0以上1000以下ではありません、"
        "3行目：値が2個ではなく3個あります、4行目：「百五十」は数値ではありません。"
    )
    assert told[1].startswith("data/test.csvのidが足りません（14件）：d252、d253、")
    assert told[1].endswith("d261、ほか4件。")


def test_broken_json_is_told_with_line_and_column(refusal, ranking):
    told = refusal(RANKING, as_json(ranking)[:-5])

    assert told.startswith("The file is not JSON: ")
    assert "at line 1, column" in told


@pytest.mark.parametrize("content", [b"[]", b"3", b"[" * 100_000, b'{"q001": ' + b"9" * 5000 + b"}"])
def test_json_of_another_form_is_told_what_is_wanted(refusal, content):
    assert refusal(RANKING, content).startswith("The file must hold one map of query ids to lists")


def test_every_kind_of_bad_ranking_is_named_with_its_query(refusal, ranking):
    ranking["q001"] = "g001"
    ranking["q002"] = [f"g{number:03d}" for number in range(1, 12)]
    ranking["q003"] = ["g001", "g001"]
    ranking["q004"] = ["g101"]
    ranking["q005"] = [1, 2]
    del ranking["q006"]
    ranking["q999"] = []

    told = refusal(RANKING, as_json(ranking)).splitlines()

    assert told == [
        "These queries of data/queries.csv are missing (1): q006.",
        "These keys are not queries of data/queries.csv (1): q999.",
        (
            "Some rankings cannot be used (5): q001: not a list of gallery ids in quotes; "
            "q002: 11 places, at most 10 are allowed; q003: names an image twice; "
            "q004: g101 is not in data/gallery.csv; q005: not a list of gallery ids in quotes."
        ),
    ]


def test_a_query_given_twice_is_named(refusal, ranking):
    told = refusal(RANKING, as_json(ranking).replace(b'"q002"', b'"q001"', 1))

    assert told.splitlines()[0] == "These queries appear more than once (1): q001."
