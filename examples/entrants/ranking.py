"""The methods of digits-ranking: each says how alike every query and every gallery image are."""

import functools
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import BaseEstimator, clone
from sklearn.cluster import KMeans
from sklearn.decomposition import NMF, PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics.pairwise import cosine_similarity, euclidean_distances
from sklearn.naive_bayes import BernoulliNB, GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, Normalizer, StandardScaler
from sklearn.svm import SVC

from .images import MOVES, Array, blurred, centred, moved, profiles

DATA = Path(__file__).resolve().parent.parent / "digits-ranking" / "data"
PLACES = 10

Similarity = Callable[[], Array]


@dataclass(frozen=True)
class Scans:
    """Pixels as rows of 64, and the digits of the training rows."""

    train: Array
    digits: npt.NDArray[np.int64]
    gallery: Array
    queries: Array
    gallery_ids: npt.NDArray[np.str_]
    query_ids: list[str]


@functools.cache
def scans() -> Scans:
    """Read the three data files."""
    train, gallery, queries = (pd.read_csv(DATA / f"{name}.csv") for name in ("train", "gallery", "queries"))
    pixels = [name for name in queries.columns if name != "id"]
    return Scans(
        train=train[pixels].to_numpy(float),
        digits=train["digit"].to_numpy(),
        gallery=gallery[pixels].to_numpy(float),
        queries=queries[pixels].to_numpy(float),
        gallery_ids=gallery["id"].to_numpy(str),
        query_ids=queries["id"].tolist(),
    )


def like(*steps: BaseEstimator) -> Similarity:
    """Compare by cosine after steps that are fitted on the training images."""

    def similarity() -> Array:
        data = scans()
        space = clone(make_pipeline(*steps)).fit(data.train, data.digits)
        return np.asarray(cosine_similarity(space.transform(data.queries), space.transform(data.gallery)))

    return similarity


def nearest() -> Array:
    """Compare pixel with pixel."""
    return np.asarray(-euclidean_distances(scans().queries, scans().gallery))


def nearest_of_moves() -> Array:
    """Compare pixel with pixel, taking for each pair the best of five positions."""
    data = scans()
    distances = [
        euclidean_distances(moved(data.queries, down=down, right=right), data.gallery) for down, right in MOVES
    ]
    return np.asarray(-np.min(distances, axis=0))


def agree(model: BaseEstimator, *, augment: bool = False, look: Callable[[Array], Array] | None = None) -> Similarity:
    """Compare by the chance, under a classifier, that both images show the same digit."""

    def similarity() -> Array:
        data = scans()
        train, digits = data.train, data.digits
        if augment:
            train = np.vstack([moved(train, down=down, right=right) for down, right in MOVES])
            digits = np.tile(digits, len(MOVES))
        seen = look or (lambda images: images)
        fitted = clone(model).fit(seen(train) / 16, digits)
        return chances(fitted, seen(data.queries) / 16) @ chances(fitted, seen(data.gallery) / 16).T

    return similarity


def chances(model: BaseEstimator, images: Array) -> Array:
    """Return a row of ten shares for each image; margins go through a softmax."""
    if hasattr(model, "predict_proba"):
        return np.asarray(model.predict_proba(images))
    margins = model.decision_function(images)
    powers = np.exp(2 * (margins - margins.max(axis=1, keepdims=True)))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def together(*parts: str) -> Similarity:
    """Add the similarities of several methods, each brought to the same spread for every query."""

    def similarity() -> Array:
        spread = [similarity_by(part) for part in parts]
        return np.asarray(
            sum((one - one.mean(1, keepdims=True)) / (one.std(1, keepdims=True) + 1e-9) for one in spread)
        )

    return similarity


METHODS: dict[str, Similarity] = {
    "pixels": nearest,
    "moves": nearest_of_moves,
    "cosine": like(Normalizer()),
    "scaled": like(StandardScaler()),
    "blur": like(FunctionTransformer(blurred), StandardScaler()),
    "profiles": like(FunctionTransformer(profiles), StandardScaler()),
    "centred": like(FunctionTransformer(centred), StandardScaler()),
    "pca": like(PCA(20, random_state=1)),
    "pca-white": like(PCA(16, whiten=True, random_state=1)),
    "parts": like(NMF(24, init="nndsvda", max_iter=1000, tol=1e-3, random_state=1)),
    "lda": like(LinearDiscriminantAnalysis()),
    "lda-centred": like(FunctionTransformer(centred), LinearDiscriminantAnalysis()),
    "clusters": like(KMeans(30, n_init=2, random_state=1), StandardScaler()),
    "bayes": agree(GaussianNB(var_smoothing=0.01)),
    "black-and-white": agree(BernoulliNB(binarize=0.5)),
    "logistic": agree(LogisticRegression(max_iter=500)),
    "discriminant-moved": agree(LinearDiscriminantAnalysis(), augment=True),
    "logistic-profiles": agree(make_pipeline(StandardScaler(), LogisticRegression(max_iter=500)), look=profiles),
    "neighbours": agree(KNeighborsClassifier(7, weights="distance")),
    "neighbours-moved": agree(KNeighborsClassifier(9, weights="distance"), augment=True),
    "forest": agree(RandomForestClassifier(100, random_state=4)),
    "forest-moved": agree(RandomForestClassifier(100, min_samples_leaf=2, random_state=4), augment=True),
    "extra-trees": agree(ExtraTreesClassifier(150, random_state=4)),
    "extra-trees-moved": agree(ExtraTreesClassifier(120, random_state=4), augment=True),
    "extra-trees-centred": agree(ExtraTreesClassifier(120, random_state=5), look=centred),
    "quadratic-centred": agree(
        make_pipeline(PCA(20, random_state=1), QuadraticDiscriminantAnalysis(reg_param=0.1)), look=centred
    ),
    "svm": agree(SVC(C=5.0, gamma=0.1)),
    "svm-moved": agree(SVC(C=5.0, gamma=0.15), augment=True),
    "svm-centred": agree(SVC(C=5.0, gamma=0.1), look=centred),
    "network": agree(MLPClassifier((40,), alpha=1.0, solver="lbfgs", max_iter=1000, tol=1e-2, random_state=6)),
    "network-moved": agree(
        MLPClassifier((64,), alpha=0.1, early_stopping=True, n_iter_no_change=5, max_iter=300, random_state=6),
        augment=True,
    ),
}
METHODS |= {
    "forest-and-pixels": together("forest", "moves"),
    "svm-and-neighbours": together("svm-moved", "neighbours-moved"),
    "lda-and-blur": together("lda-centred", "blur"),
    "svm-and-forest": together("svm-moved", "forest-moved"),
    "everything": together("svm-moved", "extra-trees-moved", "network-moved"),
}


@functools.cache  # the mixtures add up what was computed before
def similarity_by(method_name: str) -> Array:
    """Return how alike each query (row) and gallery image (column) are by a method of METHODS."""
    return METHODS[method_name]()


def predict(method_name: str) -> bytes:
    """Rank the gallery by a method of METHODS and return the submission file."""
    data = scans()
    best = np.argsort(-similarity_by(method_name).round(9), axis=1, kind="stable")[:, :PLACES]
    named = zip(data.query_ids, data.gallery_ids[best].tolist(), strict=True)
    return json.dumps(dict(named), separators=(",", ":")).encode()
