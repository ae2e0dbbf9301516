"""Answers of models, scored against the keys of a release."""

from benchwright.builder.results.judge import judged

__all__ = ["judged"]
