"""Measures the checks of polarity and terms; `--write` puts the lines into RESULTS.md.

Real data are looked for in BENCHWRIGHT_DATA or `../shared/data`. Lexicons were tuned on DEMETR's German and Polish;
French, Czech and Russian were looked at twice, for the causes of false alarms only. Human references of bio-MQM,
post-edits of MLQE-PE and HEAD-QA served to find causes too, so that their share is of texts that were looked at.
`polarity_judged.tsv` holds a judgement of each alarm on them (`error` of the translation, or `false`), with judge and
date and without any text; an alarm that nobody has judged is counted as such.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import polars as pl

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchwright.audits import polarity, terms  # noqa: E402
from benchwright.audits._pairs import PAIR_FIELDS  # noqa: E402
from benchwright.schemas import Item  # noqa: E402
from benchwright.schemas.plugins import AuditContext  # noqa: E402
from benchwright.schemas.rows import to_frame  # noqa: E402

DATA = Path(os.environ.get("BENCHWRIGHT_DATA", ROOT.parent / "shared" / "data"))
RESULTS = ROOT / "bench/RESULTS.md"
CALL = "`python bench/polarity.py --write`"
LANGUAGES = {"german": "de", "polish": "pl", "french": "fr", "czech": "cs", "russian": "ru"}
TUNED = ("de", "pl")
JUDGED = ROOT / "bench/polarity_judged.tsv"
ITEMS = 150_000
_PLACE = ("subject", "field", "code")
Row = tuple[str, str, str, str, str, str]
Line = tuple[str, str, str]


def pairs(rows: Iterable[Row]) -> pl.DataFrame:
    """Return pairs of fields from subject, field, source, target, source language, target language."""
    names = ("subject", "field", "source", "target", "source_language", "target_language")
    table = pl.DataFrame(list(rows), schema=names, orient="row")
    return table.with_columns(
        pl.lit("0").alias("text_hash"),
        pl.col("subject").alias("group"),
        pl.lit("source").alias("source_id"),
        *(pl.col(f"{side}_language").alias(f"{side}_tag") for side in ("source", "target")),
    ).select(list(PAIR_FIELDS))


def alarms(table: pl.DataFrame) -> pl.DataFrame:
    """Return the findings of both audits that are major or critical."""
    nothing, context = to_frame([], Item).lazy(), AuditContext(pairs=table.lazy())
    found = pl.concat([audit.run(nothing, context).findings for audit in (polarity.AUDIT, terms.AUDIT)])
    return found.filter(pl.col("severity").is_in(["major", "critical"]))


def share(found: int, total: int) -> str:
    """Return a share with its numbers."""
    return f"{100 * found / total:.1f} % ({found} of {total})"


def demetr(side: str, kind: str = "") -> pl.DataFrame:
    """Return DEMETR's pairs with one side of the translation: clean ones once each, damaged ones of one kind."""
    rows: dict[object, Row] = {}
    for path in sorted((DATA / "demetr").glob(f"*{kind}.json")):
        for one in json.loads(path.read_text(encoding="utf-8")):
            language = next((code for name, code in LANGUAGES.items() if name in one["lang_tag"]), None)
            if language is None or not one["pert_check"] or one["mt_sent"] == one["pert_sent"]:
                continue
            key = (one["src_sent"], one[side]) if not kind else (one["id"], one["pert_id"])
            rows[key] = (f"{language}/{len(rows)}", "stem", one["src_sent"], one[side], language, "en")
    return pairs(rows.values())


def by_language(table: pl.DataFrame) -> str:
    """Return the share of alarms: tuned languages, held-out ones, each language."""
    found = Counter(str(subject)[:2] for subject in alarms(table)["subject"].unique())
    total = Counter(table["source_language"])
    others = tuple(set(total) - set(TUNED))
    groups = {"de, pl (tuned)": TUNED, "fr, cs, ru (looked at for causes of false alarms)": others}
    told = [
        f"{name} {share(sum(found[c] for c in codes), sum(total[c] for c in codes))}" for name, codes in groups.items()
    ]
    each = ", ".join(f"{code} {100 * found[code] / total[code]:.1f} %" for code in sorted(total))
    return f"{'; '.join(told)}; {each}"


def demetr_lines() -> list[Line]:
    """Return what is found of negations and antonyms, and the alarms on clean sides."""
    lines = []
    for kind, target in (("negation", "negation (target 60 %)"), ("antonym", "antonym")):
        table = demetr("pert_sent", kind)
        lines.append(
            (f"DEMETR, {target}, T2 and T3 alone", f"found: {by_language(table)}", f"{table.height} sentences")
        )
    clean = demetr("mt_sent")
    lines.append(("DEMETR, alarms of T2 and T3 on clean sides", by_language(clean), f"{clean.height} sentences"))
    return lines


