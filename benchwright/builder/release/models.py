"""What passes between the parts of a release."""

from __future__ import annotations

from typing import Final

from benchwright.schemas._base import Record
from benchwright.schemas.signature import signature

__all__ = [
    "CARD",
    "CHANGES",
    "MANIFEST",
    "PREDICTIONS",
    "RECIPE",
    "RELEASE_SIGNATURE",
    "SUMS",
    "TABLES",
    "Check",
    "Commitment",
    "Identity",
    "Opening",
    "SourceDecision",
    "VerifyReport",
]

MANIFEST: Final = "manifest.json"
SUMS: Final = "SHA256SUMS"
CARD: Final = "README.md"
CHANGES: Final = "CHANGELOG.md"
RECIPE: Final = "recipe.yaml"
PREDICTIONS: Final = "predictions.parquet"
TABLES: Final = ("findings.parquet", "ledger.parquet", "rejects.parquet")
RELEASE_SIGNATURE: Final = signature("release", layout=3)


class Identity(Record):
    """What tells this dataset from all others, made once at the first release and kept in the project."""

    canary: str
    """GUID that stands in every file, so that models trained on the data can be found out."""
    salt: str
    """Salt of the hashes of withheld texts; published with them, so that `rehydrate` can check what it reads."""
    secret: str | None = None
    """Secret of the hashes of private items, in hex; never published before the split is opened."""


class Commitment(Record):
    """What a release says of its private split: how many items, and hashes that bind their maker to them."""

    items: int
    root: str
    """SHA-256 of the sorted lines id, NUL, keyed hash."""
    secret_sha256: str


class Opening(Record):
    """What opens a commitment, beside the private items themselves."""

    version: str
    secret: str
    root: str


class SourceDecision(Record):
    """Whether the text of one source is published."""

    source: str
    """Code of the exam."""
    licence: str
    evidence: str | None
    published: bool
    reason: str
    """Why the text is published or withheld."""
    overridden: str | None = None
    """The reason that was given for publishing text whose licence does not allow it."""


class Check(Record):
    """One comparison of a release with what it says of itself."""

    name: str
    file: str
    ok: bool
    found: str
    expected: str


class VerifyReport(Record):
    """Every comparison that was made."""

    release: str
    name: str | None
    version: str | None
    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        """Tell whether nothing differs."""
        return all(check.ok for check in self.checks)

    @property
    def differences(self) -> tuple[Check, ...]:
        """The comparisons that failed."""
        return tuple(check for check in self.checks if not check.ok)
