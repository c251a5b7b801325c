"""Which way a metric of this name points: decides where a bundle contradicts itself, and warns where it is silent."""

import re
from collections.abc import Iterable


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words of a metric's name; the last known word decides ("error accuracy" is an accuracy, "F1 loss" a loss).
_LOWER = _words("""
    loss losses error errors err rmse rmsle mse mae mape smape wape mase wer cer ter eer mr fid kid
    lpips perplexity ppl distance dist divergence deviation brier time latency seconds runtime cost
    crps nll bpb bpc epe ade fde ate rpe hd95 asd assd hausdorff chamfer emd fpr fnr logloss regret
    misses collisions collision coll hter apcer bpcer acer fad mcd absrel sqrel bias rse medae nme mpjpe
    pampjpe ned delay infractions violations steps energy emissions fdr fnmr nll
""")
_HIGHER = _words("""
    accuracy acurracy acc auc auroc auprc roc precision recall sensitivity specificity f1 f2 f05
    fscore fmeasure map ap ap50 ap75 ar iou miou jaccard dice dsc score scores bleu rouge meteor
    cider spice bertscore chrf ndcg dcg mrr hit hits r2 correlation corr pearson spearman kendall
    kappa mcc psnr ssim success spl reward return points total tpr tnr npv ppv gain exact em win
    winrate correct passrate pass passed mota motp idf1 hota pq nds ari nmi concordance cindex coverage elo
    sr sdr sisdr pesq stoi estoi dnsmos mos tm lddt gdt teds cdm pck oks fps throughput relevance
""")
# These say little by themselves: any other known word outweighs them, and the other metrics of the board do.
_WEAK = frozenset({"score", "scores", "total", "points"})
_OF_OTHERS = frozenset({"overall", "average", "avg", "mean", "final", "aggregate", "sum"})
_LOWER_PHRASES = ("error rate", "miss rate", "lower is better", "smaller is better", "log loss", "hamming loss")
_HIGHER_PHRASES = ("higher is better", "larger is better", "brier skill", "explained variance")


def higher_is_better(label: str, description: str = "", others: Iterable[str] = ()) -> bool | None:
    """Guess from a metric's name, then its description, whether more of it is better; None when they do not say.

    What is named as a sum or mean, such as "Overall", follows the `others` of its board where those agree.
    """
    said = [meant for text in (label, description) if (meant := _meant(text)) is not None]
    words = set(_words_of(label))
    if words & (_WEAK | _OF_OTHERS) and not words & (_LOWER | _HIGHER - _WEAK):
        directions = {_meant(other) for other in others if not set(_words_of(other)) & (_WEAK | _OF_OTHERS)} - {None}
        if len(directions) == 1:
            return directions.pop()
    return said[0] if said else None


def _meant(text: str) -> bool | None:
    phrase = _phrase(text.lower())
    return _last_word(text) if phrase is None else phrase


def _phrase(text: str) -> bool | None:
    if any(phrase in text for phrase in _HIGHER_PHRASES):
        return True
    if any(phrase in text for phrase in _LOWER_PHRASES):
        return False
    return None


def _last_word(text: str) -> bool | None:
    words = _words_of(text)
    lower = [place for place, word in enumerate(words) if word in _LOWER]
    higher = [place for place, word in enumerate(words) if word in _HIGHER]
    if not lower and not higher:
        return None
    # "Brier Score", "error score": a known lower-is-better word outweighs the mere word "score" or "total".
    plain = [place for place in higher if words[place] not in _WEAK]
    if lower and not plain:
        return False
    return max(plain or higher) > max(lower, default=-1)


def _words_of(text: str) -> list[str]:
    spaced = re.sub(r"(?<=[a-z]{2})(?=[A-Z][a-z])", " ", text)
    return re.findall(r"[a-z0-9²]+", spaced.lower().replace("²", "2"))
