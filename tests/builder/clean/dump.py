"""A made-up dump of questions and answers, with what is planted in it and where."""

from __future__ import annotations

import gzip
import json
import random
from dataclasses import dataclass, field
from pathlib import Path

COMPLAINTS = ("headache", "cough", "rash", "back pain", "dizziness", "fever", "nausea", "insomnia", "ear ache", "itch")
DRUGS = ("alpharin", "betamol", "gammacillin", "deltazole", "epsilopram", "zetastatin", "etadine", "thetavir")
ADVICE = (
    "take {drug} {dose} mg twice a day with food",
    "stop {drug} and drink {dose} ml of water every hour",
    "reduce {drug} to {dose} mg and see your doctor in a week",
    "continue {drug}, and measure your pressure {dose} times before the next visit",
)


@dataclass
class Planted:
    """Ids by what must become of them."""

    records: int = 0
    broken: int = 0
    short: set[str] = field(default_factory=set)
    copies: dict[str, str] = field(default_factory=dict)
    repeated: list[str] = field(default_factory=list)
    clean: int = 0


def write_dump(folder: Path, rows: int, *, files: int = 3, seed: int = 1, packed: bool = True) -> Planted:
    """Write JSON lines; every kind of defect comes in a fixed share, spread at random over the files."""
    folder.mkdir(parents=True, exist_ok=True)
    rng, planted = random.Random(seed), Planted()
    kept: list[tuple[str, str, str]] = []
    lines: list[list[str]] = [[] for _ in range(files)]
    for number in range(rows):
        file, planted.records = number * files // rows, planted.records + 1
        chance = rng.random()
        if chance < 0.01:
            lines[file].append(rng.choice(("{broken", '["no", "object"]', '{"id": "x", "question": "half \\ud83d"}')))
            planted.broken += 1
            continue
        name, question, answer = f"q{number}", *_made(rng, number)
        if chance < 0.05:
            answer = rng.choice(("ok", "<b>ok</b>", " ", "&nbsp;yes"))
            planted.short.add(name)
        elif chance < 0.13 and kept:
            first, question, answer = rng.choice(kept)
            question, answer = _disguised(rng, question), _disguised(rng, answer)
            planted.copies[name] = first
        elif chance < 0.15 and kept:
            name = rng.choice(kept)[0]
            planted.repeated.append(name)
        else:
            planted.clean += 1
            kept.append((name, question, answer))
        lines[file].append(json.dumps({"id": name, "question": question, "answer": answer, "user": f"u{number % 97}"}))
    for file, some in enumerate(lines):
        text = "".join(f"{line}\n" for line in some).encode()
        path = folder / f"dump{file}.jsonl"
        if packed:
            path.with_suffix(".jsonl.gz").write_bytes(gzip.compress(text, 4, mtime=0))
        else:
            path.write_bytes(text)
    return planted


def _made(rng: random.Random, number: int) -> tuple[str, str]:
    complaint, drug = rng.choice(COMPLAINTS), rng.choice(DRUGS)
    question = f"I have had {complaint} for {rng.randint(2, 90)} days, since case {number}. Would {drug} help?"
    advice = rng.choice(ADVICE).format(drug=drug, dose=rng.randint(5, 500))
    return question, f"For {complaint} you should {advice}; this is answer {number}."


def _disguised(rng: random.Random, text: str) -> str:
    change = rng.randrange(4)
    if change == 0:
        return f"  {text.upper()}\r\n"
    if change == 1:
        return text.replace(" ", "\u00a0 ", 2)
    if change == 2:
        return f"<p>{text}</p>"
    return text.replace("d", "&#100;", 1)
