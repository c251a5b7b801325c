import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.errors import Invalid
from app.rules.names import (
    bundle_stem,
    display_name,
    misleading_sign,
    name_key,
    safe_file_name,
    slugify,
    without_hidden_signs,
)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Random Number Generator Challenge", "random-number-generator-challenge"),
        ("Défi d'été: 2026!", "defi-dete-2026"),
        ("画像分類コンペ", "challenge"),
        ("第3回 予測コンペ 2026", "challenge-3-2026"),
        ("ＡＵＣ杯", "auc"),
        ("🎉", "challenge"),
        ("new", "challenge-new"),
        ("", "challenge"),
    ],
)
def test_a_title_becomes_a_slug(title, slug):
    assert slugify(title) == slug


@pytest.mark.parametrize(
    ("file_name", "stem"),
    [
        ("tumour-detection-main.zip", "tumour-detection"),
        ("Tumours (2).zip", "Tumours"),
        ("battery_anomaly_v1.2.zip", "battery_anomaly"),
        ("challenge_config.zip", ""),
        ("EvalAI-Starters-master.zip", ""),
        ("bundle (3).zip", ""),
        ("腫瘍.zip", "腫瘍"),
        (".zip", ""),
    ],
)
def test_the_name_of_a_zip_tells_its_challenge_unless_it_is_an_everyday_one(file_name, stem):
    assert bundle_stem(file_name) == stem


@pytest.mark.parametrize(("text", "slug"), [("腫瘍", ""), ("2026", ""), ("new", ""), ("Tumour 腫瘍", "tumour")])
def test_without_a_fallback_nothing_is_made_up(text, slug):
    assert slugify(text, fallback="") == slug


@given(st.text(max_size=300))
def test_every_slug_is_safe_in_an_address(title):
    slug = slugify(title)

    assert 0 < len(slug) <= 60
    assert set(slug) <= set(string.ascii_lowercase + string.digits + "-")
    assert slug == slug.strip("-")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Team A", "team a"),
        ("Ｔｅａｍ", "team"),
        ("Te\u200bam", "team"),
        ("ﾁｰﾑ", "チーム"),
        ("a  b", " a b "),
        ("Straße", "STRASSE"),
        ("x\ufe0f", "x"),
    ],
)
def test_names_that_look_alike_have_one_key(one, other):
    assert name_key(one) == name_key(other)


def test_different_names_have_different_keys():
    assert name_key("チーム1") != name_key("チーム2")


@pytest.mark.parametrize("name", ["", "   ", "\u3164", "\u2800 ", "\u200d"])
def test_a_name_of_blanks_is_refused(name):
    with pytest.raises(Invalid, match="empty"):
        display_name(name)


@pytest.mark.parametrize(
    ("name", "sign"), [("a\u202eb", "U+202E"), ("a\x00b", "U+0000"), ("a\nb", "U+000A"), ("\ud800", "U+D800")]
)
def test_a_sign_that_hides_or_turns_text_is_refused_and_named(name, sign):
    with pytest.raises(Invalid) as refused:
        display_name(name, field="title")

    assert refused.value.values == {"sign": sign}
    assert refused.value.field == "title"


def test_a_name_too_long_says_how_long_it_is():
    with pytest.raises(Invalid, match="41"):
        display_name("x" * 41, longest=40)


@pytest.mark.parametrize("name", ["山田チーム", "👨‍👩‍👧 family", "Zoë & Co. <3", "می‌خواهم", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"])
def test_honest_names_stay_as_they_are(name):
    assert display_name(name) == name
    assert misleading_sign(name) is None


def test_spaces_are_made_single():
    assert display_name("  a   b ") == "a b"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\pred.csv", "pred.csv"),
        ("予測 結果.csv", "予測 結果.csv"),
        ('a"b\r\nX: y.csv', "a_bX_ y.csv"),
        (".bashrc", "bashrc"),
        ("con.txt", "_con.txt"),
        ("...", "file"),
        ("", "file"),
        ("a\u202egpj.exe", "agpj.exe"),
    ],
)
def test_a_download_name_is_safe_on_every_system(name, safe):
    assert safe_file_name(name) == safe


@given(st.text(max_size=400))
def test_any_text_gives_a_file_name_of_bounded_length_without_a_path(name):
    safe = safe_file_name(name)

    assert 0 < len(safe.encode()) <= 150
    assert "/" not in safe
    assert "\\" not in safe
    assert safe not in {".", ".."}


def test_a_long_name_keeps_its_extension():
    assert safe_file_name("予" * 100 + ".tar.gz").endswith(".gz")


@given(st.text(max_size=200), st.booleans())
def test_a_free_text_keeps_no_hidden_sign_and_loses_nothing_that_is_seen(text, lines):
    kept = without_hidden_signs(text, lines=lines)

    assert all(sign == "\n" for line in kept.split("\n") for sign in line if misleading_sign(sign))
    assert lines or "\n" not in kept
    seen = [sign for sign in text if misleading_sign(sign) is None]
    assert [sign for sign in kept if not sign.isspace()] == [sign for sign in seen if not sign.isspace()]
