"""The two ranking metrics, both cut at ten places.

Manning, Raghavan and Schütze, Introduction to Information Retrieval (2008), chapter 8.
"""

CUTOFF = 10


def average_precision_at(ranked, relevant, *, cutoff=CUTOFF):
    """Return the mean of the precisions at the places of the hits; 1 when all hits come first."""
    hits, total = 0, 0.0
    for place, item in enumerate(ranked[:cutoff], start=1):
        if item in relevant:
            hits += 1
            total += hits / place
    return total / min(cutoff, len(relevant))


def f1_at(ranked, relevant, *, cutoff=CUTOFF):
    """Return the harmonic mean of precision and recall of the first ten places.

    A list shorter than ten still counts as ten places, so leaving places empty gains nothing.
    """
    hits = sum(item in relevant for item in ranked[:cutoff])
    return 2 * hits / (cutoff + len(relevant))
