"""Settings, read once from the environment and typed; a wrong value stops the start with a sentence.

Standard library only, so that the launcher, the web process, the worker and the tests read the same file.
"""

import difflib
import ipaddress
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MIB = 1024 * 1024
SHORTEST_SECRET = 16
LEAST_MEMORY_MB = 128  # an evaluation that does nothing takes 110, for the libraries that lie ready
PREFIX = "SHIAI_"
NAMES = re.findall(
    r"SHIAI_\w+",
    "SHIAI_DATA_DIR SHIAI_HOST SHIAI_PORT SHIAI_BASE_URL SHIAI_TRUSTED_HOSTS SHIAI_TRUSTED_PROXY SHIAI_DATABASE_URL "
    "SHIAI_QUEUE_URL SHIAI_SECRET_KEY SHIAI_WORKERS SHIAI_TIMEZONE SHIAI_ISOLATION SHIAI_EVALUATION_SECONDS "
    "SHIAI_EVALUATION_MEMORY_MB SHIAI_PACKAGE_INDEX SHIAI_PACKAGE_FOLDER SHIAI_BUILD_SECONDS SHIAI_ENVIRONMENT_MB "
    "SHIAI_MAX_SUBMISSION_MB SHIAI_MAX_BUNDLE_MB SHIAI_WEB_THREADS SHIAI_CONNECTION_LIMIT",
)
Isolation = Literal["strict", "best"]


class ConfigError(Exception):
    """A setting that cannot be used: the sentence says which, what was found and what to write instead."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything the product can be told from outside. Sizes are in bytes, times in seconds."""

    data_dir: Path
    host: str = "127.0.0.1"
    port: int = 8000
    database_url: str
    queue_url: str
    secret_key: str
    workers: int
    timezone: str = "UTC"
    base_url: str = ""
    trusted_hosts: tuple[str, ...] = ()
    trusted_proxy: str = ""
    isolation: Isolation = "strict"
    max_submission_bytes: int = 512 * MIB
    max_bundle_bytes: int = 512 * MIB
    evaluation_seconds: int = 1800
    evaluation_memory_bytes: int = 4096 * MIB
    package_index: str = ""
    package_folder: Path | None = None
    build_seconds: int = 1800
    environment_bytes: int = 10240 * MIB
    web_threads: int = 4
    connection_limit: int = 2000

    @property
    def is_https(self) -> bool:
        """Whether people reach the server by https, so that cookies may insist on it."""
        return self.base_url.startswith("https://")

    @property
    def address(self) -> str:
        """The address to print for people."""
        shown = "127.0.0.1" if self.host in {"0.0.0.0", "::", ""} else self.host  # noqa: S104 - compared, not bound
        return self.base_url or f"http://{shown}:{self.port}"


def load(environ: Mapping[str, str] | None = None, *, root: Path | None = None) -> Settings:
    """Read the settings, making the data directory and the secret key when they are not there yet.

    Raises ConfigError for a value that cannot be used, and for a name that looks like a slip of the pen.
    """
    env = os.environ if environ is None else environ
    _no_slips(env)
    base = Path(__file__).resolve().parent if root is None else root
    data_dir = _data_dir(env.get("SHIAI_DATA_DIR", ""), base)
    base_url = _base_url(env.get("SHIAI_BASE_URL", ""))
    return Settings(
        data_dir=data_dir,
        host=_host(env.get("SHIAI_HOST", "127.0.0.1")),
        port=_number(env, "SHIAI_PORT", default=8000, low=1, high=65535),
        database_url=_database_url(env.get("SHIAI_DATABASE_URL", ""), data_dir),
        queue_url=_queue_url(env.get("SHIAI_QUEUE_URL", ""), data_dir),
        secret_key=_secret_key(env.get("SHIAI_SECRET_KEY", ""), data_dir),
        workers=_number(env, "SHIAI_WORKERS", default=min(2, os.cpu_count() or 1), low=1, high=64),
        timezone=_timezone(env.get("SHIAI_TIMEZONE", "UTC")),
        base_url=base_url,
        trusted_hosts=_host_names(env.get("SHIAI_TRUSTED_HOSTS", "")),
        trusted_proxy=_proxy(env.get("SHIAI_TRUSTED_PROXY", "")),
        isolation=_isolation(env.get("SHIAI_ISOLATION", "strict")),
        max_submission_bytes=_mebibytes(env, "SHIAI_MAX_SUBMISSION_MB", default=512),
        max_bundle_bytes=_mebibytes(env, "SHIAI_MAX_BUNDLE_MB", default=512),
        evaluation_seconds=_number(env, "SHIAI_EVALUATION_SECONDS", default=1800, low=1, high=7 * 86400),
        evaluation_memory_bytes=_mebibytes(env, "SHIAI_EVALUATION_MEMORY_MB", default=4096, low=LEAST_MEMORY_MB),
        package_index=_package_index(env.get("SHIAI_PACKAGE_INDEX", "")),
        package_folder=_package_folder(env.get("SHIAI_PACKAGE_FOLDER", "")),
        build_seconds=_number(env, "SHIAI_BUILD_SECONDS", default=1800, low=10, high=86400),
        environment_bytes=_mebibytes(env, "SHIAI_ENVIRONMENT_MB", default=10240),
        web_threads=_number(env, "SHIAI_WEB_THREADS", default=4, low=1, high=64),
        connection_limit=_number(env, "SHIAI_CONNECTION_LIMIT", default=2000, low=100, high=100_000),
    )


def _data_dir(value: str, base: Path) -> Path:
    path = Path(value).expanduser() if value else base / "instance"
    path = path if path.is_absolute() else base / path
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.chmod(0o700)
        for name in ("store", "packages", "jobs", "tmp", "environments"):
            (path / name).mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"SHIAI_DATA_DIR: {path} cannot be used ({error.strerror}). "
            "Name a folder on a local disk that this account may write."
        ) from error
    return path.resolve()


