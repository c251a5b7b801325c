"""The models of diabetes-rmse: regressors on ten columns."""

import functools
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, clone
from sklearn.compose import TransformedTargetRegressor
from sklearn.cross_decomposition import PLSRegression
from sklearn.dummy import DummyRegressor
from sklearn.ensemble import (
    BaggingRegressor,
    ExtraTreesRegressor,
    GradientBoostingRegressor,
    HistGradientBoostingRegressor,
    RandomForestRegressor,
    StackingRegressor,
    VotingRegressor,
)
from sklearn.feature_selection import SelectKBest, f_regression
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, WhiteKernel
from sklearn.kernel_ridge import KernelRidge
from sklearn.linear_model import (
    BayesianRidge,
    ElasticNet,
    HuberRegressor,
    Lasso,
    LinearRegression,
    PoissonRegressor,
    Ridge,
)
from sklearn.neighbors import KNeighborsRegressor
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import PolynomialFeatures, SplineTransformer, StandardScaler
from sklearn.svm import SVR
from sklearn.tree import DecisionTreeRegressor

DATA = Path(__file__).resolve().parent.parent / "diabetes-rmse" / "data"
LARGEST = 1000.0
COLUMNS = {
    "bmi-only": ("bmi",),
    "body-only": ("age", "sex", "bmi", "bp"),
    "three-columns": ("bmi", "bp", "s5"),
}


def scaled(*steps: BaseEstimator) -> Pipeline:
    """Put steps behind a standardisation."""
    return make_pipeline(StandardScaler(), *steps)


def in_logarithms(model: BaseEstimator) -> TransformedTargetRegressor:
    """Fit a model on the logarithm of the target."""
    return TransformedTargetRegressor(model, func=np.log, inverse_func=np.exp)


def standardised_target(model: BaseEstimator) -> TransformedTargetRegressor:
    """Fit a model on a target of mean 0 and spread 1, which kernels and networks expect."""
    return TransformedTargetRegressor(scaled(model), transformer=StandardScaler())


def network(units: int, *, alpha: float, seed: int) -> MLPRegressor:
    """Return a network with one hidden layer."""
    return MLPRegressor(hidden_layer_sizes=(units,), alpha=alpha, solver="lbfgs", max_iter=5000, random_state=seed)


MODELS: dict[str, BaseEstimator] = {
    "mean": DummyRegressor(),
    "bmi-only": LinearRegression(),
    "body-only": LinearRegression(),
    "three-columns": LinearRegression(),
    "least-squares": LinearRegression(),
    "ridge": scaled(Ridge(alpha=10.0)),
    "ridge-strong": scaled(Ridge(alpha=60.0)),
    "lasso": scaled(Lasso(alpha=2.0)),
    "lasso-strong": scaled(Lasso(alpha=12.0)),
    "elastic-net": scaled(ElasticNet(alpha=0.3, l1_ratio=0.5)),
    "bayesian-ridge": scaled(BayesianRidge()),
    "huber": scaled(HuberRegressor(max_iter=1000)),
    "poisson": scaled(PoissonRegressor(alpha=0.1, max_iter=1000)),
    "log-ridge": in_logarithms(scaled(Ridge(alpha=20.0))),
    "components": scaled(PLSRegression(2, scale=False)),
    "six-columns": scaled(SelectKBest(f_regression, k=6), Ridge(alpha=10.0)),
    "interactions": scaled(PolynomialFeatures(2, include_bias=False), StandardScaler(), Ridge(alpha=300.0)),
    "interactions-lasso": scaled(PolynomialFeatures(2, include_bias=False), StandardScaler(), Lasso(alpha=3.0)),
    "interactions-wild": scaled(PolynomialFeatures(2, include_bias=False), StandardScaler(), LinearRegression()),
    "splines": scaled(SplineTransformer(n_knots=4), Ridge(alpha=3.0)),
    "neighbours-1": scaled(KNeighborsRegressor(1)),
    "neighbours-15": scaled(KNeighborsRegressor(15)),
    "neighbours-40": scaled(KNeighborsRegressor(40, weights="distance")),
    "tree": DecisionTreeRegressor(max_depth=3, random_state=2),
    "tree-deep": DecisionTreeRegressor(random_state=2),
    "forest": RandomForestRegressor(100, random_state=2),
    "forest-leaves": RandomForestRegressor(150, min_samples_leaf=8, max_features=4, random_state=2),
    "forest-leaves-more": RandomForestRegressor(150, min_samples_leaf=5, max_features=5, random_state=2),
    "extra-trees": ExtraTreesRegressor(150, min_samples_leaf=4, random_state=2),
    "boosting": HistGradientBoostingRegressor(max_iter=100, random_state=2),
    "boosting-slow": GradientBoostingRegressor(
        n_estimators=120, learning_rate=0.04, max_depth=2, subsample=0.6, random_state=2
    ),
    "boosting-absolute": GradientBoostingRegressor(
        loss="absolute_error", n_estimators=120, learning_rate=0.06, max_depth=2, random_state=2
    ),
    "svr": scaled(SVR()),
    "svr-tuned": standardised_target(SVR(C=0.8, gamma=0.03, epsilon=0.3)),
    "kernel-ridge": standardised_target(KernelRidge(kernel="rbf", gamma=0.01, alpha=0.7)),
    "gaussian-process": standardised_target(
        GaussianProcessRegressor(1.0 * RBF(6.0) + WhiteKernel(0.5), n_restarts_optimizer=0)
    ),
    "network": standardised_target(network(12, alpha=20.0, seed=4)),
    "network-wild": standardised_target(network(50, alpha=0.001, seed=4)),
    "network-and-line": VotingRegressor(
        [
            ("network", standardised_target(network(12, alpha=20.0, seed=4))),
            ("line", scaled(Lasso(alpha=2.0))),
        ]
    ),
    "bagged-ridge": BaggingRegressor(
        scaled(PolynomialFeatures(2, include_bias=False), StandardScaler(), Ridge(alpha=200.0)),
        n_estimators=30,
        max_features=7,
        random_state=7,
    ),
    "mixture": VotingRegressor(
        [
            ("line", scaled(Ridge(alpha=20.0))),
            ("kernel", standardised_target(SVR(C=0.8, gamma=0.03, epsilon=0.3))),
            ("trees", ExtraTreesRegressor(80, min_samples_leaf=4, random_state=7)),
        ]
    ),
    "stack": StackingRegressor(
        [
            ("line", scaled(Lasso(alpha=2.0))),
            ("kernel", standardised_target(SVR(C=0.8, gamma=0.03, epsilon=0.3))),
            ("process", standardised_target(KernelRidge(kernel="rbf", gamma=0.01, alpha=0.7))),
            ("trees", ExtraTreesRegressor(60, min_samples_leaf=4, random_state=7)),
        ],
        final_estimator=Ridge(alpha=1000.0, positive=True),
        cv=4,
    ),
}


@functools.cache
def tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows to learn from and the rows to predict."""
    return pd.read_csv(DATA / "train.csv"), pd.read_csv(DATA / "test.csv")


def predict(model_name: str) -> bytes:
    """Fit a model of MODELS and return the submission file with its predictions."""
    train, test = tables()
    columns = list(COLUMNS.get(model_name, [name for name in test.columns if name != "id"]))
    model = clone(MODELS[model_name]).fit(train[columns], train["progression"])
    progression = np.clip(np.ravel(model.predict(test[columns])), 0, LARGEST)
    lines = [f"{key},{value:.4f}" for key, value in zip(test["id"], progression, strict=True)]
    return "\n".join(["id,progression", *lines, ""]).encode()
