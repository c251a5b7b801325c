"""予測値のCSVをRMSEとMAEで採点する。"""

import numpy as np

from .submission_file import read_predictions


def evaluate(test_annotation_file, user_submission_file, phase_codename, **kwargs):  # noqa: ARG001 - EvalAI's signature
    """公開分と主催者だけが見る分のスコアを返す。

    採点できないファイルには、参加者に向けた文を持つParticipantVisibleErrorを送出する。
    """
    with np.load(test_annotation_file, allow_pickle=False) as annotation:
        ids = annotation["id"].tolist()
        truth = annotation["progression"]
        is_public = annotation["is_public"]
    prediction = read_predictions(user_submission_file, expected_ids=ids)
    residual = np.array([prediction[key] for key in ids]) - truth
    public = scores(residual[is_public])
    print(f"{len(ids)}件を読み込みました。公開分{int(is_public.sum())}件：{public}")
    return {
        "result": [{"public": public}, {"private": scores(residual[~is_public])}],
        # 参加者に返すのは公開分だけ。非公開分はここに書かない。
        "submission_result": {"件数": len(ids), "公開分": public},
    }


def scores(residual):
    """残差の配列からRMSEとMAEを求める。どちらも小さいほど良い。"""
    return {"RMSE": float(np.sqrt(np.mean(residual**2))), "MAE": float(np.mean(np.abs(residual)))}
