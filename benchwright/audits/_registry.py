"""Kit: which audits there are: public modules of this room that expose ``AUDIT``, and entry points."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.metadata import entry_points
from typing import Any, Final

from benchwright.schemas.errors import PluginError, Problem
from benchwright.schemas.plugins import Audit, AuditCode

__all__ = ["ENTRY_POINTS", "audit_codes", "audits"]

ENTRY_POINTS: Final = "benchwright.audits"
_ROOM: Final = "benchwright.audits"
_CODE: Final = re.compile(r"[A-Z]{1,3}[0-9]{3}")
# What a module can raise while it is imported: all but the errors of the machine and of the person at the keyboard.
_IMPORT_FAILURES: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    ImportError,
    LookupError,
    NameError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)


@lru_cache(maxsize=1)
def audits() -> tuple[Audit, ...]:
    """Return all audits, sorted by name.

    Raises:
        PluginError: ``plugin-broken``, one problem for each plug-in that cannot be imported or breaks the protocol.
    """
    problems: list[Problem] = []
    found: dict[str, Audit] = {}
    owners: dict[str, str] = {}
    for origin, candidate in _candidates(problems):
        fault = _fault(candidate, owners)
        if fault is None and candidate.name in found:
            fault = f"the name {candidate.name!r} is taken"
        if fault is None:
            found[candidate.name] = candidate
            owners.update((code.code, candidate.name) for code in candidate.codes)
        else:
            problems.append(_broken(origin, fault))
    if problems:
        raise PluginError(problems)
    return tuple(found[name] for name in sorted(found))


def audit_codes() -> tuple[AuditCode, ...]:
    """Return the codes of all audits, sorted by code.

    Raises:
        PluginError: as :func:`audits`.
    """
    return tuple(sorted((code for audit in audits() for code in audit.codes), key=lambda code: code.code))


def _candidates(problems: list[Problem]) -> Iterator[tuple[str, Any]]:
    room = importlib.import_module(_ROOM)
    for module in sorted(pkgutil.iter_modules(room.__path__), key=lambda module: module.name):
        if module.name.startswith("_"):
            continue
        origin = f"{_ROOM}.{module.name}"
        try:
            yield origin, importlib.import_module(origin).AUDIT
        except _IMPORT_FAILURES as error:
            problems.append(_broken(origin, f"{type(error).__name__}: {error}"))
    for point in sorted(entry_points(group=ENTRY_POINTS), key=lambda point: (point.name, point.value)):
        origin = f"entry point {point.name} = {point.value}"
        try:
            yield origin, point.load()
        except _IMPORT_FAILURES as error:
            problems.append(_broken(origin, f"{type(error).__name__}: {error}"))


def _fault(candidate: Any, owners: dict[str, str]) -> str | None:
    if not isinstance(candidate, Audit):
        return "AUDIT lacks name, codes, signature or run"
    codes = [code.code for code in candidate.codes]
    odd = sorted({code for code in codes if not _CODE.fullmatch(code)} | {c for c in codes if codes.count(c) > 1})
    if not codes or odd:
        return f"codes must be letters and three digits, each once; found {odd or 'none'}"
    taken = sorted(code for code in codes if code in owners)
    return f"codes of another audit: {', '.join(f'{code} ({owners[code]})' for code in taken)}" if taken else None


def _broken(origin: str, found: str) -> Problem:
    return Problem(
        code="plugin-broken",
        message=f"the audit {origin} cannot be used",
        place=origin,
        found=found,
        expected="a module with a constant AUDIT that has name, codes, signature and run(items, context)",
        remedy="mend the plug-in, or uninstall the package that brings it",
    )
