"""What a zip says it holds, judged before a byte of it is unpacked (APPNOTE.TXT 6.3.10 for the format)."""

import re
import stat
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from app.bundles.problems import Problem, error, note
from app.rules.errors import N_

_ENCRYPTED, _UTF8_NAME = 0x1, 0x800
_UNIX = 3
_SKIPPED_FOLDERS = frozenset(
    {"__MACOSX", ".git", ".github", ".svn", ".hg", ".idea", ".vscode", "__pycache__", ".ipynb_checkpoints"}
)
_SKIPPED_FILES = frozenset({".DS_Store", "Thumbs.db", "desktop.ini", ".gitignore", ".gitattributes", ".gitkeep"})
_LEFTOVERS = re.compile(r"^(\._.*|~\$.*|\.#.*|.*~|\..*\.sw[a-p]|#.*#)$")
# Every packer writes these two; the others take memory that the zip itself chooses.
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """What a zip may hold; sizes in bytes. The ratio counts for entries above `ratio_from`."""

    packed: int = 512 * 1024**2
    unpacked: int = 2 * 1024**3
    file: int = 2 * 1024**3
    entries: int = 2_000
    ratio: int = 200
    ratio_from: int = 10 * 1024**2
    depth: int = 12
    name_bytes: int = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the zip that will be unpacked, under its decoded name with `/` between folders."""

    name: str
    info: zipfile.ZipInfo


@dataclass(frozen=True, slots=True)
class Listing:
    """What will be unpacked, what is left out, and everything wrong with the list."""

    entries: tuple[Entry, ...]
    skipped: tuple[str, ...]
    problems: tuple[Problem, ...]


def judge(
    infos: Sequence[zipfile.ZipInfo], *, ends: Sequence[int], directory_at: int, limits: ArchiveLimits
) -> Listing:
    """Judge a zip by its directory, which begins at byte `directory_at`; `ends` are where the entries' bytes end."""
    named = [Entry(_decoded_name(info), info) for info in infos]
    problems = [problem for entry in named for problem in _entry_problems(entry, limits)]
    problems += _overlaps(infos, ends, directory_at)
    kept = [entry for entry in named if not is_leftover(entry.name)]
    problems += [*_repeated(kept), *_clashes(kept), *_total(named, limits)]
    skipped = tuple(entry.name for entry in named if is_leftover(entry.name) and not entry.name.endswith("/"))
    return Listing(tuple(kept), skipped, tuple(problems))


def is_leftover(name: str) -> bool:
    """Tell whether an entry belongs to an editor, a version control or an operating system, not to the challenge."""
    steps = name.rstrip("/").split("/")
    folders = steps if name.endswith("/") else steps[:-1]
    return any(step in _SKIPPED_FOLDERS for step in folders) or (
        not name.endswith("/") and (steps[-1] in _SKIPPED_FILES or _LEFTOVERS.match(steps[-1]) is not None)
    )


def _decoded_name(info: zipfile.ZipInfo) -> str:
    """Undo zipfile's cp437 reading where the bytes are UTF-8 or Shift-JIS, as Japanese tools write them."""
    name = info.orig_filename
    if not info.flag_bits & _UTF8_NAME and not name.isascii():
        name = _guessed_name(name)
    return unicodedata.normalize("NFC", name)


def _guessed_name(name: str) -> str:
    try:
        content = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    for codec in ("utf-8", "cp932"):
        try:
            return content.decode(codec)
        except UnicodeDecodeError:
            continue
    return name


def _entry_problems(entry: Entry, limits: ArchiveLimits) -> Iterator[Problem]:
    name_problem = _name_problem(entry.name, limits)
    if name_problem:
        yield name_problem
    if _is_link_or_device(entry.info):
        yield error(
            N_("`%(name)s` is a link or a device, not a file."),
            N_("Put the file itself into the zip, without symbolic links (zip without -y)."),
            name=shown(entry.name),
        )
    if entry.info.flag_bits & _ENCRYPTED:
        yield error(
            N_("`%(name)s` is protected by a password."),
            N_("Make the zip without a password."),
            name=shown(entry.name),
        )
    elif entry.info.compress_type not in _METHODS:
        yield error(
            N_("`%(name)s` is packed in a way that cannot be read (method %(method)s)."),
            N_("Make the zip with the usual compression."),
            name=shown(entry.name),
            method=entry.info.compress_type,
        )
    yield from _size_problems(entry, limits)


