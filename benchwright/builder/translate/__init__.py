"""Parallel versions of items, by engines and by people. A public module of this folder is an engine (``ENGINE``)."""

from benchwright.builder.translate._dry import DryRun, dry_run_items
from benchwright.builder.translate._registry import engine_named, engines
from benchwright.builder.translate._run import TranslateRun, translate_items
from benchwright.builder.translate._wish import EngineWish, TranslateWish, engine_wishes, parse_languages

__all__ = [
    "DryRun",
    "EngineWish",
    "TranslateRun",
    "TranslateWish",
    "dry_run_items",
    "engine_named",
    "engine_wishes",
    "engines",
    "parse_languages",
    "translate_items",
]
