"""fastText: the one module that imports it, when a model is trained or used.

Four distributions write the same folder ``fasttext/``: fasttext, fasttext-numpy2, fasttext-numpy2-wheel and
fasttext-predict. The one installed last wins, and removing any of them breaks the others; so exactly one may be
installed. Predictions go through the compiled object itself, which all four have alike: the Python functions around it
fail with NumPy 2 in one and are absent in another.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchwright.schemas.errors import InputError, MissingDependencyError, Problem

__all__ = [
    "LABEL",
    "NORMALISATION",
    "Model",
    "card_path",
    "library_version",
    "line_of",
    "load_model",
    "owners",
    "train",
]

LABEL: Final = "__label__"
NORMALISATION: Final = 1
"""Version of :func:`line_of`; it is in the card of a model, and a model is used with the lines it was trained on."""
_INSTALL: Final = "pip install fasttext-numpy2"
_MAGIC: Final = struct.pack("<i", 793712314)
_UNSPACED: Final = r"([\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Khmer}\p{Lao}\p{Myanmar}])"
_LONGEST: Final = 20_000
"""Signs of a text that are read; what follows would tell no more about its kind."""
_BATCH: Final = 20_000
_HALVINGS: Final = 5
_CHILD: Final = """
import json, sys, fasttext
told = json.loads(sys.argv[1])
out = told.pop("out")
fasttext.train_supervised(**told).save_model(out)
"""


def owners() -> tuple[str, ...]:
    """Return the installed distributions that own the folder ``fasttext/``; more than one is a broken environment."""
    return tuple(sorted({name.lower().replace("_", "-") for name in packages_distributions().get("fasttext", [])}))


def library_version() -> str:
    """Return ``distribution version`` of the installed fastText, for the card of a model."""
    from importlib.metadata import version

    return ", ".join(f"{name} {version(name)}" for name in owners())


def line_of(text: pl.Expr) -> pl.Expr:
    """Return a text as one line for fastText: lower case, signs apart, digits as 0; Han, kana and Thai sign by sign.

    No line holds ``__label__``, an end of line or the sign for it: nothing in a text can pass for a label.
    """
    folded = text.fill_null("").str.head(_LONGEST).str.normalize("NFKC").str.to_lowercase()
    apart = folded.str.replace_all(r"[^\p{L}\p{M}\p{N}\s]", " ").str.replace_all(_UNSPACED, " $1 ")
    return (
        apart.str.replace_all(r"\p{N}", "0").str.replace_all(r"[\s\x00\x{85}\x{2028}\x{2029}]+", " ").str.strip_chars()
    )


def card_path(model: Path) -> Path:
    """Return the JSON file beside a model that says what it is: ``model.bin.json``."""
    return model.with_name(f"{model.name}.json")


def train(lines: Path, out: Path, rate: float, **settings: Any) -> float:
    """Train a classifier, write it to ``out`` and return its rate of learning.

    It is trained in one thread and in a process of its own. fastText fills only a tenth of its matrix with numbers of
    the seed when it has one thread, and leaves the rest as the memory was; in a new process, with blocks of 64 KiB and
    more asked of the system, that is zero, and the settings see to a matrix of that size. So the same lines and seed
    give the same bytes. Where the numbers run out of bounds the rate is halved, up to five times.

    Raises:
        InputError: the numbers run out of bounds at any rate.
        MissingDependencyError: fastText is not installed, or in a form that only predicts.
    """
    if not hasattr(_library(), "train_supervised"):
        raise MissingDependencyError(_missing("a fastText that only predicts", ", ".join(owners())))
    said = ""
    for halving in range(_HALVINGS + 1):
        tried: float = rate / 2**halving
        told = {"input": str(lines), "out": str(out), "lr": tried, "thread": 1, "verbose": 0, **settings}
        done = subprocess.run(
            [sys.executable, "-c", _CHILD, json.dumps(told)],
            env={**os.environ, "MALLOC_MMAP_THRESHOLD_": "65536", "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            return tried
        said = (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1]
        if "NaN" not in said:
            break
    raise InputError(
        Problem(
            "training-impossible",
            "fastText could not be trained",
            found=said,
            expected=f"finite numbers at a rate from {rate} down to {rate / 2**_HALVINGS}",
            remedy="look at the texts: a few that are very long can do this; fewer --epochs may help",
        )
    )


@dataclass(frozen=True, eq=False)
class Model:
    """A loaded classifier. ``languages`` are those its card names, none meaning any; ``card`` is empty without one."""

    path: Path
    sha256: str
    labels: tuple[str, ...]
    languages: tuple[str, ...]
    card: dict[str, Any]
    compiled: Any

    def lines(self, texts: pl.Series) -> pl.Series:
        """Return texts as the model was trained on; models of others get the text itself on one line."""
        text = pl.col("text")
        ours = self.card.get("normalisation") == NORMALISATION
        line = line_of(text) if ours else text.fill_null("").str.head(_LONGEST).str.replace_all(r"[\s\x00]+", " ")
        return pl.DataFrame({"text": texts}, schema={"text": pl.String}).select(line).to_series()

    def best(self, texts: pl.Series) -> tuple[pl.Series, pl.Series]:
        """Return for each text the most likely label and its probability from 0 to 1; null for a text of no word."""
        labels: list[str | None] = []
        shares: list[float | None] = []
        for told in self._told(self.lines(texts), 1):
            labels.append(told[0][1].removeprefix(LABEL) if told else None)
            shares.append(min(1.0, float(told[0][0])) if told else None)
        return pl.Series("label", labels, dtype=pl.String), pl.Series("share", shares, dtype=pl.Float64)

    def share_of(self, label: str, texts: pl.Series) -> pl.Series:
        """Return the probability of one label for each text, from 0 to 1; 0 for a text of no word."""
        wanted = f"{LABEL}{label}"
        told = self._told(self.lines(texts), len(self.labels))
        shares = [next((min(1.0, float(share)) for share, name in one if name == wanted), 0.0) for one in told]
        return pl.Series("share", shares, dtype=pl.Float64)

    def shares(self, texts: pl.Series, most: int) -> list[dict[str, float]]:
        """Return for each text its likeliest labels, at most so many, with their probabilities from 0 to 1."""
        told = self._told(self.lines(texts), most)
        return [{name.removeprefix(LABEL): min(1.0, float(share)) for share, name in one} for one in told]

    def _told(self, lines: pl.Series, most: int) -> list[Sequence[tuple[float, str]]]:
        told: list[Sequence[tuple[float, str]]] = []
        for start in range(0, len(lines), _BATCH):
            part = lines.slice(start, _BATCH).to_list()
            if hasattr(self.compiled, "multilinePredict"):
                names, shares = self.compiled.multilinePredict([f"{line}\n" for line in part], most, 0.0, "strict")
                pairs = [list(zip(share, name, strict=True)) for share, name in zip(shares, names, strict=True)]
            else:
                pairs = [self.compiled.predict(f"{line}\n", most, 0.0, "strict") for line in part]
            told += [pair if line.strip() else [] for pair, line in zip(pairs, part, strict=True)]
        return told


def load_model(path: Path) -> Model:
    """Return a model by the path of its file; a model with a card must be the one that the card describes.

    Raises:
        InputError: there is no such file, it is no fastText model, or it is not the one of its card.
        MissingDependencyError: fastText is not installed.
    """
    resolved = Path(path)
    if not resolved.is_file():
        raise InputError(Problem("file-not-found", "there is no model", str(path), remedy="check the path"))
    stat = resolved.stat()
    return _loaded(resolved, stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=4)
def _loaded(path: Path, _size: int, _changed: int) -> Model:
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise InputError(_unreadable(path, "other first bytes"))
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    card = _card(path, digest)
    library = _library()
    try:
        model = library.load_model(str(path))
    except (ValueError, RuntimeError, MemoryError) as error:
        raise InputError(_unreadable(path, str(error))) from error
    labels = tuple(sorted(str(label).removeprefix(LABEL) for label in model.f.getLabels("strict")[0]))
    tongues = tuple(str(one) for one in card.get("languages", []))
    return Model(path, digest, labels, tongues, card, model.f)


def _card(path: Path, digest: str) -> dict[str, Any]:
    card = card_path(path)
    if not card.is_file():
        return {}
    try:
        told = json.loads(card.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(_unreadable(card, str(error))) from error
    if not isinstance(told, dict) or told.get("sha256") != digest:
        raise InputError(
            Problem(
                "model-changed",
                "the model is not the one that its card describes",
                str(path),
                found=f"sha256 {digest}",
                expected=f"sha256 {told.get('sha256') if isinstance(told, dict) else None}",
                remedy=f"take model and {card.name} from the same training, or remove the card",
            )
        )
    return told


@lru_cache(maxsize=1)
def _library() -> Any:
    try:
        import fasttext
    except ImportError as error:
        raise MissingDependencyError(_missing("no fastText", str(error))) from error
    return fasttext


def _missing(what: str, found: str) -> Problem:
    return Problem(
        "dependency-missing",
        f"a classifier needs fastText, and there is {what}",
        place="fasttext",
        found=found,
        expected="one of fasttext-numpy2 and fasttext, alone",
        remedy=_INSTALL if len(owners()) < 1 else f"pip uninstall {' '.join(owners())} && {_INSTALL}",
    )


def _unreadable(path: Path, found: str) -> Problem:
    return Problem(
        "model-unreadable",
        "the file is no model of fastText, or its card is damaged",
        str(path),
        found=found,
        expected="a file written by train-filter, train-lid or fastText itself",
        remedy="train the model again, or fetch it again",
    )
