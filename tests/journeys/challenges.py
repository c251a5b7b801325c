"""Challenges for journeys: the shipped examples as zips, and one whose script does what the submitted file asks."""

import csv
import io
import shutil
import tempfile
from pathlib import Path

from examples.build import EXAMPLES, bundle
from tests.bundles.builders import challenge_files, changed, zip_of

OBEDIENT_SCRIPT = '''
import time
from pathlib import Path


def evaluate(test_annotation_file, user_submission_file, phase_codename, **kwargs):
    """Read "sleep 2", then "score 0.5", line by line; "hang" never comes back."""
    labels = Path(test_annotation_file).read_text()
    auc = 0.0
    for line in Path(user_submission_file).read_text().splitlines():
        order, _, value = line.partition(" ")
        if order == "sleep":
            time.sleep(float(value))
        elif order == "hang":
            while True:
                time.sleep(0.1)
        elif order == "score":
            auc = float(value)
        else:
            raise ValueError(f"cannot read {line!r} beside {labels!r}")
    return {"result": [{"test_split": {"AUC": auc, "F1": auc}}]}
'''


def example_zip(name, **more):
    """Return an example's zip as its host would upload it, with some `more` text at the end of its files."""
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copytree(EXAMPLES / name, Path(folder) / name)
        for path, text in more.items():
            (copy / path).write_text((copy / path).read_text() + text)
        return bundle(copy)


def sample(name):
    """Return (file name, content) of an example's sample submission."""
    path = next((EXAMPLES / name).glob("sample_submission.*"))
    return path.name, path.read_bytes()


def obedient_zip(title, *, halved=False):
    """Return a challenge whose submissions say how long their evaluation takes and what they score, or twice that."""
    config = changed("title: Tumour Challenge", f"title: {title}")
    config = changed("max_submissions_per_day: 5", "max_submissions_per_day: 50", config)
    main = (
        OBEDIENT_SCRIPT.replace("float(value)\n        else", "float(value) / 2\n        else")
        if halved
        else OBEDIENT_SCRIPT
    )
    script = {"__init__.py": "from .main import evaluate\n", "main.py": main}
    return zip_of(challenge_files(config, script=script))


def tumour_predictions(*, wrong):
    """Return a file for the tumour example that is right but for every `wrong`-th row: the larger, the better."""
    answers = io.StringIO((EXAMPLES / "breast-cancer-auc/annotations/test_labels.csv").read_text())
    lines = ["id,probability"]
    for number, row in enumerate(csv.DictReader(answers)):
        truth = int(row["malignant"])
        lines.append(f"{row['id']},{1 - truth if number % wrong == 0 else truth}")
    return "\n".join(lines).encode()
