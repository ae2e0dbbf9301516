"""Cleaning of questions and answers at any size: ordered stages, each with its count and its dropped ids."""

from __future__ import annotations

from benchwright.builder.clean.config import CleanConfig, read_config
from benchwright.builder.clean.pipeline import CleanReport, Plan, clean, plan_of

__all__ = ["CleanConfig", "CleanReport", "Plan", "clean", "plan_of", "read_config"]
