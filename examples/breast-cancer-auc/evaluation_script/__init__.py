"""The scoring package of the tumour challenge; the server looks for `evaluate` here."""

from .main import evaluate

__all__ = ["evaluate"]
