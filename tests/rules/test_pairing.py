"""Rows of two times, paired by what they share."""

from app.rules.pairing import pairs

BY_ID = (lambda row: row[0], lambda row: row[0])
BY_NAME = (lambda row: row[1], lambda row: row[1])


def test_rows_are_the_same_by_the_first_sign_then_by_the_second():
    old, new = [(1, "dev"), (2, "final"), (3, "gone")], [(7, "final"), (1, "development"), (8, "extra")]

    assert pairs(old, new, BY_ID, BY_NAME) == [
        ((2, "final"), (7, "final")),
        ((1, "dev"), (1, "development")),
        (None, (8, "extra")),
        ((3, "gone"), None),
    ]


def test_the_first_sign_wins_over_the_second():
    assert pairs([(1, "a"), (2, "b")], [(1, "b"), (2, "a")], BY_ID, BY_NAME) == [
        ((1, "a"), (1, "b")),
        ((2, "b"), (2, "a")),
    ]


def test_a_row_is_paired_once():
    assert pairs([(1, "a")], [(1, "x"), (9, "a")], BY_ID, BY_NAME) == [((1, "a"), (1, "x")), (None, (9, "a"))]


def test_rows_without_a_sign_share_nothing():
    none = (lambda row: None, lambda row: None)

    assert pairs([(1, "a")], [(1, "a")], none) == [(None, (1, "a")), ((1, "a"), None)]
