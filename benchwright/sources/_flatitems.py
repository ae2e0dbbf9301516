"""Questions as read from a file without pages -> items and rejects, keyed where the file holds the key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import regex

from benchwright.schemas.errors import SchemaError
from benchwright.schemas.ids import make_group, make_id
from benchwright.schemas.item import Item
from benchwright.schemas.papers import KeyEntry, KeySheet, MediaSink, PaperJob
from benchwright.schemas.parts import Context, Exam, Key, KeyStatus, Label, Media, Option, Provenance, Rationale
from benchwright.schemas.parts import Mark as TextMark
from benchwright.schemas.tables import Reject
from benchwright.sources._edited import miscounted, unmatched_edit
from benchwright.sources._flat import BOLD, ITALIC, UNDERLINE, FlatLine, joined
from benchwright.sources._flatafter import by_option
from benchwright.sources._flatcolumns import is_answer
from benchwright.sources._flatcut import Question
from benchwright.sources._flatkeys import FlatKey, certain, signs_of
from benchwright.sources._flatpaper import FlatPaper
from benchwright.sources._join import canonical_label, join_keys
from benchwright.sources._keys import Cell
from benchwright.sources._kinds import open_fields, told_by_paper
from benchwright.sources._labels import OPTION_IDS
from benchwright.sources._mixedkeys import MixedTable, all_entries
from benchwright.sources._series import statements_in
from benchwright.sources._stance import stance_of

__all__ = ["items_of"]

_LATE_START = 20
"""A first number up to this one means that the numbers before it were lost."""
_EMPHASIS = ((BOLD, "bold"), (UNDERLINE, "underline"), (ITALIC, "italics"))


def items_of(paper: FlatPaper, job: PaperJob, parser: str, media: MediaSink) -> Iterator[Item | Reject]:
    """Yield one item or reject for each question and each number that is missing, then all text that is neither."""
    sections = [list(some) for _, some in groupby(paper.questions, key=lambda q: q.section)]
    for position, questions in enumerate(sections):
        part = job.part if len(sections) == 1 else f"{job.part}.{position + 1}"
        expect = job.expect if len(sections) == 1 else None
        yield from _missing(questions, job, part, expect)
        maker = _Maker(paper, job, part, parser, media)
        read = [one for question in questions for one in maker.make(question)]
        lead = [line.text for line, why in paper.outside if why.startswith(("before", "above"))]
        items = told_by_paper([one for one in read if isinstance(one, Item)], lead)
        sheet, places = _own_key(paper, job, part, parser, questions, maker.made, position, len(sections))
        if sheet is not None:
            items, refused, _ = join_keys(items, [sheet])
            items = [_placed(item, places, job) for item in items]
            read = [*(one for one in read if isinstance(one, Reject)), *refused]
        else:
            read = [one for one in read if isinstance(one, Reject)]
        yield from items
        yield from read
    yield from _left_over(paper, job)


def _missing(questions: Sequence[Question], job: PaperJob, part: str, expect: int | None) -> Iterator[Reject]:
    """Yield the numbers between the first and the last that were not read; a paper may begin at any number."""
    numbers = {int(question.number): question for question in questions}
    first, last = min(numbers), max(numbers)
    if first <= _LATE_START:
        first = 1
    if expect is not None:
        last = expect if expect >= last else max(last, first + expect - 1)
    for number in range(first, last + 1):
        if number not in numbers:
            before = numbers.get(number - 1)
            place = f"after row {before.row} ({before.xpath})" if before else "before the first that was read"
            yield Reject(
                file=job.file, reason="number-missing", number=str(number), language=job.language,
                group=make_group(job.exam, job.edition, part, str(number)),
                detail=f"number {number} of {first}..{last} was not found; it should stand {place}",
            )  # fmt: skip


@dataclass
class _Maker:
    paper: FlatPaper
    job: PaperJob
    part: str
    parser: str
    media: MediaSink
    made: dict[str, Question] = field(default_factory=dict)
    """Questions that became items, by number."""

    def make(self, question: Question) -> Iterator[Item | Reject]:
        """Yield the item of a question, or why there is none, and the pictures and text that it cannot hold."""
        group = make_group(self.job.exam, self.job.edition, self.part, question.number)
        text = joined(question.stem)[0]
        if question.number in self.made:
            yield self._reject(question, "number-repeated", f"number {question.number} was read before", text)
            return
        unmatched = unmatched_edit(self.job.layout, self.paper.kind)
        refused = not _written(question) if unmatched else self.paper.usual >= 2 and not self._open(question)
        if len(question.choices) < 2 and refused:
            detail = unmatched or f"the paper's questions have {self.paper.usual} options"
            yield self._reject(question, "no-options", detail, text)
            return
        try:
            item = self._item(question, group)
        except SchemaError as error:
            yield self._reject(question, "record-invalid", str(error.problems[0]), text)
            return
        self.made[question.number] = question
        yield item
        miscount = miscounted(self.job.layout, len(item.options))
        if miscount:
            yield self._reject(question, "options-count", miscount, text)
        for line in question.rest:
            if line.text or line.pictures:
                yield _outside(self.job, line, f"after question {question.number}")
        for line in question.explanation:
            for _, picture in line.pictures:
                yield Reject(
                    file=self.job.file, reason="image-unattached", text=picture.name, group=group,
                    number=question.number, language=self.job.language,
                    detail=f"belongs to the explanation; row {line.row}, {line.xpath}",
                )  # fmt: skip

    def _open(self, question: Question) -> bool:
        """Tell whether a question without options is meant so: its neighbours have none, or its answer is no label."""
        if question.choices:
            return False
        if _written(question):
            return True
        questions = self.paper.questions
        low = high = questions.index(question)
        while low > 0 and not questions[low - 1].choices:
            low -= 1
        while high + 1 < len(questions) and not questions[high + 1].choices:
            high += 1
        return high - low >= 2

    def _item(self, question: Question, group: str) -> Item:
        stem, marks = self._text(question.stem, "stem")
        options = []
        provenance = self._places("stem", question.stem, question)
        media = self._media(question.stem, "stem", "figure")
        for k, choice in enumerate(question.choices):
            text, found = self._text(choice.lines, f"option:{OPTION_IDS[k]}")
            options.append(Option(id=OPTION_IDS[k], label=choice.label, text=text))
            marks += found
            provenance += self._places(f"option:{OPTION_IDS[k]}", choice.lines, question)
            media += self._media(choice.lines, f"option:{OPTION_IDS[k]}", "option")
        context = None
        if question.context is not None:
            name = make_group(self.job.exam, self.job.edition, self.part, question.context[0])
            context = Context(id=name, text=joined(question.context[1])[0])
            provenance += self._places("context", question.context[1], question)
            media += self._media(question.context[1], "context", "context")
        written = {} if options or question.answer is None else open_fields("short_answer", (question.answer,))
        language, origin = self.job.language, self.job.origin_language or self.job.language
        return Item(
            id=make_id(group, language),
            group=group,
            language=language,
            origin_language=origin,
            origin="native" if origin == language else "official_translation",
            kind="single" if options else written.get("kind", "short_answer"),
            numeric=written.get("numeric"),
            context=context,
            stem=stem,
            options=tuple(options),
            key=self._open_key(question),
            rationales=tuple(self._rationales(question)),
            media=tuple(media),
            needs_image="yes" if media else "unknown",
            marks=tuple(marks),
            exam=self._exam(question),
            labels=self._labels(question),
            provenance=tuple(provenance),
            licence=self.job.licence,
            contributor=self.job.contributor,
        )

    def _rationales(self, question: Question) -> Iterator[Rationale]:
        for option, lines in [*by_option(question), *question.reasons]:
            if text := joined(lines)[0]:
                name = None if option is None else OPTION_IDS[option]
                stance = None if option is None else stance_of(text)
                yield Rationale(text=text, language=self.job.language, option=name, stance=stance)

    def _open_key(self, question: Question) -> Key:
        """Return the accepted text of a question without options; the others get their key with the whole paper."""
        if question.choices or question.answer is None:
            return Key(status="unknown")
        return Key(status=self.job.status or "official", accepted=(question.answer,), source=self.job.file)

    def _text(self, lines: Sequence[FlatLine], name: str) -> tuple[str, list[TextMark]]:
        text, style = joined(lines)
        marks: list[TextMark] = []
        for flag, kind in _EMPHASIS:
            on = [bool(one & flag) or text[k].isspace() for k, one in enumerate(style)]
            if all(on) or not any(bool(one & flag) for one in style):
                continue
            start = 0
            for value, run in groupby(on):
                end = start + len(list(run))
                a, b = start, end
                while a < b and text[a].isspace():
                    a += 1
                while b > a and text[b - 1].isspace():
                    b -= 1
                if value and a < b:
                    marks.append(TextMark.model_validate({"field": name, "start": a, "end": b, "kind": kind}))
                start = end
        return text, marks

    def _places(self, name: str, lines: Sequence[FlatLine], question: Question) -> list[Provenance]:
        xpaths = dict.fromkeys((line.row, line.xpath) for line in lines) or {(question.row, question.xpath): None}
        return [
            Provenance(
                field=name, file=self.job.file, sha256=self.job.sha256, row=row, xpath=xpath, parser=self.parser
            )
            for row, xpath in xpaths
        ]  # fmt: skip

    def _media(self, lines: Sequence[FlatLine], place: str, role: str) -> list[Media]:
        result = []
        for _, picture in (pair for line in lines for pair in line.pictures):
            values: dict[str, object] = {
                "media_type": picture.media_type, "role": role, "caption": picture.caption, "attached_to": place,
                "source_file": f"{self.job.file}#{picture.name}", "status": "missing",
            }  # fmt: skip
            if picture.data:
                kind = picture.media_type or "application/octet-stream"
                digest, name = self.media.put(picture.data, kind)
                values |= {"sha256": digest, "file": name, "status": "present", "media_type": kind}
            result.append(Media.model_validate(values))
        return result

    def _exam(self, question: Question) -> Exam:
        job = self.job
        return Exam(
            country=job.country, body=job.body, code=job.exam, edition=job.edition, session_date=job.session_date,
            release_date=job.release_date, part=self.part, number=question.number,
            printed_numbers=(f"{job.booklet}:{question.number}",) if job.booklet else (), profession=job.profession,
            specialty=job.specialty, pass_rule=job.pass_rule,
            points=job.points if question.points is None else question.points,
        )  # fmt: skip

    def _labels(self, question: Question) -> tuple[Label, ...]:
        subject = [Label(taxonomy="subject", value=self.job.subject, source="recipe")] if self.job.subject else []
        printed = [Label(taxonomy=name, value=value, source="printed") for name, value in question.labels]
        return (*subject, *printed)

    def _reject(self, question: Question, reason: str, detail: str, text: str) -> Reject:
        options = " ".join(f"{c.label} {joined(c.lines)[0]}" for c in question.choices)
        return Reject(
            file=self.job.file, reason=reason, detail=f"{detail}; row {question.row}, {question.xpath}",
            text=f"{text} {options}".strip(), number=question.number, language=self.job.language,
            group=make_group(self.job.exam, self.job.edition, self.part, question.number),
        )  # fmt: skip


def _written(question: Question) -> bool:
    """Tell whether the answer of a question is to be written, or is given in words."""
    return question.blank or (question.answer is not None and not is_answer(question.answer))


def _outside(job: PaperJob, line: FlatLine, detail: str) -> Reject:
    names = " ".join(picture.name for _, picture in line.pictures)
    return Reject(
        file=job.file, text=line.text or names, reason="text-outside" if line.text else "image-unattached",
        detail=f"{detail}; row {line.row}, {line.xpath}", language=job.language,
    )  # fmt: skip


def _left_over(paper: FlatPaper, job: PaperJob) -> Iterator[Reject]:
    for line, why in paper.outside:
        yield _outside(job, line, why)
    for row, why in paper.odd:
        text = " | ".join(row.text(c) for c in range(len(row.cells)))
        yield Reject(
            file=job.file, text=text, reason="record-invalid", detail=f"{why}; row {row.row}, {row.xpath}",
            language=job.language,
        )  # fmt: skip


_Places = dict[str, tuple[int, str]]


def _own_key(
    paper: FlatPaper, job: PaperJob, part: str, parser: str, questions: Sequence[Question], made: dict[str, Question],
    position: int, sections: int,
) -> tuple[KeySheet | None, _Places]:  # fmt: skip
    """Return the key that the file itself holds for one section, and where each answer stands."""
    places: _Places = {}
    status: KeyStatus = job.status or "official"
    if paper.where == "after_item":
        entries = _answers(questions, made, status, places)
    elif paper.where == "table":
        key = _table_of(paper.keys, position, sections, questions)
        if key is None:
            return None, places
        entries = [certain(entry) for entry in all_entries(key.table, status)]
        places = {str(number): place for number, place in key.places.items()}
    elif paper.marked:
        entries = _marked(paper, questions, status, places)
    else:
        return None, places
    entries = [entry for entry in entries if entry.number in made or paper.where == "table"]
    sheet = KeySheet(
        file=job.file, exam=job.exam, edition=job.edition, part=part, booklet=job.booklet, status=status,
        entries=tuple(entries), parser=parser,
    )  # fmt: skip
    return sheet, places


def _answers(
    questions: Sequence[Question], made: dict[str, Question], status: KeyStatus, places: _Places
) -> list[KeyEntry]:
    told = [question for question in questions if question.answer is not None and question.number in made]
    table = MixedTable(signs_of([question.answer or "" for question in told if question.choices]))
    for question in told:
        if question.answer_line is not None:
            places[question.number] = (question.answer_line.row, question.answer_line.xpath)
        if question.choices:
            table.cells[int(question.number)] = Cell(int(question.number), question.answer or "", 0, 0, 0)
            series = statements_in(question.answer or "") if len(question.choices) > 2 else None
            if series is not None and len(series.values) == len(question.choices):
                table.series.add(int(question.number))
    entries = [_certain(certain(entry), made[entry.number]) for entry in all_entries(table, status)]
    return [_shut(entry, made[entry.number]) for entry in entries]


def _shut(entry: KeyEntry, question: Question) -> KeyEntry:
    """Return the entry with the options that the question's row prohibits."""
    if not question.prohibited:
        return entry
    return entry.model_copy(update={"prohibited": tuple(regex.findall(r"[\p{L}\p{N}]+", question.prohibited))})


