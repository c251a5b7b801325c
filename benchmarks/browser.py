"""A signed-in browser on one kept connection: enough of HTTP to submit files and read pages."""

import http.client
import re
import secrets
from collections.abc import Iterable
from types import TracebackType
from typing import Self

from benchmarks.site import PASSWORD

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_LIVE = re.compile(r'data-live="([^"]+)"')
_PIECE = 1024 * 1024


class Browser:
    """One person's browser."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._cookies: dict[str, str] = {}
        self._token = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self._connection.close()

    @property
    def headers(self) -> dict[str, str]:
        """The headers that say who is at the browser."""
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        """Fetch a page; return its status and its text."""
        return self._ask("GET", path, None, {name.replace("_", "-"): value for name, value in headers.items()})

    def sign_in(self, email: str) -> None:
        """Sign in with everybody's password. RuntimeError when that fails."""
        self._token = self._token_of("/sign-in")
        fields = {"csrf_token": self._token, "who": email, "password": PASSWORD}
        status, page = self._post("/sign-in", *form(fields))
        if status != 303:
            raise RuntimeError(f"{email} could not sign in ({status}): {page[:2000]}")

    def prepare(self, slug: str) -> None:
        """Open the submit page once, as a person does, so that posts can follow."""
        self._token = self._token_of(f"/challenges/{slug}/submit/bench")

    def submit(self, slug: str, content: bytes) -> int:
        """Send a file and return the number of the submission. RuntimeError when it is refused."""
        return self.send(slug, *self.filled_in(content))

    def filled_in(self, content: bytes) -> tuple[bytes, dict[str, str]]:
        """Prepare the form that sends a file; return its body and its headers."""
        fields = {"csrf_token": self._token, "form_key": secrets.token_urlsafe(24), "show_on_board": "y", "again": "1"}
        return form(fields, content)

    def send(self, slug: str, body: "bytes | Iterable[bytes]", headers: dict[str, str]) -> int:
        """Send a prepared form to a challenge's phase and return the number of the submission."""
        status, page = self._post(f"/challenges/{slug}/submit/bench", body, headers)
        if status != 303:
            raise RuntimeError(f"the submission was refused ({status}): {page[-1500:]}")
        return int(self.location.rsplit("/", 1)[-1])

    def large(self, size: int) -> tuple[Iterable[bytes], dict[str, str]]:
        """Prepare a form whose file has `size` bytes, made while it is sent."""
        whole, headers = self.filled_in(b"%")
        head, _, foot = whole.partition(b"%")
        piece = secrets.token_bytes(_PIECE)

        def parts() -> Iterable[bytes]:
            yield head
            for _ in range(size // _PIECE):
                yield piece
            yield piece[: size % _PIECE] + foot

        return parts(), headers | {"Content-Length": str(len(head) + size + len(foot))}

    def live_address(self, path: str) -> str:
        """Return the address from which the board of a page keeps itself up to date."""
        found = _LIVE.search(self.get(path)[1])
        if found is None:
            raise RuntimeError(f"{path} shows no live board")
        return found[1].replace("&amp;", "&")

    def _token_of(self, path: str) -> str:
        status, page = self.get(path)
        found = _TOKEN.search(page)
        if found is None:
            raise RuntimeError(f"{path} answered {status} without a form")
        return found[1]

    def _post(self, path: str, body: "bytes | Iterable[bytes]", headers: dict[str, str]) -> tuple[int, str]:
        return self._ask("POST", path, body, headers)

    def _ask(
        self, method: str, path: str, body: "bytes | Iterable[bytes] | None", headers: dict[str, str]
    ) -> tuple[int, str]:
        self._connection.request(method, path, body, self.headers | headers)
        answer = self._connection.getresponse()
        text = answer.read().decode(errors="replace")
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";", 1)[0].partition("=")
            self._cookies[name] = value
        self.location = answer.headers.get("Location") or ""
        return answer.status, text


def form(fields: dict[str, str], file: bytes | None = None) -> tuple[bytes, dict[str, str]]:
    """Write a form as browsers send it (RFC 7578); return its body and its headers."""
    mark = secrets.token_hex(16)
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    if file is not None:
        head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="scores.csv"\r\n'
        parts += [head.encode(), b"Content-Type: text/csv\r\n\r\n", file, b"\r\n"]
    parts.append(f"--{mark}--\r\n".encode())
    return b"".join(parts), {"Content-Type": f"multipart/form-data; boundary={mark}"}
