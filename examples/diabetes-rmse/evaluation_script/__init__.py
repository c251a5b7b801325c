"""糖尿病コンペの採点パッケージ。サーバーはここから evaluate を探します。"""

from .main import evaluate

__all__ = ["evaluate"]
