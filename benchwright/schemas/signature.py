"""Signatures: what produced a number, with the settings that change it, version last.

The idea is sacrebleu's (Post 2018, "A Call for Clarity in Reporting BLEU Scores").
"""

from __future__ import annotations

from benchwright._version import __version__

__all__ = ["signature"]


def signature(name: str, *, version: str | int = __version__, **settings: object) -> str:
    """Return ``name|setting:value|...|version:v``: settings sorted, those that are None left out, version last."""
    kept = [f"{key}:{_plain(value)}" for key, value in sorted(settings.items()) if value is not None]
    return "|".join([name, *kept, f"version:{version}"])


def _plain(value: object) -> str:
    text = ",".join(str(one) for one in value) if isinstance(value, list | tuple) else str(value)
    return text.replace("|", "%7C").replace("\n", " ")
