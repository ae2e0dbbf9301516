"""What passes between the parts of a release."""

from __future__ import annotations

from typing import Final

from benchwright.schemas._base import Record
from benchwright.schemas.signature import signature

__all__ = [
    "CARD",
    "CHANGES",
    "MANIFEST",
    "RELEASE_SIGNATURE",
    "SUMS",
    "TABLES",
    "Check",
    "Identity",
    "SourceDecision",
    "VerifyReport",
]

MANIFEST: Final = "manifest.json"
SUMS: Final = "SHA256SUMS"
CARD: Final = "README.md"
CHANGES: Final = "CHANGELOG.md"
TABLES: Final = ("findings.parquet", "ledger.parquet", "rejects.parquet")
RELEASE_SIGNATURE: Final = signature("release", layout=1)


class Identity(Record):
    """What tells this dataset from all others, made once at the first release and kept in the project."""

    canary: str
    """GUID that stands in every file, so that models trained on the data can be found out."""
    salt: str
    """Salt of the hashes of withheld texts; published with them, so that `rehydrate` can check what it reads."""


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
