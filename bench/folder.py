"""Measures `new` and `build` on folders of many booklets and prints lines of RESULTS.md; `--write` puts them there.

Usage: python bench/folder.py [--files 50 150 300] [--jobs 2] [--mixed] [--write]

The booklets are printed once by the typesetter, 20 pages each with the key on the last page, and lie in `bench/out`.
Memory is the resident size of the whole tree of processes, sampled five times a second; seconds of processor time are
given beside the clock, because other work on the machine changes the one and hardly the other.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.run import COMMAND, OUT, put  # noqa: E402  (the script may be started from anywhere)
from tests.typesetter.folder import Folder, print_booklets, print_folder  # noqa: E402

QUESTIONS = 122
"""Questions of a booklet of 20 pages."""
CALL = "`python bench/folder.py --write`"


@dataclass(frozen=True)
class Cost:
    """What one command took."""

    wall: float
    cpu: float
    peak: int
    """Bytes."""

    def text(self) -> str:
        """Return it in words."""
        return f"{self.wall:.0f} s, {self.cpu:.0f} s of processor time, at most {self.peak / 2**20:.0f} MiB"


def papers(files: int) -> Path:
    """Return a folder of booklets of 20 pages; printed once."""
    folder = OUT / f"folder-{files}"
    if not (folder / ".whole").is_file():
        shutil.rmtree(folder, ignore_errors=True)
        print_booklets(folder, files=files, questions=QUESTIONS)
        (folder / ".whole").touch()
    return folder


def tree_bytes(root: int) -> int:
    """Return the resident bytes of a process and all that it started; pages that they share count once for each."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    total, waiting = 0, [root]
    while waiting:
        process = waiting.pop()
        waiting += parents.get(process, [])
        try:
            total += int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, IndexError):
            continue
    return total


def run(*arguments: str | Path) -> Cost:
    """Run a command of Benchwright and return what it took; exit code 1 means that its gate is not met."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    process = subprocess.Popen([COMMAND, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    peaks, ended = [0], threading.Event()

    def watch() -> None:
        while not ended.wait(0.2):
            peaks.append(tree_bytes(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    _, errors = process.communicate()
    ended.set()
    watcher.join()
    if process.returncode not in (0, 1):
        raise SystemExit(f"benchwright {' '.join(map(str, arguments))}: {process.returncode}\n{errors.decode()}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(time.perf_counter() - started, cpu, max(peaks))


def measure(files: int, jobs: int) -> list[tuple[str, str, str]]:
    """Return target, figures and count for `new`, `build` and a second `build` of one folder."""
    raw = papers(files)
    project = OUT / f"folder-{files}-project"
    shutil.rmtree(project, ignore_errors=True)
    new = run("new", project, "--raw", raw, "--quiet")
    build = run("build", project, "--jobs", str(jobs), "--quiet")
    again = run("build", project, "--jobs", str(jobs), "--quiet")
    manifest = json.loads((project / "build/manifest.json").read_text("utf-8"))
    found = sum(row["found"] for row in manifest["facts"]["files"] if row["role"] == "booklet")
    keyed = sum(row["keyed"] or 0 for row in manifest["facts"]["files"] if row["role"] == "booklet")
    pages = files * 20
    counted = f"{files} files, {pages} pages, {jobs} processes; {found} of {files * QUESTIONS} items, {keyed} keyed"
    name = f"{files} files of 20 pages"
    both = f"{new.wall + build.wall:.0f} s, {pages / (new.cpu + build.cpu):.1f} pages per CPU second"
    return [
        (f"`new`: {name}", new.text(), counted),
        (f"`build`: {name}, 300 in < 300 s", f"{build.text()}; {pages / build.cpu:.1f} pages per CPU second", counted),
        (f"`new` and `build`: {name}, 300 in < 300 s", both, counted),
        (f"`build` again: {name}", again.text(), counted),
    ]


def mixed(jobs: int) -> list[tuple[str, str, str]]:
    """Return the figures of a folder of small papers as they come: three exams, bad files and copies."""
    raw, project = OUT / "folder-mixed", OUT / "folder-mixed-project"
    for one in (raw, project):
        shutil.rmtree(one, ignore_errors=True)
    folder: Folder = print_folder(raw, years=15)
    new = run("new", project, "--raw", raw, "--quiet")
    build = run("build", project, "--jobs", str(jobs), "--quiet")
    manifest = json.loads((project / "build/manifest.json").read_text("utf-8"))
    rows = {row["file"]: row for row in manifest["facts"]["files"]}
    placed = sum(
        (rows[name]["exam"], rows[name]["edition"], rows[name]["part"], rows[name]["language"]) == place
        for name, place in folder.booklets.items()
    )
    found = sum(row["found"] for row in rows.values() if row["role"] == "booklet")
    keyed = sum(row["keyed"] or 0 for row in rows.values() if row["role"] == "booklet")
    said = f"{placed}/{len(folder.booklets)} booklets placed, {found}/{folder.questions} items, {keyed} keyed"
    counted = f"{len(folder.names)} files, {jobs} processes"
    return [
        ("`new`: a folder as it comes", new.text(), counted),
        ("`build`: a folder as it comes", f"{said}; {build.text()}", counted),
    ]


def main() -> None:
    """Measure, print and, when asked, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, nargs="+", default=[50, 150, 300], help="booklets of each folder")
    parser.add_argument("--jobs", type=int, default=2, help="processes of `build`")
    parser.add_argument("--mixed", action="store_true", help="measure the folder of small papers too")
    parser.add_argument("--write", action="store_true", help="put the lines into RESULTS.md")
    options = parser.parse_args()
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()
    lines = []
    for rows in (
        *(measure(files, options.jobs) for files in options.files),
        *([mixed(options.jobs)] if options.mixed else []),
    ):
        for row in rows:
            lines.append(f"| {' | '.join(row)} | {CALL} | {commit} |")
            print(lines[-1], flush=True)
    if options.write:
        put(lines)


if __name__ == "__main__":
    main()
