"""Score a file of probabilities by the area under the ROC curve (AUC)."""

import csv
import math
from pathlib import Path

from sklearn.metrics import roc_auc_score

from .submission_file import read_probabilities


def evaluate(test_annotation_file, user_submission_file, phase_codename, **kwargs):  # noqa: ARG001 - EvalAI's signature
    """Return the AUC over the rows that belong to the phase, with its standard error.

    Raises ParticipantVisibleError with a sentence for the participant when the file cannot be scored.
    """
    with Path(test_annotation_file).open(newline="", encoding="utf-8") as source:
        answers = list(csv.DictReader(source))
    probability = read_probabilities(user_submission_file, expected_ids=[row["id"] for row in answers])
    scored = [row for row in answers if row["phase"] == phase_codename]
    if not scored:
        raise ValueError(f"The annotation file has no rows for the phase {phase_codename!r}.")
    truth = [int(row["malignant"]) for row in scored]
    auc = float(roc_auc_score(truth, [probability[row["id"]] for row in scored]))
    error = standard_error(auc, positives=sum(truth), negatives=len(truth) - sum(truth))
    print(f"Read {len(probability)} probabilities and scored {len(scored)} of them: AUC {auc:.4f} ± {error:.4f}.")
    return {
        "result": [{"test": {"AUC": auc}}],
        "error": [{"test": {"error_AUC": error}}],
        "submission_result": {"rows read": len(probability), "rows scored": len(scored), "AUC": round(auc, 6)},
    }


def standard_error(auc, *, positives, negatives):
    """Return the standard error of an AUC, by Hanley and McNeil, Radiology 143 (1982), 29-36."""
    both_positive = auc / (2 - auc)
    both_negative = 2 * auc**2 / (1 + auc)
    variance = auc * (1 - auc)
    variance += (positives - 1) * (both_positive - auc**2)
    variance += (negatives - 1) * (both_negative - auc**2)
    return math.sqrt(max(variance, 0.0) / (positives * negatives))
