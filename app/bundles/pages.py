"""How the files that a configuration names are read: pages, logo, annotations."""

import re
from typing import Any

from app.bundles.fields import REFUSED, Reading
from app.bundles.folder import Named
from app.bundles.images import read_header
from app.bundles.problems import Severity
from app.bundles.spec import Image, Page
from app.bundles.values import text
from app.bundles.yaml_document import NodePath
from app.bundles.yaml_text import encoding_of
from app.rules.bounds import LONGEST_SHOWN_BYTES
from app.rules.errors import N_

LONGEST_PAGE = 1024 * 1024
ALL_PAGES = 16 * 1024 * 1024
_CODECS = {"Shift-JIS": "cp932", "EUC-JP": "euc_jp", "GBK": "gb18030", "EUC-KR": "euc_kr"}
_path_text = text(1_000, shown=False)


def page(reading: Reading, path: NodePath, value: Any) -> Any:
    """Read the path of an HTML page and the page itself."""
    if isinstance(value, str) and re.search(r"<\w+[\s>]", value):
        return _html_in_place_of_a_path(reading, path)
    found = _find(reading, path, value, Severity.ERROR)
    if found is REFUSED:
        return REFUSED
    if not found.lower().endswith((".html", ".htm")):
        reading.error(
            path,
            N_("`%(key)s` names `%(found)s`, which is not an HTML file."),
            N_("Name a file that ends in .html."),
            key=path[-1],
            found=found,
        )
        return REFUSED
    return _page_of(reading, path, found)


def _html_in_place_of_a_path(reading: Reading, path: NodePath) -> Any:
    reading.error(
        path,
        N_("`%(key)s` contains HTML; it should be the path of a file."),
        N_("Move the HTML into a file such as templates/%(key)s.html and write its path here."),
        key=path[-1],
    )
    return REFUSED


def _page_of(reading: Reading, path: NodePath, file: str) -> Any:
    """Read a page once, however many phases name it, and no more of all pages than fits in memory."""
    size = reading.folder.files.size_of(file)
    if file not in reading.pages:
        if size > LONGEST_PAGE:
            return _too_long(
                reading, path, N_("The page `%(file)s` has %(size)s bytes; the limit is %(longest)s."), file
            )
        if size + sum(len(html) for html in reading.pages.values()) > ALL_PAGES:
            return _too_long(reading, path, N_("With `%(file)s` the pages are too long in all."), file)
        content = reading.folder.files.on_disk(file).read_bytes()
        reading.pages[file] = _decoded(reading, path, file, content)
    html = reading.pages[file]
    if not html.strip():
        reading.warn(path, N_("The page `%(file)s` is empty."), N_("Write what participants should read."), file=file)
    elif size > LONGEST_SHOWN_BYTES:
        reading.note(path, N_("The page `%(file)s` is long: %(size)s bytes."), file=file, size=size)
    return Page(path=file, html=html)


def _too_long(reading: Reading, path: NodePath, message: str, file: str) -> Any:
    reading.error(
        path,
        message,
        N_("Remove the images from the page and put them next to it as files."),
        file=file,
        size=reading.folder.files.size_of(file),
        longest=LONGEST_PAGE,
    )
    return REFUSED


def _decoded(reading: Reading, path: NodePath, file: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        encoding = encoding_of(content) or "Windows-1252"
        reading.warn(
            path,
            N_("The page `%(file)s` is not UTF-8; it is read as %(encoding)s."),
            N_("Save the page with the encoding UTF-8."),
            file=file,
            encoding=encoding,
        )
        return content.decode(_CODECS.get(encoding, "cp1252"), errors="replace").replace("\r\n", "\n")


def annotation(reading: Reading, path: NodePath, value: Any) -> Any:
    """Read the path of the file that `evaluate` compares with; any kind, but not empty."""
    found = _find(reading, path, value, Severity.ERROR)
    if found is not REFUSED and reading.folder.files.size_of(found) == 0:
        reading.missing_file(
            Severity.ERROR,
            path,
            N_("The file `%(wanted)s`, named by `%(key)s`, is empty."),
            N_("Put the correct answers into it."),
            supply=found,
        )
        return REFUSED
    return found


def image(reading: Reading, path: NodePath, value: Any) -> Any:
    """Read the logo; one that cannot be shown is left out with a warning, as EvalAI leaves it out silently."""
    if not isinstance(value, str) or not value.strip():
        return None
    found = _find(reading, path, value, Severity.WARNING)
    if found is REFUSED:
        return None
    size = reading.folder.files.size_of(found)
    with reading.folder.files.on_disk(found).open("rb") as stream:
        header = read_header(stream)
    if header is None:
        return _no_logo(reading, path, N_("The logo `%(file)s` is neither a PNG nor a JPEG image."), file=found)
    if not header.fits(size):
        return _no_logo(
            reading,
            path,
            N_("The logo `%(file)s` is too large: %(width)s × %(height)s pixels, %(size)s bytes."),
            file=found,
            width=header.width,
            height=header.height,
            size=size,
        )
    return Image(path=found, media_type=header.media_type, width=header.width, height=header.height)


def _no_logo(reading: Reading, path: NodePath, message: str, **values: Any) -> None:
    reading.warn(path, message, N_("Use a PNG or JPEG of a few hundred pixels; until then there is no logo."), **values)


def script_name(reading: Reading, path: NodePath, value: Any) -> Any:
    """Read the name of the evaluation script; what it names is looked for by the script checks."""
    return _path_text(reading, path, value)


def _find(reading: Reading, path: NodePath, value: Any, severity: Severity) -> Any:
    name = _path_text(reading, path, value)
    if name is REFUSED:
        return REFUSED
    named = reading.folder.look_up(name) if name else Named(name)
    if named.file is None:
        _say_not_found(reading, path, name, named, severity)
        return REFUSED
    if named.file != named.wanted:
        reading.warn(
            path,
            N_("`%(key)s` names `%(found)s`; the file in the bundle is `%(file)s`, which is used."),
            N_("Write the name with the same capitals and accents."),
            key=path[-1],
            found=name,
            file=named.file,
        )
    return named.file


def _say_not_found(reading: Reading, path: NodePath, name: str, named: Named, severity: Severity) -> None:
    if named.is_address or named.leaves_bundle or not name:
        reading.document.complain(
            severity,
            path,
            N_("`%(key)s` is `%(found)s`, which is not a file of the bundle."),
            N_("Put the file into the bundle and write its path from the folder of the configuration."),
            at=reading.document.marks.get(path),
            key=path[-1],
            found=name[:80],
        )
    elif named.folder:
        reading.document.complain(
            severity,
            path,
            N_("`%(key)s` names the folder `%(found)s`; a file is needed."),
            N_("Write the path of one file in it."),
            at=reading.document.marks.get(path),
            key=path[-1],
            found=name,
        )
    elif named.similar:
        reading.missing_file(
            severity,
            path,
            N_("The file `%(wanted)s`, named by `%(key)s`, is not in the bundle."),
            N_("Did you mean `%(similar)s`?"),
            supply=named.wanted,
            similar=named.similar,
        )
    else:
        reading.missing_file(
            severity,
            path,
            N_("The file `%(wanted)s`, named by `%(key)s`, is not in the bundle."),
            N_("Add the file, or correct the path; it starts from the folder of the configuration."),
            supply=named.wanted,
        )
