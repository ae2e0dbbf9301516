"""Whether two commits find the same: audits items with the code of each, and compares findings and scores.

    python bench/samefindings.py OLD [NEW] [--data FILES... --source FILES... --lang TAG --source-lang TAG]

OLD and NEW are commits; NEW is the work tree where it is not given. Without files the data are HEAD-QA in English
beside Spanish. Signatures and ids are left out of the comparison, for they change with the settings; everything else of
a finding, and every score, must be equal. Exits with 1 where anything differs, and prints what. Each commit runs in a
process of its own, from a copy of its files.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path

import polars as pl

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("BENCHWRIGHT_DATA") or ROOT.parent / "shared/data")
FINDING = ("scope", "subject", "field", "code", "severity", "value", "threshold", "message", "spans", "evidence")
SCORE = ("item_id", "field", "name", "value")
PACKAGE = "benchwright"


def plain(table: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    """Return the columns that are compared, lists as text, in one order."""
    nested = [name for name in columns if table.schema[name].is_nested()]
    kept = table.select(columns).with_columns(
        pl.Series(name, [repr(one) for one in table[name].to_list()], dtype=pl.String) for name in nested
    )
    return kept.sort(pl.all())


def run_here(given: argparse.Namespace) -> None:
    """Audit with the code that this process imports, and write what is compared."""
    import benchwright
    from benchwright.builder.auditing import AuditWish, audit_files
    from benchwright.sources import IntakeOptions

    if not Path(benchwright.__file__).is_relative_to(os.environ["PYTHONPATH"]):
        raise SystemExit(f"this process imports {benchwright.__file__}, not the commit that is asked for")
    wish = AuditWish(
        sources=given.source,
        layout=given.layout,
        options=IntakeOptions(language=given.lang),
        source_options=IntakeOptions(language=given.source_lang),
    )
    run = audit_files(given.data, None, wish)
    plain(run.findings, FINDING).write_parquet(given.here / "findings.parquet")
    plain(run.scores, SCORE).write_parquet(given.here / "scores.parquet")


def tree_of(commit: str | None, folder: Path) -> Path:
    """Return a folder whose package is that of a commit, or the work tree."""
    if commit is None:
        return ROOT
    made = folder / commit
    made.mkdir()
    packed = subprocess.run(["git", "archive", commit, PACKAGE], cwd=ROOT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        archive.extractall(made, filter="data")
    return made


def tables_of(commit: str | None, given: argparse.Namespace, folder: Path) -> dict[str, pl.DataFrame]:
    """Run one commit in a process of its own, and return its tables."""
    name = commit or "work tree"
    out = folder / f"out {name}"
    out.mkdir()
    command = [sys.executable, __file__, name, "--here", str(out), "--layout", given.layout]
    for option, tag in (("--lang", given.lang), ("--source-lang", given.source_lang)):
        command += [option, tag] if tag else []
    for option, paths in (("--data", given.data), ("--source", given.source)):
        command += [option, *map(str, paths)] if paths else []
    environment = {**os.environ, "PYTHONPATH": str(tree_of(commit, folder)), "PYTHONSAFEPATH": "1"}
    subprocess.run(command, env=environment, check=True)
    return {one: pl.read_parquet(out / f"{one}.parquet") for one in ("findings", "scores")}


def differences(old: pl.DataFrame, new: pl.DataFrame) -> list[str]:
    """Return a line for each row that only one side has; a row that stands twice counts twice."""
    counted = [table.group_by(pl.all()).len("times") for table in (old, new)]
    lines = []
    for sign, one, other in (("-", *counted), ("+", *counted[::-1])):
        gone = one.join(other, on=one.columns, how="anti", nulls_equal=True).sort(pl.all())
        lines += [f"{sign} {' | '.join('' if cell is None else str(cell) for cell in row)}" for row in gone.iter_rows()]
    return lines


def main() -> None:
    """Compare, print, and exit with 1 where two commits differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", help="a commit")
    parser.add_argument("new", nargs="?", help="another one; the work tree where it is left out")
    parser.add_argument("--data", nargs="+", type=Path, default=[])
    parser.add_argument("--source", nargs="+", type=Path, default=[])
    parser.add_argument("--layout", default="auto")
    parser.add_argument("--lang")
    parser.add_argument("--source-lang")
    parser.add_argument("--most", type=int, default=40, help="differences that are printed")
    parser.add_argument("--here", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if not given.data:
        given.data = sorted((DATA / "es_mir_headqa/headqa_en").glob("*.json"))
        given.source = sorted((DATA / "es_mir_headqa/headqa_es").glob("*.json"))
        given.lang, given.source_lang = "en", "es"
    if not given.data:
        raise SystemExit(f"no data at {DATA}; set BENCHWRIGHT_DATA, or name files with --data")
    if given.here:
        run_here(given)
        return
    with tempfile.TemporaryDirectory() as folder:
        old, new = (tables_of(commit, given, Path(folder)) for commit in (given.old, given.new))
    wrong = 0
    for name in ("findings", "scores"):
        lines = differences(old[name], new[name])
        wrong += len(lines)
        print(f"{name}: {old[name].height} and {new[name].height} rows, {len(lines)} differ")
        print(*lines[: given.most], sep="\n" if lines else "")
    if wrong:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
