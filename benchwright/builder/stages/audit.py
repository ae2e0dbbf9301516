"""Stage audit: findings and scores of the snapshot, waivers applied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from benchwright.builder.recipe import Recipe
from benchwright.builder.stages._layout import BuildFolder
from benchwright.builder.stages._marks import is_finished, mark_finished, piece_signature
from benchwright.builder.store import file_sha256, write_records, write_table
from benchwright.builder.waivers import apply_waivers
from benchwright.schemas.tables import LedgerEntry

if TYPE_CHECKING:
    import polars as pl

__all__ = ["audit_signature", "audited", "check_audits", "run_audit"]

VERSION: Final = 2


def check_audits(recipe: Recipe) -> None:
    """Refuse names of audits that do not exist, before anything is read.

    Raises:
        NotFoundError: one problem for each name.
    """
    from benchwright.audits import chosen_codes

    chosen_codes(recipe.audits.select, recipe.audits.ignore, tuple(recipe.audits.thresholds))


def audit_signature(build: BuildFolder, recipe: Recipe) -> str:
    """Return the signature of the findings: the snapshot, the audits, their settings and the waivers."""
    from benchwright.audits import RISK_SIGNATURE, audits

    return piece_signature(
        "audit",
        VERSION,
        items=file_sha256(build.items),
        settings=recipe.audits.model_dump(mode="json"),
        codebooks=dict(sorted(recipe.codebooks.items())),
        waivers=[waiver.model_dump(mode="json") for waiver in recipe.waivers],
        audits=sorted(audit.signature for audit in audits()),
        risk=RISK_SIGNATURE,
    )


def audited(build: BuildFolder, signature: str) -> bool:
    """Tell whether the findings on disk are those of this signature."""
    return is_finished(build.stage("audit"), signature, base=build.root)


def run_audit(build: BuildFolder, recipe: Recipe, signature: str) -> None:
    """Run the audits on the snapshot and write findings, scores and the ledger lines of the waivers."""
    import polars as pl

    from benchwright.audits import risk, run_audits
    from benchwright.schemas.plugins import AuditContext

    items = pl.read_parquet(build.items)
    context = AuditContext(thresholds=recipe.audits.thresholds, media_dir=build.media, codebooks=recipe.codebooks)
    result = run_audits(items.lazy(), context, select=recipe.audits.select, ignore=recipe.audits.ignore)
    findings, entries = apply_waivers(result.findings, recipe.waivers, items)
    scores = pl.concat([result.scores, risk(items, findings, result.scores)]).sort("item_id", "name", "field")
    ledger = build.stage("audit") / "ledger.parquet"
    write_table(build.findings, findings.sort("finding_id"))
    write_table(build.scores, scores)
    write_records(ledger, [_items_out(items.height, scores), *entries], LedgerEntry)
    mark_finished(build.stage("audit"), signature, [build.findings, build.scores, ledger], base=build.root)


def _items_out(items: int, scores: pl.DataFrame) -> LedgerEntry:
    """Return the count of the stage: every item comes out with exactly one risk."""
    import polars as pl

    rated = scores.filter(pl.col("name") == "risk")["item_id"].n_unique()
    return LedgerEntry(stage="audit", unit="item", rows_in=items, rows_out=rated)
