"""What the tests of files without pages share: a job, a picture sink, DOCX files from the standard library."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from hypothesis import strategies as st

from benchwright.schemas.item import Item
from benchwright.schemas.papers import PaperJob
from benchwright.schemas.tables import Reject
from benchwright.sources._flatsource import FlatSource

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000 1f15c489".replace(" ", "")
    + "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


@dataclass
class Sink:
    """Keeps pictures in memory."""

    kept: dict[str, bytes] = field(default_factory=dict)

    def put(self, data: bytes, media_type: str) -> tuple[str, str]:
        digest = hashlib.sha256(data).hexdigest()
        self.kept[digest] = data
        return digest, f"{digest}.{media_type.rsplit('/', 1)[-1]}"


def job(file: str = "paper", **values: Any) -> PaperJob:
    base = {"file": file, "sha256": "0" * 64, "exam": "made-up", "edition": "2031", "part": "1", "language": "en"}
    return PaperJob.model_validate(base | values)


def parse(source: FlatSource, path: Path, **values: Any) -> tuple[list[Item], list[Reject]]:
    """Items and rejects of one file."""
    read = list(source.parse(path, job(path.name, **values), Sink()))
    return [one for one in read if isinstance(one, Item)], [one for one in read if isinstance(one, Reject)]


def told(items: Sequence[Item]) -> list[tuple[str, str, list[str], tuple[tuple[str, ...], ...]]]:
    """Number, stem, option texts and answers of items."""
    return [(i.exam.number, i.stem, [o.text for o in i.options], i.key.answers) for i in items]


@dataclass(frozen=True)
class Asked:
    """A made-up question."""

    stem: str
    options: tuple[str, ...]
    right: int

    @property
    def letter(self) -> str:
        return "ABCDEFGHIJ"[self.right]


def expected(asked: Sequence[Asked], first: int = 1) -> list[tuple[str, str, list[str], tuple[tuple[str, ...], ...]]]:
    return [(str(n), q.stem, list(q.options), ((q.letter,),)) for n, q in enumerate(asked, first)]


_WORDS = ("river", "lamp", "çok", "año", "сад", "水星", "über", "thread", "copper", "moon", "εδώ", "winter", "glass")


@st.composite
def questions(draw: st.DrawFn, least: int = 4, most: int = 9) -> list[Asked]:
    """Questions of one paper: the same number of options in each, all options of a question different."""
    count = draw(st.integers(2, 5))
    words = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=4).map(" ".join)
    one = st.builds(
        lambda text, options, right: Asked(f"Which {text} is meant here?", tuple(options), right % count),
        words,
        st.lists(words, min_size=count, max_size=count, unique=True),
        st.integers(0, 9),
    )
    return draw(st.lists(one, min_size=least, max_size=most))


def sample(count: int = 5) -> list[Asked]:
    """A fixed paper of three options."""
    return [
        Asked(f"Which {_WORDS[k]} is meant in case {k} of the list?", (f"the {w}", f"no {w}", f"{w} again"), k % 3)
        for k, w in zip(range(count), _WORDS, strict=False)
    ]


def run(text: str, *styles: str) -> str:
    """A run of text; styles are the inside of ``w:rPr``."""
    properties = f"<w:rPr>{''.join(styles)}</w:rPr>" if styles else ""
    parts = escape(text).split("\n")
    body = "<w:br/>".join(f'<w:t xml:space="preserve">{part}</w:t>' for part in parts)
    return f"<w:r>{properties}{body}</w:r>"


def paragraph(*runs: str, number: tuple[int, int] | None = None) -> str:
    """A paragraph of runs, numbered by a definition and level when given."""
    listed = f'<w:numPr><w:ilvl w:val="{number[1]}"/><w:numId w:val="{number[0]}"/></w:numPr>' if number else ""
    properties = f"<w:pPr>{listed}</w:pPr>" if listed else ""
    return f"<w:p>{properties}{''.join(runs)}</w:p>"


def picture(link: str = "rId9", described: str = "") -> str:
    return (
        f'<w:r><w:drawing><wp:inline xmlns:wp="urn:x"><wp:docPr descr="{described}"/>'
        f'<a:blip xmlns:a="{A}" r:embed="{link}"/></wp:inline></w:drawing></w:r>'
    )


def table(rows: Sequence[Sequence[str]]) -> str:
    """A table; cells are paragraphs already."""
    lines = ("".join(f"<w:tc>{cell}</w:tc>" for cell in row) for row in rows)
    return "<w:tbl>" + "".join(f"<w:tr>{line}</w:tr>" for line in lines) + "</w:tbl>"


def numbering(**lists: Sequence[tuple[str, str]]) -> str:
    """``numbering.xml``: ``n1=[("decimal", "%1."), ("upperLetter", "%2.")]`` defines list 1 with two levels."""
    text = f'<w:numbering xmlns:w="{W}">'
    for name, levels in lists.items():
        inside = "".join(
            f'<w:lvl w:ilvl="{k}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{shape}"/></w:lvl>'
            for k, (kind, shape) in enumerate(levels)
        )
        text += f'<w:abstractNum w:abstractNumId="{name[1:]}">{inside}</w:abstractNum>'
    for name in lists:
        text += f'<w:num w:numId="{name[1:]}"><w:abstractNumId w:val="{name[1:]}"/></w:num>'
    return text + "</w:numbering>"


def docx(path: Path, *blocks: str, parts: dict[str, str | bytes] | None = None) -> Path:
    """Write a DOCX whose body is some blocks; a picture is there as rId9."""
    body = f'<w:document xmlns:w="{W}" xmlns:r="{R}" xmlns:m="{M}"><w:body>{"".join(blocks)}</w:body></w:document>'
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId9" Type="image" Target="media/one.png"/></Relationships>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", body)
        archive.writestr("word/_rels/document.xml.rels", relations)
        archive.writestr("word/media/one.png", PNG)
        for name, data in (parts or {}).items():
            archive.writestr(name, data)
    return path


def lines_of(asked: Sequence[Asked], number: str = "{}.", mark: str = "{})") -> Iterator[tuple[str, int, int | None]]:
    """Yield the lines of a paper: text, question, and option (null for the stem)."""
    for k, question in enumerate(asked):
        yield f"{number.format(k + 1)} {question.stem}", k, None
        for i, option in enumerate(question.options):
            yield f"{mark.format('abcdefghij'[i])} {option}", k, i
