"""The models of breast-cancer-auc: classifiers on up to ten columns."""

import functools
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis
from sklearn.ensemble import (
    AdaBoostClassifier,
    ExtraTreesClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
    StackingClassifier,
    VotingClassifier,
)
from sklearn.feature_selection import SelectKBest, f_classif
from sklearn.gaussian_process import GaussianProcessClassifier
from sklearn.gaussian_process.kernels import RBF
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import PolynomialFeatures, PowerTransformer, SplineTransformer, StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

DATA = Path(__file__).resolve().parent.parent / "breast-cancer-auc" / "data"
MEANS = ("texture", "smoothness", "compactness", "symmetry", "fractal_dimension")
COLUMNS = {
    "logistic-means": MEANS,
    "bayes-three": ("texture", "compactness", "fractal_dimension"),
}
ALL_COLUMNS = (*MEANS, *(f"{name}_error" for name in MEANS))


def scaled(*steps: BaseEstimator) -> Pipeline:
    """Put steps behind a standardisation."""
    return make_pipeline(StandardScaler(), *steps)


def power(*steps: BaseEstimator) -> Pipeline:
    """Put steps behind a Yeo-Johnson transform, which straightens the skewed columns."""
    return make_pipeline(PowerTransformer(), *steps)


def logistic(c: float = 1.0) -> LogisticRegression:
    """Return a logistic regression that has the time to converge."""
    return LogisticRegression(C=c, max_iter=2000)


def network(units: int, *, alpha: float, seed: int) -> MLPClassifier:
    """Return a network with one hidden layer."""
    return MLPClassifier((units,), alpha=alpha, solver="lbfgs", max_iter=3000, random_state=seed)


def boosting(*, rounds: int, **settings: object) -> HistGradientBoostingClassifier:
    """Return gradient boosting on histograms."""
    return HistGradientBoostingClassifier(max_iter=rounds, random_state=1, **settings)


