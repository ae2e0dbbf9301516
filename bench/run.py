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
    """Return the seconds that pdfplumber takes for the words of PDF files, or None where it is not installed."""
    try:
        import pdfplumber
    except ImportError:
        return None
    started = time.process_time()
    for path in paths:
        with pdfplumber.open(path) as document:
            for page in document.pages:
                page.extract_words()
    return time.process_time() - started


def cpu_of(*arguments: str | Path) -> float:
    """Run a benchwright command and return the seconds of processor time that it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run(*arguments, allowed=(0, 1))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def speed_line(exam: Exam, project: Path, papers: list[Path]) -> Line:
    """Measure `new`, the first `build` after it and one from nothing, beside the words of pdfplumber, in one run.

    Seconds are of processor time, which other work on the machine hardly changes.
    """
    shutil.rmtree(project, ignore_errors=True)
    new = cpu_of("new", project, "--raw", *papers)
    first = cpu_of("build", project, "--jobs", "1")
    shutil.rmtree(project / "build")
    whole = cpu_of("build", project, "--jobs", "1")
    pages = page_count(papers)
    other = plumber_seconds(papers)
    rates = (
        f"`build` after `new` {pages / first:.1f} pages/s, from nothing {pages / whole:.1f}, `new` {pages / new:.1f}"
    )
    if other is None:
        return Line(f"speed of `build`: {exam.name}", f"{rates}; pdfplumber not installed", f"{pages} pages")
    beside = f"pdfplumber's words {pages / other:.1f} pages/s; `build` is {other / first:.1f} x (target 5 x)"
    return Line(f"speed of `build`: {exam.name}", f"{rates}; {beside}", f"{pages} pages")


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
        papers = [data / name for name in exam.papers]
        yield speed_line(exam, project, papers)
        yield from accuracy_lines(exam, project)


def speeds(data: Path) -> Iterator[Line]:
    """Yield the lines of speed alone."""
    for exam in exams(data):
        yield speed_line(exam, OUT / exam.name.replace(" ", "-").lower(), [data / name for name in exam.papers])


def put(lines: list[str]) -> None:
    """Replace the lines of RESULTS.md that have the same target, and add the new ones."""
    targets = {line.split(" | ")[0] for line in lines}
    kept = [line for line in RESULTS.read_text(encoding="utf-8").splitlines() if line.split(" | ")[0] not in targets]
    RESULTS.write_text("\n".join([*kept, *lines]) + "\n", encoding="utf-8")


def main() -> None:
    """Measure, print and, when asked, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the lines into RESULTS.md")
    parser.add_argument("--speed", action="store_true", help="measure the speed alone")
    options = parser.parse_args()
    changed = subprocess.run(["git", "status", "--porcelain", "benchwright"], cwd=ROOT, capture_output=True, check=True)
    if options.write and changed.stdout:
        parser.error("benchwright/ differs from the commit that the lines would name: commit first")
    data = Path(os.environ.get("BENCHWRIGHT_DATA") or ROOT.parent / "shared/data")
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    lines: list[str] = []
    for line in speeds(data) if options.speed else measure(data):
        lines.append(line.text(commit.stdout.strip()))
        print(lines[-1], flush=True)
    if options.write:
        put(lines)


if __name__ == "__main__":
    main()
