"""What the audit sees of the errors that Apertium really makes: `python bench/translate_apertium.py --write`.

100 questions in English that this project made up (`tests/fixtures/translation/english.csv`), their Spanish by Apertium
(`spanish.csv`), and every major error that one reader found in it (`labels.csv`): words left in English (`residue`),
words of another meaning (`sense`), sentences that cannot be understood (`broken`), an exception or ban that became
something else (`polarity`). The reader works on this project and had seen the findings of the audit. An error counts as
found where the audit has a finding of at least major severity in its field, or in the options of its question together;
such a finding is right where its field, or one of the options, has an error.
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import polars as pl

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.run import put  # noqa: E402  (the script may be started from anywhere)
from benchwright.builder.auditing import AuditWish, audit_files  # noqa: E402

CALL = "`python bench/translate_apertium.py --write`"
DATA = ROOT / "tests/fixtures/translation"
GRAVE = ("major", "critical")
SCOPES = ("item", "pair")


def labels(path: Path = DATA / "labels.csv") -> dict[tuple[str, str], set[str]]:
    """Return the kinds of errors of each field that has any."""
    found: dict[tuple[str, str], set[str]] = {}
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            found.setdefault((row["id"], row["field"]), set()).add(row["kind"])
    return found


def flagged(source: Path, target: Path, out: Path) -> list[tuple[str, str]]:
    """Return the question and the field of each grave finding."""
    run = audit_files([target], out, AuditWish(sources=[source]))
    graves = run.findings.filter(pl.col("severity").is_in(GRAVE) & pl.col("scope").is_in(SCOPES))
    return [
        (item_id.rpartition("@")[0].rpartition("/")[2], name)
        for item_id, name in graves.select("item_id", "field").iter_rows()
    ]


def places(finding: tuple[str, str]) -> set[tuple[str, str]]:
    """Return the fields that a finding speaks of."""
    number, name = finding
    return {(number, f"option:{one}") for one in "ABCD"} if name == "options" else {finding}


def measured(source: Path, target: Path, known: dict[tuple[str, str], set[str]]) -> dict[str, tuple[int, int]]:
    """Return hits and totals: precision of findings, recall of errors by kind, and both by question."""
    with tempfile.TemporaryDirectory() as folder:
        findings = flagged(source, target, Path(folder) / "audit")
    found = {place for finding in findings for place in places(finding)}
    kinds: Counter[str] = Counter(kind for several in known.values() for kind in several)
    hits = Counter(kind for place, several in known.items() if place in found for kind in several)
    bad, told = {place[0] for place in known}, {number for number, _ in findings}
    return {
        "precision, findings": (sum(bool(places(one) & known.keys()) for one in findings), len(findings)),
        "recall, all labels": (sum(hits.values()), sum(kinds.values())),
        **{f"recall, {kind}": (hits[kind], kinds[kind]) for kind in ("residue", "sense", "broken", "polarity")},
        "precision, questions": (len(bad & told), len(told)),
        "recall, questions": (len(bad & told), len(bad)),
    }


def main() -> None:
    """Print the figures, and write them where that is asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="add the lines to RESULTS.md")
    wanted = parser.parse_args()
    git = ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(git, capture_output=True, text=True, check=True).stdout.strip()
    lines = []
    for name, (hits, total) in measured(DATA / "english.csv", DATA / "spanish.csv", labels()).items():
        told = f"audit, errors of Apertium that one reader labelled, English to Spanish: {name}"
        unit = name.split()[-1] if name.split()[-1] in ("findings", "questions") else "labels"
        lines.append(
            f"| {told} | {hits / max(total, 1):.2f} ({hits} of {total}) | {total} {unit} | {CALL} | {commit} |"
        )
    print("\n".join(lines))
    if wanted.write:
        put(lines)


if __name__ == "__main__":
    main()
