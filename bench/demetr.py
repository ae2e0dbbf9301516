"""Measures the whole audit on DEMETR, every kind, nothing special-cased; `--write` puts the lines into RESULTS.md.

An alarm is any finding of severity major or critical, whatever its code, with the default selection. Three readings:
`source` (the German, French, Polish, Czech or Russian sentence against its machine translation, clean, and against the
damaged one), `translation` (the clean translation against itself and against the damaged one), and `other` (the human
translation against the clean one: nothing was damaged, and nothing is written alike).

`--half development` takes half of the German and Polish records, chosen by a hash of the sentence's number; rules are
set on it. `held-out` is French, Czech and Russian; `all` is everything.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchwright.builder.auditing import AuditWish, audit_files  # noqa: E402

RESULTS: Final = ROOT / "bench/RESULTS.md"
DATA: Final = Path(os.environ.get("BENCHWRIGHT_DATA", ROOT.parent / "shared" / "data")) / "demetr"
TAGS: Final = {"german": "de", "french": "fr", "polish": "pl", "czech": "cs", "russian": "ru"}
DEVELOPMENT: Final = ("de", "pl")
ALARMS: Final = ("major", "critical")
CALL: Final = "`python bench/demetr.py --write`"
READINGS: Final = ("source", "translation", "other")


@dataclass(frozen=True)
class Pair:
    """One pair of sentences; ``kind`` is null on the clean side."""

    id: str
    reading: str
    kind: str | None
    language: str
    source: str
    target: str

    def row(self) -> dict[str, str]:
        """Return the pair as the bitext layout has it."""
        # Two texts of one tag would be one item; the region keeps them apart, and every check reads both as English.
        left = self.language if self.reading == "source" else "en-001"
        return {
            "id": self.id,
            "source": self.source,
            "target": self.target,
            "source_language": left,
            "target_language": "en",
        }


def records(half: str) -> Iterator[dict[str, Any]]:
    """Return the records of the files with ``kind`` and ``language``."""
    for path in sorted(DATA.glob("*.json")):
        for record in json.loads(path.read_text(encoding="utf-8")):
            language = TAGS[record["lang_tag"]]
            drawn = zlib.crc32(str(record["id"]).encode()) % 2 == 0
            wanted = {
                "development": language in DEVELOPMENT and drawn,
                "held-out": language not in DEVELOPMENT,
                "all": True,
            }
            if wanted[half]:
                yield {**record, "language": language, "kind": path.stem.split("_", 2)[2]}


def pairs(half: str) -> list[Pair]:
    """Return clean and damaged pairs of every reading; a clean pair that several kinds share stands once."""
    made: dict[tuple[str, ...], Pair] = {}

    def add(reading: str, kind: str | None, language: str, source: str, target: str) -> None:
        key = (reading, kind or "", language, source, target)
        made.setdefault(key, Pair(f"p{len(made)}", reading, kind, language, source, target))

    for one in records(half):
        language, clean, damaged = one["language"], one["mt_sent"], one["pert_sent"]
        add("source", None, language, one["src_sent"], clean)
        add("translation", None, language, clean, clean)
        add("other", None, language, one["eng_sent"], clean)
        if one["pert_check"]:
            add("source", one["kind"], language, one["src_sent"], damaged)
            add("translation", one["kind"], language, clean, damaged)
    return list(made.values())


def alarms(todo: Sequence[Pair]) -> dict[str, list[str]]:
    """Run the audit on the pairs as bitext, one run for each reading, and return the codes of the alarms by pair."""
    found: dict[str, list[str]] = defaultdict(list)
    for reading in READINGS:
        for damaged in (False, True):
            # Clean and damaged sides are two files: what looks at a whole file shall not compare one with the other.
            chosen = [pair for pair in todo if pair.reading == reading and (pair.kind is not None) == damaged]
            if not chosen:
                continue
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "pairs.jsonl"
                lines = (json.dumps(pair.row(), ensure_ascii=False) for pair in chosen)
                path.write_text("\n".join(lines) + "\n", encoding="utf-8")
                findings = audit_files([path], None, AuditWish(layout="pairs")).findings
            for item, code in (
                findings.filter(pl.col("severity").is_in(ALARMS) & pl.col("item_id").is_not_null())
                .select("item_id", "code")
                .unique()
                .sort("item_id", "code")
                .iter_rows()
            ):
                found[item].append(code)
    return found


def wilson(hits: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """Return the 95 % interval of a share."""
    if n == 0:
        return 0.0, 1.0
    share, square = hits / n, z * z
    middle = share + square / (2 * n)
    reach = z * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    return max(0.0, (middle - reach) / (1 + square / n)), min(1.0, (middle + reach) / (1 + square / n))


def share(hits: int, n: int) -> str:
    """Return a share with its counts and interval."""
    if n == 0:
        return "none"
    low, high = wilson(hits, n)
    return f"{100 * hits / n:.1f} % ({hits} of {n}; {100 * low:.1f}-{100 * high:.1f})"


def tally(todo: Iterable[Pair], found: dict[str, list[str]]) -> str:
    """Return how many of the pairs have an alarm."""
    chosen = list(todo)
    return share(sum(pair.id in found for pair in chosen), len(chosen))


def report(todo: Sequence[Pair], found: dict[str, list[str]]) -> list[tuple[str, str]]:
    """Return what was measured: name and figures, first the clean sides, then each kind."""
    rows: list[tuple[str, str]] = []
    languages = sorted({pair.language for pair in todo})
    for reading in READINGS:
        clean = [pair for pair in todo if pair.reading == reading and pair.kind is None]
        by_language = ", ".join(
            f"{name} {tally((pair for pair in clean if pair.language == name), found)}" for name in languages
        )
        rows.append((f"clean sides, {reading}", f"alarms {tally(clean, found)}: {by_language}"))
    for kind in sorted({pair.kind for pair in todo if pair.kind}):
        both = [
            f"{reading} {tally((p for p in todo if p.kind == kind and p.reading == reading), found)}"
            for reading in READINGS[:2]
        ]
        rows.append((kind, f"found {'; '.join(both)}"))
    return rows


def by_code(todo: Sequence[Pair], found: dict[str, list[str]]) -> None:
    """Print which codes spoke, on clean sides and on damaged ones."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for pair in todo:
        place = {"source": 0, "translation": 1, "other": 1}[pair.reading] if pair.kind is None else 2
        for code in found.get(pair.id, ()):
            counts[code][3 if place == 2 and pair.reading == "translation" else place] += 1
    print("\ncode: alarms on clean sides (source; translation and other), on damaged sides (source; translation)")
    for code, (clean, other, damaged, alike) in sorted(counts.items()):
        print(f"  {code}: {clean}; {other}; {damaged}; {alike}")