def real_sets() -> dict[str, pl.DataFrame]:
    """Return real translations that are mostly right."""
    out = {}
    for way in ("en2de", "en2es", "en2fr", "es2en", "de2en"):
        read = json.loads((DATA / f"biomqm/{way}/reference.json").read_text(encoding="utf-8"))
        out[f"bio-MQM references {way}"] = pairs(
            (str(n), "stem", one["source"], one["target"], way[:2], way[-2:]) for n, one in enumerate(read)
        )
    for way in ("en-de", "ro-en", "ru-en"):
        sides = [(DATA / f"mlqe_pe/{way}/dev.{end}").read_text(encoding="utf-8").split("\n") for end in ("src", "pe")]
        both = ((n, one, two) for n, (one, two) in enumerate(zip(*sides, strict=True)) if one)
        out[f"MLQE-PE post-edits {way}"] = pairs((str(n), "stem", one, two, way[:2], way[-2:]) for n, one, two in both)
    out["HEAD-QA es-en"] = headqa()
    return out


def headqa() -> pl.DataFrame:
    """Return the fields of HEAD-QA in Spanish and machine-translated English."""
    texts: dict[str, dict[tuple[str, str, str], str]] = {}
    for language in ("es", "en"):
        own = texts.setdefault(language, {})
        for path in sorted((DATA / f"es_mir_headqa/headqa_{language}").glob("*.json")):
            exam = json.loads(path.read_text(encoding="utf-8"))
            for one in exam["data"]:
                own[exam["name"], one["qid"], "stem"] = one["qtext"]
                own |= {(exam["name"], one["qid"], f"option:{a['aid']}"): a["atext"] for a in one["answers"]}
    both = [key for key in texts["es"] if key in texts["en"]]
    return pairs((f"{key[0]}/{key[1]}", key[2], texts["es"][key], texts["en"][key], "es", "en") for key in both)


def judgements() -> dict[tuple[str, ...], dict[str, str]]:
    """Return the judged alarms by set, subject, field and code."""
    with JUDGED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return {tuple(row[name] for name in ("set", *_PLACE)): row for row in rows}


def verdict(found: dict[str, pl.DataFrame], items: int) -> str:
    """Return what was judged of the alarms that are there now."""
    known = judgements()
    keys = [
        (name, *row) for name, table in found.items() for row in table.select("subject", "field", "code").iter_rows()
    ]
    judged = [known[key] for key in keys if key in known]
    false = {key[:2] for key in keys if key in known and known[key]["verdict"] == "false"}
    who = "; ".join(sorted({f"{row['judge']}, {row['date']}" for row in judged}))
    return (
        f"of {len(keys)} alarms {len(judged)} were judged by hand ({who}): "
        f"{sum(row['verdict'] == 'error' for row in judged)} are errors of the translation, false alarms disturb "
        f"{100 * len(false) / items:.2f} % of items"
    )


def real_lines(show: bool) -> list[Line]:
    """Return the share of items with an alarm, per set."""
    told, items, alarmed = [], 0, 0
    each: dict[str, pl.DataFrame] = {}
    for name, table in real_sets().items():
        found = alarms(table)
        each[name] = found
        hit, total = found["subject"].n_unique(), table["subject"].n_unique()
        items, alarmed = items + total, alarmed + hit
        told.append(f"{name} {100 * hit / total:.2f} %")
        if show:
            for row in found.select("code", "message", "evidence").iter_rows():
                print(name, *row, sep=" | ")
    return [
        (
            "T2 and T3 on translations mostly right (at most 2 %)",
            f"{share(alarmed, items)}; {'; '.join(told)}; {verdict(each, items)}",
            f"{items} items",
        )
    ]


def speed_line() -> Line:
    """Measure both audits on 150,000 items of HEAD-QA, each stem numbered so that no two are the same."""
    base = headqa()
    names = base["subject"].unique().sort()
    copies = -(-ITEMS // names.len())
    numbered = [
        base.with_columns(
            pl.col("subject") + f"#{n}",
            *(
                pl.when(pl.col("field") == "stem")
                .then(pl.lit(f"({n}) ") + pl.col(side))
                .otherwise(pl.col(side))
                .alias(side)
                for side in ("source", "target")
            ),
        )
        for n in range(copies)
    ]
    table = pl.concat(numbered)
    kept = table.select(pl.col("subject").unique(maintain_order=True).head(ITEMS))
    table = table.join(kept, on="subject", how="semi")
    alarms(table.head(100))
    started = time.process_time()
    alarms(table)
    seconds = time.process_time() - started
    return (
        "speed of T2 and T3 together, 150,000 items (target 40,000 items/s per core)",
        f"{ITEMS / seconds:,.0f} items per processor second, {seconds:.1f} s",
        f"{ITEMS:,} items, {table.height:,} fields",
    )


def put(lines: list[Line]) -> None:
    """Write the lines into RESULTS.md, in place of those of the same targets."""
    shown = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    old = RESULTS.read_text(encoding="utf-8").splitlines()
    kept = [line for line in old if not any(line.startswith(f"| {target} |") for target, _, _ in lines)]
    new = [f"| {target} | {told} | {count} | {CALL} | {shown.stdout.strip()} |" for target, told, count in lines]
    RESULTS.write_text("\n".join([*kept, *new]) + "\n", encoding="utf-8")


def main(arguments: list[str]) -> None:
    """Measure and print; with ``--show`` print each alarm on real texts, with ``--write`` write the lines."""
    lines = [*demetr_lines(), *real_lines("--show" in arguments), speed_line()]
    for line in lines:
        print(*line, sep=" | ")
    if "--write" in arguments:
        put(lines)


if __name__ == "__main__":
    main(sys.argv[1:])
