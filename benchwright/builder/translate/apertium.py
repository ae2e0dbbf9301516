"""Apertium: rules and dictionaries, offline, for the pairs that are installed (Debian: ``apertium-eng-spa``, ...).

Forcada et al. 2011, "Apertium: a free/open-source platform for rule-based machine translation". It is a program of its
own under the GPL and is run as a process.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from benchwright.builder.translate._bytext import estimated
from benchwright.builder.translate._pipe import Pipe, PipeError
from benchwright.builder.translate._settings import checked, number, unknown_pair
from benchwright.schemas.errors import MissingDependencyError, Problem
from benchwright.schemas.languages import known_language, parse_language
from benchwright.schemas.plugins import SPAN_CLOSE, SPAN_OPEN, Estimate, Translated, Unit
from benchwright.schemas.signature import signature

__all__ = ["ENGINE"]

_NAME: Final = "apertium"
_SETTINGS: Final = {
    "modes": "folder of the installed pairs (default: APERTIUM_MODES, or /usr/share/apertium/modes)",
    "timeout": "seconds for one text (default 60)",
}
_PAIR: Final = re.compile(r"([a-z]{2,3}(?:_[A-Za-z]{2,4})?)-([a-z]{2,3}(?:_[A-Za-z]{2,4})?)\.mode")
_FILES: Final = re.compile(r"'([^']+)'")
_ESCAPED: Final = re.compile(r"([\\\[\]{}^$/<>@])")
_UNESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_WRITTEN: Final = ".[]"
"""A full stop that belongs to no text ends each line, so that the last words are translated as others."""
_MARKS: Final = re.compile(f"[{chr(SPAN_OPEN)}-{chr(2 * SPAN_CLOSE - SPAN_OPEN - 1)}]")
_MARKED: Final = re.compile(r"\[\[t:s:(\d+)\]\](.*?)\[\[/\]\]", re.DOTALL)
_BLOCK: Final = 64
"""Texts on their way at a time: the stages of the pipe work beside each other."""


class _Apertium:
    name = _NAME
    settings = _SETTINGS

    def open(self, source: str, target: str, settings: Mapping[str, str]) -> Apertium:
        """Return a translator for an installed pair; the pipe starts with the first text.

        Raises:
            MissingDependencyError: Apertium is not installed.
            NotFoundError: ``pair-unknown``, with the pairs that are installed.
            InputError: ``engine-setting``.
        """
        checked(_NAME, settings, _SETTINGS)
        if shutil.which("apertium-wblank-mode") is None:
            raise MissingDependencyError(
                Problem(
                    "dependency-missing",
                    "translation by Apertium needs Apertium 3.8",
                    expected="the program apertium-wblank-mode",
                    remedy="apt-get install apertium apertium-eng-spa (one package for each pair)",
                )
            )
        folder = Path(settings.get("modes") or os.environ.get("APERTIUM_MODES") or "/usr/share/apertium/modes")
        modes = _modes(folder)
        mode = modes.get((source, target)) or modes.get((source.split("-", maxsplit=1)[0], target))
        if mode is None:
            raise unknown_pair(_NAME, source, target, list(modes))
        return Apertium(mode, number(_NAME, settings, "timeout", 60.0, 0.01))


def _modes(folder: Path) -> dict[tuple[str, str], Path]:
    """Return the installed pairs by their tags."""
    found: dict[tuple[str, str], Path] = {}
    for path in sorted(folder.glob("*.mode")) if folder.is_dir() else ():
        named = _PAIR.fullmatch(path.name)
        if named and known_language(named[1]) and known_language(named[2]):
            found[parse_language(named[1]), parse_language(named[2])] = path
    return found


@lru_cache(maxsize=32)
def _data_hash(mode: Path) -> str:
    """Return the hash of a mode and of the dictionaries and rules that it names."""
    text = mode.read_text(encoding="utf-8")
    digest = hashlib.sha256(text.encode())
    for name in sorted(set(_FILES.findall(text))):
        path = Path(name)
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


class Apertium:
    """One pair. Each text goes through alone, so that what comes out depends on nothing else."""

    whole_units = False
    placeholder = "⟦{}⟧"
    spans = True

    def __init__(self, mode: Path, timeout: float) -> None:
        """Take a mode; nothing is started."""
        self._mode = mode
        self._timeout = timeout
        self._pipe: Pipe | None = None
        self.signature = signature(_NAME, version=1, mode=mode.stem, data=_data_hash(mode))

    def translate(self, units: Sequence[Unit]) -> Iterator[tuple[int, Translated]]:
        """Translate each text; a pipe that breaks is started anew, and the text that broke it twice is refused."""
        texts = [unit.texts[0] for unit in units]
        for start in range(0, len(texts), _BLOCK):
            some = texts[start : start + _BLOCK]
            for place, made in enumerate(self._block(some)):
                yield start + place, made

    def estimate(self, units: Sequence[Unit]) -> Estimate:
        """Return the tokens; it costs nothing but time."""
        return estimated(units)

    def close(self) -> None:
        """End the pipe."""
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None

    def _block(self, texts: Sequence[str]) -> Iterator[Translated]:
        done = 0
        while done < len(texts):
            answers, fault = self._exchange(texts[done:])
            yield from answers
            done += len(answers)
            if fault is not None:
                # Alone and in a new pipe: what stood before it is not its fault.
                answers, fault = self._exchange(texts[done : done + 1])
                yield answers[0] if answers else Translated(reason="engine-failed", detail=fault)
                done += 1

    def _exchange(self, texts: Sequence[str]) -> tuple[list[Translated], str | None]:
        """Return what came back before the pipe broke, and how it broke."""
        if self._pipe is None:
            self._pipe = Pipe(_command(self._mode), self._timeout)
        got: list[Translated] = []
        try:
            streams = self._pipe.exchange([_streamed(text).encode() for text in texts])
            for text, stream in zip(texts, streams, strict=True):
                got.append(_read(stream.decode(errors="replace"), text))
        except PipeError as error:
            self._pipe.close()
            self._pipe = None
            return got, str(error)
        return got, None


@lru_cache(maxsize=32)
def _command(mode: Path) -> tuple[str, ...]:
    """Return the pipe of a mode with every stage flushing at NUL.

    The wrapper ``apertium -z`` of Debian 12 waits for a character that does not come; ``apertium-wblank-mode`` prints
    what it would run. ``-n`` leaves unknown words unmarked.
    """
    made = subprocess.run(["apertium-wblank-mode", "-z", str(mode)], check=True, capture_output=True, text=True)
    return ("bash", "-c", made.stdout, "apertium", "-n", "")


def _streamed(text: str) -> str:
    lines = _ESCAPED.sub(r"\\\1", text).split("\n")
    whole = f"{_WRITTEN}[\n]".join(lines) + _WRITTEN
    return _MARKS.sub(_tag, whole)


def _tag(mark: re.Match[str]) -> str:
    """Return the mark of words of the stream for a mark of a span."""
    code = ord(mark[0])
    return f"[[t:s:{code - SPAN_OPEN}]]" if code < SPAN_CLOSE else "[[/]]"


def _read(stream: str, source: str) -> Translated:
    """Return the text of a stream: marks of words back as marks of spans, full stops of ours taken off."""
    marked = _MARKED.sub(lambda one: f"{chr(SPAN_OPEN + int(one[1]))}{one[2]}{chr(SPAN_CLOSE + int(one[1]))}", stream)
    lines = marked.split("[\n]")
    sources = source.split("\n")
    if len(lines) != len(sources) or not all(line.endswith("[]") for line in lines):
        return Translated(reason="engine-failed", detail=f"the stream ends in {stream[-40:]!r}")
    made = [_without_stop(line, was).strip(" ") for line, was in zip(lines, sources, strict=True)]
    return Translated((_UNESCAPED.sub(r"\1", "\n".join(made)),))


def _without_stop(line: str, source: str) -> str:
    """Return a line without our full stop, which a single letter before it may have swallowed, as in *Vitamin C*."""
    text = line.removesuffix("[]").removesuffix(".")
    own = source.rstrip().endswith(".") and not text.rstrip().endswith(".")
    return f"{text.rstrip()}." if own else text


ENGINE: Final = _Apertium()
