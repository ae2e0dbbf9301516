"""Measures the targets of the checks of language; `--write` puts the lines into RESULTS.md.

`--half development` is what thresholds were set on; what is reported is the held-out half.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.langtexts import Labelled, labelled, pairs  # noqa: E402
from benchwright.audits import diacritics, language, residue, scripts, variety  # noqa: E402
from benchwright.audits._lid.labels import family, label_language  # noqa: E402
from benchwright.schemas import DerivedFrom, Exam, Item, Option  # noqa: E402
from benchwright.schemas.ids import make_group  # noqa: E402
from benchwright.schemas.plugins import AuditContext  # noqa: E402
from benchwright.schemas.rows import to_frame  # noqa: E402

RESULTS = ROOT / "bench/RESULTS.md"
CALL = "`python bench/language.py --write`"
LETTERS = "ABCDEFGHIJKLMNOPQRST"
CODES = ("L101", "L102", "L103")
Line = tuple[str, str, str]


def item(
    number: int,
    one: Labelled,
    *,
    stem: str | None = None,
    options: Sequence[str] | None = None,
    origin: str | None = None,
) -> Item:
    """Return one item in the declared language of ``one``, with a stem or options of other languages where given."""
    texts = one.options if options is None else options
    choices = [Option(id=LETTERS[n], label=f"{LETTERS[n]}.", text=text) for n, text in enumerate(texts[: len(LETTERS)])]
    translated = origin is not None and origin != one.language
    return Item(
        group=make_group("lang", "1", "1", str(number)),
        language=one.language,
        origin_language=origin or one.language,
        origin="machine_translation" if translated else "native",
        derived_from=DerivedFrom(id=f"lang/1/1/{number}@{origin}", text_hash="0" * 64) if translated else None,
        kind="single" if choices else "open",
        stem=one.stem if stem is None else stem,
        options=tuple(choices),
        exam=Exam(code="lang", edition="1", part="1", number=str(number)),
    )


def found(
    items: Iterable[Item], codes: Sequence[str] = CODES, context: AuditContext | None = None
) -> dict[str, set[str]]:
    """Return the codes of findings that are major or critical, by item id."""
    table = to_frame(list(items), Item).lazy()
    findings = language.AUDIT.run(table, context or AuditContext()).findings
    kept = findings.filter(pl.col("severity").is_in(["major", "critical"]) & pl.col("code").is_in(list(codes)))
    told: dict[str, set[str]] = {}
    for subject, code in kept.select("subject", "code").iter_rows():
        told.setdefault(subject, set()).add(code)
    return told


def length_class(stem: str) -> str:
    """Return the class of a stem by its number of words; signs of Han, kana and Thai count two to a word."""
    dense = len(re.findall(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]", stem))
    words = len(re.findall(r"[^\W\d_\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]+", stem)) + dense // 2
    return "1-3" if words <= 3 else "4-10" if words <= 10 else "> 10"


CLASSES = ("1-3", "4-10", "> 10")


def share(hit: int, n: int) -> str:
    """Return a share in per cent with its counts."""
    return f"{100 * hit / n:.1f} % ({hit}/{n})" if n else "-"


def clean(rows: Sequence[Labelled]) -> list[Line]:
    """Alarms on items that are in their declared language, in one table of all languages."""
    numbered = list(enumerate(rows))
    told = found(item(number, one, origin=one.origin) for number, one in numbered)
    wrong = {int(name.split("/")[-1].split("@")[0]) for name in told}
    n, bad = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for number, one in numbered:
        for key in ((one.language, length_class(one.stem)), (one.language, "all")):
            n[key] += 1
            bad[key] += number in wrong
    lines = []
    for tag in sorted({one.language for one in rows}):
        parts = ", ".join(f"{kind} words {share(bad[tag, kind], n[tag, kind])}" for kind in CLASSES)
        told_ = f"alarms {share(bad[tag, 'all'], n[tag, 'all'])} (target 0.5 %); by length of the stem: {parts}"
        lines.append((f"wrong language, clean items, {tag}", told_, str(n[tag, "all"])))
    total, alarms = len(rows), len(wrong)
    lines.append(("wrong language, clean items, all", f"alarms {share(alarms, total)} (target 0.5 %)", str(total)))
    codes = {int(name.split("/")[-1].split("@")[0]): sorted(found_) for name, found_ in told.items()}
    for number in sorted(wrong):
        one = rows[number]
        SHOWN.append(f"{one.language} {one.file}: {one.stem[:100]} | {' | '.join(one.options)[:120]} {codes[number]}")
    return lines


SHOWN: list[str] = []


def swapped(rows: Sequence[Labelled], seed: int = 1) -> list[Line]:
    """Whole items of one language declared as another; half of the options or the stem left in another language."""
    chance = random.Random(seed)
    tags = sorted({one.language for one in rows})
    by_tag = {tag: [one for one in rows if one.language == tag] for tag in tags}
    choices = {tag: [one for one in own if len(one.options) >= 3] for tag, own in by_tag.items()}
    lines: list[Line] = []
    lines += _kind("whole item in another language", 99, tags, by_tag, choices, chance)
    lines += _kind("stem left in the source language", 95, tags, by_tag, choices, chance)
    lines += _kind("half of the options left in the source language", 95, tags, by_tag, choices, chance)
    return lines


def _kind(
    kind: str,
    target: int,
    tags: Sequence[str],
    by_tag: dict[str, list[Labelled]],
    choices: dict[str, list[Labelled]],
    chance: random.Random,
) -> list[Line]:
    built: list[tuple[Item, str, str]] = []
    for tag in tags:
        others = [other for other in tags if not _same(tag, other)]
        for _ in range(400 if kind.startswith("whole") else 250):
            built += _planted(kind, tag, others, by_tag, choices, chance, len(built))
    told = found(one for one, _, _ in built)
    n, hit = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for one, tag, size in built:
        for key in ((tag, size), (tag, "all"), ("all", size), ("all", "all")):
            n[key] += 1
            hit[key] += one.id in told
        if one.id not in told:
            SHOWN.append(f"MISSED {kind} {tag}: {one.stem[:90]} | {' | '.join(o.text for o in one.options)[:150]}")
    lines = []
    for tag in (*tags, "all"):
        parts = ", ".join(f"{size} words {share(hit[tag, size], n[tag, size])}" for size in CLASSES if n[tag, size])
        if n[tag, "all"]:
            text = f"found {share(hit[tag, 'all'], n[tag, 'all'])} (target {target} %); by length of the stem: {parts}"
            lines.append((f"{kind}, declared {tag}", text, str(n[tag, "all"])))
    return lines


def _planted(
    kind: str,
    tag: str,
    others: Sequence[str],
    by_tag: dict[str, list[Labelled]],
    choices: dict[str, list[Labelled]],
    chance: random.Random,
    number: int,
) -> list[tuple[Item, str, str]]:
    other = chance.choice(others)
    if kind.startswith("whole"):
        foreign = chance.choice(by_tag[other])
        return [(item(number, foreign._replace(language=tag), origin=other), tag, length_class(foreign.stem))]
    if not choices[tag] or not (choices[other] if "options" in kind else by_tag[other]):
        return []
    own = chance.choice(choices[tag])
    if kind.startswith("stem"):
        foreign = chance.choice(by_tag[other])
        return [(item(number, own, stem=foreign.stem, origin=other), tag, length_class(foreign.stem))]
    foreign = chance.choice(choices[other])
    half = (len(own.options) + 1) // 2
    mixed = [*foreign.options[:half], *own.options[half:]]
    return [(item(number, own, options=mixed, origin=other), tag, length_class(" ".join(foreign.options[:half])))]


def _same(one: str, other: str) -> bool:
    return label_language(other) in family(label_language(one))


def _letters(text: str) -> str:
    return "".join(sign for sign in text if sign.isalpha()).casefold()


def _differ(target: Labelled, source: Labelled, half: int) -> bool:
    """Tell whether leaving these options in the source language changes each of them by more than signs and case.

    Numbers, also those in circles, are of no language.
    """
    plain = [[_letters(text) for text in one.options] for one in (target, source)]
    return all(theirs and theirs not in plain[0] for theirs in plain[1][:half])


def translated(data: Path) -> list[Line]:
    """Real pairs: the stem, or half of the options, of the translation replaced by that of its source."""
    lines: list[Line] = []
    both = [one for one in pairs(data) if one[0].held]
    for what in ("stem", "half of the options"):
        items = []
        for number, (target, source) in enumerate(both):
            half = (len(target.options) + 1) // 2
            if what == "stem":
                items.append(item(number, target, stem=source.stem, origin=source.language))
            elif len(target.options) >= 2 and len(source.options) >= half and _differ(target, source, half):
                mixed = [*source.options[:half], *target.options[half:]]
                items.append(item(number, target, options=mixed, origin=source.language))
        told = found(items)
        if what != "stem":
            lines.append(with_source(items, {number: source for number, (_, source) in enumerate(both)}))
        for origin in ("es", "ja"):
            some = [one for one in items if one.origin_language == origin]
            hit = sum(one.id in told for one in some)
            SHOWN.extend(
                f"MISSED {what} {origin}: {one.stem[:80]} | {' | '.join(o.text for o in one.options)[:150]}"
                for one in some
                if one.id not in told
            )
            lines.append(
                (
                    f"{what} left in {origin}, real pairs {origin}-en",
                    f"found {share(hit, len(some))} (target 95 %)",
                    str(len(some)),
                )
            )
    return lines


def with_source(items: Sequence[Item], sources: dict[int, Labelled]) -> Line:
    """Half of the options left, with the source at hand: what `language` and `residue` find together."""
    numbers = [int(one.group.split("/")[-1]) for one in items]
    originals = to_frame([item(number, sources[number]) for number in numbers], Item).lazy()
    told = found(items)
    context = AuditContext(sources=originals)
    left = residue.AUDIT.run(to_frame(list(items), Item).lazy(), context).findings
    optional = left.filter(pl.col("code").is_in(["L121", "L122"]) & pl.col("field").str.starts_with("option"))
    both = set(told) | set(optional["subject"])
    hit = sum(one.id in both for one in items)
    target = "half of the options left in es or ja, real pairs, with the source (L103, L121, L122)"
    return target, f"found {share(hit, len(items))} (target 95 %)", str(len(items))


def lost(data: Path) -> list[Line]:
    """Files of which the letters with marks are told of: the one that lost them, and no other."""
    told, names = [], []
    for folder in sorted(path for path in (data / "biomqm").iterdir() if path.is_dir()):
        for path in sorted(folder.glob("*.json")):
            tag = folder.name.split("2")[1]
            texts = [one["target"] for one in json.loads(path.read_text(encoding="utf-8"))]
            rows = [item(n, Labelled(path.name, tag, text, (), held=True)) for n, text in enumerate(texts) if text]
            findings = diacritics.AUDIT.run(to_frame(rows, Item).lazy(), AuditContext()).findings
            names.append(f"{folder.name}/{path.stem}")
            if "L131" in findings["code"].to_list():
                told.append(names[-1])
    text = f"told of: {', '.join(told) or 'none'}; silent on the {len(names) - len(told)} others"
    return [
        ("file that lost its letters with marks, bio-MQM (wanted: en2es/TMT_run1 alone)", text, f"{len(names)} files")
    ]


def speed(rows: Sequence[Labelled]) -> list[Line]:
    """Processor seconds of each audit for 150,000 items whose stems all differ."""
    with_options = [one for one in rows if len(one.options) >= 3]
    table = to_frame([item(number, one) for number, one in enumerate(with_options)], Item)
    times = -(-150_000 // table.height)
    copies = [table.with_columns(pl.format("{}-{}", pl.lit(str(n)), "id").alias("id")) for n in range(times)]
    big = pl.concat(copies).head(150_000).with_row_index("row")
    digits = pl.col("row").cast(pl.String).str.replace_many([str(n) for n in range(10)], list("abcdefghij"))
    big = big.with_columns(pl.concat_str(digits, pl.lit(" "), "stem").alias("stem")).drop("row")
    lines = []
    for module in (language, scripts, residue, diacritics, variety):
        started = time.process_time()
        module.AUDIT.run(big.lazy(), AuditContext())
        spent = time.process_time() - started
        text = (
            f"{150_000 / spent:,.0f} items per second of processor time ({spent:.1f} s), machine shared with other work"
        )
        lines.append((f"speed of the audit `{module.AUDIT.name}`, 150,000 items, no source", text, "150,000"))
    return lines


def main() -> None:
    """Measure, print, and write if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--half", choices=("development", "held-out"), default="held-out")
    parser.add_argument("--only", default="")
    parser.add_argument("--show", type=Path)
    told = parser.parse_args()
    data = Path(os.environ.get("BENCHWRIGHT_DATA", ROOT.parent / "shared/data"))
    rows = [one for one in labelled(data) if one.held == (told.half == "held-out")]
    steps = {
        "clean": lambda: clean(rows),
        "swapped": lambda: swapped(rows),
        "translated": lambda: translated(data),
        "lost": lambda: lost(data),
        "speed": lambda: speed(rows),
    }
    lines: list[Line] = []
    for name, step in steps.items():
        if told.only in ("", name):
            started = time.process_time()
            lines += step()
            print(f"({name}: {time.process_time() - started:.0f} s of processor time)", flush=True)
    for line in lines:
        print(" | ".join(line))
    if told.show:
        told.show.write_text("\n".join(SHOWN), encoding="utf-8")
    if told.write:
        write(lines)


def write(lines: Sequence[Line]) -> None:
    """Put the lines into RESULTS.md in place of earlier ones of the same target."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()
    kept = RESULTS.read_text(encoding="utf-8").splitlines()
    for target, measured, n in lines:
        text = f"| {target} | {measured} | {n if ' ' in n else f'{n} texts'} | {CALL} | {commit} |"
        places = [place for place, line in enumerate(kept) if line.startswith(f"| {target} |")]
        if places:
            kept[places[0]] = text
        else:
            kept.append(text)
    RESULTS.write_text("\n".join(kept) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
