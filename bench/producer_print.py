"""Runs the programs that print a drawn paper; each returns the files that a user would have."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import tempfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pypdfium2

from bench import producer_groff as groff
from bench import producer_html as web
from bench import producer_office as office
from bench import producer_tex as tex
from bench import producer_typst as typst
from bench.producer_draw import Paper
from tests.typesetter.chromium import program

SECONDS = 180
ENVIRONMENT = os.environ.get("PRODUCERS_PYTHON", "")
"""A Python that has `typst` and `weasyprint`; where it is not set, these two are left out."""


class PrintError(Exception):
    """A program is missing, or it printed nothing or not every sign of a paper."""


def run(command: list[str], folder: Path, made: Path) -> Path:
    """Run a program in a folder and return the file that it made.

    Raises:
        PrintError: there is no such program, or it made no file.
    """
    if not shutil.which(command[0]):
        raise PrintError(f"{command[0]} is not there")
    made.unlink(missing_ok=True)
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False, errors="replace"
    )
    if not made.is_file():
        raise PrintError(f"{command[0]}: {(done.stdout + done.stderr)[-600:]}")
    return made


def figure() -> bytes:
    """Return a small picture without words."""
    import struct

    wide, tall = 120, 80
    rows = b"".join(
        b"\0" + bytes(255 if (x - 60) ** 2 + (y - 40) ** 2 > 900 or (x // 6 + y // 6) % 2 else 60 for x in range(wide))
        for y in range(tall)
    )

    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", wide, tall, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")


def _tex(source: str, name: str, folder: Path, engine: str) -> Path:
    (folder / f"{name}.tex").write_text(source, encoding="utf-8")
    command = [engine, "-interaction=nonstopmode", f"{name}.tex"]
    for _ in range(2):
        made = run(command, folder, folder / f"{name}.pdf")
    log = (folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")
    if "Missing character" in log or "LaTeX Error" in log or "\n! " in log:
        at = min(log.find(mark) for mark in ("Missing character", "LaTeX Error", "\n! ") if mark in log)
        raise PrintError(f"{engine}: {log[at : at + 300]}")
    return made


def latex(paper: Paper, folder: Path) -> list[Path]:
    """Print with pdfTeX or XeTeX."""
    engine = tex.engine(paper)
    files = [_tex(tex.exam_tex(paper), "exam", folder, engine)]
    return files + ([_tex(tex.key_page(paper), "key", folder, engine)] if paper.look.separate_key else [])


def _typst(source: str, name: str, folder: Path) -> Path:
    (folder / f"{name}.typ").write_text(source, encoding="utf-8")
    if not ENVIRONMENT:
        raise PrintError("PRODUCERS_PYTHON names no Python with typst")
    call = f"import typst; typst.compile('{name}.typ', output='{name}.pdf')"
    return run([ENVIRONMENT, "-c", call], folder, folder / f"{name}.pdf")


def by_typst(paper: Paper, folder: Path) -> list[Path]:
    """Print with Typst."""
    files = [_typst(typst.exam_typst(paper), "exam", folder)]
    return files + ([_typst(typst.key_page(paper), "key", folder)] if paper.look.separate_key else [])


def _chromium(page: Path, folder: Path, *, heads: bool) -> Path:
    made = page.with_suffix(".pdf")
    with tempfile.TemporaryDirectory(prefix="producers-") as profile:
        command = [
            program(),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            *([] if heads else ["--no-pdf-header-footer"]),
            "--disable-background-networking",
            "--no-first-run",
            f"--user-data-dir={profile}",
            f"--print-to-pdf={made}",
            page.as_uri(),
        ]
        return run(command, folder, made)


def chromium(paper: Paper, folder: Path) -> list[Path]:
    """Print a page with Chromium, half of the papers with the heads and feet of a browser."""
    heads = paper.seed % 2 == 0
    body = web.exam_html(paper, "figure.png", chromium=True)
    files = [_chromium(web.write(folder / "exam.html", body), folder, heads=heads)]
    if paper.look.separate_key:
        key = web.page(web.key_html(paper), paper, chromium=True)
        files.append(_chromium(web.write(folder / "key.html", key), folder, heads=heads))
    return files


def weasyprint(paper: Paper, folder: Path) -> list[Path]:
    """Print a page with WeasyPrint."""
    if not ENVIRONMENT:
        raise PrintError("PRODUCERS_PYTHON names no Python with weasyprint")

    def one(name: str, text: str) -> Path:
        web.write(folder / f"{name}.html", text)
        return run([ENVIRONMENT, "-m", "weasyprint", f"{name}.html", f"{name}.pdf"], folder, folder / f"{name}.pdf")

    files = [one("exam", web.exam_html(paper, "figure.png", chromium=False))]
    if paper.look.separate_key:
        files.append(one("key", web.page(web.key_html(paper), paper, chromium=False)))
    return files


def by_groff(paper: Paper, folder: Path) -> list[Path]:
    """Print with groff."""
    if paper.language not in groff.LANGUAGES:
        raise PrintError("groff: its fonts lack the letters")

    def one(name: str, text: str) -> Path:
        (folder / f"{name}.ms").write_text(text, encoding="utf-8")
        made = folder / f"{name}.pdf"
        with made.open("wb") as out:
            done = subprocess.run(
                ["groff", "-ms", "-t", "-Kutf8", "-Tpdf", f"{name}.ms"],
                cwd=folder,
                stdout=out,
                stderr=subprocess.PIPE,
                check=False,
            )
        told = done.stderr.decode("utf-8", errors="replace")
        if "can't find special character" in told or not made.stat().st_size:
            raise PrintError(f"groff: {told[:200]}")
        return made

    files = [one("exam", groff.exam_groff(paper))]
    return files + ([one("key", groff.key_page(paper))] if paper.look.separate_key else [])


def convert(path: Path, kind: str, folder: Path) -> Path:
    """Convert a file with LibreOffice and return the new one."""
    out = folder / f"as-{kind.partition(':')[0]}"
    out.mkdir(exist_ok=True)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    made = out / f"{path.stem}.{kind.partition(':')[0]}"
    return run(["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(out), str(path)], folder, made)


def docx(paper: Paper, folder: Path) -> list[Path]:
    """Write the paper as a DOCX file."""
    files = [office.write_docx(folder / "exam.docx", paper, figure())]
    return files + (
        [office.write_docx(folder / "key.docx", paper, figure(), key_alone=True)] if paper.look.separate_key else []
    )


def libreoffice(paper: Paper, folder: Path) -> list[Path]:
    """Print with LibreOffice, half of the papers by way of ODT."""
    files = docx(paper, folder)
    if paper.seed % 2:
        files = [convert(one, "odt", folder) for one in files]
    return [convert(one, "pdf", folder) for one in files]


def docx_again(paper: Paper, folder: Path) -> list[Path]:
    """Write the paper as a DOCX file that LibreOffice wrote."""
    return [convert(convert(one, "odt", folder), "docx", folder) for one in docx(paper, folder)]


def odt(paper: Paper, folder: Path) -> list[Path]:
    """Write the paper as an ODT file."""
    return [convert(one, "odt", folder) for one in docx(paper, folder)]


def saved_page(paper: Paper, folder: Path) -> list[Path]:
    """Save the paper as a web page, with what stands around it there."""
    typed = replace(paper, look=replace(paper.look, automatic=False))
    files = [web.write(folder / "exam.html", web.exam_html(typed, "figure.png", chromium=False, saved=True))]
    if paper.look.separate_key:
        files.append(web.write(folder / "key.html", web.page(web.key_html(typed), typed, chromium=False, saved=True)))
    return files


def office_page(paper: Paper, folder: Path) -> list[Path]:
    """Save the paper as the web page that LibreOffice writes."""
    return [convert(one, "html:HTML (StarWriter)", folder) for one in docx(paper, folder)]


def sheet(paper: Paper, folder: Path) -> list[Path]:
    """Write the questions as an item bank."""
    return [office.write_bank(folder / "bank.xlsx", paper, keyed=False)]


PRODUCERS: dict[str, Callable[[Paper, Path], list[Path]]] = {
    "latex": latex,
    "typst": by_typst,
    "libreoffice": libreoffice,
    "chromium": chromium,
    "weasyprint": weasyprint,
    "groff": by_groff,
    "docx": docx,
    "docx-libreoffice": docx_again,
    "odt": odt,
    "html-saved": saved_page,
    "html-libreoffice": office_page,
    "xlsx": sheet,
}
PDF = ("latex", "typst", "libreoffice", "chromium", "weasyprint", "groff")


def _whole(path: Path, producer: str) -> None:
    try:
        pypdfium2.PdfDocument(path).close()
    except pypdfium2.PdfiumError as error:
        raise PrintError(f"{producer}: the file that it made is no whole PDF") from error


def printed(producer: str, paper: Paper, folder: Path) -> list[Path]:
    """Return the files of a paper: what the program printed, and a key beside it where the look says so.

    Raises:
        PrintError: the program is missing or cannot print this paper.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "figure.png").write_bytes(figure())
    files = PRODUCERS[producer](paper, folder)
    for path in files:
        if path.suffix == ".pdf":
            _whole(path, producer)
    if producer != "xlsx" and paper.look.key == "csv":
        path = folder / "key.csv"
        with path.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([("number", "answer"), *((ask.number, paper.answer(ask)) for ask in paper.asks)])
        files.append(path)
    if producer != "xlsx" and paper.look.key == "xlsx":
        files.append(office.write_bank(folder / "key.xlsx", paper, keyed=True))
    return files
