"""Tables of items -> the layouts in which others read benchmarks."""

from __future__ import annotations

from benchwright.builder.export.layouts import ExportRun, export_items, writable_layouts

__all__ = ["ExportRun", "export_items", "writable_layouts"]
