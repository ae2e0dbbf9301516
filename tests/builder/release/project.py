"""Projects with a finished build, made by hand: a release needs tables and pictures, not papers."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from benchwright.builder.release import _build
from benchwright.builder.stages._layout import BuildFolder
from benchwright.builder.status import ProjectStatus, StageStatus
from benchwright.builder.store import file_sha256, write_bytes, write_json, write_records
from benchwright.schemas import (
    Context,
    FileEntry,
    Finding,
    FindingSpan,
    Item,
    Key,
    KeyChange,
    LedgerEntry,
    Licence,
    Manifest,
    Media,
    Provenance,
    Rationale,
    Reject,
)
from tests.schemas.strategies import plain_item

RECIPE = """\
recipe: 1
dataset: {name: xx-exam, title: "Exam of the land of XX", languages: [es, en]}
licence: {id: CC-BY-4.0, evidence: printed on the cover}
exams:
  - id: xx-exam
    expect: 4
    files: [{match: '.*', role: ignore}]
"""


def picture(colour: str = "red") -> bytes:
    from PIL import Image

    stream = io.BytesIO()
    Image.new("RGB", (4, 3), colour).save(stream, "PNG")
    return stream.getvalue()


def pictured(number: int, data: bytes, **changes: Any) -> Item:
    digest = hashlib.sha256(data).hexdigest()
    media = (
        Media(sha256=digest, media_type="image/png", file=f"{digest}.png", caption="la figura", attached_to="stem"),
        Media(status="missing", attached_to="option:A"),
    )
    return plain_item(number, media=media, needs_image="yes", **changes)


def ordinary_items() -> list[Item]:
    """Two languages, pictures, an annulled key, a changed key, and text of several scripts."""
    changed = Key(
        status="revised",
        answers=(("A",), ("C",)),
        history=(KeyChange(status="official", answers=(("A",),), reason="appeal"),),
    )
    return [
        plain_item(1, context=Context(id="c1", text="Una viñeta | con `marcas` <b>")),
        pictured(2, picture()),
        plain_item(3, key=Key(status="annulled"), rationales=(Rationale(text="porque sí", language="es"),)),
        plain_item(4, key=changed),
        plain_item(1, language="en", origin_language="es", origin="official_translation", stem="中文 עברית \U00020bb7"),
    ]


def ordinary_findings() -> list[Finding]:
    item = plain_item(1)
    return [
        Finding(
            subject=item.id,
            item_id=item.id,
            field="stem",
            code="S201",
            severity="major",
            message="the stem says Pregunta 1",
            evidence="Pregunta 1",
            spans=(FindingSpan(field="stem", start=0, end=8, text="Pregunta"),),
            signature="s|version:1",
        ),
        Finding(scope="exam", subject="xx-exam", code="G101", severity="info", message="en lacks 3", signature="g"),
    ]


def make_project(
    folder: Path,
    items: Sequence[Item] | None = None,
    *,
    findings: Sequence[Finding] | None = None,
    recipe: str = RECIPE,
    pictures: Sequence[bytes] = (picture(),),
) -> Path:
    """Write a project whose build is finished."""
    own = sorted(ordinary_items() if items is None else items, key=lambda item: item.id)
    build = BuildFolder(folder / "build")
    write_bytes(folder / "recipe.yaml", recipe.encode())
    write_bytes(folder / "raw" / "booklet.pdf", b"%PDF-")
    write_records(build.items, own, Item)
    write_records(build.findings, ordinary_findings() if findings is None else findings, Finding)
    rejects = [Reject(file="booklet.pdf", page=2, text="texto suelto", reason="text-outside", detail="no item")]
    write_records(build.rejects, rejects, Reject)
    ledger = [LedgerEntry(stage="parse", subject="booklet.pdf", unit="question", rows_in=len(own), rows_out=len(own))]
    write_records(build.ledger, ledger, LedgerEntry)
    for data in pictures:
        write_bytes(build.media / f"{hashlib.sha256(data).hexdigest()}.png", data)
    manifest = Manifest(
        kind="build",
        name="xx-exam",
        signatures={"join": "j", "audit": "a"},
        inputs=(FileEntry(name="raw/booklet.pdf", size=5, sha256=file_sha256(folder / "raw" / "booklet.pdf") or ""),),
        facts={"overrides": []},
        run={"started": "2026-01-01T00:00:00+00:00"},
    )
    write_json(build.manifest, manifest.model_dump(mode="json"))
    return folder


def without_licence(items: Sequence[Item]) -> list[Item]:
    return [item.replace(licence=Licence()) for item in items]


def from_file(item: Item, file: str) -> Item:
    return item.replace(provenance=(Provenance(field="stem", file=file, page=1),))


def say_current(monkeypatch: pytest.MonkeyPatch, state: str = "done") -> None:
    """Let the hand-made build pass for one that the stages made."""
    stage = StageStatus("parse", done=1, stale=int(state == "stale"), missing=int(state == "missing"))
    monkeypatch.setattr(_build, "project_status", lambda project: ProjectStatus((stage,), (), gate_met=True))
