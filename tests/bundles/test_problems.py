"""The list of problems as people read it."""

from app.bundles.problems import Problem, Severity, together


def problem(value, line):
    return Problem(
        severity=Severity.ERROR,
        message="`%(value)s` is no date.",
        values={"value": value},
        file="challenge_config.yaml",
        line=line,
        path=f"challenge_phases[{line}].start_date",
    )


def test_what_says_the_same_many_times_is_put_together_at_its_first_place():
    listed = [problem("someday", 1), problem("never", 2), *(problem("someday", line) for line in range(3, 100))]

    found = together(listed)

    assert [[it.line for it in same][:2] for same in found] == [[1, 3], [2]]
    assert sum(map(len, found)) == len(listed)


def test_a_few_that_say_the_same_stay_apart_with_their_lines():
    listed = [problem("someday", 1), problem("never", 2), problem("someday", 3)]

    assert together(listed) == [[it] for it in listed]
