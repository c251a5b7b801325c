"""Score ranked lists of gallery images by MAP@10 and F1@10, on straight and on shifted queries."""

import json
from pathlib import Path

from .metrics import CUTOFF, average_precision_at, f1_at
from .submission_file import read_rankings


def evaluate(test_annotation_file, user_submission_file, phase_codename, **kwargs):  # noqa: ARG001 - EvalAI's signature
    """Return both boards' metrics over the queries of the phase.

    Raises ParticipantVisibleError with a sentence for the participant when the file cannot be scored.
    """
    with Path(test_annotation_file).open(encoding="utf-8") as source:
        queries = json.load(source)
    gallery = queries.pop("gallery")
    rankings = read_rankings(user_submission_file, queries=list(queries), gallery=set(gallery), longest=CUTOFF)
    straight = mean_scores(queries, rankings, phase=phase_codename, split="straight")
    shifted = mean_scores(queries, rankings, phase=phase_codename, split="shifted")
    shifted["Drop"] = straight["MAP@10"] - shifted["MAP@10"]
    print(f"Read {len(rankings)} rankings. Straight: {straight}. Shifted: {shifted}.")
    return {
        "result": [{"straight": straight}, {"shifted": shifted}],
        "submission_result": {"straight": straight, "shifted": shifted, "rankings read": len(rankings)},
    }


def mean_scores(queries, rankings, *, phase, split):
    """Return the two metrics averaged over the queries of one phase and split."""
    chosen = [
        (rankings[key], set(query["relevant"]))
        for key, query in queries.items()
        if query["phase"] == phase and query["split"] == split
    ]
    if not chosen:
        raise ValueError(f"The annotation file has no {split} queries for the phase {phase!r}.")
    return {
        "F1@10": sum(f1_at(ranked, relevant) for ranked, relevant in chosen) / len(chosen),
        "MAP@10": sum(average_precision_at(ranked, relevant) for ranked, relevant in chosen) / len(chosen),
    }
