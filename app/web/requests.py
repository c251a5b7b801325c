"""The request class: files go straight to the data directory while the form is parsed, hashed on the way."""

from typing import IO

from htmx_flask.requests import HtmxAwareRequest

from app.extensions import store
from app.storage import IncomingFile


class ShiaiRequest(HtmxAwareRequest):  # type: ignore[misc]  # htmx-flask ships no types
    """A request whose uploaded files are received by the store, so that no third copy is ever made."""

    @property
    def incoming_files(self) -> list[IncomingFile]:
        """Every file this request has brought so far."""
        files: list[IncomingFile] = self.environ.setdefault("shiai.incoming", [])
        return files

    def _load_form_data(self) -> None:
        """Parse the form, then have its files flushed to the disk while everything else is looked at."""
        super()._load_form_data()
        for file in self.incoming_files:
            file.begin_flush()

    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002 - Werkzeug's signature
        content_type: str | None,  # noqa: ARG002
        filename: str | None = None,  # noqa: ARG002
        content_length: int | None = None,  # noqa: ARG002
    ) -> IO[bytes]:
        incoming = store.incoming()
        self.incoming_files.append(incoming)
        return incoming  # type: ignore[return-value]  # a RawIOBase has all that Werkzeug calls

    def receive(self, content: bytes) -> IncomingFile:
        """Take bytes that came otherwise, such as a pasted text, for a file."""
        incoming = store.incoming()
        self.incoming_files.append(incoming)
        incoming.write(content)
        return incoming


def discard_incoming(environ: dict[str, object]) -> None:
    """Delete the files a request brought that nobody kept."""
    files = environ.get("shiai.incoming")
    if isinstance(files, list):
        for file in files:
            file.discard()
