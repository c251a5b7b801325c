"""The end of a zip, read before anything believes it (APPNOTE.TXT 6.3.10, sections 4.3.14 to 4.3.16)."""

import os
import struct
import zipfile
from dataclasses import dataclass
from typing import BinaryIO

_END, _END64, _LOCATOR64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
_END_SIZE, _END64_SIZE, _LOCATOR_SIZE = 22, 56, 20
_LONGEST_COMMENT = 65_535
_LOCAL = b"PK\x03\x04"
_LOCAL_SIZE = 30


@dataclass(frozen=True, slots=True)
class ZipEnd:
    """Where the directory of a zip begins, how many bytes it has and how many entries it claims."""

    directory_at: int
    directory_size: int
    entries: int


def read_end(stream: BinaryIO) -> ZipEnd:
    """Read the end record; raise BadZipFile unless it closes the file and the directory lies right before it."""
    stream.seek(0, os.SEEK_END)
    size = stream.tell()
    start = max(0, size - _END_SIZE - _LONGEST_COMMENT)
    stream.seek(start)
    tail = stream.read()
    place = _end_record(tail)
    fields = struct.unpack("<4s4H2LH", tail[place : place + _END_SIZE])
    disk, directory_disk, here, entries, directory_size, directory_at = fields[1:7]
    at = start + place
    if 0xFFFF in {disk, here, entries} or 0xFFFFFFFF in {directory_size, directory_at}:
        return _zip64(stream, at)
    if disk or directory_disk or here != entries:
        raise zipfile.BadZipFile("the zip is one of several parts")
    return _checked(directory_at, directory_size, entries, ends_at=_before_locator(stream, at))


def _end_record(tail: bytes) -> int:
    """Find the end record whose comment reaches exactly to the end of the file."""
    place = len(tail)
    while (place := tail.rfind(_END, 0, place)) >= 0:
        if place + _END_SIZE <= len(tail):
            comment = int.from_bytes(tail[place + 20 : place + 22], "little")
            if place + _END_SIZE + comment == len(tail):
                return place
    raise zipfile.BadZipFile("there is no end record")


def _locator(stream: BinaryIO, end_at: int) -> int | None:
    if end_at < _LOCATOR_SIZE:
        return None
    stream.seek(end_at - _LOCATOR_SIZE)
    signature, disk, offset, disks = struct.unpack("<4sLQL", stream.read(_LOCATOR_SIZE))
    if signature != _LOCATOR64:
        return None
    if disk or disks > 1:
        raise zipfile.BadZipFile("the zip is one of several parts")
    return int(offset)


def _before_locator(stream: BinaryIO, end_at: int) -> int:
    """Return where the directory must end: at the end record, or at the zip64 records before it."""
    offset = _locator(stream, end_at)
    return end_at if offset is None else offset


def _zip64(stream: BinaryIO, end_at: int) -> ZipEnd:
    offset = _locator(stream, end_at)
    if offset is None or offset + _END64_SIZE > end_at:
        raise zipfile.BadZipFile("the zip64 record is missing")
    stream.seek(offset)
    record = struct.unpack("<4sQ2H2L4Q", stream.read(_END64_SIZE))
    if record[0] != _END64 or record[4] or record[5] or record[6] != record[7]:
        raise zipfile.BadZipFile("the zip64 record is wrong")
    return _checked(record[9], record[8], record[7], ends_at=offset)


def _checked(directory_at: int, directory_size: int, entries: int, *, ends_at: int) -> ZipEnd:
    if directory_at + directory_size != ends_at:
        raise zipfile.BadZipFile("the directory is not where the end record says")
    return ZipEnd(directory_at, directory_size, entries)


def data_end(stream: BinaryIO, info: zipfile.ZipInfo) -> int:
    """Return the offset behind an entry's packed bytes by its local header; raise BadZipFile where there is none."""
    stream.seek(max(0, info.header_offset))
    header = stream.read(_LOCAL_SIZE)
    if len(header) < _LOCAL_SIZE or not header.startswith(_LOCAL):
        raise zipfile.BadZipFile("an entry has no header")
    name_length, extra_length = struct.unpack("<2H", header[26:30])
    return int(info.header_offset + _LOCAL_SIZE + name_length + extra_length + info.compress_size)
