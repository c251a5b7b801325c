"""What administrators write for an environment: any text gives lines or mistakes, and equal lists one form."""

from hypothesis import given
from hypothesis import strategies as st

from app.bundles.environment_text import normalised
from tests.fuzzing import within_bounds

NAMES = st.sampled_from(["numpy", "Scikit_Learn", "zope.interface", "leaf[Extra_One,b]", "x", "-e", "git+https", "é"])
PARTS = st.sampled_from(["==1.0", ">=1, <3", "~=2.1", "===weird", "@ https://x.y", "; python_version < '3'", "!", "*"])
LINES = st.builds(lambda name, parts: " ".join([name, *parts]), NAMES, st.lists(PARTS, max_size=3))


@given(st.one_of(st.text(max_size=300), st.lists(LINES, max_size=8).map("\n".join)))
def test_any_text_gives_lines_that_stay_as_they_are_when_read_again_and_mistakes_with_their_line(text):
    with within_bounds():
        requirements, mistakes = normalised(text)

    assert normalised(requirements) == (requirements, [])
    assert all(1 <= it.line <= len(text.splitlines()) for it in mistakes)
