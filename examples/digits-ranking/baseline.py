"""A first submission: rank the gallery by cosine similarity of standardised pixels. Run `python baseline.py`."""

import argparse
import json
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics.pairwise import cosine_similarity
from sklearn.preprocessing import StandardScaler

HERE = Path(__file__).resolve().parent


def rankings() -> dict[str, list[str]]:
    """Return the ten most similar gallery images for every query, best first.

    The labels of data/train.csv are not used yet; only its pixels are, for the scaling.
    """
    train, gallery, queries = (pd.read_csv(HERE / "data" / f"{name}.csv") for name in ("train", "gallery", "queries"))
    pixels = [name for name in queries.columns if name != "id"]
    scaler = StandardScaler().fit(train[pixels])
    similarity = cosine_similarity(scaler.transform(queries[pixels]), scaler.transform(gallery[pixels]))
    best = np.argsort(-similarity, axis=1, kind="stable")[:, :10]
    names = gallery["id"].to_numpy()
    return {query: names[row].tolist() for query, row in zip(queries["id"], best, strict=True)}


def main() -> None:
    """Write the submission file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("rankings.json"))
    out = parser.parse_args().out
    out.write_text(json.dumps(rankings()) + "\n", encoding="utf-8")
    print(f"Wrote {out}.")


if __name__ == "__main__":
    main()
