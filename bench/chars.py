"""Measures how fast characters with boxes are read, beside pypdfium2's own calls and PyMuPDF; `--write` for RESULTS.md.

All PDF files of the data folder, each peer in a process of its own, in turn, best of three by processor time; the
files are read into memory before. `ours` are codes, boxes, baselines and text objects of all characters; `ours,
pages` is what the reader of papers takes from a page: fonts, colours, angles, pictures and marks too. PyMuPDF is
measured where it is installed; the package does not use it.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

DATA = Path(os.environ.get("BENCHWRIGHT_DATA") or ROOT.parent / "shared/data")
CALL = "`python bench/chars.py --write`"
ROUNDS = 3
COLD_PAGES = 20
Reader = Callable[[Any], tuple[int, int]]


def ours() -> Reader:
    """Codes, boxes, baselines and text objects, by our calls."""
    import pypdfium2

    from benchwright.sources._pdffast import characters, shared_calls

    def read(data: Any) -> tuple[int, int]:
        document, boxes = pypdfium2.PdfDocument(data), 0
        pages = len(document)
        for page in document:
            text = page.get_textpage()
            boxes += len(characters(shared_calls(), text).loose)
            text.close()
            page.close()
        document.close()
        return pages, boxes

    return read


def our_pages() -> Reader:
    """All that the reader takes from a page."""
    import pypdfium2

    from benchwright.sources._pdfium import read_page

    def read(data: Any) -> tuple[int, int]:
        document = pypdfium2.PdfDocument(data)
        pages = [read_page(document, index).count for index in range(len(document))]
        document.close()
        return len(pages), sum(pages)

    return read


def theirs() -> Reader:
    """The text and the box of every character, by pypdfium2's helpers."""
    import pypdfium2

    def read(data: Any) -> tuple[int, int]:
        document, boxes = pypdfium2.PdfDocument(data), 0
        pages = len(document)
        for page in document:
            text = page.get_textpage()
            text.get_text_range()
            boxes += len([text.get_charbox(index) for index in range(text.count_chars())])
            text.close()
            page.close()
        document.close()
        return pages, boxes

    return read


def pymupdf() -> Reader:
    """Characters with boxes from PyMuPDF's raw dictionaries."""
    import pymupdf

    pymupdf.TOOLS.mupdf_display_errors(on=False)

    def read(data: Any) -> tuple[int, int]:
        options = {"stream": data, "filetype": "pdf"} if isinstance(data, bytes) else {"filename": data}
        document: Any = pymupdf.open(**options)
        pages = boxes = 0
        for page in document:
            pages += 1
            for block in page.get_text("rawdict")["blocks"]:
                for line in block.get("lines", ()):
                    for span in line["spans"]:
                        boxes += len([(char["c"], char["bbox"]) for char in span["chars"]])
        return pages, boxes

    return read


PEERS: dict[str, Callable[[], Reader]] = {
    "ours": ours,
    "ours, pages": our_pages,
    "pypdfium2": theirs,
    "PyMuPDF": pymupdf,
}


def child(peer: str, files: Sequence[Path]) -> dict[str, float]:
    """Read all files with one peer in this process."""
    blobs = [path.read_bytes() for path in files]
    read = PEERS[peer]()
    started = time.process_time()
    counts = [read(blob) for blob in blobs]
    seconds = time.process_time() - started
    return {"pages": sum(n for n, _ in counts), "boxes": sum(n for _, n in counts), "seconds": seconds}


def in_process(peer: str, files: Sequence[Path], **environment: str) -> tuple[dict[str, float], float]:
    """Read files in a new process; return its report and the processor time of the whole process."""
    before = os.times()
    call = subprocess.run(
        [sys.executable, __file__, "--peer", peer, *map(str, files)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **environment},
    )
    after = os.times()
    whole = after.children_user + after.children_system - before.children_user - before.children_system
    return json.loads(call.stdout), whole


def speed(files: Sequence[Path]) -> str:
    """Return the pages per second of every peer, and the ratios."""
    peers = [peer for peer in PEERS if peer != "PyMuPDF" or importlib.util.find_spec("pymupdf")]
    best: dict[str, float] = {}
    in_process("ours", files[:2])
    for _ in range(ROUNDS):
        for peer in peers:
            report, _ = in_process(peer, files)
            best[peer] = max(best.get(peer, 0.0), report["pages"] / report["seconds"])
    text = ", ".join(f"{peer} {rate:.0f} pages/s" for peer, rate in best.items())
    ratios = [f"{best['ours'] / best[peer]:.2f} x {peer}" for peer in peers if not peer.startswith("ours")]
    pages = [f"{best['ours, pages'] / best[peer]:.2f} x {peer}" for peer in peers if not peer.startswith("ours")]
    return f"{' and '.join(ratios)} (whole pages {' and '.join(pages)}): {text}"


def cut(path: Path, target: Path) -> Path:
    """Write the first pages of a file as a file of their own."""
    import pypdfium2

    source, short = pypdfium2.PdfDocument(path), pypdfium2.PdfDocument.new()
    short.import_pages(source, list(range(min(COLD_PAGES, len(source)))))
    short.save(target)
    return target


def cold(file: Path) -> str:
    """Return the processor time of whole processes that read one file: compiled calls kept, not kept, pypdfium2's."""
    kept, empty, other = [], [], []
    for _ in range(ROUNDS):
        kept.append(in_process("ours", [file])[1])
        with tempfile.TemporaryDirectory() as folder:
            empty.append(in_process("ours", [file], XDG_CACHE_HOME=folder)[1])
        other.append(in_process("pypdfium2", [file])[1])
    return (
        f"{min(kept):.2f} s, nothing kept on disk {min(empty):.2f} s, pypdfium2 {min(other):.2f} s: "
        f"{min(kept) - min(other):+.2f} s and {min(empty) - min(other):+.2f} s"
    )


def lines(commit: str) -> list[str]:
    """Return the lines of RESULTS.md."""
    files = sorted(DATA.rglob("*.pdf"))
    rows = [("speed of characters with boxes, one process", speed(files), f"{len(files)} PDF files")]
    with tempfile.TemporaryDirectory() as folder:
        short = cut(DATA / "es_mir_headqa/MIR_2014.pdf", Path(folder) / "short.pdf")
        rows.append((f"cold start, one file of {COLD_PAGES} pages", cold(short), f"{ROUNDS} processes, best"))
    return [f"| {target} | {measured} | {n} | {CALL} | {commit} |" for target, measured, n in rows]


def main() -> None:
    """Measure, print and, when asked, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the lines into RESULTS.md")
    parser.add_argument("--peer", choices=list(PEERS), help="measure one peer on the files given, as JSON")
    parser.add_argument("files", nargs="*", type=Path)
    options = parser.parse_args()
    if options.peer:
        print(json.dumps(child(options.peer, options.files)))
        return
    from bench.run import put

    changed = subprocess.run(["git", "status", "--porcelain", "benchwright"], cwd=ROOT, capture_output=True, check=True)
    if options.write and changed.stdout:
        parser.error("benchwright/ differs from the commit that the lines would name: commit first")
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    written = lines(commit.stdout.strip())
    print("\n".join(written))
    if options.write:
        put(written)


if __name__ == "__main__":
    main()
