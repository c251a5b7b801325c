"""The programs that fill an environment: uv where it is there, else this server's own pip."""

import importlib.util
import os
import shutil
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

# How a company's network is reached; nothing else of the worker's environment is handed on.
_NETWORK = (
    "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
    "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "PIP_CERT",
)  # fmt: skip
_COMPILER = "import compileall, sys; compileall.compile_dir(sys.argv[1], quiet=2)"


@dataclass(frozen=True, kw_only=True)
class PackageSource:
    """Where packages come from: the address of an index, a folder of wheels, or both."""

    index: str = ""
    folder: Path | None = None

    @property
    def is_known(self) -> bool:
        """Whether there is any."""
        return bool(self.index) or self.folder is not None


def commands(folder: Path, *, source: PackageSource) -> list[list[str]]:
    """Return the commands that install `requirements.txt` of a bare environment into it."""
    uv = shutil.which("uv", path=f"{sysconfig.get_path('scripts')}:{os.environ.get('PATH', os.defpath)}")
    python = str(folder / "bin" / "python")
    listed = ["-r", str(folder / "requirements.txt"), *_places(source)]
    if uv is None:
        # pip itself, run by the environment's Python, which holds no package yet whose start-up code would run
        options = ["--only-binary", ":all:", "--no-cache-dir", "--progress-bar", "off", "--no-color", "--no-input"]
        return [[python, "-I", *_pip(), "install", "--disable-pip-version-check", *options, *listed]]
    options = ["--no-build", "--no-cache", "--no-config", "--no-progress", "--link-mode", "copy"]
    # uv would compile with the environment's Python, in which code of its packages would run
    compiler = [sys.executable, "-I", "-c", _COMPILER, str(folder / "lib")]
    return [[uv, "pip", "install", "--python", python, *options, *listed], compiler]


def versions_command(name: str, *, source: PackageSource, folder: Path) -> list[str]:
    """Return the command that names the versions of a package that are there as wheels for this Python.

    It asks for one that cannot be, as pip's complaint lists those that can; `pip index versions` counts sources too.
    """
    options = ["--only-binary", ":all:", "--no-deps", "--dest", str(folder), "--no-cache-dir", "--retries", "1"]
    options += ["--disable-pip-version-check", "--no-color", "--no-input"]
    return [sys.executable, "-I", "-m", "pip", "download", *options, *_places(source), "--", f"{name}==999999!0"]


def environment(source: PackageSource, *, scratch: Path) -> dict[str, str]:
    """Return the whole environment of an installer; the index is named here, as its address may hold a password."""
    given = {name: os.environ[name] for name in _NETWORK if name in os.environ}
    given |= {"PATH": "/usr/bin:/bin", "HOME": str(scratch), "TMPDIR": str(scratch), "LANG": "C.UTF-8"}
    given |= {"PIP_CONFIG_FILE": os.devnull, "PYTHONUTF8": "1"}
    if not source.index:
        return given
    given |= {"PIP_INDEX_URL": source.index, "UV_DEFAULT_INDEX": source.index}
    address = urlsplit(source.index)
    if address.scheme == "http" and address.hostname:
        given |= {"PIP_TRUSTED_HOST": address.hostname, "UV_INSECURE_HOST": address.hostname}
    return given


def without_secrets(text: str, source: PackageSource) -> str:
    """Return a text without the password of the index."""
    password = urlsplit(source.index).password
    return text.replace(password, "****") if password else text


def _places(source: PackageSource) -> list[str]:
    """Say where to look; without an index nothing may be asked from anybody, and uv knows that by an option only."""
    folder = ["--find-links", str(source.folder)] if source.folder else []
    return folder if source.index else ["--no-index", *folder]


def _pip() -> list[str]:
    """Return how the environment's Python runs this server's pip; its own message where there is none."""
    found = importlib.util.find_spec("pip")
    runner = Path(found.origin).parent / "__pip-runner__.py" if found and found.origin else None
    return [str(runner)] if runner else ["-m", "pip"]
