"""A whole folder of papers as a ministry keeps it: exams, years, parts, languages, versions, keys, and bad files."""

from __future__ import annotations

import random
import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.typesetter.layout import Layout
from tests.typesetter.model import PrintExam
from tests.typesetter.pictures import picture
from tests.typesetter.press import print_exam, print_key
from tests.typesetter.text import random_exam
from tests.typesetter.versions import booklet_version, print_versions

_FIRST_YEAR = 2009
_NEW_LAYOUT = 2
"""Every exam prints its later years in another layout, from this share of the years on."""


@dataclass
class Folder:
    """What was printed, by name relative to the folder."""

    root: Path
    booklets: dict[str, tuple[str, str, str, str]] = field(default_factory=dict)
    """Exam, edition, part and language of each readable booklet; versions of one booklet share theirs."""
    layouts: dict[str, str] = field(default_factory=dict)
    """The layout in which each booklet was printed."""
    keys: list[str] = field(default_factory=list)
    duplicates: dict[str, str] = field(default_factory=dict)
    """Copies and the files that they are copies of."""
    unreadable: list[str] = field(default_factory=list)
    others: dict[str, str] = field(default_factory=dict)
    """Roles of image booklets and statistics."""
    questions: int = 0

    @property
    def names(self) -> list[str]:
        """All files, sorted."""
        return sorted(path.relative_to(self.root).as_posix() for path in self.root.rglob("*") if path.is_file())