def _certain(entry: KeyEntry, question: Question) -> KeyEntry:
    """Return the entry, or an unknown one where the answer does not say which option it means."""
    labels = [canonical_label(choice.label) for choice in question.choices]
    named = {canonical_label(label) for response in entry.answers for label in response}
    if question.answer_note and any(labels.count(name) > 1 for name in named):
        return entry.model_copy(update={"answers": (), "status": "unknown", "note": question.answer_note})
    return entry


def _table_of(keys: Sequence[FlatKey], position: int, sections: int, questions: Sequence[Question]) -> FlatKey | None:
    if len(keys) == sections:
        return keys[position]
    numbers = {int(question.number) for question in questions}
    fitting = [key for key in keys if len(numbers & set(key.table.cells)) >= 0.8 * len(numbers)]
    return fitting[0] if len(fitting) == 1 else None


def _marked(paper: FlatPaper, questions: Sequence[Question], status: str, places: _Places) -> list[KeyEntry]:
    entries = []
    index = {id(question): k for k, question in enumerate(paper.questions)}
    for question in questions:
        found = paper.marked.get(index[id(question)], [])
        labels = [question.choices[i].label for i in found]
        values: dict[str, object] = {"number": question.number, "printed": " ".join(labels), "status": status}
        if len(found) == 1:
            values["answers"] = ((labels[0],),)
            line = question.choices[found[0]].lines[0]
            places[question.number] = (line.row, line.xpath)
        elif question.choices:
            values |= {"status": "unknown", "note": f"{len(found)} options are set apart as correct, not one"}
        else:
            continue
        entries.append(_certain(KeyEntry.model_validate(values), question))
    return entries


def _placed(item: Item, places: _Places, job: PaperJob) -> Item:
    """Return the item with the place of its key: row and path in the file."""
    place = places.get(item.exam.number)
    if place is None or not any(one.field == "key" for one in item.provenance):
        return item
    changed = tuple(
        one.model_copy(update={"row": place[0], "xpath": place[1], "sha256": job.sha256}) if one.field == "key" else one
        for one in item.provenance
    )
    return item.replace(provenance=changed)
