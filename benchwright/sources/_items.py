"""Questions as read -> items and rejects, with provenance for every field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from benchwright.schemas.ids import make_group, make_id
from benchwright.schemas.item import Item
from benchwright.schemas.papers import PaperJob
from benchwright.schemas.parts import Context, Exam, Key, Label, Media, Option, Provenance
from benchwright.schemas.parts import Mark as TextMark
from benchwright.schemas.rows import to_frame
from benchwright.schemas.rules import violations
from benchwright.schemas.tables import Reject
from benchwright.sources._blocks import Block
from benchwright.sources._edited import miscounted
from benchwright.sources._fields import FieldText, field_boxes, field_marks, field_text
from benchwright.sources._figures import Figure
from benchwright.sources._labels import OPTION_IDS
from benchwright.sources._marks import SAME
from benchwright.sources._mixedkeys import MixedTable
from benchwright.sources._ocrpages import mean_confidence, mended_signature
from benchwright.sources._paper import Paper
from benchwright.sources._rationales import rationales_of
from benchwright.sources._unnumbered import sets_behind
from benchwright.sources._vignettes import Vignette

__all__ = ["CutFigure", "items_of", "lawful"]


@dataclass(frozen=True)
class CutFigure:
    """A figure whose picture has been kept."""

    figure: Figure
    sha256: str
    file: str


def items_of(paper: Paper, job: PaperJob, parser: str, figures: Mapping[Figure, CutFigure]) -> Iterator[Item | Reject]:
    """Yield one item or reject for each number 1..N of every section, then all text that is neither."""
    sections = sorted({block.section for block in paper.blocks})
    for section in sections:
        part = job.part if len(sections) == 1 else f"{job.part}.{section + 1}"
        numbered = [(k, block) for k, block in enumerate(paper.blocks) if block.section == section]
        expect = max(block.number for _, block in numbered)
        if job.expect is not None and len(sections) == 1:
            expect = max(expect, job.expect)
        behind = sets_behind(paper.reading, numbered[-1][1])
        expect = max(expect, numbered[-1][1].number + behind)
        yield from _missing(paper, job, part, [block for _, block in numbered], expect)
        for position, block in numbered:
            yield _Maker(paper, job, part, parser, figures).make(position, block)
            yield from _miscounted(paper, job, part, block)
    yield from _outside(paper, job)


def _missing(paper: Paper, job: PaperJob, part: str, blocks: list[Block], expect: int) -> Iterator[Reject]:
    found = {block.number: block for block in blocks}
    page = paper.lines[blocks[0].first].page
    for number in range(1, expect + 1):
        if number in found:
            page = paper.lines[found[number].last].page
            continue
        yield Reject(
            file=job.file,
            page=page,
            reason="number-missing",
            detail=f"number {number} of 1..{expect} was not found; it should stand on page {page} or the next",
            group=make_group(job.exam, job.edition, part, str(number)),
            language=job.language,
            number=str(number),
        )


def _miscounted(paper: Paper, job: PaperJob, part: str, block: Block) -> Iterator[Reject]:
    """Tell of a question with a number of options that an edited layout does not allow; it stays an item."""
    detail = miscounted(job.layout, len(block.options))
    if detail:
        yield Reject(
            file=job.file,
            page=paper.lines[block.first].page,
            text=field_text(paper.lines, block.stem, paper.words).text,
            reason="options-count",
            detail=detail,
            group=make_group(job.exam, job.edition, part, str(block.number)),
            language=job.language,
            number=str(block.number),
        )


def _outside(paper: Paper, job: PaperJob) -> Iterator[Reject]:
    """Yield text after the options of a question that is no vignette, and figures that belong to no question."""
    for block in paper.blocks:
        text = field_text(paper.lines, block.rest, paper.words)
        if not text.text:
            continue
        for page, box in field_boxes(text, paper.pages)[:1]:
            yield Reject(
                file=job.file, page=page, x0=box[0], y0=box[1], x1=box[2], y1=box[3], text=text.text,
                reason="text-outside", detail=f"after question {block.number}", language=job.language,
            )  # fmt: skip
    for figure in paper.homeless:
        x0, y0, x1, y1 = figure.box
        yield Reject(
            file=job.file,
            page=figure.page,
            x0=x0,
            y0=y0,
            x1=x1,
            y1=y1,
            reason="image-unattached",
            language=job.language,
        )


def lawful(read: Iterable[Item | Reject]) -> Iterator[Item | Reject]:
    """Yield what was read; items that break a rule of the record become rejects. All are checked at once."""
    some = list(read)
    items = [one for one in some if isinstance(one, Item)]
    broken = violations(to_frame(items, Item))
    rules = {row["row"]: f"{row['code']}: expected {row['expected']}" for row in broken.iter_rows(named=True)}
    faulty = {id(items[row]): rule for row, rule in rules.items()}
    for one in some:
        if isinstance(one, Item) and id(one) in faulty:
            first = one.provenance[0] if one.provenance else None
            yield Reject(
                file=first.file if first else "",
                page=first.page if first else None,
                text=one.stem,
                reason="record-invalid",
                detail=faulty[id(one)],
                group=one.group,
                language=one.language,
                number=one.exam.number,
            )
        else:
            yield one


@dataclass(frozen=True)
class _Maker:
    paper: Paper
    job: PaperJob
    part: str
    parser: str
    figures: Mapping[Figure, CutFigure]

    def make(self, position: int, block: Block) -> Item | Reject:
        """Return the item of a block; without options in a paper that has options, a reject with all of its text."""
        lines = self.paper.lines
        stem = field_text(lines, block.stem, self.paper.words)
        group = make_group(self.job.exam, self.job.edition, self.part, str(block.number))
        placed = self.paper.figures.get(position, ())
        unmatched = self.paper.reading.unmatched and not (block.answered or block.blank)
        if not block.options and (unmatched or (self.paper.reading.usual >= 2 and not self._open(block))):
            return self._reject(block, group, stem)
        texts = [field_text(lines, option.pieces, self.paper.words) for option in block.options]
        vignette = self._vignette(block)
        provenance = self._places("stem", stem)
        marks: list[TextMark] = field_marks(stem, "stem", self.paper.pages)
        options = []
        for k, (option, text) in enumerate(zip(block.options, texts, strict=True)):
            options.append(Option(id=OPTION_IDS[k], label=self._label(k, option.mark.printed), text=text.text))
            provenance += self._places(f"option:{OPTION_IDS[k]}", text)
            marks += field_marks(text, f"option:{OPTION_IDS[k]}", self.paper.pages)
        context = None
        if vignette is not None:
            shared = field_text(lines, vignette.pieces, self.paper.words)
            name = make_group(self.job.exam, self.job.edition, self.part, f"{vignette.first}-{vignette.last}")
            context = Context(id=name, text=shared.text)
            provenance += self._places("context", shared)
        told = rationales_of(self.paper, position, block, options, self.job.language)
        provenance += [place for _, text in told for place in self._places("rationale", text)]
        fields = {
            "id": make_id(group, self.job.language),
            "group": group,
            "language": self.job.language,
            "origin_language": self.job.origin_language or self.job.language,
            "origin": "official_translation" if self._translated() else "native",
            "kind": "single" if options else "short_answer",
            "context": context,
            "stem": stem.text,
            "options": tuple(options),
            "key": Key(status="unknown"),
            "rationales": tuple(rationale for rationale, _ in told),
            "media": tuple(self._media(figure, option) for figure, option in placed),
            "needs_image": "yes" if placed else "unknown",
            "marks": tuple(marks),
            "exam": self._exam(block),
            "labels": self._labels(),
            "provenance": tuple(provenance),
            "licence": self.job.licence,
            "contributor": self.job.contributor,
        }
        return Item.model_validate(fields, context={"rules_checked": True})

    def _open(self, block: Block) -> bool:
        """Tell whether a question has no options because its answer is to be written."""
        table = self.paper.key.table if self.paper.key else None
        worded = isinstance(table, MixedTable) and block.number in table.free
        return block.answered or block.blank or worded or self._open_section(block)

    def _open_section(self, block: Block) -> bool:
        """Tell whether questions without options are usual here: three or more neighbours have none.

        Two are enough at the end of a paper that has such a section before.
        """
        blocks = self.paper.blocks
        at = blocks.index(block)
        runs = [list(run) for _, run in groupby(range(len(blocks)), key=lambda k: bool(blocks[k].options))]
        own = next(run for run in runs if at in run)
        if len(own) > 2:
            return True
        before = any(len(run) > 2 and not blocks[run[0]].options for run in runs)
        return len(own) == 2 and own is runs[-1] and before

    def _translated(self) -> bool:
        return self.job.origin_language is not None and self.job.origin_language != self.job.language

    def _label(self, index: int, printed: str) -> str:
        if self.paper.reading.kind is not None and self.paper.reading.kind[0] in ("private", SAME):
            return OPTION_IDS[index]
        return printed

    def _vignette(self, block: Block) -> Vignette | None:
        return next(
            (v for v in self.paper.vignettes if v.section == block.section and v.first <= block.number <= v.last), None
        )

    def _places(self, field: str, text: FieldText) -> list[Provenance]:
        return [
            Provenance(
                field=field, file=self.job.file, sha256=self.job.sha256, page=page,
                x0=round(box[0], 2), y0=round(box[1], 2), x1=round(box[2], 2), y1=round(box[3], 2),
                parser=mended_signature(self.parser, self.paper.pages[page]), ocr=self.paper.pages[page].ocr,
                confidence=mean_confidence(self.paper.pages[page], [c for p, c in text.places if p == page and c >= 0]),
            )
            for page, box in field_boxes(text, self.paper.pages)
        ]  # fmt: skip

    def _media(self, figure: Figure, option: int | None) -> Media:
        kept = self.figures[figure]
        x0, y0, x1, y1 = (round(edge, 2) for edge in figure.box)
        return Media(
            sha256=kept.sha256,
            media_type="image/png",
            role="figure" if option is None else "option",
            attached_to="stem" if option is None else f"option:{OPTION_IDS[option]}",
            file=kept.file,
            source_file=self.job.file,
            page=figure.page,
            x0=x0, y0=y0, x1=x1, y1=y1,
        )  # fmt: skip

    def _exam(self, block: Block) -> Exam:
        job = self.job
        printed = self.paper.lines[block.first].text[: block.start.end].strip()
        return Exam(
            country=job.country,
            body=job.body,
            code=job.exam,
            edition=job.edition,
            session_date=job.session_date,
            release_date=job.release_date,
            part=self.part,
            number=str(block.number),
            printed_numbers=(f"{job.booklet}:{printed}",) if job.booklet else (),
            profession=job.profession,
            specialty=job.specialty,
            points=job.points,
            pass_rule=job.pass_rule,
        )

    def _labels(self) -> tuple[Label, ...]:
        return (Label(taxonomy="subject", value=self.job.subject, source="recipe"),) if self.job.subject else ()

    def _reject(self, block: Block, group: str, stem: FieldText) -> Reject:
        page, box = next(iter(field_boxes(stem, self.paper.pages)), (self.paper.lines[block.first].page, (None,) * 4))
        return Reject(
            file=self.job.file,
            page=page,
            x0=box[0], y0=box[1], x1=box[2], y1=box[3],
            text=stem.text,
            reason="no-options",
            detail=self.paper.reading.unmatched or f"the paper's questions have {self.paper.reading.usual} options",
            group=group,
            language=self.job.language,
            number=str(block.number),
        )  # fmt: skip
