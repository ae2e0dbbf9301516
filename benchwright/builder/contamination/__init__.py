"""Contamination: items that stand in corpora on which models are trained."""

from benchwright.builder.contamination.run import ContaminationWish, Searched, search_corpus

__all__ = ["ContaminationWish", "Searched", "search_corpus"]
