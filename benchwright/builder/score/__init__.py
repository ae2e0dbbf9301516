"""Scores of translations: per field, stored once; thresholds elsewhere."""

from benchwright.builder.score._worker import CometSettings
from benchwright.builder.score.route import RouteRun, RouteWish, route
from benchwright.builder.score.run import METRICS, ScoreRun, ScoreWish, score_items

__all__ = ["METRICS", "CometSettings", "RouteRun", "RouteWish", "ScoreRun", "ScoreWish", "route", "score_items"]
