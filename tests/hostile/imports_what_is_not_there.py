# EXPECT: script
# SAYS: No module named 'no_such_package'
import no_such_package


def evaluate(annotation, submission, phase, **kwargs):
    return no_such_package.score(annotation, submission)
