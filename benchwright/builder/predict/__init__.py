"""Answers of a model to items, where somebody wants to ask one."""

from __future__ import annotations

from benchwright.builder.predict.run import PredictRun, PredictWish, predict_items

__all__ = ["PredictRun", "PredictWish", "predict_items"]
