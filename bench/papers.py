"""The real exams of split.json, and their builds with the real commands, cached by the parser's code.

A unit is one line of `split.json`: a booklet with its key files, or a folder of one sitting. Nothing is told to
`benchwright new` but the files. The code that runs is the committed one: a copy of `benchwright/` at the commit is
unpacked under `bench/out`, so that edits under way do not get into the figures.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "bench/out/extraction"
START = "import sys; from benchwright.builder.cli import main; sys.exit(main())"
FOLDERS = ("br_boards", "tw_moex_physician")


@dataclass(frozen=True)
class Unit:
    """One booklet or sitting: the folder of its exam, the half of split.json, its name there."""

    exam: str
    half: str
    name: str

    @property
    def slug(self) -> str:
        """Name of the project folder."""
        return self.name.replace("/", "-").replace(".", "-").lower()

    @property
    def stem(self) -> str:
        """Name of the paper without folder and ending."""
        return Path(self.name).stem


def data_folder() -> Path:
    """Return the folder of the real data."""
    return Path(os.environ.get("BENCHWRIGHT_DATA") or ROOT.parent / "shared/data")


def units() -> list[Unit]:
    """Return the units of split.json in its order."""
    split = json.loads((ROOT / "bench/split.json").read_text(encoding="utf-8"))
    return [Unit(n.split("/")[0], half, n) for half in ("development", "held_out") for n in split[half]]


def raw_files(unit: Unit, data: Path, scratch: Path) -> list[Path]:
    """Return the files that the project gets: the paper, its keys, its picture booklets."""
    path = data / unit.name
    if unit.exam in FOLDERS:
        return sorted(path.glob("*.pdf"))
    if unit.exam == "il_ima_internal":
        return sorted(path.parent.glob(path.name.replace("questions", "*")))
    if unit.exam == "kr_kice_math":
        return [path, path.with_name(f"{path.stem}-answer.png")]
    if unit.exam == "jp_keiryoshi":
        return [path, jp_key(path, scratch)]
    return [path]


def jp_key(path: Path, scratch: Path) -> Path:
    """Write the key of one subject, which lies there for all subjects in one JSON file, as a table of two columns."""
    number, subject = path.stem.split("_")
    answers = json.loads((path.parent / f"{number}_answer.json").read_text(encoding="utf-8"))[subject]
    target = scratch / f"{path.stem}_answer.csv"
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([("question", "answer"), *answers.items()])
    return target


def git(*arguments: str) -> str:
    """Return what a git command prints."""
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def tree() -> tuple[str, Path]:
    """Return the state of the readers at a commit (HEAD, or what EXTRACTION_COMMIT names), and the folder for it."""
    commit = os.environ.get("EXTRACTION_COMMIT") or "HEAD"
    state = git("rev-parse", f"{commit}:benchwright/sources")[:10]
    folder = OUT / state
    if not (folder / "code/benchwright").is_dir():
        (folder / "code").mkdir(parents=True, exist_ok=True)
        archive = subprocess.run(["git", "archive", commit, "benchwright"], cwd=ROOT, capture_output=True, check=True)
        subprocess.run(["tar", "-x", "-C", str(folder / "code")], input=archive.stdout, check=True)
        (folder / "commit").write_text(git("rev-parse", "--short", commit), encoding="utf-8")
    return state, folder


def command(code: Path, *arguments: str | Path) -> tuple[int, str]:
    """Run benchwright from unpacked code; return its exit status and what it said on standard error."""
    environment = {**os.environ, "PYTHONPATH": str(code)}
    done = subprocess.run(
        [sys.executable, "-P", "-c", START, *map(str, arguments)],
        cwd=code,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr[-2000:]


def build(unit: Unit, folder: Path, data: Path) -> Path | None:
    """Make and build the project of a unit, or take it from the cache; return None where the build gave no items."""
    project = folder / unit.slug
    mark = project / "built.json"
    if not mark.is_file():
        shutil.rmtree(project, ignore_errors=True)
        started = time.perf_counter()
        code = folder / "code"
        files = raw_files(unit, data, folder / "keys")
        status, said = command(code, "new", project, "--raw", *files)
        if status == 0:
            status, said = command(code, "build", project, "--jobs", "1")
        project.mkdir(exist_ok=True)
        seconds = round(time.perf_counter() - started, 1)
        mark.write_text(json.dumps({"status": status, "said": said, "seconds": seconds}), encoding="utf-8")
    return project if (project / "build/items.parquet").is_file() else None


def outcome(project: Path) -> int:
    """Return the exit status of a kept build; 0 and 1 are those of a run that went to its end."""
    return int(json.loads((project / "built.json").read_text(encoding="utf-8"))["status"])


def chosen(half: str | None, only: str) -> Iterator[Unit]:
    """Yield the units of a half whose name holds a text."""
    return (unit for unit in units() if half in (None, unit.half) and only in unit.name)


def main() -> None:
    """Build units: `papers.py [half] [part of a name]`."""
    half = sys.argv[1] if len(sys.argv) > 1 else None
    only = sys.argv[2] if len(sys.argv) > 2 else ""
    _, folder = tree()
    for unit in chosen(half, only):
        project = build(unit, folder, data_folder())
        told = json.loads((folder / unit.slug / "built.json").read_text(encoding="utf-8"))
        print(unit.name, project is not None, told["status"], told["seconds"], flush=True)


if __name__ == "__main__":
    main()
