"""参加者のCSVを読み、間違いをまとめて日本語で伝える。"""

import csv
import math
from pathlib import Path

HEADER = ["id", "progression"]
LARGEST = 1000.0
SHOWN = 10


class ParticipantVisibleError(ValueError):
    """ファイルの問題を参加者に伝える例外。Shiaiはこの名前の例外の文を参加者に表示する。"""


def read_predictions(path, *, expected_ids):
    """{id: 予測値}を返す。idはexpected_idsとちょうど一致していること。

    間違いの種類ごとにidまたは行を10件まで挙げてParticipantVisibleErrorを送出する。正解には触れない。
    """
    rows = list(numbered_rows(path))
    check_header(rows)
    prediction, repeated, wrong = {}, [], []
    for line, row in rows[1:]:
        problem = problem_of(row)
        if problem:
            wrong.append(f"{line}行目：{problem}")
            continue
        key = row[0].strip()
        if key in prediction:
            repeated.append(key)
        prediction[key] = float(row[1])
    # 値が読めない行のidは上で伝えているので、不足としては数えない。
    present = {row[0].strip() for _, row in rows[1:]}
    expected = set(expected_ids)
    complaints = [
        complaint("読み取れない行があります", wrong),
        complaint("同じidが2回以上あります", repeated),
        complaint("data/test.csvのidが足りません", [key for key in expected_ids if key not in present]),
        complaint("data/test.csvにないidがあります", [key for key in prediction if key not in expected]),
    ]
    if any(complaints):
        raise ParticipantVisibleError("\n".join(text for text in complaints if text))
    return prediction


def numbered_rows(path):
    """空行を除いて（行番号, 値の並び）を順に返す。"""
    try:
        with Path(path).open(newline="", encoding="utf-8-sig") as source:
            reader = csv.reader(source)
            for row in reader:
                if any(value.strip() for value in row):
                    yield reader.line_num, row
    except UnicodeDecodeError:
        raise ParticipantVisibleError(
            "ファイルがUTF-8ではありません。Excelでは「CSV UTF-8」を選んで保存し直してください。"
        ) from None
    except csv.Error as problem:
        raise ParticipantVisibleError(f"CSVとして読み取れません（{problem}）。") from None


def check_header(rows):
    """1行目が決められた見出しでなければParticipantVisibleErrorを送出する。"""
    if not rows:
        raise ParticipantVisibleError(f"ファイルが空です。1行目は「{','.join(HEADER)}」にしてください。")
    found = [value.strip() for value in rows[0][1]]
    if found != HEADER:
        raise ParticipantVisibleError(
            f"1行目は「{','.join(HEADER)}」にしてください。今は「{shortened(','.join(found))}」です。"
        )


def problem_of(row):
    """1行の間違いを返す。なければ空文字列を返す。"""
    if len(row) != len(HEADER):
        return f"値が{len(HEADER)}個ではなく{len(row)}個あります"
    try:
        value = float(row[1])
    except ValueError:
        return f"「{shortened(row[1])}」は数値ではありません"
    if not math.isfinite(value) or not 0 <= value <= LARGEST:
        return f"「{shortened(row[1])}」は0以上{LARGEST:.0f}以下ではありません"
    return ""


def complaint(title, items):
    """最大10件を挙げた1文を返す。何もなければ空文字列を返す。"""
    if not items:
        return ""
    more = f"、ほか{len(items) - SHOWN}件" if len(items) > SHOWN else ""
    return f"{title}（{len(items)}件）：{'、'.join(shortened(item) for item in items[:SHOWN])}{more}。"


def shortened(text):
    """他人の書いた文字列を、表示できる短い1行にする。"""
    text = "".join(letter if letter.isprintable() else "?" for letter in text[:61])
    return text if len(text) <= 60 else text[:59] + "…"
