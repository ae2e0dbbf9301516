"""The documents of a release: each is written from the manifest alone, so that `verify` can write it again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from benchwright.builder.release._card import card_environment, card_text, render_card, render_changes
from benchwright.builder.release._criteria import CRITERIA, answers_of
from benchwright.builder.release._croissant import croissant_document
from benchwright.builder.release._describing import benchmark_card, citation_text, zenodo_document
from benchwright.builder.release._hand import filled
from benchwright.builder.release._trace import NUMBERS, numbers_table
from benchwright.builder.release.models import CARD, CHANGES
from benchwright.builder.store import write_bytes
from benchwright.schemas.manifest import Manifest

__all__ = ["DOCUMENTS", "write_documents"]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _datasheet(manifest: Manifest) -> str:
    from types import SimpleNamespace

    values = {"counts": manifest.counts, "facts": manifest.facts}

    def written(text: str | None) -> str | None:
        said = filled(text, values, str)
        return said and " ".join(said.split())

    return (
        card_environment()
        .get_template("datasheet.md.j2")
        .render(
            manifest=manifest,
            counts=SimpleNamespace(**manifest.counts),
            facts=manifest.facts,
            hand=SimpleNamespace(**manifest.facts["hand"]),
            written=written,
        )
    )


def _worded(manifest: Manifest) -> Manifest:
    """Return the manifest with the numbers that the maintainers' words name put in their place."""
    values = {"counts": manifest.counts, "facts": manifest.facts}
    hand = {
        name: filled(text, values, str) if isinstance(text, str) else text
        for name, text in manifest.facts["hand"].items()
    }
    return manifest.model_copy(update={"facts": {**manifest.facts, "hand": hand}})


def _criteria(manifest: Manifest) -> dict[str, Any]:
    return {"canary": manifest.facts["canary"], "criteria": answers_of(manifest)}


def _numbers(manifest: Manifest) -> str:
    return numbers_table(card_text(manifest), manifest)


DOCUMENTS: Final[dict[str, Callable[[Manifest], str]]] = {
    CARD: render_card,
    CHANGES: render_changes,
    NUMBERS: _numbers,
    "DATASHEET.md": _datasheet,
    "CITATION.cff": citation_text,
    ".zenodo.json": lambda manifest: _json(zenodo_document(_worded(manifest))),
    "benchmark_card.json": lambda manifest: _json(benchmark_card(_worded(manifest))),
    "croissant.json": lambda manifest: _json(croissant_document(_worded(manifest))),
    CRITERIA: lambda manifest: _json(_criteria(manifest)),
}


def write_documents(folder: Path, manifest: Manifest) -> None:
    """Write every document of a release; the manifest lists the other files already."""
    # As `verify` will read it, keys sorted, so that what follows the order of keys is the same.
    read_back = Manifest.model_validate_json(json.dumps(manifest.model_dump(mode="json"), sort_keys=True))
    for name, render in DOCUMENTS.items():
        write_bytes(folder / name, render(read_back).encode())
