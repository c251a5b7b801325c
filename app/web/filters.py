"""What templates can do with values: times in the viewer's zone, sizes, scores, hosts' HTML, hashed static files."""

import hashlib
import json
import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Flask, url_for
from flask_babel import get_locale, gettext
from jinja2 import StrictUndefined
from markupsafe import Markup, escape

from app import clock
from app.bundles.problems import Problem, has_errors, together
from app.rules import attributes
from app.rules.drawing import spark
from app.rules.errors import DomainError
from app.rules.sentences import Sentence, written
from app.web import locale
from app.web.prose import sanitised
from app.web.settings import current_site

KIB = 1024
UNITS = ("B", "KB", "MB", "GB", "TB")
BACKQUOTED = re.compile("`([^`]+)`")
MINUTE, HOUR = 60, 3600
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def register(app: Flask) -> None:
    """Make the filters and the values that every template may use known."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        when=when,
        when_in=when_in,
        day=day,
        iso=iso,
        filesize=filesize,
        score=score,
        seconds=seconds,
        prose=prose,
        said=said,
        stored=stored,
        coded=coded,
        problems_json=problems_json,
        together=together,
        answers=attributes.read,
        spark=spark,
        moment=moment,
    )
    app.jinja_env.globals["between"] = between  # a global, so that macros of imported templates know it too
    app.context_processor(
        lambda: {
            "asset": asset,
            "site": current_site(),
            "locale": str(get_locale()),
            "viewer_zone": locale.zone_name(),
            "languages": locale.LANGUAGES,
            "now": clock.now(),
        }
    )


def when(moment: datetime) -> str:
    """Write a moment in the viewer's zone, with the zone named: 23 Nov 2026, 20:31 JST / 2026年11月23日 20:31 JST."""
    return when_in(moment, locale.zone())


def when_in(moment: datetime, zone: ZoneInfo) -> str:
    """Write a moment in another zone, in the same way."""
    # by hand: a board has a hundred of these, and Babel takes fifty microseconds for each
    local = moment.astimezone(zone)
    comma = "" if _is_japanese() else ","
    return f"{_day(local)}{comma} {local:%H:%M} {local.tzname()}"


def day(moment: datetime, *, with_year: bool = True) -> str:
    """Write the day of a moment in the viewer's zone; without its year where there is no room for it."""
    local = moment.astimezone(locale.zone())
    return _day(local) if with_year else _day_of_year(local)


def _day(local: datetime) -> str:
    return f"{local.year}年{_day_of_year(local)}" if _is_japanese() else f"{_day_of_year(local)} {local.year}"


def _day_of_year(local: datetime) -> str:
    return f"{local.month}月{local.day}日" if _is_japanese() else f"{local.day} {MONTHS[local.month - 1]}"


def _is_japanese() -> bool:
    return str(get_locale()) == "ja"


def between() -> str:
    """Return what stands between two sentences: a blank, which Japanese does without."""
    return "" if _is_japanese() else " "


def moment(seconds: float) -> datetime:
    """Return the moment so many seconds after the beginning of 1970."""
    return datetime.fromtimestamp(seconds, tz=UTC)


def iso(moment: datetime) -> str:
    """Write a moment for machines."""
    return moment.isoformat(timespec="seconds")


def filesize(size: float) -> str:
    """Write a number of bytes: 1.4 MB, 512 MB. No line breaks before the unit."""
    for unit in UNITS:
        if size < KIB or unit == UNITS[-1]:
            return f"{f'{size:.1f}'.removesuffix('.0')}\N{NO-BREAK SPACE}{unit}"
        size /= KIB
    return ""


def score(value: float | None, decimals: int) -> str:
    """Write a score with the board's decimals; a dash where there is none."""
    return "–" if value is None else f"{value:.{decimals}f}"


def seconds(duration: float | None) -> str:
    """Write a duration: 40 ms, 1.8 s, 12 s, 3 min 20 s, 2 h 5 min."""
    if duration is None:
        return "–"
    if duration < 1:
        return f"{duration * 1000:.0f} ms"
    if duration < MINUTE:
        digits = 1 if duration < 10 else 0
        return str(gettext("%(n)s s", n=f"{duration:.{digits}f}"))
    if duration < HOUR:
        return str(gettext("%(m)s min %(s)s s", m=int(duration // MINUTE), s=int(duration % MINUTE)))
    return str(gettext("%(h)s h %(m)s min", h=int(duration // HOUR), m=int(duration % HOUR // MINUTE)))


def prose(html: str, slug: str) -> Markup:
    """Render a host's HTML, sanitised; its pictures come from the bundle of the challenge."""
    base = f"{url_for('challenges.show', slug=slug)}/files"
    return Markup(sanitised(html, base))  # noqa: S704 - cleaned by the line above


def said(error: "DomainError | str") -> str:
    """Translate a sentence of the domain and fill in its values; moments are written in the reader's zone."""
    if isinstance(error, str):
        return str(gettext(error))
    text = str(gettext(error.message))
    values = {name: when(it) if isinstance(it, datetime) else it for name, it in error.values.items()}
    return text % values if values else text


def stored(sentence: Sentence | str) -> str:
    """Write a stored sentence in the viewer's language; texts from before they were stored as such stay English."""
    return written(sentence, lambda message: str(gettext(message)))


def coded(text: str) -> Markup:
    """Show what stands in backquotes as code; the rest is escaped."""
    return Markup(BACKQUOTED.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped before the tags come in


def problems_json(problems: list[Problem]) -> str:
    """Write a list of problems as `check-bundle --json` does, in the reader's language."""
    listed = [problem.to_json(lambda text: str(gettext(text))) for problem in problems]
    return json.dumps({"ok": not has_errors(problems), "problems": listed}, ensure_ascii=False, indent=2)


def asset(path: str) -> str:
    """Return the address of a static file with its hash, so that browsers may keep it for ever."""
    return url_for("static", filename=path, v=_digest(path))


@cache
def _digest(path: str) -> str:
    file = Path(__file__).parent.parent / "static" / path
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]
