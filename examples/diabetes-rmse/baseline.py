"""最初の提出を作る: 標準化した10項目のリッジ回帰。`python baseline.py`で動かします。"""

import argparse
from pathlib import Path

import pandas as pd
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

HERE = Path(__file__).resolve().parent


def predictions() -> pd.DataFrame:
    """data/train.csvで学習し、data/test.csvのすべての行の予測値を返す。"""
    train = pd.read_csv(HERE / "data" / "train.csv")
    test = pd.read_csv(HERE / "data" / "test.csv")
    columns = [name for name in test.columns if name != "id"]
    model = make_pipeline(StandardScaler(), Ridge(alpha=10.0))
    model.fit(train[columns], train["progression"])
    progression = model.predict(test[columns]).clip(0, 1000).round(3)
    return pd.DataFrame({"id": test["id"], "progression": progression})


def main() -> None:
    """提出ファイルを書き出す。"""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("submission.csv"))
    out = parser.parse_args().out
    predictions().to_csv(out, index=False, lineterminator="\n")
    print(f"{out}を書き出しました。")


if __name__ == "__main__":
    main()
