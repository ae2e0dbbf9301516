"""Papers that cannot be read: each is said with its cause, and nothing else is lost."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pypdfium2
import pytest
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from tests.house.checkout import ROOT

COMMAND = Path(sys.executable).parent / "benchwright"
RAW = ROOT / "examples/fictional_exam/raw"
GOOD = ("examen-2031-parte1-es.pdf", "clave-2031-parte1.pdf")
QUESTIONS = 32
TOO_MANY = 5000


def text_pdf(pages: int = 1, **options: Any) -> bytes:
    """Print pages with one line each."""
    out = io.BytesIO()
    canvas = Canvas(out, **options)
    for page in range(pages):
        canvas.drawString(72, 700, f"page {page + 1}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def picture_pdf() -> bytes:
    """Return a page that is a picture, without a text layer."""
    page = pypdfium2.PdfDocument(RAW / GOOD[0])[1].render(scale=1).to_pil()
    out = io.BytesIO()
    page.convert("L").save(out, format="PDF")
    return out.getvalue()


def no_pages() -> bytes:
    """Return a PDF whose page tree is empty."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"]
    body, offsets = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj%sendobj\n" % (number, text)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return body + b"xref\n0 3\n0000000000 65535 f \n%strailer<</Size 3/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(body),
    )


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "encrypted": (lambda: text_pdf(encrypt=StandardEncryption("secret")), "pdf-encrypted"),
    "truncated": (lambda: (RAW / GOOD[0]).read_bytes()[:3000], "pdf-damaged"),
    "empty": (lambda: b"", "file-empty"),
    "no-pages": (no_pages, "pdf-no-pages"),
    "too-large": (lambda: text_pdf(TOO_MANY), "pdf-too-large"),
    "web-page": (lambda: b"<!DOCTYPE html><html><body>404</body></html>", "pdf-not-a-pdf"),
    # With Tesseract the page is read, and one page of a scan at screen size holds no exam; without, it is not read.
    "no-text": (picture_pdf, "layout-not-found" if shutil.which("tesseract") else "pdf-no-text"),
}
RULE = "  - {match: 'bad-%s\\.pdf', role: booklet, edition: '2031', part: 'bad-%s', language: es}\n"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A good booklet with its key, built together with one file of each bad kind, all declared booklets."""
    project = tmp_path_factory.mktemp("bad") / "exam"
    (project / "raw").mkdir(parents=True)
    for name in GOOD:
        shutil.copy(RAW / name, project / "raw")
    subprocess.run([COMMAND, "new", project, "--quiet"], check=True)
    for kind, (make, _) in BAD.items():
        (project / f"raw/bad-{kind}.pdf").write_bytes(make())
    recipe = project / "recipe.yaml"
    head, _, tail = recipe.read_text(encoding="utf-8").partition("  files:")
    first, _, rest = tail.partition("\n")
    rules = "".join("  " + RULE % (kind, kind) for kind in BAD)
    indent = " " * (len(rest) - len(rest.lstrip(" ")))
    recipe.write_text(f"{head}  files:{first}\n{rules.replace('    -', f'{indent}-')}{rest}", encoding="utf-8")
    outcome = subprocess.run([COMMAND, "build", project], capture_output=True, text=True, check=False)
    assert outcome.returncode == 1, outcome.stdout + outcome.stderr
    return project


@pytest.mark.parametrize("kind", BAD)
def test_reject_names_the_cause(project: Path, kind: str) -> None:
    rejects = pl.read_parquet(project / "build/rejects.parquet").filter(pl.col("file") == f"bad-{kind}.pdf")
    assert rejects.height > 0
    said = " ".join(text for text in [*rejects["text"], *rejects["detail"]] if text)
    assert BAD[kind][1] in said


def test_nothing_else_is_lost(project: Path) -> None:
    items = pl.read_parquet(project / "build/items.parquet")
    assert items.height == QUESTIONS
    assert items.filter(pl.col("key").struct.field("status") == "unknown").height == 0
    ledger = pl.read_parquet(project / "build/ledger.parquet").filter(pl.col("event") == "count")
    out = pl.col("rows_out") + pl.col("rows_rejected") + pl.col("rows_merged")
    assert ledger.filter(pl.col("rows_in") != out).height == 0


@pytest.mark.parametrize("kind", BAD)
def test_new_names_it_and_goes_on(tmp_path: Path, kind: str) -> None:
    raw = tmp_path / "exam/raw"
    raw.mkdir(parents=True)
    for name in GOOD:
        shutil.copy(RAW / name, raw)
    (raw / f"bad-{kind}.pdf").write_bytes(BAD[kind][0]())
    outcome = subprocess.run([COMMAND, "new", tmp_path / "exam", "--json"], capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, outcome.stderr
    assert f"bad-{kind}.pdf" in outcome.stdout
    assert (tmp_path / "exam/recipe.yaml").is_file()


def test_a_picture_without_text_is_what_it_is_meant_to_be() -> None:
    page = pypdfium2.PdfDocument(picture_pdf())[0]
    assert page.get_textpage().count_chars() == 0
    assert isinstance(page.render().to_pil(), Image.Image)