def show(todo: Sequence[Pair], found: dict[str, list[str]], wanted: str, count: int) -> None:
    """Print pairs: ``clean`` for false alarms, else the name of a kind for what was missed."""
    chosen = [
        pair
        for pair in todo
        if (
            pair.kind is None and pair.id in found
            if wanted == "clean"
            else pair.kind == wanted and pair.id not in found
        )
    ]
    for pair in chosen[:count]:
        print(f"\n{pair.reading} {pair.language} {found.get(pair.id, [])}\n  {pair.source}\n  {pair.target}")


def write(rows: Sequence[tuple[str, str]], todo: Sequence[Pair]) -> None:
    """Put the lines into RESULTS.md; those of an earlier run are replaced."""
    git = ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(git, capture_output=True, text=True, check=True).stdout.strip()
    kept = [line for line in RESULTS.read_text(encoding="utf-8").splitlines() if not line.startswith("| DEMETR ")]
    lines = [f"| DEMETR {name} | {said} | {len(todo)} pairs | {CALL} | {commit} |" for name, said in rows]
    RESULTS.write_text("\n".join([*kept, *lines]) + "\n", encoding="utf-8")


def main() -> None:
    """Measure, print and, when asked, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("development", "held-out", "all"), default="all")
    parser.add_argument("--show", help="clean, or a kind: print pairs that were wrong")
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    if not DATA.is_dir():
        raise SystemExit(f"no data at {DATA}; set BENCHWRIGHT_DATA")
    todo = pairs(given.half)
    found = alarms(todo)
    rows = report(todo, found)
    print(f"half: {given.half}, {len(todo)} pairs")
    for name, said in rows:
        print(f"{name}: {said}")
    by_code(todo, found)
    if given.show:
        show(todo, found, given.show, given.count)
    if given.write:
        if given.half != "all":
            raise SystemExit("only the whole is written")
        write(rows, todo)


if __name__ == "__main__":
    main()
