"""Whether a surface form stands in a lexicon of the audits: asked after the trial, never by the planters."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

__all__ = ["in_lexicons"]


def in_lexicons(language: str, form: str) -> bool:
    """Tell whether a lexicon of the audits for this language has the form."""
    form = form.strip().casefold()
    return bool(form) and form in _text(language.split("-", maxsplit=1)[0].lower())


@lru_cache(maxsize=64)
def _text(language: str) -> str:
    """Return all lexicons of a language as one text."""
    return "\n".join(_walk(files("benchwright.audits").joinpath("_data"), language)).casefold()


def _walk(folder: Traversable, language: str) -> list[str]:
    found = []
    for one in sorted(folder.iterdir(), key=lambda file: file.name):
        if one.is_dir():
            found += _walk(one, language)
        elif one.name.split(".")[0] == language:
            found.append(one.read_bytes().decode("utf-8", "replace"))
    return found
