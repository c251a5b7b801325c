"""The settings of the running application and of the site, typed; the site's row is read once a request."""

from typing import cast

from flask import current_app, g

import config
from app.models.site import Site
from app.queries import site as site_queries


def settings() -> config.Settings:
    """Return the settings this application was made with."""
    return cast("config.Settings", current_app.extensions["settings"])


def current_site() -> Site:
    """Return what the admin chose for this site."""
    if "site" not in g:
        g.site = site_queries.site()
    site: Site = g.site
    return site


def remember_site(site: Site) -> None:
    """Use a row that was read a moment ago for the rest of this request."""
    g.site = site