def print_folder(root: Path, *, years: int = 3, questions: int = 6, seed: int = 1, bad: bool = True) -> Folder:
    """Prints three exams of ``years`` sittings each: 20 files a year, and the bad and other files once.

    Args:
        root: a new folder.
        years: sittings of each exam.
        questions: questions of each booklet.
        seed: equal seeds give equal texts.
        bad: whether copies, broken files, pictures and statistics are there too.
    """
    folder = Folder(root)
    scratch = root.parent / f".{root.name}-scratch"
    for place in range(years):
        later = place >= max(1, years // _NEW_LAYOUT)
        year = _FIRST_YEAR + place
        _medicine(folder, scratch, year, questions, seed, later=later)
        _nursing(folder, scratch, year, questions, seed, later=later)
        _pharmacy(folder, scratch, year, questions, seed, later=later)
    if bad:
        _bad(folder)
        _others(folder, questions, seed)
    shutil.rmtree(scratch, ignore_errors=True)
    return folder


def print_booklets(root: Path, *, files: int, questions: int, seed: int = 1) -> Folder:
    """Prints ``files`` booklets of one exam, each with its key on the last page, for measurements."""
    folder = Folder(root)
    layout = Layout(key_format="last-page", running_header=True, page_number="{page}", font_size=11.0, line_spacing=1.5)
    for place in range(files):
        year, part = _FIRST_YEAR + place % 10, place // 10 + 1
        exam = _exam("Licensing Examination", "en", questions, seed * 1000 + place, year)
        _booklet(folder, root / ".scratch", exam, layout, f"licensing_{year}_p{part}.pdf", "licensing", str(part))
    shutil.rmtree(root / ".scratch", ignore_errors=True)
    return folder


def _medicine(folder: Folder, scratch: Path, year: int, questions: int, seed: int, *, later: bool) -> None:
    """Two parts in two languages; one key for both languages, all in one folder."""
    layout = Layout(key_format="columns", running_header=True, page_number="{page}")
    if later:
        layout = replace(layout, columns=2, number_style="{})", option_style="lower:{})")
    for part in (1, 2):
        first = _exam("Examen Nacional de Medicina", "es", questions, seed + 10 * year + part, year)
        second = _exam("National Examination in Medicine", "en", questions, seed + 10 * year + part, year)
        keyed = tuple(replace(b, key=a.key) for a, b in zip(first.items, second.items, strict=True))
        for exam in (first, second.with_items(keyed)):
            name = f"medicina_{year}_p{part}_{exam.language}.pdf"
            _booklet(folder, scratch, exam, layout, name, "medicina", str(part))
        _key(folder, scratch, first, layout, f"medicina_{year}_p{part}_clave")


def _nursing(folder: Folder, scratch: Path, year: int, questions: int, seed: int, *, later: bool) -> None:
    """Two parts, each in versions A and B with one key for both; a folder for each year."""
    layout = Layout(number_style="{}.-", option_style="lower:{})", cover=True)
    if later:
        layout = replace(layout, option_style="upper:({})", font="noto-serif", cover=False)
    for part in (1, 2):
        exam = _exam("Concours National Infirmier", "fr", questions, seed + 20 * year + part, year)
        versions = [booklet_version(exam, name, seed + year) for name in ("A", "B")]
        printed, key = print_versions(versions, layout, scratch)
        for version, one in zip(versions, printed, strict=True):
            name = f"infirmier/{year}/infirmier_{year}_partie{part}_{version.version}.pdf"
            _put(folder, one.booklet, name)
            folder.booklets[name] = ("infirmier", str(year), str(part), "fr")
            folder.layouts[name] = f"infirmier-{later}"
        folder.questions += questions
        name = f"infirmier/{year}/infirmier_{year}_partie{part}_corrige.pdf"
        _put(folder, key, name)
        folder.keys.append(name)


def _pharmacy(folder: Folder, scratch: Path, year: int, questions: int, seed: int, *, later: bool) -> None:
    """Four papers with keys as CSV."""
    layout = Layout(key_format="csv", number_style="Question {}", number_own_line=True, option_style="upper:{}.")
    if later:
        layout = replace(layout, number_style="{}.", number_own_line=False, option_style="digit:({})")
    for part in (1, 2, 3, 4):
        exam = _exam("Pharmacy Board Paper", "en", questions, seed + 30 * year + part, year)
        _booklet(folder, scratch, exam, layout, f"pharmacy-{year}-paper-{part}.pdf", "pharmacy", str(part))
        _key(folder, scratch, exam, layout, f"pharmacy-{year}-paper-{part}-answers")


def _exam(title: str, language: str, questions: int, seed: int, year: int) -> PrintExam:
    exam = random_exam(seed, language, questions, options=(4, 4))
    return replace(exam, title=f"{title} {year}", header=f"{title} {year}")


def _booklet(
    folder: Folder, scratch: Path, exam: PrintExam, layout: Layout, name: str, code: str, part: str
) -> None:  # fmt: skip
    printed = print_exam(exam, layout, scratch, with_keys=False)
    _put(folder, printed.booklet, name)
    folder.booklets[name] = (code, exam.title.rpartition(" ")[2], part, exam.language)
    folder.layouts[name] = f"{code}-{layout.number_style}{layout.option_style}"
    folder.questions += len(exam.items)


def _key(folder: Folder, scratch: Path, exam: PrintExam, layout: Layout, stem: str) -> None:
    made = print_key(exam, layout, scratch, "key")
    name = f"{stem}{made.suffix}"
    _put(folder, made, name)
    folder.keys.append(name)


def _put(folder: Folder, made: Path, name: str) -> None:
    target = folder.root / name
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(made, target)


def _bad(folder: Folder) -> None:
    """Copies under other names, and files that no reader can read or whose suffix is wrong."""
    names = sorted(folder.booklets)
    for original, copy in ((names[0], "copia de " + Path(names[0]).name), (names[-1], "old/" + Path(names[-1]).name)):
        (folder.root / copy).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder.root / original, folder.root / copy)
        folder.duplicates[copy] = original
    whole = (folder.root / names[-1]).read_bytes()
    broken = {
        f"pharmacy-{_FIRST_YEAR - 1}-paper-1.pdf": whole[: len(whole) // 3],
        f"pharmacy-{_FIRST_YEAR - 1}-paper-2.pdf": b"",
        f"pharmacy-{_FIRST_YEAR - 1}-paper-3.pdf": _encrypted(),
        f"pharmacy-{_FIRST_YEAR - 1}-paper-4.pdf": b"PK\x03\x04 this is no PDF",
    }
    for name, data in broken.items():
        (folder.root / name).write_bytes(data)
        folder.unreadable.append(name)


def _encrypted() -> bytes:
    from io import BytesIO

    from reportlab.pdfgen.canvas import Canvas

    buffer = BytesIO()
    canvas = Canvas(buffer, encrypt="secret")
    canvas.drawString(72, 700, "1. Nobody reads this without the password.")
    canvas.save()
    return buffer.getvalue()


def _others(folder: Folder, questions: int, seed: int) -> None:
    """Statistics as a table and as PDF, and one picture."""
    generator = random.Random(f"statistics {seed}")
    rows = [(number, round(generator.uniform(0.2, 0.95), 2), 4021) for number in range(1, questions + 1)]
    lines = ["question,share correct,candidates", *(f"{n},{share},{count}" for n, share, count in rows)]
    name = f"pharmacy-{_FIRST_YEAR}-paper-1-statistics.csv"
    (folder.root / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    folder.others[name] = "human"
    name = f"pharmacy-{_FIRST_YEAR}-paper-2-statistics.pdf"
    print_statistics(folder.root / name, [(n, share, count) for n, share, count in rows])
    folder.others[name] = "human"
    name = f"pharmacy-{_FIRST_YEAR}-paper-1-fig_IIa.png"
    (folder.root / name).write_bytes(picture(seed))
    folder.others[name] = "images"


def print_statistics(path: Path, rows: list[tuple[int, float, int]], title: str = "Item statistics") -> Path:
    """Prints a table of number, share correct in per cent and candidates, as papers print it."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    path.parent.mkdir(parents=True, exist_ok=True)
    canvas = Canvas(str(path), pagesize=A4, invariant=1)
    for start in range(0, len(rows), 40):
        canvas.setFont("Helvetica", 11)
        canvas.drawString(72, 790, title)
        for x, text in zip((72, 180, 320), ("Question", "Correct (%)", "Candidates"), strict=True):
            canvas.drawString(x, 765, text)
        for place, (number, share, count) in enumerate(rows[start : start + 40]):
            y = 745 - 17 * place
            canvas.drawString(72, y, str(number))
            canvas.drawString(180, y, f"{100 * share:.1f}")
            canvas.drawString(320, y, str(count))
        canvas.showPage()
    canvas.save()
    return path
