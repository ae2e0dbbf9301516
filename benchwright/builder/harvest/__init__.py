"""Dated, incremental snapshots of sites and forums, and of files linked from their listing pages.

Nothing else in Benchwright asks a network for anything; this package does only where `benchwright harvest` is run.
"""

from __future__ import annotations

from benchwright.builder.harvest.manifest import Fetched, snapshot_files
from benchwright.builder.harvest.plan import HarvestPlan, read_plan
from benchwright.builder.harvest.run import HarvestRun, harvest

__all__ = ["Fetched", "HarvestPlan", "HarvestRun", "harvest", "read_plan", "snapshot_files"]
