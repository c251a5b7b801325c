"""糖尿病コンペの採点パッケージ。サーバーはここからevaluateを探します。"""

from .main import evaluate

__all__ = ["evaluate"]
