"""The codes that one audit finds in some items."""

from __future__ import annotations

import importlib
from collections.abc import Sequence

from benchwright.schemas import Item
from benchwright.schemas.plugins import AuditContext
from tests.audits.clean import table


def codes(audit: str, items: Sequence[Item], **context: object) -> set[str]:
    found = importlib.import_module(f"benchwright.audits.{audit}").AUDIT.run(
        table(items),
        AuditContext(**context),  # type: ignore[arg-type]
    )
    return set(found.findings["code"])
