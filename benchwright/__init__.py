"""Benchwright turns the raw papers of a national exam into a benchmark that can be trusted.

The verbs of the command line are functions here: :func:`new`, :func:`build`, :func:`read_items`, :func:`audit`,
:func:`release`, :func:`verify`. They are imported when they are first used, so that ``import benchwright`` is quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchwright._version import __version__

if TYPE_CHECKING:
    from benchwright.builder.api import audit, build, new, read_items, release, verify

__all__ = ["__version__", "audit", "build", "new", "read_items", "release", "verify"]


def __getattr__(name: str) -> Any:
    """Import a public function when it is first asked for (PEP 562)."""
    if name in __all__:
        from benchwright.builder import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the public names without importing them."""
    return sorted(__all__)
