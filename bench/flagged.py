"""How many alarms on a translated benchmark are right: HEAD-QA in English, a machine translation, beside Spanish.

`flagged_judged.tsv` holds what one reader said of every alarm (major or critical) on every flagged item, of today's
audit and of earlier ones: item, code, field, `right` where the item really has the defect at this place, else `wrong`,
judge and date; no text. An alarm that is gone is not counted. `--write` puts the line into
RESULTS.md, `--sample` prints alarms that nobody has judged.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import polars as pl

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.demetr import share  # noqa: E402
from bench.run import put  # noqa: E402
from benchwright.builder.auditing import AuditWish, audit_files  # noqa: E402
from benchwright.sources import IntakeOptions  # noqa: E402

DATA = Path(os.environ.get("BENCHWRIGHT_DATA") or ROOT.parent / "shared/data") / "es_mir_headqa"
JUDGED = ROOT / "bench/flagged_judged.tsv"
CALL = "`python bench/flagged.py --write`"
SEVERE = ("major", "critical")
Key = tuple[str, str, str]


def alarms() -> tuple[pl.DataFrame, int]:
    """Return the alarms on items, with the message, and the number of items."""
    english, spanish = (sorted((DATA / f"headqa_{language}").glob("*.json")) for language in ("en", "es"))
    wish = AuditWish(sources=spanish, options=IntakeOptions(language="en"), source_options=IntakeOptions(language="es"))
    run = audit_files(english, None, wish)
    loud = pl.col("severity").is_in(SEVERE) & pl.col("item_id").is_not_null()
    found = run.findings.filter(loud).with_columns(pl.col("field").fill_null(""))
    return found.sort("code", "item_id", "field"), run.items


def judgements() -> dict[Key, bool]:
    """Return whether each judged alarm is right."""
    with JUDGED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return {(row["item"], row["code"], row["field"]): row["verdict"] == "right" for row in rows}


def lines(found: pl.DataFrame, items: int, commit: str) -> list[str]:
    """Return the lines of RESULTS.md: precision by item and by code."""
    known = judgements()
    sampled = {item for item, _, _ in known}
    now = [key for key in found.select("item_id", "code", "field").iter_rows() if key[0] in sampled]
    judged = [(key, known[key]) for key in now if key in known]
    flagged = {key[0] for key, _ in judged}
    right = {key[0] for key, good in judged if good}
    n, good = Counter(key[1] for key, _ in judged), Counter(key[1] for key, well in judged if well)
    each = ", ".join(f"{code} {good[code]} of {n[code]}" for code in sorted(n))
    every = found["item_id"].n_unique()
    false = (len(flagged) - len(right)) / len(flagged) * every / items
    said = (
        f"items rightly flagged {share(len(right), len(flagged))}; by code {each}; {every} of {items} items are "
        f"flagged, so that {100 * false:.1f} % of all items are flagged wrongly (target 2 %); {len(now) - len(judged)} "
        f"alarms on these items came later and are not judged; one reader, no physician, 2026-11-29"
    )
    target = "alarms on HEAD-QA in English beside Spanish, 300 random flagged items and later ones by hand, all codes"
    return [f"| {target} | {said} | {len(flagged)} items | {CALL} | {commit} |"]


def main() -> None:
    """Measure, print and, when asked, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the line into RESULTS.md")
    parser.add_argument("--sample", action="store_true", help="print alarms that nobody has judged")
    options = parser.parse_args()
    found, items = alarms()
    if options.sample:
        known = judgements()
        for row in found.select("item_id", "code", "field", "message").iter_rows():
            if row[:3] not in known:
                print(*row, sep=" | ")
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()
    written = lines(found, items, commit)
    print(*written, sep="\n")
    if options.write:
        put(written)


if __name__ == "__main__":
    main()
