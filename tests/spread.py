"""How `make test` spreads the tests over processes: a file at a time, but what shares an installation in one process.

pytest-xdist's own groups are names that it appends to test ids, which pytest 9 no longer lets it do.
"""

import pytest
from xdist.scheduler import LoadScopeScheduling

# they have a web server, a worker and perhaps a browser for the whole folder, and take longest: they start first
WITH_SERVERS = ("tests/browser", "tests/journeys")


class Spread(LoadScopeScheduling):
    """Files are the units of work, and so are the folders with servers."""

    def _split_scope(self, nodeid):
        file = nodeid.partition("::")[0]
        folder = file.rpartition("/")[0]
        return folder if folder in WITH_SERVERS else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Take the place of `--dist=loadscope`."""
    if config.getvalue("dist") != "loadscope":
        return None
    config.option.loadscopereorder = False
    return Spread(config, log)


def pytest_collection_modifyitems(config, items):
    """Put what takes longest first, in the processes of a spread run."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: not item.nodeid.startswith(WITH_SERVERS))
