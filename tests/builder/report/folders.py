"""Build folders to report on, made by hand: every state of the grid, texts that try to become markup, right-to-left."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import polars as pl
from PIL import Image, ImageDraw

from benchwright.audits import risk, run_audits
from benchwright.builder.store import write_table
from benchwright.schemas import Context, Item, Key, KeyChange, LedgerEntry, Provenance, Reject
from benchwright.schemas.ids import make_group
from benchwright.schemas.plugins import AuditContext
from benchwright.schemas.rows import to_frame
from tests.audits.clean import figure, item

EVIL = '</script><script>document.title="owned"</script><img src=x onerror="document.title=\'owned\'">'
SHA = "ab" * 32


def place(page: int, field: str = "stem", file: str = "paper.pdf") -> Provenance:
    return Provenance(field=field, file=file, page=page, x0=60, y0=80, x1=400, y1=140)


def some_items() -> list[Item]:
    """Fourteen questions in Spanish, Arabic and English with a handful of defects."""
    clean = [
        item(number, language, provenance=(place(1 + number // 4),))
        for language in ("es", "en")
        for number in range(1, 11)
    ]
    changed: dict[str, dict[str, Any]] = {
        item(2).id: {
            "stem": f"Observe la figura 1: {EVIL} corazÃ³n 𝒳𝒴 \ufffd",
            "provenance": (place(1), place(1, "option:B")),
        },
        item(3).id: {"key": Key()},
        item(4).id: {
            "key": Key(
                status="annulled",
                note="anulada tras reclamación",
                history=(KeyChange(status="official", answers=(("B",),), source="key.pdf", reason="corrected key"),),
            )
        },
        item(5).id: {
            "key": Key(status="official", answers=(("E",),)),
            "context": Context(id="c1", text="Una mujer de 54 años."),
        },
        item(6).id: {"media": (figure(sha256=SHA, role="figure", caption="Trazado"),), "stem": ""},
        item(6, "en").id: {"key": Key(status="revised", answers=(("A",), ("C",)))},
    }
    items = [one.replace(**changed[one.id]) if one.id in changed else one for one in clean]
    arabic = item(7, "ar", texts=("٥ ملغ", "10 mg/kg", "", "٥ ملغ"), provenance=(place(2),))
    return [*items, arabic]


def some_rejects() -> list[Reject]:
    group = make_group("ex", "2031", "1", "11")
    return [
        Reject(file="paper.pdf", page=4, reason="number-missing", number="11", group=group, language="es"),
        Reject(
            file="paper.pdf",
            page=4,
            reason="no-options",
            number="12",
            group=group[:-2] + "12",
            language="es",
            text=EVIL,
        ),
        Reject(file="bad.pdf", reason="file-unreadable", detail="the PDF is truncated"),
    ]


def some_ledger() -> list[LedgerEntry]:
    return [
        LedgerEntry(stage="parse", subject="paper.pdf", unit="question", rows_in=23, rows_out=21, rows_rejected=2),
        LedgerEntry(stage="parse", event="reject", subject="paper.pdf", rows_rejected=1, reason="number-missing"),
        LedgerEntry(stage="join", event="key", subject=item(4).id, reason="annulled", detail="official B -> annulled"),
    ]


def picture(width: int = 640, height: int = 200, text: str = "page") -> bytes:
    image = Image.new("RGB", (width, height), "white")
    ImageDraw.Draw(image).text((20, 20), text, fill="black")
    stream = io.BytesIO()
    image.save(stream, "png")
    return stream.getvalue()


def grey(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as opened:
        return opened.convert("L")


def build_folder(
    folder: Path, items: list[Item], rejects: list[Reject] | None = None, waive: str | None = None
) -> Path:
    """Write the tables of a build as the builder does."""
    media = folder / "media"
    media.mkdir(parents=True)
    (media / f"{SHA}.png").write_bytes(picture(400, 120, "figure"))
    ordered = sorted(items, key=lambda one: one.id)
    table = to_frame(ordered, Item)
    findings = run_audits(table.lazy(), AuditContext(media_dir=media)).findings
    if waive:
        findings = findings.with_columns(pl.col("waived") | (pl.col("code") == waive))
    write_table(folder / "items.parquet", table)
    write_table(folder / "findings.parquet", findings)
    write_table(folder / "scores.parquet", risk(table, findings))
    write_table(folder / "rejects.parquet", to_frame(rejects or [], Reject))
    write_table(folder / "ledger.parquet", to_frame(some_ledger(), LedgerEntry))
    return folder


def project(folder: Path) -> tuple[Path, Path]:
    """A project with a build and a raw folder; returns both."""
    raw = folder / "raw"
    raw.mkdir()
    (raw / "paper.pdf").write_bytes(b"%PDF-1.7 stand-in")
    return build_folder(folder / "build", some_items(), some_rejects(), waive="S005"), raw


FACTS: dict[str, Any] = {
    "title": "Examen <ficticio> & 2031",
    "files": [
        {
            "file": "paper.pdf",
            "role": "booklet",
            "language": "es",
            "expected": 12,
            "found": 10,
            "keyed": 9,
            "figures": 1,
            "rejected": 2,
            "doubts": ["1 without a key", EVIL],
        },
        {
            "file": "bad.pdf",
            "role": "booklet",
            "language": "en",
            "expected": 12,
            "found": 0,
            "keyed": 0,
            "figures": 0,
            "rejected": 12,
            "doubts": [],
        },
    ],
    "gate": [
        {"name": "missing_numbers", "allowed": 0, "found": 1, "met": False, "examples": ["ex/2031/1/011@es"]},
        {"name": "critical", "allowed": 9, "found": 3, "met": True, "examples": []},
    ],
}
