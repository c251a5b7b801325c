"""A first submission: logistic regression on scaled columns. Run `python baseline.py`."""

import argparse
from pathlib import Path

import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

HERE = Path(__file__).resolve().parent


def probabilities() -> pd.DataFrame:
    """Fit on data/train.csv and return id and probability for every row of data/test.csv."""
    train = pd.read_csv(HERE / "data" / "train.csv")
    test = pd.read_csv(HERE / "data" / "test.csv")
    columns = [name for name in test.columns if name != "id"]
    model = make_pipeline(StandardScaler(), LogisticRegression(C=1.0))
    model.fit(train[columns], train["malignant"])
    return pd.DataFrame({"id": test["id"], "probability": model.predict_proba(test[columns])[:, 1].round(6)})


def main() -> None:
    """Write the submission file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("submission.csv"))
    out = parser.parse_args().out
    probabilities().to_csv(out, index=False, lineterminator="\n")
    print(f"Wrote {out}.")


if __name__ == "__main__":
    main()
