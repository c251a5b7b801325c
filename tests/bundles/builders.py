"""Bundles made in memory: a sound challenge to change one thing of, and zips by hand for what zipfile would not write."""

import io
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

CONFIG = """\
title: Tumour Challenge
short_description: Which tumours are malignant?
description: templates/description.html
evaluation_details: templates/evaluation_details.html
terms_and_conditions: templates/terms.html
submission_guidelines: templates/guidelines.html
image: logo.png
leaderboard_description: The AUC decides.
evaluation_script: evaluation_script.zip
remote_evaluation: False
start_date: 2026-01-01 00:00:00
end_date: 2099-05-31 23:59:59
published: True
leaderboard:
  - id: 1
    schema: {"labels": ["AUC", "F1"], "default_order_by": "AUC"}
challenge_phases:
  - id: 1
    name: Dev Phase
    description: templates/phase.html
    leaderboard_public: True
    is_public: True
    is_submission_public: True
    start_date: 2026-01-19 00:00:00
    end_date: 2099-04-25 23:59:59
    test_annotation_file: annotations/dev.csv
    codename: dev
    max_submissions_per_day: 5
    max_submissions_per_month: 50
    max_submissions: 100
dataset_splits:
  - id: 1
    name: Test Split
    codename: test_split
challenge_phase_splits:
  - challenge_phase_id: 1
    leaderboard_id: 1
    dataset_split_id: 1
    visibility: 3
    leaderboard_decimal_precision: 4
    is_leaderboard_order_descending: True
"""

MAIN = """\
def evaluate(test_annotation_file, user_submission_file, phase_codename, **kwargs):
    return {"result": [{"test_split": {"AUC": 0.5, "F1": 0.5}}]}
"""
SCRIPT = {"__init__.py": "from .main import evaluate\n", "main.py": MAIN}


def png(width: int = 64, height: int = 64) -> bytes:
    """Return the first bytes of a PNG of that size."""
    header = struct.pack(">I4sIIBBBBB", 13, b"IHDR", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + header + b"\x00" * 16


def jpeg(width: int = 64, height: int = 64) -> bytes:
    """Return the first bytes of a JPEG of that size, an EXIF segment before its frame."""
    exif = b"\xff\xe1\x00\x10" + b"Exif\x00\x00" + b"\x00" * 8
    frame = b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", height, width) + b"\x03" + b"\x00" * 9
    return b"\xff\xd8" + exif + frame + b"\xff\xda"


def zip_of(files: Mapping[str, bytes | str], *, packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip with these files in this order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", packing) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def challenge_files(
    config: str | bytes = CONFIG, *, script: Mapping[str, bytes | str] | None = None
) -> dict[str, bytes | str]:
    """Return the files of a sound challenge with this configuration and this script."""
    pages = ("description", "evaluation_details", "terms", "guidelines", "phase")
    return {
        "challenge_config.yaml": config,
        "logo.png": png(),
        "annotations/dev.csv": "id,label\n1,0\n2,1\n",
        "evaluation_script.zip": zip_of(SCRIPT if script is None else script),
        **{f"templates/{page}.html": f"<p>About {page}.</p>" for page in pages},
    }


def changed(before: str, after: str, config: str = CONFIG) -> str:
    """Return the sound configuration with one passage replaced."""
    assert before in config
    return config.replace(before, after, 1)


def written(folder: Path, content: bytes, name: str = "bundle.zip") -> Path:
    """Write a zip and return its path."""
    path = folder / name
    path.write_bytes(content)
    return path


class RawZip:
    """A zip whose every header field can lie."""

    def __init__(self) -> None:
        self.body = bytearray()
        self.directory = bytearray()
        self.count = 0

    def add(
        self,
        name: bytes,
        content: bytes = b"x",
        *,
        offset: int | None = None,
        flags: int = 0,
        size: int | None = None,
        crc: int | None = None,
        method: int = 0,
        mode: int = 0o100644,
        extra: bytes = b"",
        write: bool = True,
    ) -> int:
        """Add an entry and return where its local header begins; `offset` points at another's bytes instead."""
        at = len(self.body) if offset is None else offset
        crc = zipfile.crc32(content) if crc is None else crc
        declared = len(content) if size is None else size
        common = struct.pack(
            "<HHHHHLLLHH", 20, flags, method, 0, 33, crc, len(content), declared, len(name), len(extra)
        )
        if write and offset is None:
            self.body += b"PK\x03\x04" + common + name + extra + content
        self.directory += b"PK\x01\x02" + struct.pack("<H", 3 << 8 | 20) + common
        self.directory += struct.pack("<HHHLL", 0, 0, 0, mode << 16, at) + name + extra
        self.count += 1
        return at

    def bytes(self, *, comment: bytes = b"", disk: int = 0, count: int | None = None, at: int | None = None) -> bytes:
        """Return the zip with its end record."""
        number = self.count if count is None else count
        begins = len(self.body) if at is None else at
        end = struct.pack("<4s4H2LH", b"PK\x05\x06", disk, 0, number, number, len(self.directory), begins, len(comment))
        return bytes(self.body) + bytes(self.directory) + end + comment
