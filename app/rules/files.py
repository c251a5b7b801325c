"""Which files a phase takes."""

from collections.abc import Sequence

from app.rules.errors import N_, Invalid

MIB = 1024 * 1024
# what people write and copy as text
TEXT_KINDS = (".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".xml", ".yaml", ".yml", ".md", ".py")

JSON_KINDS = (".json", ".jsonl", ".ndjson")
# how zip archives (an .xlsx is one) and old Excel workbooks begin
ZIPPED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
# gzip, xz, bzip2, NumPy, HDF5, PNG
BINARY = (b"\x1f\x8b", b"\xfd7zXZ\x00", b"BZh91AY&SY", b"\x93NUMPY", b"\x89HDF\r\n\x1a\n", b"\x89PNG\r\n\x1a\n")


def check_file(kinds: Sequence[str], *, name: str, size: int, most: int | None = None) -> None:
    """Raise Invalid when a phase that takes `kinds` (endings such as `.csv`; none: any) does not take such a file.

    `size` and `most`, the phase's own limit where it has one, are in bytes.
    """
    if size == 0:
        raise Invalid(N_("The file is empty. Choose the file with your predictions."), "file")
    endings = tuple(kind.lower() for kind in kinds)
    if endings and not name.lower().strip().endswith(endings):
        raise Invalid(
            N_("%(name)s is not accepted here. This phase accepts %(kinds)s."),
            "file",
            name=name,
            kinds=", ".join(endings),
        )
    if most is not None and size > most:
        raise Invalid(
            N_("%(name)s is %(size)s MB; this phase accepts at most %(most)s MB."),
            "file",
            name=name,
            size=f"{size / MIB:.1f}",
            most=f"{most / MIB:.0f}",
        )


def check_beginning(kinds: Sequence[str], *, name: str, head: bytes) -> None:
    """Raise Invalid for a file that is called a text and begins as none does; not where a phase takes any `kinds`.

    It would only fail in the script, with words that nobody understands. `head` are the first bytes.
    """
    lowered = name.lower().strip()
    if not kinds or not lowered.endswith(TEXT_KINDS):
        return
    if head.startswith(ZIPPED):
        raise Invalid(
            N_(
                "%(name)s is really an Excel workbook or a zip archive, whatever its file extension says. Save it as "
                "text (in Excel as “CSV UTF-8”) and send that."
            ),
            "file",
            name=name,
        )
    if head.startswith(BINARY):
        raise Invalid(
            N_("%(name)s is really compressed or binary, whatever its file extension says. Send it as text."),
            "file",
            name=name,
        )
    if lowered.endswith(JSON_KINDS) and head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise Invalid(
            N_("%(name)s begins with “<”, like a web page; JSON never does. Send the JSON file itself."),
            "file",
            name=name,
        )


def pasteable(kinds: Sequence[str]) -> tuple[str, ...]:
    """Return the endings that a pasted text may become in a phase that takes `kinds`; none when it takes no text."""
    if not kinds:
        return TEXT_KINDS[:4]
    return tuple(dict.fromkeys(kind.lower() for kind in kinds if kind.lower() in TEXT_KINDS))
