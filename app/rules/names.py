"""What people may call things, when two names are the same, and what is safe in a URL or a file system."""

import re
import unicodedata

from app.rules.errors import N_, Invalid

SLUG_LENGTH = 60
FILE_NAME_BYTES = 150

# Words that stand in the place of a slug in the URLs of the site.
RESERVED_SLUGS = frozenset({"new", "import", "edit", "upload", "mine", "past", "coming", "search", "static"})

# ZERO WIDTH (NON-)JOINER build emoji and belong to several scripts; every other invisible sign only misleads.
_JOINERS = frozenset("\u200c\u200d")
# Blank although Unicode does not call them spaces: Hangul fillers, the empty Braille cell and the like.
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5")
_FORBIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_TAG_CHARACTERS = range(0xE0020, 0xE0080)  # spell the flags of England, Scotland and Wales
_EVERYDAY = re.compile(r"(?i)|(challenge|bundle|config|upload|evalai|starters?|new|test|file|archive|zip|[-_ \d]+)+")
_WINDOWS_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
_UNSAFE_IN_FILES = re.compile(r'[/\\:*?"<>|%;\x00-\x1f\x7f]')


def slugify(title: str, *, fallback: str = "challenge") -> str:
    """Turn a title into a slug of `[a-z0-9-]`, at most 60 long, never empty, never a reserved word.

    Letters without an ASCII form are dropped; a title that leaves none gets `fallback` in front. With an empty
    `fallback` the slug of such a text may be empty.
    """
    decomposed = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode("ascii")
    words = re.findall(r"[a-z0-9]+", decomposed.lower().replace("'", ""))
    slug = "-".join(words)
    if not re.search(r"[a-z]", slug) or slug in RESERVED_SLUGS:
        slug = "-".join(filter(None, [fallback, slug])) if fallback else ""
    return slug[:SLUG_LENGTH].strip("-")


def bundle_stem(file_name: str) -> str:
    """Return what the name of a zip says of its challenge, or nothing when it is called as every other zip."""
    stem = re.sub(r"(?i)\.zip$", "", file_name)
    stem = re.sub(r"(?i)[-_ ]*(main|master|challenge|v?[\d.]+|\(\d+\)|copy)$", "", stem)
    return "" if _EVERYDAY.fullmatch(stem) else stem


def name_key(name: str) -> str:
    """Return the form in which names that look alike are equal: NFKC, folded case, no invisible signs."""
    text = unicodedata.normalize("NFKC", name).casefold()
    visible = "".join(sign for sign in text if not _is_invisible(sign))
    return " ".join(unicodedata.normalize("NFKC", visible).split())


def display_name(name: str, *, longest: int = 100, field: str | None = None) -> str:
    """Return a name fit to be shown (NFC, single spaces); raise Invalid for hidden signs, blank, too long."""
    text = re.sub(r" {2,}", " ", unicodedata.normalize("NFC", name)).strip()
    hidden = misleading_sign(text)
    if hidden is not None:
        raise Invalid(
            N_("The name contains the hidden character %(sign)s. Type it again without it."),
            field=field,
            sign=hidden,
        )
    if not name_key(text):
        raise Invalid(N_("The name is empty. Write at least one letter or digit."), field=field)
    if len(text) > longest:
        raise Invalid(
            N_("The name is %(length)s characters long. Use at most %(longest)s."),
            field=field,
            length=len(text),
            longest=longest,
        )
    return text


def misleading_sign(text: str) -> str | None:
    """Name the first control, direction or invisible character of a line as `U+202E`; None when clean."""
    for sign in text:
        if sign in _JOINERS or ord(sign) in _TAG_CHARACTERS:
            continue
        if unicodedata.category(sign) in _FORBIDDEN_CATEGORIES:
            return f"U+{ord(sign):04X}"
    return None


def without_hidden_signs(text: str, *, lines: bool = False) -> str:
    """Return a free text without control, direction and invisible characters; `lines` keeps its line breaks."""
    broken = re.sub(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]", "\n", text).replace("\t", " ")
    spaced = broken if lines else broken.replace("\n", " ")
    return "".join(sign for sign in spaced if sign == "\n" or misleading_sign(sign) is None)


def safe_file_name(name: str, *, fallback: str = "file") -> str:
    """Return a name safe to offer as a download on any system: no path, at most 150 bytes of UTF-8."""
    base = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    kept = "".join(sign for sign in base if sign in _JOINERS or unicodedata.category(sign) not in _FORBIDDEN_CATEGORIES)
    kept = " ".join(_UNSAFE_IN_FILES.sub("_", kept).split()).strip(". ")
    if not kept.strip("_"):
        kept = fallback
    if _WINDOWS_DEVICES.match(kept):
        kept = f"_{kept}"
    return _shortened(kept)


def _shortened(name: str) -> str:
    if len(name.encode()) <= FILE_NAME_BYTES:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension.encode()) > 12:
        stem, dot, extension = name, "", ""
    room = FILE_NAME_BYTES - len((dot + extension).encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(". ") + dot + extension


def _is_invisible(sign: str) -> bool:
    return sign in _BLANKS or unicodedata.category(sign) in {"Cc", "Cf", "Cs"} or "\ufe00" <= sign <= "\ufe0f"


def file_suffix(name: str) -> str:
    """Return `.csv` of `x.csv`; scripts tell kinds of files apart by it. `.tar.gz` stays whole."""
    lowered = name.lower()
    if lowered.endswith((".tar.gz", ".tar.bz2", ".tar.xz")):
        return name[lowered.rindex(".tar") :]
    return name[name.rindex(".") :] if "." in name else ""
