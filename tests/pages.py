"""A browser for tests: it fetches by endpoint, inspects every page it gets, and brings the token that forms need."""

import contextvars
import re
from html.parser import HTMLParser

from app import clock
from app.extensions import db, writing
from app.services import sessions

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Pages:
    """One browser with its own cookies. Requests run in a context of their own, as they do on a server."""

    def __init__(self, app, **options):
        self.app = app
        self.client = app.test_client(**options)
        self._token, self._token_for = None, None

    def signed_in(self, account, *, now=None):
        """Return another browser, in which this person has just signed in."""
        other = Pages(self.app)
        with writing() as session:
            token = sessions.begin(session, account, now=now or clock.now(), address="127.0.0.1", agent="test browser")
        other.plant(_user_id=token, _fresh=True, _permanent=True)
        return other

    def get(self, endpoint, *, headers=None, follow=False, **values):
        """Fetch a page by its endpoint and inspect it; `follow` goes where it sends us."""
        return self.get_path(self.path(endpoint, **values), headers=headers, follow=follow)

    def get_path(self, path, *, headers=None, follow=False):
        """Fetch and inspect the page at a path."""
        answer = self._open(path, method="GET", headers=headers, follow_redirects=follow)
        inspect(answer)
        return answer

    def post(self, endpoint, data=None, *, headers=None, follow=False, htmx=False, token=True, **values):
        """Send a form with its token; `htmx` sends it as htmx does; `token` False or another text changes the token."""
        return self.post_path(
            self.path(endpoint, **values), data, headers=headers, follow=follow, htmx=htmx, token=token
        )

    def post_path(self, path, data=None, *, headers=None, follow=False, htmx=False, token=True):
        """Send a form to a path."""
        headers = dict(headers or {})
        fields = dict(data or {})
        known = self.csrf_token() if token is True else token
        if htmx:
            headers |= {"HX-Request": "true"} | ({"X-CSRFToken": known} if known else {})
        elif known:
            fields["csrf_token"] = known
        answer = self._open(path, method="POST", data=fields, headers=headers, follow_redirects=follow)
        if follow:
            inspect(answer)
        return answer

    def csrf_token(self):
        """Return the token that the layout of any page carries for this browser, read anew when its session changed."""
        name = self.app.config["SESSION_COOKIE_NAME"]
        if self._token is None or self._token_for != self.cookie(name):
            self._token = TOKEN.search(self._open("/no-such-page", method="GET").text)[1]
            self._token_for = self.cookie(name)
        return self._token

    def path(self, endpoint, **values):
        """Return the path of an endpoint."""
        return self.app.url_map.bind("localhost").build(endpoint, values)

    def plant(self, **values):
        """Put values into the session cookie of this browser, and return all that it holds."""
        return contextvars.Context().run(self._plant, values)

    def _plant(self, values):
        with self.client.session_transaction() as session:
            session.update(values)
            return dict(session)

    def cookie(self, name="session"):
        """Return the value of a cookie in this browser, None when there is none."""
        found = self.client.get_cookie(name)
        return found.value if found else None

    def _open(self, path, **options):
        # without a fresh context Flask would reuse the test's own, and with it `g`: who is signed in, the site's row
        answer = contextvars.Context().run(self.client.open, path, buffered=True, **options)
        for each in (answer, *answer.history):
            # a large body lies in a temporary file, which the test client leaves open
            each.request.environ["wsgi.input"].close()
        db.session.rollback()
        return answer


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.ids, self.problems, self.h1, self.title = [], [], [], ""
        self._open_texts = []

    def handle_starttag(self, tag, attributes):
        names = dict(attributes)
        if "id" in names:
            self.ids.append(names["id"])
        self.problems += [f"<{tag} {name}>" for name in names if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in names):
            self.problems.append(f"inline <{tag}>")
        if tag == "form" and "action" not in names and "hx-post" not in names:
            self.problems.append("<form> without action")
        if tag == "h1":
            self.h1.append("")
        if tag in {"h1", "title"}:
            self._open_texts.append(tag)

    def handle_endtag(self, tag):
        if self._open_texts and self._open_texts[-1] == tag:
            self._open_texts.pop()

    def handle_data(self, data):
        if self._open_texts == ["h1"]:
            self.h1[-1] += data
        elif self._open_texts == ["title"]:
            self.title += data


def inspect(answer):
    """Hold a page to what every page must keep; fragments and other answers are held to their headers."""
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    if answer.mimetype != "text/html":
        return
    reader = _Reader()
    reader.feed(answer.text)
    assert not reader.problems, reader.problems
    doubled = {name for name in reader.ids if reader.ids.count(name) > 1}
    assert not doubled, f"ids used twice: {doubled}"
    if answer.text.lstrip().lower().startswith("<!doctype") and answer.status_code not in {301, 302, 303, 308}:
        assert len(reader.h1) == 1, f"{len(reader.h1)} h1"
        heading = " ".join(reader.h1[0].split())
        assert heading
        # a page of a challenge says in its title which one: "Rules · Tumours – Shiai" over the heading "Tumours"
        assert heading in " ".join(reader.title.split()), f"title {reader.title!r}, h1 {heading!r}"
