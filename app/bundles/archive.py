"""A stranger's zip -> a folder of plain files, or a refusal that leaves nothing behind."""

import os
import shutil
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from app.bundles.folder import BundleFile, BundleFiles
from app.bundles.problems import BundleRefused, Problem, error, has_errors, note
from app.bundles.zip_end import ZipEnd, data_end, read_end
from app.bundles.zip_listing import ArchiveLimits, Entry, Listing, judge, shown, too_many
from app.rules.errors import N_

_CHUNK = 1024 * 1024
_FILE_MODE, _FOLDER_MODE = 0o640, 0o750
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    ValueError,
    NotImplementedError,
    OverflowError,
    IndexError,
)
_LONGEST_RECORD = 2_048  # bytes of the directory for an entry: a name, its extra fields, a comment


def open_bundle(path: Path, into: Path, *, limits: ArchiveLimits | None = None) -> BundleFiles:
    """Unpack a zip into the new folder `into` and return what is there; one folder around everything is taken off.

    Files get mode 0640 and folders 0750 whatever the zip says. Raises BundleRefused with all problems; `into`
    does not exist then. Memory use does not depend on the size of the files.
    """
    limits = limits or ArchiveLimits()
    with _nothing_left_behind(into):
        return _unpacked(path, into, limits)


@contextmanager
def _nothing_left_behind(into: Path) -> Iterator[None]:
    into.mkdir(mode=_FOLDER_MODE, parents=True)
    try:
        yield
    except BaseException:
        shutil.rmtree(into, ignore_errors=True)
        raise


def _unpacked(path: Path, into: Path, limits: ArchiveLimits) -> BundleFiles:
    size = path.stat().st_size
    if size > limits.packed:
        raise BundleRefused([_too_large(size, limits)])
    with path.open("rb") as stream:
        _refuse_other_kinds(stream)
        with _opened(stream, limits) as (archive, directory_at):
            infos = archive.infolist()
            ends = [data_end(stream, info) for info in infos]
            listing = judge(infos, ends=ends, directory_at=directory_at, limits=limits)
            if has_errors(listing.problems):
                raise BundleRefused(listing.problems)
            top = _top_folder(listing)
            files = tuple(_unpack_all(archive, listing, into, len(top)))
    return BundleFiles(into, files, listing.skipped, (*listing.problems, *_remarks(listing, top)))


def _too_large(size: int, limits: ArchiveLimits) -> Problem:
    return error(
        N_("The zip has %(size)s bytes; the limit is %(most)s."),
        N_("Leave out what the challenge does not need."),
        size=size,
        most=limits.packed,
    )


def _refuse_other_kinds(stream: BinaryIO) -> None:
    start = stream.read(4)
    stream.seek(0)
    if not start:
        raise BundleRefused([error(N_("The file is empty."), N_("Upload the zip of your challenge."))])
    if start[:2] != b"PK":
        raise BundleRefused(
            [
                error(
                    N_("The file is not a zip."),
                    N_("Pack the folder of the challenge as a zip; .tar.gz, .7z and .rar are not read."),
                )
            ]
        )


@contextmanager
def _opened(stream: BinaryIO, limits: ArchiveLimits) -> Iterator[tuple[zipfile.ZipFile, int]]:
    try:
        end = read_end(stream)
        _refuse_crowds(end, limits)
        with zipfile.ZipFile(stream) as archive:
            if len(archive.infolist()) != end.entries:
                raise zipfile.BadZipFile
            yield archive, end.directory_at
    except _BROKEN:
        raise BundleRefused(
            [
                error(
                    N_("The zip is cut off or damaged."),
                    N_("Upload it again; if that does not help, pack the folder again."),
                )
            ]
        ) from None


def _refuse_crowds(end: ZipEnd, limits: ArchiveLimits) -> None:
    """Refuse by the end record alone, because the directory is read into memory as a whole."""
    if end.entries > limits.entries or end.directory_size > limits.entries * _LONGEST_RECORD:
        raise BundleRefused([too_many(end.entries, limits)])


def _top_folder(listing: Listing) -> str:
    """Return the one folder that everything lies in, with its slash; empty when there is none."""
    files = [entry.name for entry in listing.entries if not entry.name.endswith("/")]
    tops = {name.partition("/")[0] + "/" if "/" in name else "" for name in files}
    return tops.pop() if len(tops) == 1 else ""


def _unpack_all(archive: zipfile.ZipFile, listing: Listing, into: Path, cut: int) -> Iterator[BundleFile]:
    for entry in listing.entries:
        name = entry.name[cut:]
        if name and not entry.name.endswith("/"):
            target = into / name
            _make_folders(into, target.parent)
            _unpack_one(archive, entry, target)
            yield BundleFile(name, entry.info.file_size)


def _make_folders(root: Path, folder: Path) -> None:
    if folder != root and not folder.exists():
        _make_folders(root, folder.parent)
        folder.mkdir()
        folder.chmod(_FOLDER_MODE)  # the umask has no say


def _unpack_one(archive: zipfile.ZipFile, entry: Entry, target: Path) -> None:
    """Write one entry, reading no more than it declared; the checksum is compared by zipfile at the end."""
    left = entry.info.file_size
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    with (
        archive.open(entry.info) as packed,
        open(target, "wb", opener=lambda name, _: os.open(name, flags, _FILE_MODE)) as out,
    ):
        while chunk := packed.read(min(_CHUNK, left + 1)):
            left -= len(chunk)
            if left < 0:
                raise zipfile.BadZipFile
            out.write(chunk)
    if left:
        raise zipfile.BadZipFile
    target.chmod(_FILE_MODE)  # the umask has no say


def _remarks(listing: Listing, top: str) -> Iterator[Problem]:
    if top:
        yield note(N_("Everything is inside the folder `%(folder)s`; its contents are used."), folder=shown(top))
    if listing.skipped:
        yield note(
            N_("Files made by editors or operating systems were left out (%(count)s): %(names)s."),
            count=len(listing.skipped),
            names=", ".join(shown(name) for name in listing.skipped[:5]),
        )
