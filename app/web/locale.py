"""In which language and time zone this person reads."""

from zoneinfo import ZoneInfo

from flask import request

from app.rules.zones import is_zone
from app.web.auth import signed_in_account
from app.web.settings import current_site, settings

LANGUAGES = {"en": "English", "ja": "日本語"}
LANGUAGE_COOKIE = "language"


def selected() -> str:
    """Return the language: as the address says, as chosen in this browser or account, else as the browser prefers."""
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        # before anybody is asked who is there
        return asked
    account = signed_in_account()
    for wish in (account.language if account else None, request.cookies.get(LANGUAGE_COOKIE)):
        if wish in LANGUAGES:
            return wish
    return request.accept_languages.best_match(list(LANGUAGES)) or current_site().language or "en"


def selected_without_rows() -> str:
    """Return the language as far as the browser says it, for a page that must not ask the database."""
    for wish in (request.args.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if wish in LANGUAGES:
            return wish
    return request.accept_languages.best_match(list(LANGUAGES)) or "en"


def zone_name() -> str:
    """Return the name of the zone in which times are shown."""
    wish = request.args.get("tz")
    if wish and is_zone(wish):
        return wish
    account = signed_in_account()
    return (account.timezone if account else None) or current_site().timezone or settings().timezone


def zone() -> ZoneInfo:
    """Return the zone in which times are shown."""
    return ZoneInfo(zone_name())


def server_zone() -> ZoneInfo:
    """Return the zone in which quotas count days and bundles write times: the site's, the same for everybody."""
    return ZoneInfo(server_zone_name())


def server_zone_name() -> str:
    """Return the name of that zone: what the administrator chose, before that what SHIAI_TIMEZONE says."""
    return current_site().timezone or settings().timezone
