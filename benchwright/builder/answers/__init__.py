"""Answers of models and of candidates: read from logs, joined to items, and told in tables."""

from __future__ import annotations

from benchwright.builder.answers.joining import Joined, join_answers

__all__ = ["Joined", "join_answers"]
