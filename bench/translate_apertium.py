"""What the audit sees of the errors that Apertium really makes: `python bench/translate_apertium.py --write`.

100 questions in English that this project made up (`tests/fixtures/translation/english.csv`), their Spanish by Apertium
(`spanish.csv`), and every major error that one reader found in it (`labels.csv`): words left in English (`residue`),
words of another meaning (`sense`), sentences that cannot be understood (`broken`), an exception or ban that became
something else (`polarity`). The reader works on this project and had seen the findings of the audit. An error counts as
found where the audit has a finding of at least major severity in its field, or in the options of its question together;
such a finding is right where its field, or one of the options, has an error.
"""

from __future__ import annotations

import argparse
import csv
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import polars as pl

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.run import put  # noqa: E402  (the script may be started from anywhere)
from benchwright.builder.auditing import AuditWish, audit_files  # noqa: E402
from benchwright.builder.translate import EngineWish, TranslateWish, translate_items  # noqa: E402
from benchwright.schemas import Item  # noqa: E402
from benchwright.schemas.rows import to_frame  # noqa: E402
from tests.builder.translate.questions import english_questions  # noqa: E402

CALL = "`python bench/translate_apertium.py --write`"
DATA = ROOT / "tests/fixtures/translation"
GRAVE = ("major", "critical")
SCOPES = ("item", "pair")
QUESTIONS = 320
_MARKED = re.compile(r"\*([a-z]{4,})\b")


def labels(path: Path = DATA / "labels.csv") -> dict[tuple[str, str], set[str]]:
    """Return the kinds of errors of each field that has any."""
    found: dict[tuple[str, str], set[str]] = {}
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            found.setdefault((row["id"], row["field"]), set()).add(row["kind"])
    return found


def flagged(source: Path, target: Path, out: Path) -> list[tuple[str, str]]:
    """Return the question and the field of each grave finding."""
    run = audit_files([target], out, AuditWish(sources=[source]))
    graves = run.findings.filter(pl.col("severity").is_in(GRAVE) & pl.col("scope").is_in(SCOPES))
    return [
        (item_id.rpartition("@")[0].rpartition("/")[2], name)
        for item_id, name in graves.select("item_id", "field").iter_rows()
    ]


def places(finding: tuple[str, str]) -> set[tuple[str, str]]:
    """Return the fields that a finding speaks of."""
    number, name = finding
    return {(number, f"option:{one}") for one in "ABCD"} if name == "options" else {finding}


def measured(source: Path, target: Path, known: dict[tuple[str, str], set[str]]) -> dict[str, tuple[int, int]]:
    """Return hits and totals: precision of findings, recall of errors by kind, and both by question."""
    with tempfile.TemporaryDirectory() as folder:
        findings = flagged(source, target, Path(folder) / "audit")
    found = {place for finding in findings for place in places(finding)}
    kinds: Counter[str] = Counter(kind for several in known.values() for kind in several)
    hits = Counter(kind for place, several in known.items() if place in found for kind in several)
    bad, told = {place[0] for place in known}, {number for number, _ in findings}
    return {
        "precision, findings": (sum(bool(places(one) & known.keys()) for one in findings), len(findings)),
        "recall, all labels": (sum(hits.values()), sum(kinds.values())),
        **{f"recall, {kind}": (hits[kind], kinds[kind]) for kind in ("residue", "sense", "broken", "polarity")},
        "precision, questions": (len(bad & told), len(told)),
        "recall, questions": (len(bad & told), len(bad)),
    }


def unknown_words(texts: Sequence[str]) -> list[set[str]]:
    """Return the words of each text that Apertium says it does not know: it marks them where it is asked to.

    Counted are words of four small letters or more that are commoner in English than in Spanish; what a slash joins is
    a symbol, as in mmol/l, and is left out.
    """
    from wordfreq import zipf_frequency

    mode = "/usr/share/apertium/modes/eng-spa.mode"
    script = subprocess.run(["apertium-wblank-mode", "-z", mode], check=True, capture_output=True, text=True).stdout
    plain = [re.sub(r"[\\\[\]{}^$<>@\n]|\S*/\S*", " ", text) for text in texts]
    made = subprocess.run(
        ["bash", "-c", script, "apertium", "-g", ""],
        input="".join(f"{text}\0" for text in plain),
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    return [
        {word for word in _MARKED.findall(one) if zipf_frequency(word, "en") > zipf_frequency(word, "es")}
        for one, _ in zip(made, texts, strict=False)
    ]


def left_in_english(items: Sequence[Item], findings: pl.DataFrame) -> tuple[int, int, int]:
    """Return fields with words that Apertium does not know, how many the audit names (T411), and how many beyond."""
    fields = {
        (one.group, name): text
        for one in items
        for name, text in (("stem", one.stem), *((f"option:{option.id}", option.text) for option in one.options))
    }
    words = dict(zip(fields, unknown_words(list(fields.values())), strict=True))
    known = {place for place, unknown in words.items() if unknown}
    told = findings.filter(pl.col("code") == "T411").select(pl.col("item_id").str.split("@").list.first(), "field")
    found = set(told.iter_rows())
    return len(known & found), len(known), len(found - known)


def audited(folder: Path, items: Sequence[Item]) -> pl.DataFrame:
    """Translate questions, and return what the audit finds."""
    source, target = folder / "en.parquet", folder / "es.parquet"
    to_frame(items, Item).write_parquet(source)
    translate_items([source], target, TranslateWish(["es"], [EngineWish("apertium")], cache=folder / "cache"))
    return audit_files([target], folder / "audit", AuditWish(sources=[source])).findings


def main() -> None:
    """Print the figures, and write them where that is asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="add the lines to RESULTS.md")
    wanted = parser.parse_args()
    git = ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(git, capture_output=True, text=True, check=True).stdout.strip()
    lines = []
    for name, (hits, total) in measured(DATA / "english.csv", DATA / "spanish.csv", labels()).items():
        told = f"audit, errors of Apertium that one reader labelled, English to Spanish: {name}"
        unit = name.split()[-1] if name.split()[-1] in ("findings", "questions") else "labels"
        lines.append(
            f"| {told} | {hits / max(total, 1):.2f} ({hits} of {total}) | {total} {unit} | {CALL} | {commit} |"
        )
    with tempfile.TemporaryDirectory() as folder:
        items = english_questions(QUESTIONS)
        hits, total, beyond = left_in_english(items, audited(Path(folder), items))
    lines.append(
        f"| audit, fields with words that Apertium itself says it does not know, English to Spanish: recall of T411 | "
        f"{hits / total:.2f} ({hits} of {total}); {beyond} fields more are named; {QUESTIONS} generated questions | "
        f"{total} fields | {CALL} | {commit} |"
    )
    print("\n".join(lines))
    if wanted.write:
        put(lines)


if __name__ == "__main__":
    main()
