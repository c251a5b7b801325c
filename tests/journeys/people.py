"""The cast of a journey, made as people make themselves: the admin by the console's link, the others by signing up."""

from tests.journeys.visitor import PASSWORD, Visitor

SITE = {
    "site_name": "Lab",
    "language": "en",
    "timezone": "Asia/Tokyo",
    "sign_up": "open",
    "hosting": "named",
    "visitors_may_read": "y",
}


def set_up(installation, *, examples=False):
    """Follow the set-up link from the console and return the first admin's browser."""
    admin = Visitor(installation.address)
    path = installation.set_up_path()
    entry = {"name": "Ada", "email": "ada@example.com", "password": PASSWORD, "again": PASSWORD}
    answer = admin.fill_in(path, path, entry | SITE | {"with_examples": "y" if examples else None})
    assert answer.path == "/", answer.words
    return admin


def sign_up_host(installation, admin, name="Hana"):
    """Sign somebody up whom the admin then lets host."""
    host = Visitor(installation.address).sign_up(name)
    listed = admin.get("/admin/people")
    person = installation.rows("select id from account where name = ?", name)[0][0]
    answer = admin.send(listed.form(f"/people/{person}/may-host"), htmx=True)
    assert 'aria-checked="true"' in answer.text, answer.words
    return host


def upload(host, content, *, name="challenge.zip"):
    """Upload a challenge and return its slug."""
    answer = host.fill_in("/hosting/new", "/hosting/new", files={"file": (name, content)})
    assert answer.path.endswith("/manage"), answer.words
    return answer.path.split("/")[2]


def upload_version(host, slug, content, *, name="next.zip"):
    """Upload a new version of a challenge and return the page that says what it changes."""
    path = f"/challenges/{slug}/manage/update"
    answer = host.fill_in(path, path, files={"file": (name, content)})
    assert answer.path.startswith(f"{path}/"), answer.words
    return answer


def update(host, slug, content):
    """Upload a new version of a challenge and confirm what it changes; return the list of versions."""
    changes = upload_version(host, slug, content)
    answer = host.send(changes.form(changes.path))
    assert answer.path == f"/challenges/{slug}/manage/versions", answer.words
    return answer


def approve(admin, slug):
    """Press the approval switch."""
    answer = admin.fill_in(f"/admin/challenges/{slug}", f"/{slug}/approval", htmx=True)
    assert 'aria-checked="true"' in answer.text, answer.words


def live_challenge(host, admin, content):
    """Upload and approve a challenge; return its slug."""
    slug = upload(host, content)
    approve(admin, slug)
    return slug
