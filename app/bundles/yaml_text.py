"""Bytes of a configuration -> text, or a sentence about their encoding."""

import re

from app.bundles.problems import BundleRefused, Problem, Severity
from app.rules.errors import N_

# The line breaks of YAML 1.1, so that line numbers agree with the parser's.
_BREAKS = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
# What YAML 1.1 does not print (yaml.reader.Reader.NON_PRINTABLE), tabs and breaks aside.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENCODINGS = (
    ("cp932", "Shift-JIS", re.compile("[\u3040-\u30ff\u4e00-\u9fff]{2}|[\uff61-\uff9f]{3}")),
    ("euc_jp", "EUC-JP", re.compile("[\u3040-\u30ff]{2}")),
    ("gb18030", "GBK", re.compile("[\u4e00-\u9fff]{2}")),
    ("euc_kr", "EUC-KR", re.compile("[\uac00-\ud7a3]{2}")),
)


def split_lines(text: str) -> list[str]:
    """Split at the line breaks that YAML knows."""
    return _BREAKS.split(text)


def decoded(content: bytes, *, file: str, longest: int) -> str:
    """Return the text; raise BundleRefused when it is too long, not UTF-8 or holds control characters.

    A byte order mark is dropped; UTF-16 with its mark is read as well.
    """
    if len(content) > longest:
        raise BundleRefused([_too_long(longest, file)])
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) and _wide(content) != "UTF-32":
        text = content.decode("utf-16", errors="replace")
    else:
        text = _utf8(content.removeprefix(b"\xef\xbb\xbf"), file)
    hidden = _UNPRINTABLE.search(text)
    if hidden:
        raise BundleRefused([_control_character(text, hidden.start(), file)])
    return text


def _utf8(content: bytes, file: str) -> str:
    if _wide(content):
        raise BundleRefused([_not_utf8(content, 0, file, name=_wide(content))])
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as failure:
        raise BundleRefused([_not_utf8(content, failure.start, file)]) from None


def _wide(content: bytes) -> str | None:
    """Name the encoding of a text in which most bytes are zeros; None for any other."""
    start = content[:400]
    if len(start) < 8 or start.count(0) < len(start) // 3:
        return None
    return "UTF-32" if start.count(0) > len(start) * 0.6 else "UTF-16"


def encoding_of(content: bytes) -> str | None:
    """Name the East Asian encoding that these bytes look like; None when none fits."""
    readings = []
    for codec, name, usual in _ENCODINGS:
        try:
            text = content.decode(codec)
        except UnicodeDecodeError:
            continue
        if usual.search(text):
            readings.append((len(re.findall("[\uff61-\uff9f\ue000-\uf8ff]", text)), name))
    return min(readings, key=lambda reading: reading[0])[1] if readings else None


def _western(content: bytes) -> str | None:
    """Name Windows' Western encoding where single letters with accents stand among plain ones."""
    strange = re.findall(rb"[\x80-\xff]+", content)
    usual = all(len(run) < 3 and re.fullmatch(rb"[\x80\x85\x91-\x97\xa0-\xff]+", run) for run in strange)
    return "Windows-1252" if usual and re.search(rb"[A-Za-z]{4}", content) else None


def _not_utf8(content: bytes, place: int, file: str, *, name: str | None = None) -> Problem:
    before = content[:place]
    name = name or encoding_of(content) or _western(content)
    return Problem(
        severity=Severity.ERROR,
        message=N_("The file is not UTF-8 text; it looks like %(encoding)s.")
        if name
        else N_("The file is not UTF-8 text."),
        hint=N_("Open it in your editor and save it again with the encoding UTF-8."),
        values={"encoding": name or ""},
        file=file,
        line=before.count(b"\n") + 1,
        column=place - (before.rfind(b"\n") + 1) + 1,
    )


def _control_character(text: str, place: int, file: str) -> Problem:
    lines = split_lines(text[:place])
    is_jis = text[place : place + 2] in {"\x1b$", "\x1b("}
    return Problem(
        severity=Severity.ERROR,
        message=N_("The file is not UTF-8 text; it looks like %(encoding)s.")
        if is_jis
        else N_("The file contains a character that cannot be shown: %(sign)s."),
        hint=N_("Open it in your editor and save it again with the encoding UTF-8.")
        if is_jis
        else N_("Delete it; it often comes from copying a document or a terminal."),
        values={"encoding": "ISO-2022-JP"} if is_jis else {"sign": f"U+{ord(text[place]):04X}"},
        file=file,
        line=len(lines),
        column=len(lines[-1]) + 1,
    )


def _too_long(longest: int, file: str) -> Problem:
    return Problem(
        severity=Severity.ERROR,
        message=N_("The configuration is longer than the limit of %(longest)s bytes."),
        hint=N_("Move long texts into the HTML pages of the bundle."),
        values={"longest": longest},
        file=file,
        line=1,
        column=1,
    )