def _name_problem(name: str, limits: ArchiveLimits) -> Problem | None:
    steps = (name.removesuffix("/")).split("/")
    if "\x00" in name or any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in name):
        return _bad_name(N_("The entry `%(name)s` has control characters in its name."), name)
    if name.startswith("/") or "\\" in name or re.match(r"[A-Za-z]:", name):
        return _bad_name(N_("The path of the entry `%(name)s` is absolute and leads out of the bundle."), name)
    if any(step in {"", ".", ".."} for step in steps):
        return _bad_name(N_("The entry `%(name)s` leads out of the bundle or names no file."), name)
    if len(steps) > limits.depth:
        return _bad_name(N_("The entry `%(name)s` is more than %(depth)s folders deep."), name, depth=limits.depth)
    if any(len(step.encode("utf-8", "replace")) > limits.name_bytes for step in steps):
        return _bad_name(
            N_("The name of `%(name)s` is longer than %(longest)s bytes."), name, longest=limits.name_bytes
        )
    return None


def _bad_name(message: str, name: str, **values: Any) -> Problem:
    return error(
        message,
        N_("Pack the folder again with plain relative names, such as `zip -r bundle.zip .` inside it."),
        name=shown(name),
        **values,
    )


def shown(name: str) -> str:
    """Return a stranger's name fit to stand in a sentence: cut, and without signs that hide or turn text."""
    clean = "".join(sign if unicodedata.category(sign)[0] != "C" else "\N{REPLACEMENT CHARACTER}" for sign in name)
    return clean if len(clean) <= 120 else f"{clean[:60]}…{clean[-50:]}"


def _is_link_or_device(info: zipfile.ZipInfo) -> bool:
    kind = stat.S_IFMT(info.external_attr >> 16)
    return info.create_system == _UNIX and kind not in {0, stat.S_IFREG, stat.S_IFDIR}


def _size_problems(entry: Entry, limits: ArchiveLimits) -> Iterator[Problem]:
    info = entry.info
    if info.file_size > limits.file:
        yield error(
            N_("`%(name)s` unpacks to %(size)s bytes; at most %(longest)s are allowed."),
            N_("Use a smaller file."),
            name=shown(entry.name),
            size=info.file_size,
            longest=limits.file,
        )
    elif info.file_size > limits.ratio_from and info.file_size > limits.ratio * max(1, info.compress_size):
        yield error(
            N_("`%(name)s` unpacks to more than %(ratio)s times its packed size."),
            N_("Add the file without compression (zip -0), if it really is that uniform."),
            name=shown(entry.name),
            ratio=limits.ratio,
        )


def too_many(count: int, limits: ArchiveLimits) -> Problem:
    return error(
        N_("The zip contains %(count)s entries; the limit is %(most)s."),
        N_("Leave out what the challenge does not need, or put many small files into one."),
        count=count,
        most=limits.entries,
    )


def _overlaps(infos: Sequence[zipfile.ZipInfo], ends: Sequence[int], directory_at: int) -> Iterator[Problem]:
    """Find entries whose bytes lie over those of another, or of the directory: the trick of zip bombs."""
    placed = sorted(zip(infos, ends, strict=True), key=lambda pair: pair[0].header_offset)
    starts = [*(info.header_offset for info, _ in placed[1:]), directory_at]
    for (info, end), limit in zip(placed, starts, strict=False):
        if info.header_offset < 0 or end > limit:
            yield error(
                N_("The data of `%(name)s` overlaps that of another entry, or is outside of the file."),
                N_("The zip is damaged or was tampered with; pack the folder again."),
                name=shown(info.orig_filename),
            )
            return


def _repeated(entries: list[Entry]) -> Iterator[Problem]:
    seen: set[str] = set()
    loosely: dict[str, str] = {}
    for entry in entries:
        if entry.name in seen:
            yield error(
                N_("The zip contains `%(name)s` twice."),
                N_("Pack the folder again; a new zip file, not one that is added to."),
                name=shown(entry.name),
            )
        elif loosely.setdefault(entry.name.casefold(), entry.name) != entry.name:
            yield note(
                N_("`%(name)s` and `%(other)s` differ only in capitals."),
                N_("Some systems treat them as the same file; give one of them another name."),
                name=shown(entry.name),
                other=shown(loosely[entry.name.casefold()]),
            )
        seen.add(entry.name)


def _clashes(entries: list[Entry]) -> Iterator[Problem]:
    names = {entry.name for entry in entries if not entry.name.endswith("/")}
    folders = {entry.name[:at] for entry in entries for at, sign in enumerate(entry.name) if sign == "/"}
    for name in sorted(names & folders):
        yield error(
            N_("`%(name)s` is both a file and a folder."),
            N_("The zip is damaged or was tampered with; pack the folder again."),
            name=shown(name),
        )


def _total(entries: list[Entry], limits: ArchiveLimits) -> Iterator[Problem]:
    total = sum(entry.info.file_size for entry in entries)
    if total > limits.unpacked:
        yield error(
            N_("The zip unpacks to %(total)s bytes; at most %(most)s are allowed."),
            N_("Use smaller files, or put large data into the evaluation environment."),
            total=total,
            most=limits.unpacked,
        )
