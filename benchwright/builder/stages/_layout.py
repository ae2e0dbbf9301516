"""Where a build keeps its files."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from benchwright.schemas.papers import PaperJob

__all__ = ["BuildFolder"]

_NOT_PLAIN = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class BuildFolder:
    """The paths below ``build/``."""

    root: Path

    @property
    def items(self) -> Path:
        """The newest snapshot."""
        return self.root / "items.parquet"

    @property
    def rejects(self) -> Path:
        """What did not become an item."""
        return self.root / "rejects.parquet"

    @property
    def ledger(self) -> Path:
        """Counts of every stage, and changes."""
        return self.root / "ledger.parquet"

    @property
    def findings(self) -> Path:
        """What the audits found."""
        return self.root / "findings.parquet"

    @property
    def scores(self) -> Path:
        """What the audits measured."""
        return self.root / "scores.parquet"

    @property
    def media(self) -> Path:
        """Pictures, under their hash."""
        return self.root / "media"

    @property
    def manifest(self) -> Path:
        """Files, inputs and counts; written last."""
        return self.root / "manifest.json"

    @property
    def report(self) -> Path:
        """The HTML report."""
        return self.root / "report.html"

    @property
    def log(self) -> Path:
        """The log, with clock times."""
        return self.root / "log.txt"

    def stage(self, name: str) -> Path:
        """Parts and completion marks of one stage."""
        return self.root / "stages" / name

    def piece(self, stage: str, job: PaperJob) -> Path:
        """The folder of one file's part in a stage: the file's name, made plain, and a hash that keeps it apart."""
        place = "\0".join((job.file, job.exam, job.edition, job.part, job.language, job.status or ""))
        digest = hashlib.sha256(place.encode("utf-8", "surrogateescape")).hexdigest()[:12]
        plain = _NOT_PLAIN.sub("_", Path(job.file).stem)[:60]
        return self.stage(stage) / f"{plain}-{digest}"
