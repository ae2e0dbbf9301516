"""Measures the processor time and the memory of all audits together; `--write` puts the lines into RESULTS.md.

Items are HeadQA in English with the Spanish originals as their sources, as often over as it takes; each copy has ids
of its own, and a number in each stem, so that stems differ between copies. Options stand as often as there are copies.
Each measurement is a process of its own, with one thread of polars.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

os.environ.setdefault("POLARS_MAX_THREADS", "1")

import polars as pl

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.run import put  # noqa: E402  (the script may be started from anywhere)
from benchwright.audits import _run, audits, run_audits  # noqa: E402
from benchwright.builder._auditinputs import find_inputs, read_inputs  # noqa: E402
from benchwright.schemas.plugins import Audit, AuditContext, AuditResult  # noqa: E402

ITEMS = 150_000
CALL = "`python bench/auditspeed.py --write`"
PEER = ("T422", "T423", "T10", "T11", "L11", "L122")
"""What OpusFilter looks at: ratio of lengths, numbers, scripts, and texts left as they were."""
LANGUAGE = ("L10",)
PARTS = {"all": ("all",), "peer": PEER, "peer-language": (*PEER, *LANGUAGE)}
NAMES = {
    "all": "all checks without a model together, one core (target 15,000 items/s, peak 2 GiB)",
    "peer": "the checks that OpusFilter has, without identification of languages, one core (target 60,000 items/s)",
    "peer-language": "the checks that OpusFilter has, with identification of languages, one core",
}


@dataclass
class Timed:
    """An audit that notes the processor time that it takes."""

    audit: Audit
    seconds: dict[str, float]

    def __getattr__(self, name: str) -> object:
        """Return what the audit has."""
        return getattr(self.audit, name)

    def run(self, items: pl.LazyFrame, context: AuditContext) -> AuditResult:
        """Run the audit."""
        started = time.process_time()
        result = self.audit.run(items, context)
        self.seconds[self.audit.name] = time.process_time() - started
        return result


def copies(folder: Path) -> pl.DataFrame:
    """Return the items of a folder as often as it takes."""
    once = read_inputs(find_inputs([folder])).items
    return pl.concat(
        once.with_columns(
            (pl.format("copy{}/", pl.lit(number)) + pl.col("group").str.splitn("/", 2).struct[1]).alias("group"),
            (pl.format("copy{}/", pl.lit(number)) + pl.col("id").str.splitn("/", 2).struct[1]).alias("id"),
            (pl.col("stem") + f" ({number})").alias("stem"),
        )
        for number in range(-(-ITEMS // once.height))
    )


def measure(data: Path, part: str) -> dict[str, object]:
    """Run the audits of one part in this process."""
    items, sources = (copies(data / "es_mir_headqa" / name) for name in ("headqa_en", "headqa_es"))
    seconds: dict[str, float] = {}
    timed = [Timed(audit, seconds) for audit in audits()]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    with patch.object(_run, "audits", lambda: timed):
        result = run_audits(items.lazy(), AuditContext(sources=sources.lazy()), select=PARTS[part])
    total = time.process_time() - started
    return {
        "items": items.height,
        "total": total,
        "seconds": seconds,
        "findings": result.findings.height,
        "before": before / 2**20,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
    }


def line(part: str, found: dict[str, object], load: float, commit: str) -> str:
    """Return one line of RESULTS.md."""
    seconds, total, items = found["seconds"], found["total"], found["items"]
    if not (isinstance(seconds, dict) and isinstance(total, float) and isinstance(items, int)):
        raise TypeError(part)
    most = sorted(seconds.items(), key=lambda one: -one[1])
    shares = ", ".join(f"{name} {100 * one / total:.0f} %" for name, one in most if one >= 0.02 * total)
    rest = 100 * (total - sum(seconds.values())) / total
    said = (
        f"{items / total:,.0f} items per processor second ({total:.1f} s, {found['findings']:,} findings; {shares}, "
        f"pairing of fields and sorting {rest:.0f} %), peak memory {found['peak']:.2f} GiB, of which the items and "
        f"sources {found['before']:.2f}; load of the machine {load:.1f}"
    )
    return f"| {NAMES[part]} | {said} | {items:,} items with sources | {CALL} | {commit} |"


def main() -> None:
    """Measure, print and, when asked, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the lines into RESULTS.md")
    parser.add_argument("--part", choices=sorted(PARTS), help="measure one part in this process, and print JSON")
    options = parser.parse_args()
    data = Path(os.environ.get("BENCHWRIGHT_DATA") or ROOT.parent / "shared/data")
    if options.part:
        print(json.dumps(measure(data, options.part)))
        return
    told = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)
    lines = []
    for part in PARTS:
        command = [sys.executable, __file__, "--part", part]
        found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        lines.append(line(part, found, os.getloadavg()[0], told.stdout.strip()))
        print(lines[-1], flush=True)
    if options.write:
        put(lines)


if __name__ == "__main__":
    main()
