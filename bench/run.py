"""Measures the targets of RESULTS.md and prints its lines; `--write` puts them into the file.

Real papers are looked for in BENCHWRIGHT_DATA or `../shared/data`; what they give lies in `bench/out` and is not kept.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench import gold  # noqa: E402  (the script may be started from anywhere)

OUT = ROOT / "bench/out"
RESULTS = ROOT / "bench/RESULTS.md"
COMMAND = Path(sys.executable).parent / "benchwright"
CALL = "`python bench/run.py --write`"


@dataclass(frozen=True)
class Exam:
    """One real exam: its papers, and the transcriptions to compare with."""

    name: str
    papers: tuple[str, ...]
    golds: tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Line:
    """One line of RESULTS.md."""

    target: str
    measured: str
    n: str

    def text(self, commit: str) -> str:
        """Return the line as it is written."""
        return f"| {self.target} | {self.measured} | {self.n} | {CALL} | {commit} |"


def exams(data: Path) -> list[Exam]:
    """Return the exams that issue 2 names."""
    sitting = sorted(path.relative_to(data).as_posix() for path in data.glob("tw_moex_physician/stage2/108-1/*.pdf"))
    return [
        Exam(
            "Taiwan physician 108-1",
            tuple(sitting),
            (("transcription A", gold.tw_transcription_a(data)), ("transcription B", gold.tw_transcription_b(data))),
        ),
        Exam(
            "Argentina Examen Unico 2016",
            ("ar_examen_unico/examen_unico_2016.pdf",),
            (("transcription", gold.ar_examen_unico(data, "2016")),),
        ),
        Exam("Spain MIR 2014", ("es_mir_headqa/MIR_2014.pdf",), (("transcription", gold.es_mir(data, "2014")),)),
    ]


def run(*arguments: str | Path, allowed: tuple[int, ...] = (0,)) -> str:
    """Run a benchwright command and return its standard output."""
    outcome = subprocess.run([COMMAND, *arguments], capture_output=True, text=True, check=False)
    if outcome.returncode not in allowed:
        raise SystemExit(f"benchwright {' '.join(map(str, arguments))}: {outcome.returncode}\n{outcome.stderr}")
    return outcome.stdout


def help_line() -> Line:
    """Measure the start of the command, processor time of the best of ten."""
    times: list[float] = []
    for _ in range(10):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        run("--help")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return Line("`benchwright --help` under 0.3 s", f"{min(times):.2f} s processor time", "10 starts, best")


def demo_line() -> Line:
    """Measure the demonstration in the environment that is there; making one takes about half a minute more."""
    started = time.perf_counter()
    script = [sys.executable, str(ROOT / "examples/demo.py"), str(OUT / "demo")]
    outcome = subprocess.run(script, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - started
    found = re.search(r"\d+ found, \d+ missed", outcome.stdout)
    said = f"{seconds:.0f} s, exit {outcome.returncode}, planted errors: {found[0] if found else 'not compared'}"
    return Line("`make demo` under 180 s, environment made before", said, "1 run")


def page_count(paths: list[Path]) -> int:
    """Return the pages of PDF files."""
    import pypdfium2

    return sum(len(pypdfium2.PdfDocument(path)) for path in paths)


def plumber_seconds(paths: list[Path]) -> float | None:
    """Return the seconds of a plain pdfplumber text extraction, or None where it is not installed."""
    try:
        import pdfplumber
    except ImportError:
        return None
    started = time.perf_counter()
    for path in paths:
        with pdfplumber.open(path) as document:
            for page in document.pages:
                page.extract_text()
    return time.perf_counter() - started


def speed_line(exam: Exam, project: Path, papers: list[Path]) -> Line:
    """Measure `build` from nothing with one process, beside pdfplumber on the same files in the same run."""
    shutil.rmtree(project / "build", ignore_errors=True)
    started = time.perf_counter()
    run("build", project, "--jobs", "1", allowed=(0, 1))
    seconds = time.perf_counter() - started
    pages = page_count(papers)
    other = plumber_seconds(papers)
    beside = "pdfplumber not installed" if other is None else f"pdfplumber extract_text {pages / other:.1f} pages/s"
    return Line(f"speed of `build`: {exam.name}", f"{pages / seconds:.1f} pages/s; {beside}", f"{pages} pages")


def accuracy_lines(exam: Exam, project: Path) -> Iterator[Line]:
    """Compare the items of a build with each transcription."""
    for name, rows in exam.golds:
        path = project / f"gold-{name.replace(' ', '-')}.jsonl"
        count = gold.write(rows, path)
        report = json.loads(run("evaluate-extraction", project / "build/items.parquet", path, "--json", allowed=(0, 1)))
        yield Line(f"extraction: {exam.name}, {name}", figures(report), f"{count} items")


def figures(report: dict[str, Any]) -> str:
    """Return the shares of an evaluation as text."""
    total = report.get("total", report)
    names = {"item_recall": "items", "exact_stem": "exact stem", "exact_options": "exact option set", "key": "key"}
    shares = [(words, total.get(name)) for name, words in names.items()]
    return ", ".join(f"{words} {100 * share:.1f} %" for words, share in shares if share is not None)


def measure(data: Path) -> Iterator[Line]:
    """Yield every line."""
    yield help_line()
    yield demo_line()
    for exam in exams(data):
        project = OUT / exam.name.replace(" ", "-").lower()
        shutil.rmtree(project, ignore_errors=True)
        papers = [data / name for name in exam.papers]
        run("new", project, "--raw", *papers)
        yield speed_line(exam, project, papers)
        yield from accuracy_lines(exam, project)


def put(lines: list[str]) -> None:
    """Replace the lines of RESULTS.md that have the same target, and add the new ones."""
    targets = {line.split(" | ")[0] for line in lines}
    kept = [line for line in RESULTS.read_text(encoding="utf-8").splitlines() if line.split(" | ")[0] not in targets]
    RESULTS.write_text("\n".join([*kept, *lines]) + "\n", encoding="utf-8")


def main() -> None:
    """Measure, print and, when asked, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the lines into RESULTS.md")
    options = parser.parse_args()
    changed = subprocess.run(["git", "status", "--porcelain", "benchwright"], cwd=ROOT, capture_output=True, check=True)
    if options.write and changed.stdout:
        parser.error("benchwright/ differs from the commit that the lines would name: commit first")
    data = Path(os.environ.get("BENCHWRIGHT_DATA") or ROOT.parent / "shared/data")
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    lines: list[str] = []
    for line in measure(data):
        lines.append(line.text(commit.stdout.strip()))
        print(lines[-1], flush=True)
    if options.write:
        put(lines)


if __name__ == "__main__":
    main()
