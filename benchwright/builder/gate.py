"""The gate: what the recipe demands of a build."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchwright.builder.ledger import QUESTION_REASONS
from benchwright.builder.recipe.models import Gate, Recipe
from benchwright.schemas.errors import GateError, Problem

if TYPE_CHECKING:
    import polars as pl

__all__ = ["GateCheck", "evaluate_gate", "raise_for_gate"]

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class GateCheck:
    """One demand: how many there may be, how many there are, and which."""

    name: str
    allowed: int
    found: int
    examples: tuple[str, ...]

    @property
    def met(self) -> bool:
        """Tell whether the demand is met."""
        return self.found <= self.allowed

    def as_dict(self) -> dict[str, Any]:
        """Return the check as plain data."""
        return {
            "name": self.name,
            "allowed": self.allowed,
            "found": self.found,
            "met": self.met,
            "examples": list(self.examples),
        }


def evaluate_gate(
    recipe: Recipe, items: pl.DataFrame, rejects: pl.DataFrame, findings: pl.DataFrame
) -> list[GateCheck]:
    """Return one check for each demand of the gate that is not switched off."""
    import polars as pl

    excused = {excuse.group for excuse in recipe.excuse}
    names = {
        "missing_numbers": missing_questions(items, rejects, excused),
        "critical": sorted(
            f"{row['code']} {row['subject']}"
            for row in findings.filter((pl.col("severity") == "critical") & ~pl.col("waived"))
            .select("code", "subject")
            .iter_rows(named=True)
        ),
        "unknown_keys": items.filter(pl.col("key").struct.field("status") == "unknown")["id"].sort().to_list(),
        "unreadable_files": rejects.filter(pl.col("reason") == "file-unreadable")["file"].unique().sort().to_list(),
    }
    return [
        GateCheck(name, allowed, len(names[name]), tuple(names[name][:_SHOWN]))
        for name in Gate.model_fields
        if (allowed := getattr(recipe.gate, name)) is not None
    ]


def missing_questions(items: pl.DataFrame, rejects: pl.DataFrame, excused: set[str]) -> list[str]:
    """Return the ids of questions that the papers have and the snapshot has not, without the excused ones."""
    import polars as pl

    lost = rejects.filter(pl.col("reason").is_in(sorted(QUESTION_REASONS)))
    named = lost.with_columns(
        pl.coalesce(
            pl.col("group"), pl.concat_str(pl.col("file"), pl.lit(": number "), pl.col("number").fill_null("?"))
        ).alias("group")
    )
    keys = named.with_columns(pl.concat_str("group", pl.lit("@"), pl.col("language").fill_null("?")).alias("id"))
    absent = keys.join(items.select("id"), on="id", how="anti").filter(~pl.col("group").is_in(sorted(excused)))
    return absent["id"].unique().sort().to_list()


def raise_for_gate(checks: Sequence[GateCheck]) -> None:
    """Stop with exit code 1 when a demand is not met.

    Raises:
        GateError: one problem for each demand that is not met.
    """
    words = {
        "missing_numbers": (
            "questions are missing",
            "mend the layout or the rule, or excuse the numbers under excuse:",
        ),
        "critical": ("critical findings are open", "mend the items, or accept the findings under waivers:"),
        "unknown_keys": ("items have no key", "add the key file and its rule"),
        "unreadable_files": ("files could not be read", "replace the files, or give them the role ignore"),
        "patch_conflicts": ("patches are in conflict", "`benchwright fix list` names them; write new ones"),
    }
    problems = [
        Problem(
            code="gate-not-met",
            message=f"{check.found} {words[check.name][0]}",
            place=f"gate.{check.name}",
            found=", ".join(check.examples) + (", ..." if check.found > len(check.examples) else ""),
            expected=f"at most {check.allowed}",
            remedy=words[check.name][1],
        )
        for check in checks
        if not check.met
    ]
    if problems:
        raise GateError(problems)
