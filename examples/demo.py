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
from ruamel.yaml import YAML

EXAM = Path(__file__).resolve().parent / "fictional_exam"
COMMAND = Path(sys.executable).parent / "benchwright"
MARK = ".made-by-the-demo"
GATE_NOT_MET = 1


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
    """Return what the build says is wrong, one row each: file, number, code, message."""
    items = pl.read_parquet(build / "items.parquet")
    place = items.select(
        pl.col("id").alias("item_id"),
        pl.col("group"),
        pl.col("language"),
        pl.col("exam").struct.field("number"),
        pl.col("provenance").list.first().struct.field("file"),
    )
    findings = pl.read_parquet(build / "findings.parquet").select("item_id", "subject", "code", "severity", "message")
    of_items = findings.filter(pl.col("item_id").is_not_null()).join(place, on="item_id", how="left")
    of_groups = findings.filter(pl.col("item_id").is_null()).drop("item_id")
    of_groups = of_groups.join(place, left_on="subject", right_on="group", how="inner")
    rejects = pl.read_parquet(build / "rejects.parquet").select(
        "file", "number", code="reason", message=pl.coalesce("detail", "text"), language="language"
    )
    columns = ["file", "number", "code", "message"]
    return pl.concat([frame.select(columns) for frame in (of_items, of_groups, rejects)])


def check(planted: list[dict[str, Any]], found: pl.DataFrame) -> int:
    """Print each planted error with the finding or reject that shows it, and return how many were missed."""
    print(f"\n{'planted error':<28} {'where':<34} found as")
    missed = 0
    for error in planted:
        here = found.filter((pl.col("file") == error["file"]) & (pl.col("number") == str(error["number"])))
        hits = here.filter(pl.col("code").is_in(list(error["codes"])))
        missed += hits.is_empty()
        shown = "MISSED" if hits.is_empty() else ", ".join(hits["code"].unique().sort())
        print(f"{error['kind']:<28} {error['file'] + ' ' + str(error['number']):<34} {shown}")
    print(f"{len(planted) - missed} found, {missed} missed")
    return missed


def accept(project: Path) -> None:
    """Write into the recipe what a maintainer would decide: the licence, and each planted error by name."""
    build = project / "build"
    reason = "planted on purpose, see examples/fictional_exam/planted.yaml"
    critical = pl.read_parquet(build / "findings.parquet").filter(pl.col("severity") == "critical")
    waivers = [
        {"code": row["code"], "id": row["subject"], "text_hash": row["text_hash"], "reason": reason, "by": "demo"}
        for row in critical.sort("code", "subject").iter_rows(named=True)
    ]
    rejects = pl.read_parquet(build / "rejects.parquet")
    absent = rejects.filter((pl.col("reason") == "number-missing") & pl.col("group").is_not_null())
    excuse = [{"group": group, "reason": reason} for group in absent["group"].unique().sort()]
    licence = {"id": "CC-BY-4.0", "evidence": "examples/fictional_exam/LICENCE.md"}
    edit(project / "recipe.yaml", {"licence": licence, "waivers": waivers, "excuse": excuse})
    print(f"\nThe recipe now names the licence, {len(waivers)} waivers and {len(excuse)} excuses.")


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
    missed = check(load(EXAM / "planted.yaml")["errors"], seen(project / "build"))

    accept(project)
    run("build", project)
    run("release", project, "--version", "1.0.0")
    run("verify", project / "release/1.0.0")

    print(f"\nreport:  {project / 'build/report.html'}\nrelease: {project / 'release/1.0.0'}")
    print(f"{time.monotonic() - started:.0f} s")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