MODELS: dict[str, BaseEstimator] = {
    "logistic-means": scaled(logistic()),
    "logistic": scaled(logistic()),
    "logistic-weak": scaled(logistic(10.0)),
    "logistic-light": scaled(logistic(0.3)),
    "logistic-strong": scaled(logistic(0.01)),
    "power-logistic": power(logistic()),
    "interactions": power(PolynomialFeatures(2), StandardScaler(), logistic(0.05)),
    "cubic": scaled(PolynomialFeatures(3), StandardScaler(), logistic(100.0)),
    "splines": scaled(SplineTransformer(n_knots=5), logistic(0.3)),
    "lasso": scaled(LogisticRegression(C=0.1, l1_ratio=1.0, solver="liblinear")),
    "five-columns": power(SelectKBest(f_classif, k=5), logistic()),
    "eight-columns": power(SelectKBest(f_classif, k=8), logistic(2.0)),
    "tree": DecisionTreeClassifier(max_depth=4, random_state=1),
    "tree-deep": DecisionTreeClassifier(random_state=9),
    "boosting": boosting(rounds=60),
    "boosting-slow": boosting(rounds=120, learning_rate=0.05, max_leaf_nodes=6),
    "shallow-boosting": boosting(rounds=80, max_depth=2),
    "stumps": AdaBoostClassifier(n_estimators=100, random_state=1),
    "boosting-and-line": VotingClassifier(
        [
            ("trees", boosting(rounds=80, learning_rate=0.05, max_leaf_nodes=6)),
            ("line", power(logistic(0.5))),
        ],
        voting="soft",
        weights=[1, 2],
    ),
    "forest": RandomForestClassifier(100, random_state=3),
    "forest-leaves": RandomForestClassifier(150, min_samples_leaf=5, random_state=3),
    "calibrated-forest": CalibratedClassifierCV(RandomForestClassifier(60, random_state=5), cv=3),
    "extra-trees": ExtraTreesClassifier(200, random_state=3),
    "extra-trees-interactions": power(
        PolynomialFeatures(2), ExtraTreesClassifier(150, max_features=20, random_state=3)
    ),
    "neighbours-raw": KNeighborsClassifier(5),
    "neighbours-1": scaled(KNeighborsClassifier(1)),
    "neighbours-5": scaled(KNeighborsClassifier(5)),
    "neighbours-25": scaled(KNeighborsClassifier(25)),
    "svm": scaled(SVC()),
    "power-svm": power(SVC(C=0.5, gamma=0.05)),
    "polynomial-svm": power(SVC(kernel="poly", degree=3, coef0=1.0, C=0.1)),
    "calibrated-svm": power(CalibratedClassifierCV(SVC(C=2.0, gamma=0.02), cv=5)),
    "bayes": GaussianNB(),
    "bayes-three": GaussianNB(),
    "power-bayes": power(GaussianNB()),
    "discriminant": power(LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto")),
    "quadratic": power(QuadraticDiscriminantAnalysis(reg_param=0.3)),
    "gaussian-process": scaled(GaussianProcessClassifier(RBF(3.0), optimizer=None)),
    "three-voices": power(
        VotingClassifier(
            [
                ("logistic", logistic(3.0)),
                ("linear", LinearDiscriminantAnalysis()),
                ("quadratic", QuadraticDiscriminantAnalysis(reg_param=0.2)),
            ],
            voting="soft",
        )
    ),
    "network": scaled(network(16, alpha=1.0, seed=8)),
    "network-power": power(network(16, alpha=10.0, seed=8)),
    "network-wild": scaled(network(64, alpha=0.0, seed=9)),
    "stack": StackingClassifier(
        [
            ("line", power(logistic())),
            ("kernel", power(SVC(C=0.5, gamma=0.05))),
            ("trees", ExtraTreesClassifier(40, random_state=5)),
        ],
        cv=3,
    ),
}

FAMILIES: dict[str, tuple[type[BaseEstimator], ...]] = {
    "Linear": (LogisticRegression, LinearDiscriminantAnalysis),
    "Trees": (
        DecisionTreeClassifier,
        RandomForestClassifier,
        ExtraTreesClassifier,
        HistGradientBoostingClassifier,
        AdaBoostClassifier,
    ),
    "Neighbours": (KNeighborsClassifier,),
    "Kernel": (SVC, GaussianProcessClassifier),
    "Neural network": (MLPClassifier,),
    "Mixture": (VotingClassifier, StackingClassifier),
}
PREPARATIONS: dict[str, tuple[type[BaseEstimator], ...]] = {
    "Scaled": (StandardScaler,),
    "Transformed": (PowerTransformer, SplineTransformer),
    "Selected": (SelectKBest,),
    "Combined": (PolynomialFeatures,),
}


def answers(model_name: str) -> dict[str, object]:
    """Return what its team answers to the questions of the challenge, read off the model itself."""
    model = MODELS[model_name]
    steps = [step for _, step in model.steps] if isinstance(model, Pipeline) else [model]
    last = steps[-1].estimator if isinstance(steps[-1], CalibratedClassifierCV) else steps[-1]
    family = next((name for name, kinds in FAMILIES.items() if isinstance(last, kinds)), None)
    done = {name for name, kinds in PREPARATIONS.items() for step in steps if isinstance(step, kinds)}
    return {
        "Validation": "Five folds of the training rows, stratified.",
        "Model family": family,
        "Preparation": sorted(done | ({"Selected"} if model_name in COLUMNS else set())),
        "May be shared": family != "Mixture",
    }


@functools.cache
def tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows to learn from and the rows to predict."""
    return pd.read_csv(DATA / "train.csv"), pd.read_csv(DATA / "test.csv")


def predict(model_name: str) -> bytes:
    """Fit a model of MODELS and return the submission file with its probabilities."""
    train, test = tables()
    columns = list(COLUMNS.get(model_name, ALL_COLUMNS))
    model = clone(MODELS[model_name]).fit(train[columns], train["malignant"])
    if hasattr(model, "predict_proba"):
        probability = model.predict_proba(test[columns])[:, 1]
    else:
        probability = 1 / (1 + np.exp(-model.decision_function(test[columns])))
    lines = [f"{key},{value:.6f}" for key, value in zip(test["id"], probability, strict=True)]
    return "\n".join(["id,probability", *lines, ""]).encode()
