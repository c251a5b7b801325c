"""What web server, worker and warm parent take together when nothing happens."""

import time

from benchmarks import bundle, processes, product, scoring, site
from benchmarks.browser import Browser
from benchmarks.report import Line

MIB = 1024 * 1024
SETTLE_S = 3.0


def measure() -> list[Line]:
    """Use everything once, then weigh it at rest."""
    with product.running() as running:
        (field,), people = site.found(running, "auc")
        with Browser(running.port) as browser, running.database() as database:
            browser.sign_in(people[0])
            browser.prepare(field.slug)
            number = browser.submit(field.slug, bundle.predictions())
            scoring.wait_for(database, number)
            for path in ("/", f"/challenges/{field.slug}/leaderboard", f"/submissions/{number}"):
                browser.get(path)
        time.sleep(SETTLE_S)
        web = processes.shared_out_bytes(running.web_tree()) / MIB
        worker = processes.shared_out_bytes(running.worker_tree()) / MIB
    return [
        Line(name="web server, worker and warm parent idle, proportional", value=web + worker, unit="MiB", limit=350),
        Line(name="  of it the web server", value=web, unit="MiB"),
        Line(name="  of it the worker with its warm parent", value=worker, unit="MiB"),
    ]
