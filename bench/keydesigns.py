"""Keys of drawn shapes, read back cell by cell: exact, unknown (a reject, no guess) and wrong, by form.

python bench/keydesigns.py 200 5000            200 designs from seed 5000
python bench/keydesigns.py 200 5000 --show     and the designs that were not read in full
python bench/keydesigns.py 200 5000 --write    put the line into RESULTS.md
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.extraction import put  # noqa: E402
from bench.papers import git  # noqa: E402
from benchwright.schemas.errors import BenchwrightError  # noqa: E402
from benchwright.schemas.papers import KeyEntry, PaperJob  # noqa: E402
from benchwright.sources._labels import canonical_label, label_place  # noqa: E402
from benchwright.sources.pdf import KEYS  # noqa: E402
from tests.typesetter.keydesigns import (  # noqa: E402
    SERIES,
    Design,
    Truth,
    draw_design,
    truth_of,
    version_name,
)
from tests.typesetter.keyprint import print_design  # noqa: E402


def told(entry: KeyEntry | None, design: Design) -> frozenset[frozenset[str]] | None:
    """Return what an entry says, in letters by place; None for unknown and for no entry at all."""
    if entry is None or entry.status == "unknown":
        return None
    signs = [canonical_label(sign) for sign in SERIES[design.series]]
    places = [[label_place(signs, one) for one in response] for response in entry.answers]
    return frozenset(frozenset("ABCDE"[at] if at is not None else "?" for at in some) for some in places)


def judged(entry: KeyEntry | None, truth: Truth, design: Design) -> str:
    """Return exact, unknown or wrong."""
    said = told(entry, design)
    if truth is None:
        return "exact" if said is None or said == frozenset() else "wrong"
    if said is None:
        return "unknown"
    return "exact" if said == truth else "wrong"


def read_entries(design: Design, folder: Path) -> tuple[dict[int, KeyEntry], int]:
    """Print one design and return what is read of it, and of which version that is."""
    path = print_design(design, folder / f"key-{design.seed}.pdf")
    version = design.versions - 1 if design.form in {"versions", "sides"} else 0
    job = PaperJob(
        file=path.name, sha256="0" * 64, exam="x", edition="2031", part="1", language=design.language, role="key",
        booklet=version_name(design, version) if design.form in {"versions", "sides"} else None,
    )  # fmt: skip
    try:
        return {int(entry.number): entry for entry in KEYS.read_key(path, job).entries}, version
    except BenchwrightError as error:
        print(f"  {design.seed}: {error.problems[0].code}", file=sys.stderr)
    return {}, version


def read(design: Design, folder: Path) -> Counter[str]:
    """Print one design, read it, and count its cells."""
    entries, version = read_entries(design, folder)
    truth = truth_of(design, version)
    count = Counter(judged(entries.get(number), answer, design) for number, answer in truth.items())
    count["extra"] = len(entries.keys() - truth.keys())
    return count


def main() -> None:
    """Measure, print and, when asked, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("designs", type=int)
    parser.add_argument("seed", type=int)
    parser.add_argument("--form", default=None)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    fixed = {"form": options.form} if options.form else {}
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(options.seed, options.seed + options.designs):
            design = draw_design(seed, **fixed)
            count = read(design, Path(folder))
            forms[design.form].update(count)
            forms[design.form]["designs"] += 1
            forms[design.form]["whole"] += count["exact"] == len(design.cells)
            if options.show and count["exact"] < len(design.cells):
                print(dict(count), design)
    total: Counter[str] = Counter()
    for form, count in sorted(forms.items()):
        total.update(count)
        print(f"{form}: {count['whole']} of {count['designs']} whole; {dict(count)}")
    cells = total["exact"] + total["unknown"] + total["wrong"]
    said = (
        f"exact {total['exact']} of {cells} cells ({100 * total['exact'] / cells:.2f} %), unknown {total['unknown']}, "
        f"wrong {total['wrong']}, not there {total['extra']}; {total['whole']} of {total['designs']} keys whole"
    )
    print(said)
    if options.write:
        call = f"python bench/keydesigns.py {options.designs} {options.seed} --write"
        commit = git("rev-parse", "--short", "HEAD")
        n = f"{total['designs']} keys from seed {options.seed}, not seen before"
        put([f"| keys of shapes drawn at random | {said} | {n} | `{call}` | {commit} |"])


if __name__ == "__main__":
    main()
