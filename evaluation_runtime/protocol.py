"""Names and shapes that the worker and the child side of an evaluation agree on.

The only module of this package that the rest of the product may import: standard library, no side effects.

Worker -> warm parent: one datagram per job on the control socket, JSON of `Request`, with five descriptors.
Child -> worker: one `frame` on the reply pipe, JSON whose "kind" is a `Reply`.
Warm parent -> worker: datagrams on the job's own channel, `STARTED` and then an `Ending`.
Worker -> warm parent on that channel: closing it means "kill the job".
"""

import dataclasses
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

REPLY_LIMIT = 1024 * 1024
TEXT_LIMIT = 10_000
ATTACHMENT_LIMIT = 256 * 1024
TOKEN_CHARACTERS = 32
HEADER_BYTES = TOKEN_CHARACTERS + 10

# A script raises an exception of a class with this name when the participant is to read its text.
VISIBLE_ERROR = "ParticipantVisibleError"
VISIBLE_LIMIT = 1000

# Folders inside a job's folder; scripts see them below the job's root.
COMPUTE = "compute"
PACKAGE_PARENT = "challenge_data"
ANNOTATION = "annotation"
SUBMISSION = "submission"

STARTED = b"started"

# Exit statuses of a child that never came to its script, or could not answer.
NO_WALLS = 97
NO_REPLY = 98


class Kind(StrEnum):
    """What a child is asked to do."""

    EVALUATE = "evaluate"
    CHECK = "check"
    PROBE = "probe"


class Reply(StrEnum):
    """How a child's work ended, as it says itself."""

    RETURNED = "returned"
    UNUSABLE = "unusable"
    RAISED = "raised"
    EXITED = "exited"
    SOUND = "sound"
    UNSOUND = "unsound"
    PROBED = "probed"


class Cause(StrEnum):
    """What stopped a script, beyond its exception; the worker has a sentence for each."""

    MODULE = "module"
    NETWORK = "network"
    FILE = "file"
    FILE_BESIDE = "file_beside"


class Unusable(StrEnum):
    """What is wrong with a part of a result; the worker has a sentence for each."""

    NO_DICT = "no_dict"
    PARTS = "parts"
    DEPTH = "depth"
    TEXT = "text"
    INTEGER = "integer"
    NAME = "name"
    NO_NUMBER = "no_number"
    LENGTH = "length"
    NO_JSON = "no_json"
    LARGE = "large"


@dataclass(frozen=True, kw_only=True)
class Walls:
    """Sizes of a child's walls; bytes, and a count of processes and threads together."""

    memory_bytes: int
    processes: int
    scratch_bytes: int
    shared_memory_bytes: int = 256 * 1024 * 1024
    file_bytes: int = 2 * 1024 * 1024 * 1024
    open_files: int = 1024


@dataclass(frozen=True, kw_only=True)
class Request:
    """One job. `folder` is the name below the jobs folder; files are names inside it, or None.

    `trials`, `canaries` (files outside) and `port` (of a listener outside) are for a probe.
    """

    kind: Kind
    folder: str
    token: str
    challenge_number: int
    walls: Walls
    annotation: str | None = None
    submission: str | None = None
    phase_codename: str = ""
    submission_metadata: dict[str, Any] = dataclasses.field(default_factory=dict)
    trials: tuple[str, ...] = ()
    canaries: tuple[str, ...] = ()
    port: int = 0


@dataclass(frozen=True, kw_only=True)
class Boot:
    """How a warm parent is started; JSON in its only argument.

    `boxed` says that it is alone in namespaces of its own; `jobs` is the jobs folder as it sees it; `foreign` that the
    packages of its environment were asked for by a challenge; `standing_by` is how many children wait for jobs to come.
    """

    descriptor: int
    jobs: str
    boxed: bool
    readable: tuple[str, ...]
    preload: bool = True
    foreign: bool = False
    standing_by: int = 2


@dataclass(frozen=True, kw_only=True)
class Ready:
    """What a warm parent says once it can take jobs."""

    threads: int
    landlock: int
    seccomp: bool
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How a child's process ended: wait status, largest memory seen from outside, and who killed it."""

    status: int
    peak_bytes: int
    killed_for_memory: bool = False
    detail: str = ""


def encode(value: Request | Boot | Ready | Ending) -> bytes:
    """Write one of the shapes above as JSON."""
    return json.dumps(dataclasses.asdict(value)).encode()


def decode_request(raw: bytes) -> Request:
    """Read a Request that `encode` wrote."""
    fields = json.loads(raw)
    fields["kind"] = Kind(fields["kind"])
    fields["walls"] = Walls(**fields["walls"])
    for name in ("trials", "canaries"):
        fields[name] = tuple(fields[name])
    return Request(**fields)


def decode_boot(raw: str) -> Boot:
    """Read a Boot that `encode` wrote."""
    fields = json.loads(raw)
    fields["readable"] = tuple(fields["readable"])
    return Boot(**fields)


def decode_ready(raw: bytes) -> Ready:
    """Read a Ready that `encode` wrote."""
    return Ready(**json.loads(raw))


def decode_ending(raw: bytes) -> Ending:
    """Read an Ending that `encode` wrote."""
    return Ending(**json.loads(raw))


def frame(token: str, body: bytes) -> bytes:
    """Put the header before a reply: the job's token, which a script does not know, and the length."""
    return b"%s %08x\n" % (token.encode(), len(body)) + body


def frame_length(token: str, header: bytes) -> int | None:
    """Give the body's length when the header is one that `frame` wrote for this token, else None."""
    if len(header) < HEADER_BYTES or not header.startswith(token.encode() + b" "):
        return None
    try:
        return int(header[TOKEN_CHARACTERS + 1 : HEADER_BYTES - 1], 16)
    except ValueError:
        return None
