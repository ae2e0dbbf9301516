"""The fictional national exam from raw papers to a verified release, with the errors that were planted in it.

    python examples/demo.py FOLDER

Exit code 0: every planted error was found, and the release verifies.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import polars as pl
from rich.console import Console
from rich.table import Table
from ruamel.yaml import YAML

EXAM = Path(__file__).resolve().parent / "fictional_exam"
COMMAND = Path(sys.executable).parent / "benchwright"
MARK = ".made-by-the-demo"
GATE_NOT_MET = 1
SHOWN_BY = {
    "key_outside_options": ["S002"],
    "no_key": ["S001", "key-missing"],
    "duplicate_options": ["S101"],
    "empty_option": ["S102", "no-options", "options-broken"],
    "option_count": ["S103"],
    "missing_figure": ["S301", "S302", "S303"],
    "broken_character": ["S211"],
    "mojibake": ["S215"],
    "dose_mismatch": ["T102"],
    "laterality_mismatch": ["T205"],
}
"""Codes of findings, and reasons of rejects, that count as having found an error of a kind."""


def run(*arguments: str | Path, expect: int = 0) -> None:
    """Show and run a benchwright command; stop the demonstration when its exit code is another one."""
    print("\n$ benchwright", *arguments, flush=True)
    code = subprocess.run([COMMAND, *arguments], check=False).returncode
    if code != expect:
        raise SystemExit(f"exit code {code} where {expect} was expected")


def fresh(folder: Path) -> None:
    """Make an empty folder; an earlier demonstration in its place is removed, anything else is left alone."""
    if folder.exists():
        if not (folder / MARK).is_file():
            raise SystemExit(f"{folder} exists and was not made by the demonstration: name another folder")
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / MARK).touch()


def load(path: Path) -> Any:
    """Read a YAML file, comments kept."""
    return YAML().load(path.read_text(encoding="utf-8"))


def edit(path: Path, changes: dict[str, Any]) -> None:
    """Set top-level sections of a recipe, comments kept."""
    yaml = YAML()
    yaml.width = 120
    recipe = yaml.load(path.read_text(encoding="utf-8"))
    recipe.update(changes)
    with path.open("w", encoding="utf-8") as out:
        yaml.dump(recipe, out)


def seen(build: Path) -> pl.DataFrame:
    """Return what the build says is wrong, one row each: part, number, language (null: any), code."""
    items = pl.read_parquet(build / "items.parquet").select(
        pl.col("id").alias("item_id"),
        "group",
        "language",
        pl.col("exam").struct.field("part"),
        pl.col("exam").struct.field("number"),
    )
    findings = pl.read_parquet(build / "findings.parquet").select("item_id", "subject", "code")
    of_items = findings.join(items, on="item_id", how="inner")
    of_groups = findings.filter(pl.col("item_id").is_null()).join(items, left_on="subject", right_on="group")
    rejects = pl.read_parquet(build / "rejects.parquet").with_columns(
        part=pl.col("group").str.split("/").list.get(-2, null_on_oob=True), code=pl.col("reason")
    )
    return pl.concat([frame.select("part", "number", "language", "code") for frame in (of_items, of_groups, rejects)])


def check(planted: list[dict[str, Any]], found: pl.DataFrame) -> int:
    """Print each planted error with the findings or rejects that show it, and return how many were missed."""
    table = Table("planted error", "paper", "question", "found as", title="Planted errors", title_justify="left")
    missed = 0
    for error in planted:
        here = found.filter(
            (pl.col("part") == str(error["part"]))
            & (pl.col("number") == str(error["number"]))
            & (pl.col("language").is_in(list(error["language"])) | pl.col("language").is_null())
        )
        hits = here.filter(pl.col("code").is_in(SHOWN_BY[error["kind"]]))["code"].unique().sort()
        missed += hits.is_empty()
        table.add_row(error["kind"], error["file"], str(error["number"]), ", ".join(hits) or "MISSED")
    Console(width=110).print(table)
    print(f"{len(planted) - missed} found, {missed} missed")
    return missed


def accept(project: Path, planted: list[dict[str, Any]]) -> None:
    """Write into the recipe what a maintainer would decide: the licence, and each planted error by name.

    What was not planted is not accepted: it keeps the gate shut, and the demonstration fails.
    """
    build = project / "build"
    reason = "planted on purpose, see examples/fictional_exam/planted.yaml"
    places = {(str(error["part"]), str(error["number"])) for error in planted}
    findings = pl.read_parquet(build / "findings.parquet").sort("code", "subject").to_dicts()
    waivers = [
        {"code": row["code"], "id": row["subject"], "text_hash": row["text_hash"], "reason": reason, "by": "demo"}
        for row in findings
        if row["severity"] == "critical" and place_of(row["subject"]) in places
    ]
    rejects = pl.read_parquet(build / "rejects.parquet").filter(pl.col("reason") == "number-missing")
    groups = sorted(group for group in rejects["group"].drop_nulls().unique() if place_of(group) in places)
    excuse = [{"group": group, "reason": reason} for group in groups]
    licence = {"id": "CC-BY-4.0", "evidence": "examples/fictional_exam/LICENCE.md"}
    edit(project / "recipe.yaml", {"licence": licence, "waivers": waivers, "excuse": excuse})
    print(f"\nThe recipe now names the licence, {len(waivers)} waivers and {len(excuse)} excuses.")


def place_of(subject: str) -> tuple[str, str]:
    """Return part and number of an item id or a group."""
    part, number = subject.split("@", maxsplit=1)[0].split("/")[-2:]
    return part, number.lstrip("0")


def main() -> int:
    """Take the whole road."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    project: Path = parser.parse_args().folder
    started = time.monotonic()
    fresh(project)

    run("new", project, "--raw", EXAM / "raw")
    run("build", project, expect=GATE_NOT_MET)
    print("\ngate not met, as it should be: errors were planted in these papers.")
    planted = load(EXAM / "planted.yaml")
    # Of two editions that differ either may be the one that is named.
    pairs = [{**error, "language": ["es", "en"]} for error in planted["planted_pairs"]]
    errors = [*planted["planted"], *pairs]
    missed = check(errors, seen(project / "build"))

    accept(project, errors)
    run("build", project)
    run("release", project, "--version", "1.0.0")
    run("verify", project / "release/1.0.0")

    print(f"\nreport:  {project / 'build/report.html'}\nrelease: {project / 'release/1.0.0'}")
    print(f"{time.monotonic() - started:.0f} s")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
