"""What a table of words, learned from the file at hand, can say of omission and addition alone; `--write` puts it into
RESULTS.md.

In 5 % of the fields of six words or more one word of the translation is taken out, in 5 % one word of another field is
put in; words of more than 1 % of the fields stay out of it. The table is learned from the damaged file, as it would be.
A field is graded by its word that is best known and least accounted for. Printed is how much of the damage lies above
the grade that so many untouched fields reach.

A third line exchanges two options in 10 % of the translated items of HEAD-QA, and prints how many are found by numbers
and names alone, and with the table.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import numpy as np
import polars as pl

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.run import put  # noqa: E402
from benchwright.audits._content import wordtable  # noqa: E402
from benchwright.audits._content.leftout import LEAST_BEST, LEAST_TEXTS, MOST_TEXTS  # noqa: E402
from benchwright.audits._optionvotes import moved_options  # noqa: E402
from benchwright.audits._optionwords import distinct_words, word_votes  # noqa: E402
from benchwright.audits._paired import prepare  # noqa: E402
from benchwright.audits._pairs import PAIR_FIELDS, translated_fields  # noqa: E402
from benchwright.builder._auditinputs import find_inputs, read_inputs  # noqa: E402
from benchwright.schemas.plugins import AuditContext  # noqa: E402

DATA = Path(os.environ.get("BENCHWRIGHT_DATA") or ROOT.parent / "shared/data")
CALL = "`python bench/leftout.py --write`"
SEED = 1
PART = 0.05
LEAST_WORDS = 6
BUDGETS = (0.01, 0.02, 0.05)
WORD = re.compile(r"[^\W\d_]{4,}")
SMALL = 1e-3
Texts = list[tuple[str, str]]


def headqa() -> Texts:
    """Return the distinct fields of HEAD-QA in Spanish and in English."""
    items, sources = (
        read_inputs(find_inputs([DATA / "es_mir_headqa" / name])).items for name in ("headqa_en", "headqa_es")
    )
    table = translated_fields(items.lazy(), AuditContext(sources=sources.lazy())).select("source", "target")
    return list(table.unique().sort("source", "target").collect().iter_rows())


def mlqe() -> Texts:
    """Return the Romanian and English sentences of MLQE-PE."""
    folder = DATA / "mlqe_pe/ro-en"
    return list(
        zip(*((folder / f"dev.{end}").read_text(encoding="utf-8").splitlines() for end in ("src", "mt")), strict=True)
    )


def damaged(texts: Texts) -> tuple[Texts, list[str]]:
    """Return the texts with damage, and what was done to each: nothing, ``added`` or ``removed``."""
    chooser = random.Random(SEED)
    seen = Counter(word.lower() for _, target in texts for word in set(WORD.findall(target)))
    rare = [
        [one for one in WORD.findall(target) if seen[one.lower()] <= MOST_TEXTS * len(texts)] for _, target in texts
    ]
    every = [word for some in rare for word in some]
    made, done = [], []
    for (source, target), own in zip(texts, rare, strict=True):
        words, drawn = target.split(), chooser.random()
        kind = ""
        if len(words) >= LEAST_WORDS and drawn < PART:
            words.insert(chooser.randrange(len(words) + 1), chooser.choice(every))
            kind = "added"
        elif len(words) >= LEAST_WORDS and drawn < 2 * PART and own:
            less = re.sub(rf"\b{re.escape(chooser.choice(own))}\b", "", target, count=1)
            words, kind = less.split(), "removed"
        made.append((source, " ".join(words)))
        done.append(kind if len(words) >= LEAST_WORDS - 1 else "short")
    return made, done


def grades(texts: Texts) -> np.ndarray:
    """Return for each pair how badly its least accounted word of the source is accounted for; 0 where all are."""
    names = ("subject", "text_hash", "group", "source_id", "field", "source", "target")
    rows = [dict(zip(names, (str(n), "h", "g", str(n), "stem", *two), strict=True)) for n, two in enumerate(texts)]
    told = pl.DataFrame(rows).with_columns(
        pl.lit("xx").alias("source_tag"), pl.lit("yy").alias("target_tag"),
        pl.lit("xx").alias("source_language"), pl.lit("yy").alias("target_language"),
    )  # fmt: skip
    pairs = prepare(pl.LazyFrame({"id": told["subject"]}), AuditContext(pairs=told.select(PAIR_FIELDS.names()).lazy()))
    with patch.object(wordtable, "ENOUGH_TEXTS", 0):
        table = wordtable.word_table(pairs, "xx", "yy")
    if table is None:
        raise SystemExit("no table")
    known = table.words.filter(
        pl.col("texts").is_between(LEAST_TEXTS, MOST_TEXTS * table.texts) & (pl.col("best") >= LEAST_BEST)
    )
    sources = distinct_words(pairs.rows, "source_text", pairs.words).rename({"low": "source"}).join(known, on="source")
    targets = distinct_words(pairs.rows, "target_text", pairs.words).rename({"low": "target"})
    covered = (
        sources.join(table.shares, on="source")
        .join(targets, on=["pair", "target"], how="semi")
        .group_by("pair", "source")
        .agg(pl.col("share").sum())
    )
    graded = (
        sources.join(covered, on=["pair", "source"], how="left")
        .with_columns(((pl.col("best") + SMALL) / (pl.col("share").fill_null(0.0) + SMALL)).log().alias("grade"))
        .group_by("pair")
        .agg(pl.col("grade").max())
    )
    joined = pairs.fields.join(graded, on="pair", how="left").sort(pl.col("subject").cast(pl.Int64))
    return joined["grade"].fill_null(0.0).to_numpy()


def line(name: str, texts: Texts, commit: str) -> str:
    """Return one line of RESULTS.md."""
    made, done = damaged(texts)
    kinds = np.array(done)
    parts = []
    for kind, pairs in (("removed", made), ("added", [(target, source) for source, target in made])):
        found = grades(pairs)
        clean = found[kinds == ""]
        shares = [f"{100 * np.mean(found[kinds == kind] > np.quantile(clean, 1 - budget)):.1f} %" for budget in BUDGETS]
        parts.append(f"{kind} {' / '.join(shares)} of {int((kinds == kind).sum())}")
    budgets = " / ".join(f"{100 * budget:.0f} %" for budget in BUDGETS)
    said = f"found at {budgets} alarms on untouched fields: {'; '.join(parts)}"
    target = f"words left out and added, by a table learned from the file alone: {name}"
    return f"| {target} | {said} | {len(texts)} fields | {CALL} | {commit} |"


def exchanged(commit: str) -> str:
    """Return the line of exchanged options."""
    items, sources = (
        read_inputs(find_inputs([DATA / "es_mir_headqa" / name])).items.lazy() for name in ("headqa_en", "headqa_es")
    )
    table = translated_fields(items, AuditContext(sources=sources)).select(PAIR_FIELDS.names()).collect()
    found = {part: _moved(_exchanged(table, part)) for part in (0.0, 0.1)}
    planted = found[0.1][0]
    shares = [f"{name} {len(planted & hits)} of {len(planted)}" for name, hits in found[0.1][1].items()]
    false = max(len(hits - done) for done, results in found.values() for hits in results.values())
    said = f"found: {'; '.join(shares)}; false alarms on the other items {false}"
    target = "options exchanged, HEAD-QA es-en, two options in 10 % of the items"
    return f"| {target} | {said} | {table['subject'].n_unique()} items | {CALL} | {commit} |"


def _exchanged(table: pl.DataFrame, part: float) -> tuple[set[str], pl.DataFrame]:
    """Return which items were damaged, and the fields."""
    chooser = random.Random(SEED)
    done: set[str] = set()
    parts = []
    for (subject,), rows in table.sort("subject", "field").group_by("subject", maintain_order=True):
        texts = rows["target"].to_list()
        options = [place for place, field in enumerate(rows["field"]) if field.startswith("option:")]
        if len(options) >= 4 and chooser.random() < part:
            one, other = chooser.sample(options, 2)
            if texts[one] != texts[other]:
                texts[one], texts[other] = texts[other], texts[one]
                done.add(str(subject))
        parts.append(rows.with_columns(pl.Series("target", texts)))
    return done, pl.concat(parts)


def _moved(made: tuple[set[str], pl.DataFrame]) -> tuple[set[str], dict[str, set[str]]]:
    """Return which items were damaged, and which are found without and with the table."""
    done, table = made
    items = pl.LazyFrame({"id": table["subject"].unique()})
    votes = word_votes(prepare(items, AuditContext(pairs=table.lazy())))
    options = table.filter(pl.col("field").str.starts_with("option:")).with_columns(
        pl.col("field").str.strip_prefix("option:").alias("option")
    )
    found = {
        name: set(moved_options(options.lazy(), more).collect()["subject"])
        for name, more in (("without the table", None), ("with it", votes))
    }
    return done, found


def measured(commit: str) -> Iterator[str]:
    """Yield the lines."""
    yield line("HEAD-QA es-en", headqa(), commit)
    yield line("MLQE-PE ro-en", mlqe(), commit)
    yield exchanged(commit)


def main() -> None:
    """Measure, print and, when asked, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the lines into RESULTS.md")
    options = parser.parse_args()
    if not DATA.is_dir():
        raise SystemExit(f"no data at {DATA}; set BENCHWRIGHT_DATA")
    git = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    lines = list(measured(commit))
    print(*lines, sep="\n")
    if options.write:
        put(lines)


if __name__ == "__main__":
    main()