def _number(env: Mapping[str, str], name: str, *, default: int, low: int, high: int) -> int:
    text = env.get(name, "").strip()
    if not text:
        return default
    try:
        value = int(text)
    except ValueError as error:
        raise ConfigError(f"{name} is {text!r}. Write a whole number from {low} to {high}.") from error
    if not low <= value <= high:
        raise ConfigError(f"{name} is {value}. Write a whole number from {low} to {high}.")
    return value


def _mebibytes(env: Mapping[str, str], name: str, *, default: int, low: int = 1) -> int:
    return _number(env, name, default=default, low=low, high=1024 * 1024) * MIB


def _no_slips(env: Mapping[str, str]) -> None:
    """Refuse SHIAI_PROT, which would mean nothing without a word; what is far from every setting is somebody else's."""
    suffixes = [name.removeprefix(PREFIX) for name in NAMES]
    for name in sorted(env):
        if name.startswith(PREFIX) and name not in NAMES:
            near = difflib.get_close_matches(name.removeprefix(PREFIX), suffixes, n=1, cutoff=0.75)
            if near:
                raise ConfigError(f"{name} is no setting. Write {PREFIX}{near[0]}.")


def _host(value: str) -> str:
    # an empty one would listen on every network without anybody having said so
    if not re.fullmatch(r"[A-Za-z0-9.:_-]+", value):
        raise ConfigError(
            f"SHIAI_HOST is {value!r}. Write 127.0.0.1 for this machine alone, or 0.0.0.0 for the whole network."
        )
    return value


def _database_url(value: str, data_dir: Path) -> str:
    if not value:
        return _sqlite(data_dir / "shiai.db")
    if value.startswith(("postgres://", "postgresql://")):
        return "postgresql+psycopg://" + value.split("://", 1)[1]
    if value.startswith(("sqlite:///", "postgresql+psycopg://")):
        return value
    raise ConfigError(
        f"SHIAI_DATABASE_URL begins with {value.split(':', 1)[0]!r}. "
        "Write sqlite:////absolute/path.db or postgresql://user:password@host/database."
    )


def _sqlite(path: Path) -> str:
    # a question mark would end the path, and %20 be a blank
    return f"sqlite:///{quote(str(path))}"


def _queue_url(value: str, data_dir: Path) -> str:
    if not value:
        return _sqlite(data_dir / "queue.db")
    if value.startswith(("sqlite:///", "redis://", "rediss://")):
        return value
    raise ConfigError(
        f"SHIAI_QUEUE_URL begins with {value.split(':', 1)[0]!r}. "
        "Write sqlite:////absolute/path.db or redis://host:6379/0."
    )


def _secret_key(value: str, data_dir: Path) -> str:
    if value:
        return _long_enough(value, "SHIAI_SECRET_KEY")
    path = data_dir / "secret-key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _kept_secret(path)
    key = secrets.token_hex(32)
    with os.fdopen(handle, "w") as file:
        file.write(key)
    return key


def _kept_secret(path: Path) -> str:
    if path.stat().st_mode & 0o077:
        raise ConfigError(f"{path} can be read by other accounts. Run: chmod 600 {path}")
    return _long_enough(path.read_text().strip(), str(path))


def _long_enough(value: str, name: str) -> str:
    if len(value) < SHORTEST_SECRET or len(set(value)) < 6 or value.lower().startswith(("changeme", "secret")):
        raise ConfigError(
            f"{name} holds a secret that is too easy to guess. Leave it unset, so that one is made, "
            "or write at least 32 random characters."
        )
    return value


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ConfigError(
            f"SHIAI_TIMEZONE is {value!r}, which is no time zone. Write a name such as Asia/Tokyo or UTC."
        ) from error
    return value


def _base_url(value: str) -> str:
    if not value:
        return ""
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigError(f"SHIAI_BASE_URL is {value!r}. Write the whole address, such as https://shiai.example.com.")
    return value.rstrip("/")


def _package_index(value: str) -> str:
    if not value:
        return ""
    if urlsplit(value).scheme not in {"http", "https", "file"}:
        # the address may hold a password, so it is not said back
        raise ConfigError(
            "SHIAI_PACKAGE_INDEX is not the address of a package index. Write one such as https://pypi.org/simple."
        )
    return value.rstrip("/")


def _package_folder(value: str) -> Path | None:
    if not value:
        return None
    path = Path(value).expanduser()
    if not path.is_dir():
        raise ConfigError(f"SHIAI_PACKAGE_FOLDER: {path} is not a folder. Name the folder that holds the wheels.")
    return path.resolve()


def _proxy(value: str) -> str:
    try:
        return str(ipaddress.ip_address(value)) if value else ""
    except ValueError as error:
        raise ConfigError(
            f"SHIAI_TRUSTED_PROXY is {value!r}. Write the address of the reverse proxy, such as 127.0.0.1."
        ) from error


def _host_names(value: str) -> tuple[str, ...]:
    names = tuple(word.strip().lower() for word in value.split(",") if word.strip())
    for name in names:
        if not all(sign.isalnum() or sign in ".-_" for sign in name):
            raise ConfigError(
                f"SHIAI_TRUSTED_HOSTS holds {name!r}. Write bare host names separated by commas, "
                "such as shiai.example.com,shiai."
            )
    return names


def _isolation(value: str) -> Isolation:
    known: dict[str, Isolation] = {"strict": "strict", "best": "best"}
    if value not in known:
        raise ConfigError(f"SHIAI_ISOLATION is {value!r}. Write strict or best.")
    return known[value]
