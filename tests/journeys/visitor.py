"""A browser without scripts, over real HTTP: it keeps cookies, fills in the forms it is shown, and follows redirects."""

import re
import secrets
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar

from tests.journeys.installation import until

TIMEOUT_S = 30
PASSWORD = "plum harbour seventeen"
UNSEEN = {"script", "style", "title", "template"}


@dataclass
class Form:
    """A form as it stands in a page: where it is sent to and what is filled in already."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)


class Answer:
    """What came back."""

    def __init__(self, reply, body):
        self.status = reply.status
        self.headers = reply.headers
        self.path = urllib.parse.urlsplit(reply.url).path
        self.body = body
        self.text = body.decode("utf-8", errors="replace")
        self._page = Page()
        if "html" in (self.headers.get("Content-Type") or ""):
            self._page.feed(self.text)

    @property
    def words(self):
        """All text that a person reads, blanks made single."""
        return " ".join(" ".join(self._page.texts).split())

    @property
    def links(self):
        """Where the links of the page lead."""
        return self._page.links

    def form(self, action):
        """Return the form whose address ends like this."""
        found = [it for it in self._page.forms if it.action.endswith(action)]
        assert found, f"{self.path} ({self.status}) has no form for {action}: {[it.action for it in self._page.forms]}"
        return found[0]


class Visitor:
    """One browser with its own cookies."""

    def __init__(self, address):
        self.address = address
        self.cookies = CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.cookies)
        )

    def get(self, path, **headers):
        """Fetch a page; errors are answers too."""
        return self._open(path, None, headers)

    def send(self, form, values=None, *, files=None, htmx=False):
        """Send a form with these values changed; `files` maps a field to (file name, content)."""
        fields = {name: list(kept) for name, kept in form.fields.items()}
        for name, value in (values or {}).items():
            fields[name] = [value] if value is not None else []
        pairs = [(name, value) for name, kept in fields.items() for value in kept]
        headers = {"HX-Request": "true"} if htmx else {}
        if form.files or files:
            body, headers["Content-Type"] = _multipart(pairs, files or {})
        else:
            body = urllib.parse.urlencode(pairs).encode()
        return self._open(form.action, body, headers)

    def fill_in(self, path, action, values=None, *, files=None, htmx=False):
        """Fetch a page and send its form."""
        return self.send(self.get(path).form(action), values, files=files, htmx=htmx)

    def sign_up(self, name):
        """Make an account and stay signed in."""
        entry = {"name": name, "email": f"{name.lower()}@example.com", "password": PASSWORD, "again": PASSWORD}
        answer = self.fill_in("/sign-up", "/sign-up", entry)
        assert (answer.status, answer.path) == (200, "/"), answer.words
        return self

    def take_part(self, slug):
        """Accept the rules and take part alone."""
        answer = self.fill_in(f"/challenges/{slug}/join", "/join/alone", {"alone-accepts_rules": "y"})
        assert answer.path.startswith(f"/challenges/{slug}/submit"), answer.words
        return self

    def submit(self, slug, phase, name, content, **values):
        """Send a file to a phase, also one that was sent before, and return the path of the submission's own page."""
        values = {"again": "1"} | values
        path = f"/challenges/{slug}/submit/{phase}"
        answer = self.fill_in(path, path, values, files={"file": (name, content)})
        assert re.fullmatch(r"/submissions/\d+", answer.path), answer.words
        return answer.path

    def wait_for(self, path, *, seconds=40):
        """Look at a submission until it is over, and return its page."""
        until(lambda: "data-live" not in self.get(f"{path}/status").text, seconds=seconds, what=f"the end of {path}")
        return self.get(path)

    def _open(self, path, body, headers):
        request = urllib.request.Request(f"{self.address}{path}", data=body, headers=headers)
        try:
            reply = self._opener.open(request, timeout=TIMEOUT_S)
        except urllib.error.HTTPError as error:
            reply = error
        with reply:
            return Answer(reply, reply.read())


def _multipart(pairs, files):
    boundary = secrets.token_hex(16)
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode() for name, value in pairs]
    parts += [
        f'Content-Disposition: form-data; name="{name}"; filename="{file_name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n".encode()
        + content
        for name, (file_name, content) in files.items()
    ]
    body = b"".join(b"--%b\r\n%b\r\n" % (boundary.encode(), part) for part in parts)
    return body + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


class Page(HTMLParser):
    """Reads forms, links and text."""

    def __init__(self):
        super().__init__()
        self.forms, self.links, self.texts = [], [], []
        self._form = self._select = self._area = None
        self._unseen = 0

    def handle_starttag(self, tag, attributes):
        names = dict(attributes)
        self._unseen += tag in UNSEEN
        if tag == "a" and "href" in names:
            self.links.append(names["href"])
        elif tag == "form":
            self._form = Form(names.get("action") or "")
            self.forms.append(self._form)
        elif self._form is not None:
            self._control(tag, names)

    def _control(self, tag, names):
        name = names.get("name")
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in names:
            self._form.fields[self._select] = [names.get("value", "")]
        elif tag == "textarea" and name:
            self._area = name
            self._form.fields[name] = [""]
        elif tag == "input" and name:
            self._input(name, names)

    def _input(self, name, names):
        kind = names.get("type", "text")
        if kind == "file":
            self._form.files.append(name)
        elif kind not in {"checkbox", "radio"} or "checked" in names:
            self._form.fields.setdefault(name, []).append(names.get("value", ""))

    def handle_endtag(self, tag):
        self._unseen -= tag in UNSEEN
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None

    def handle_data(self, data):
        if self._area is not None and self._form is not None:
            self._form.fields[self._area] = [self._form.fields[self._area][0] + data]
        elif not self._unseen:
            self.texts.append(data)
