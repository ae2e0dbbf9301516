"""What an OCR engine is, and the engines there are. Registration is the file: ``_ocr_<name>.py`` exposes ENGINE."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import entry_points
from importlib.resources import files
from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

from benchwright.schemas.errors import NotFoundError, PluginError, Problem

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = [
    "LanguageData",
    "LineReader",
    "OcrEngine",
    "OcrLine",
    "OcrPage",
    "OcrWord",
    "PageTurner",
    "engine_languages",
    "engine_named",
    "engine_names",
    "languages_of_scripts",
    "reads_latin",
]

_PACKAGE: Final = "benchwright.sources"
_PREFIX: Final = "_ocr_"
_GROUP: Final = "benchwright.ocr"

PixelBox = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels from the top left corner."""


@dataclass(frozen=True)
class OcrWord:
    """One word as read."""

    text: str
    box: PixelBox
    confidence: float
    """0 to 1; higher is surer."""
    edges: tuple[tuple[float, float], ...] = ()
    """Left and right edge of every code point of ``text`` in pixels; empty where the engine does not tell."""


@dataclass(frozen=True)
class OcrLine:
    """Words on one baseline."""

    words: tuple[OcrWord, ...]
    base: float
    """Baseline at the middle of the line, in pixels from the top."""
    size: float
    """Height of the type from descender to ascender, in pixels."""


@dataclass(frozen=True)
class OcrPage:
    """One page as read."""

    lines: tuple[OcrLine, ...]
    pictures: tuple[PixelBox, ...] = ()
    """Areas that are pictures and no text."""


@runtime_checkable
class OcrEngine(Protocol):
    """Reads a picture of a page. A module exposes it as ``ENGINE``."""

    name: str

    def signature(self) -> str:
        """Return name, version and the settings that change what is read.

        Raises:
            MissingDependencyError: the engine is not installed.
        """
        ...

    def read(self, image: Image, dpi: int, languages: Sequence[str]) -> OcrPage:
        """Return the text of a picture; languages are BCP-47 tags, the main one first.

        Raises:
            MissingDependencyError: the engine or the data of a language is not installed.
            InputError: the engine fails on this picture.
        """
        ...

    def guess_language(self, image: Image) -> str | None:
        """Return a language that is written in the script of a picture, or None when the engine cannot tell."""
        ...


@runtime_checkable
class LineReader(Protocol):
    """An engine that can be shown a single line."""

    def read_line(self, image: Image, dpi: int, languages: Sequence[str], letters: str | None = None) -> OcrLine | None:
        """Return the line in a picture of one line, or None when nothing is read; only ``letters`` may occur."""
        ...


@runtime_checkable
class LanguageData(Protocol):
    """An engine that can tell whether the data of a language is installed."""

    def has_language(self, language: str) -> bool:
        """Tell whether a text of a language can be read; the tag is BCP-47."""
        ...


@runtime_checkable
class PageTurner(Protocol):
    """An engine that can tell how a page lies."""

    def turn_of(self, image: Image) -> int:
        """Return by how many degrees clockwise a picture has to be turned to stand upright: 0, 90, 180 or 270."""
        ...


@lru_cache(maxsize=1)
def _engines() -> dict[str, OcrEngine]:
    package = importlib.import_module(_PACKAGE)
    found: dict[str, OcrEngine] = {}
    for module in sorted(m.name for m in pkgutil.iter_modules(package.__path__) if m.name.startswith(_PREFIX)):
        engine = importlib.import_module(f"{_PACKAGE}.{module}").ENGINE
        found[engine.name] = engine
    for point in entry_points(group=_GROUP):
        try:
            engine = point.load().ENGINE
        except (ImportError, AttributeError) as error:
            raise PluginError(
                Problem(
                    "plugin-broken",
                    f"the OCR engine {point.name!r} cannot be imported",
                    place=point.name,
                    found=repr(error),
                    remedy="mend or uninstall the package that brings it",
                )
            ) from error
        found[engine.name] = engine
    return found


def engine_names() -> tuple[str, ...]:
    """Return the names of all engines."""
    return tuple(_engines())


def engine_named(name: str) -> OcrEngine:
    """Return one engine.

    Raises:
        NotFoundError: there is no engine of this name.
    """
    try:
        return _engines()[name]
    except KeyError:
        raise NotFoundError(
            Problem(
                "name-unknown",
                "no such OCR engine",
                place="layout.ocr.engine",
                found=name,
                expected=", ".join(engine_names()),
                remedy="choose one of these in recipe.yaml",
            )
        ) from None


@lru_cache(maxsize=1)
def _language_table() -> dict[str, str]:
    from ruamel.yaml import YAML

    table = YAML(typ="safe").load(files(_PACKAGE).joinpath("data/ocr_languages.yaml").read_text("utf-8"))
    return {str(tag): str(code) for tag, code in table["tesseract"].items()}


@lru_cache(maxsize=1)
def languages_of_scripts() -> dict[str, tuple[str, ...]]:
    """Return languages by the name of their script as OCR engines give it, the most usual first."""
    from ruamel.yaml import YAML

    table = YAML(typ="safe").load(files(_PACKAGE).joinpath("data/ocr_languages.yaml").read_text("utf-8"))
    return {str(script): tuple(map(str, tags)) for script, tags in table["scripts"].items()}


@lru_cache(maxsize=1)
def _with_latin() -> frozenset[str]:
    from ruamel.yaml import YAML

    table = YAML(typ="safe").load(files(_PACKAGE).joinpath("data/ocr_languages.yaml").read_text("utf-8"))
    return frozenset({"Latn", *map(str, table["with_latin"])})


def reads_latin(language: str) -> bool:
    """Tell whether the data of a language reads Latin letters too, so that English is not needed beside it."""
    from benchwright.schemas.languages import script_of

    return script_of(language) in _with_latin()


def engine_languages(languages: Sequence[str]) -> tuple[str, ...]:
    """Return the codes of Tesseract's language data for BCP-47 tags: the longest known tag, without repeats.

    A tag that the table lacks stands for itself, so that a recipe may name language data directly.
    """
    table = _language_table()
    codes = []
    for tag in languages:
        parts = tag.split("-")
        known = (table.get("-".join(parts[:k])) for k in range(len(parts), 0, -1))
        codes.append(next((code for code in known if code), tag))
    return tuple(dict.fromkeys(codes))
