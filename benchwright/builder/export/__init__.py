"""Tables of items -> the layouts in which others read benchmarks, and tasks of evaluation programs."""

from __future__ import annotations

from benchwright.builder.export._exporter import Exported, Exporter, export_task, exporters
from benchwright.builder.export._questions import TaskWish
from benchwright.builder.export.layouts import ExportRun, export_items, writable_layouts

__all__ = [
    "ExportRun",
    "Exported",
    "Exporter",
    "TaskWish",
    "export_items",
    "export_task",
    "exporters",
    "writable_layouts",
]
