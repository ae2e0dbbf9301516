"""MMLU-Redux: which items that people called broken are found without a model, and how many good ones are disturbed.

Usage: python bench/redux.py [--write]

Subjects are apart: rules may be mended by what the development subjects show, and not by the others.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import polars as pl

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.benchmarks import benchmarks  # noqa: E402  (the script may be started from anywhere)
from bench.extraction import put  # noqa: E402
from benchwright.audits import run_audits  # noqa: E402
from benchwright.schemas.plugins import AuditContext  # noqa: E402

DEVELOPMENT = ("anatomy", "clinical_knowledge", "college_medicine")
SEVERE = ("major", "critical")
GOOD = "ok"
UNJUDGED = "expert"
"""The annotators passed such items on to an expert: neither good nor broken."""


def measure(items: pl.DataFrame, findings: pl.DataFrame) -> str:
    """Return found and disturbed of one part, for each label."""
    severe = findings.filter(pl.col("severity").is_in(SEVERE))
    groups = severe.filter(pl.col("scope") == "group")["subject"]
    hit = {*severe["item_id"].drop_nulls().to_list(), *items.filter(pl.col("group").is_in(groups.implode()))["id"]}
    label = pl.col("labels").list.eval(
        pl.element().filter(pl.element().struct.field("taxonomy") == "error_type").struct.field("value")
    )
    told = items.select("id", label.list.first().str.to_lowercase().str.replace_all("_", " ").alias("label"))
    total, found = Counter[str](), Counter[str]()
    for one, kind in told.iter_rows():
        total[kind] += 1
        found[kind] += one in hit
        if one in hit:
            print("  ", one, kind, sorted(set(severe.filter(pl.col("item_id") == one)["code"])))
    broken = [kind for kind in sorted(total) if kind not in {GOOD, UNJUDGED}]
    parts = ", ".join(f"{kind} {found[kind]} of {total[kind]}" for kind in [*broken, UNJUDGED])
    return (
        f"broken found {sum(found[kind] for kind in broken)} of {sum(total[kind] for kind in broken)} ({parts}), "
        f"good disturbed {found[GOOD]} of {total[GOOD]}"
    )


def main() -> None:
    """Print both parts; write them into RESULTS.md when asked."""
    lines = []
    for _, items in benchmarks("MMLU-Redux"):
        findings = run_audits(items.lazy(), AuditContext()).findings
        subject = pl.col("group").str.split("/").list.get(1).is_in(DEVELOPMENT)
        for name, part in (("development", items.filter(subject)), ("held-out subjects", items.filter(~subject))):
            here = findings.filter(pl.col("item_id").is_in(part["id"].implode()) | (pl.col("scope") == "group"))
            said = measure(part, here)
            print(name, said)
            note = "the reasons of the annotators were read for all subjects before the rules were written"
            lines.append(f"| MMLU-Redux without a model, {name} | {said}; {note} | {part.height} items |")
    if "--write" in sys.argv:
        state = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True)
        put([f"{line} `python bench/redux.py --write` | {state.stdout.strip()} |" for line in lines])


if __name__ == "__main__":
    main()
