"""sacrebleu's chrF, chrF++, BLEU and TER of single texts; the one module that imports it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, Final

from benchwright.builder.score._metric import Info, Texts, Value

if TYPE_CHECKING:
    from concurrent.futures import Executor

__all__ = ["KINDS", "Lexical", "lexical_metrics"]

KINDS: Final = {"chrf": "chrF2", "chrf++": "chrF2++", "bleu": "BLEU", "ter": "TER"}
_BY_CHARACTER: Final = {"ja", "ko", "th", "lo", "my", "km", "bo", "yue"}
"""Languages without spaces for which sacrebleu has no tokenizer of its own without further packages or downloads."""
_EAST: Final = {"zh", "ja", "ko", "yue"}


@cache
def _metric(kind: str, language: str) -> Any:
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF
    from sacrebleu.metrics.ter import TER

    if kind == "bleu":
        tokens = "zh" if language == "zh" else "char" if language in _BY_CHARACTER else "13a"
        made: Any = BLEU(tokenize=tokens, effective_order=True)
    elif kind == "ter":
        made = TER(normalized=language in _EAST, asian_support=language in _EAST)
    else:
        made = CHRF(word_order=2 if kind == "chrf++" else 0)
    # A signature has the number of references, which the first score tells.
    made.sentence_score("a", ["a"])
    return made


def sentence_scores(kind: str, language: str, rows: Sequence[Texts]) -> list[float]:
    """Return sacrebleu's sentence score of each row of reference and hypothesis."""
    metric = _metric(kind, language)
    # Equal texts have no edits; finding that out takes TER a thousand times as long.
    same = kind == "ter"
    return [0.0 if same and one == other else float(metric.sentence_score(other, [one]).score) for one, other in rows]


@dataclass(frozen=True)
class Lexical:
    """One metric over one pair of texts: ``back`` (source and back-translation) or ``reference``."""

    kind: str
    pair: str
    pool: Executor | None = None
    jobs: int = 1

    @property
    def info(self) -> Info:
        """Return what is said of it."""
        columns, of = (
            (("source", "back"), "back-translation against the source")
            if self.pair == "back"
            else (("reference", "target"), "translation against the reference")
        )
        ter = self.kind == "ter"
        name = f"{self.kind}_{self.pair}"
        return Info(name, columns, not ter, 0.0, None if ter else 100.0, f"sacrebleu's {KINDS[self.kind]}, {of}")

    def signature(self, language: str) -> str:
        """Return sacrebleu's own signature behind the name of the metric."""
        return f"{KINDS[self.kind]}|{_metric(self.kind, _primary(language)).get_signature()}"

    def values(self, language: str, rows: Sequence[Texts]) -> list[Value]:
        """Return the sentence scores; the work of a shard goes to a process where there are several."""
        kind, tag = self.kind, _primary(language)
        if self.pool is None:
            made = sentence_scores(kind, tag, rows)
        else:
            made = self.pool.submit(sentence_scores, kind, tag, rows).result()
        return [Value(one) for one in made]


def _primary(language: str) -> str:
    return language.partition("-")[0].lower()


@contextmanager
def lexical_metrics(kinds: Sequence[str], pairs: Sequence[str], jobs: int | None = None) -> Iterator[list[Lexical]]:
    """Give the metrics of some kinds over some pairs; with several jobs they share as many processes."""
    jobs = jobs or os.cpu_count() or 1
    with ExitStack() as stack:
        # A process that has threads must not be forked.
        spawn = get_context("spawn")
        pool = stack.enter_context(ProcessPoolExecutor(jobs, mp_context=spawn)) if jobs > 1 else None
        yield [Lexical(kind, pair, pool, jobs) for pair in pairs for kind in kinds]
