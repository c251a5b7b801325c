"""Prints how the reader fares on real configurations: `python -m tests.bundles.corpus_table` (`make corpus`)."""

import sys
import time
from collections import Counter

from app.bundles.problems import Severity
from tests.bundles.corpus import CORPUS, Outcome, configurations, outcome_of

KINDS = ("a challenge", "problems with line and cure", "silence")


def table(outcomes: list[Outcome]) -> str:
    """Return what became of the configurations, those that parse and those that do not, and the usual complaints."""
    lines = [f"{'':<18}{'files':>8}" + "".join(f"{kind:>30}" for kind in KINDS)]
    for title, parses in (("that parse", True), ("that do not parse", False)):
        kinds = Counter(outcome.kind for outcome in outcomes if outcome.parses is parses)
        lines.append(f"{title:<18}{kinds.total():>8}" + "".join(f"{kinds[kind]:>30}" for kind in KINDS))
    for severity in Severity:
        complaints = Counter(
            message
            for outcome in outcomes
            for message in {it.message for it in outcome.checked.problems if it.severity is severity}
        )
        lines += ["", f"{severity.value}s, by files:"]
        lines += [f"{count:>6}  {message}" for message, count in complaints.most_common()]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Print the table; return 1 where a configuration met silence, or there is no corpus."""
    paths = configurations()
    if not paths:
        sys.stdout.write(f"There are no configurations in {CORPUS}.\n")
        return 1
    began = time.perf_counter()
    outcomes = [outcome_of(path) for path in paths]
    taken = (time.perf_counter() - began) / len(paths)
    sys.stdout.write(table(outcomes))
    sys.stdout.write(f"\n{len(paths)} bundles, {1000 * taken:.0f} ms each, unpacking included.\n")
    return int(any(outcome.kind == "silence" for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
