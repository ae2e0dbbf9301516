"""Running text -> questions: numbers 1..N are searched as a chain, options as runs of marks, keys after the item."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import regex

from benchwright.schemas.papers import Layout
from benchwright.sources._blocks import Block, cut_blocks
from benchwright.sources._flat import BOLD, FlatLine
from benchwright.sources._flatafter import give_rest, settle_explanations
from benchwright.sources._flatcut import Cut, Question, answer_line, cut_options, page_line
from benchwright.sources._lines import Line
from benchwright.sources._marks import MarkType
from benchwright.sources._numbers import Candidate, best_chain, indent_clusters, number_candidates
from benchwright.sources._solutions import Chapter, find_chapter
from benchwright.sources._vignettes import find_vignettes
from benchwright.sources._words import fold, has_word

__all__ = ["Flow", "read_flow"]

_TRIED = 8
_WORD = regex.compile(r"\p{L}[\p{L}\p{M}.]*")


@dataclass
class Flow:
    """A text read under the best hypothesis."""

    questions: list[Question]
    kind: MarkType | None
    number_style: str
    score: float
    lead: list[FlatLine]
    """Text before the first question that belongs to none."""
    tail: list[FlatLine]
    """Text after the last option of the last question."""

    @property
    def usual(self) -> int:
        """The usual number of options."""
        return usual_count([len(question.choices) for question in self.questions])


def usual_count(counts: Sequence[int]) -> int:
    """Return the most frequent of some counts above zero; 0 without any."""
    some = Counter(count for count in counts if count)
    return max(some, key=lambda n: (some[n], n)) if some else 0


def read_flow(flats: Sequence[FlatLine], layout: Layout | None = None) -> Flow | None:
    """Return the questions of running text, or None when nothing is numbered 1, 2, 3, ..."""
    lines = [page_line(line, i) for i, line in enumerate(flats)]
    chapter = find_chapter(lines)
    if chapter is not None:
        flow = read_flow(flats[: chapter.first], layout)
        if flow is not None:
            _solve(flow, chapter, flats)
            return flow
    bold = [bool(line.style) and bool(line.style[0] & BOLD) for line in flats]
    candidates = number_candidates(lines, [line.indent for line in flats], bold)
    best: tuple[float, Flow] | None = None
    for subset in _hypotheses(candidates, layout):
        found = _read(flats, lines, subset, layout)
        if found is not None and (best is None or found[0] > best[0] + 1e-9):
            best = found
    return best[1] if best else None


def _solve(flow: Flow, chapter: Chapter, flats: Sequence[FlatLine]) -> None:
    """Give the questions the answers and reasons of a chapter of solutions; the others of it are left over."""
    questions = {(question.section, int(question.number)): question for question in flow.questions}
    for solution in chapter.solutions:
        question = questions.get((0, solution.number))
        lines = [flats[i].cut(a, b) for i, a, b in solution.pieces]
        if question is None:
            flow.tail += lines
            continue
        question.explanation += lines
        if solution.answer is not None:
            question.answer, question.answer_line = solution.answer.printed, flats[solution.answer.line]


def _hypotheses(candidates: Sequence[Candidate], layout: Layout | None) -> list[list[Candidate]]:
    """Return sets of candidates of one style, one word before the number, or one style and indent."""
    groups: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
    wanted = layout.number.style if layout is not None and layout.number is not None else None
    for one in candidates:
        if wanted is not None and one.style != wanted and not (_word(wanted) and _word(wanted) == _word(one.style)):
            continue
        groups["style", one.style].append(one)
        if word := _word(one.style):
            groups["word", word].append(one)
    sets: list[list[Candidate]] = []
    for some in groups.values():
        sets.append(some)
        clusters = indent_clusters(some)
        sets += [[some[i] for i in cluster] for cluster in clusters[:4]] if len(clusters) > 1 else []
        bold = [one for one in some if one.bold]
        sets += [bold] if 0 < len(bold) < len(some) else []
    ranked = [(best_chain(some)[1], -len(some), k) for k, some in enumerate(sets)]
    return [sets[k] for value, _, k in sorted(ranked, reverse=True)[:_TRIED] if value > 0]


def _word(style: str) -> str:
    found = _WORD.search(style)
    return found[0].rstrip(".") if found else ""


def _read(
    flats: Sequence[FlatLine], lines: Sequence[Line], subset: Sequence[Candidate], layout: Layout | None
) -> tuple[float, Flow] | None:
    sections, value = best_chain(subset)
    blocks = cut_blocks(lines, subset, sections)
    if not blocks or value <= 0:
        return None
    kind, cuts = cut_options(flats, lines, blocks, layout)
    kept = _real_sections(blocks, cuts)
    if not kept:
        return None
    if len(kept) < len(sections):
        sections = [section for k, section in enumerate(sections) if k in kept]
        blocks = cut_blocks(lines, subset, sections)
        kind, cuts = cut_options(flats, lines, blocks, layout)
    usual = usual_count([len(cut.choices) for cut in cuts])
    spans = sum(max(b.number for b in some) - min(b.number for b in some) + 1 for some in _by_section(blocks))
    good = sum(1.0 if len(cut.choices) == usual else 0.5 for cut in cuts if cut.choices)
    score = (len(blocks) / spans) * (good / len(blocks) if usual else 0.25)
    worth = score**2 * len(blocks) / (1.0 + 0.05 * (len(sections) - 1))
    return worth, _flow(flats, lines, blocks, cuts, kind, score)


def _by_section(blocks: Sequence[Block]) -> list[list[Block]]:
    result: dict[int, list[Block]] = defaultdict(list)
    for block in blocks:
        result[block.section].append(block)
    return list(result.values())


def _real_sections(blocks: Sequence[Block], cuts: Sequence[Cut]) -> set[int]:
    """Return the sections that are questions: a numbered list without options beside one with is instructions."""
    share: dict[int, list[bool]] = defaultdict(list)
    for block, cut in zip(blocks, cuts, strict=True):
        share[block.section].append(len(cut.choices) >= 2)
    rates = {section: sum(some) / len(some) for section, some in share.items()}
    if max(rates.values()) < 0.3:
        return set(rates) if len(blocks) >= 5 else set()
    return {section for section, rate in rates.items() if rate >= 0.3}


def _flow(
    flats: Sequence[FlatLine],
    lines: Sequence[Line],
    blocks: list[Block],
    cuts: Sequence[Cut],
    kind: MarkType | None,
    score: float,
) -> Flow:
    answered = _answered(flats, cuts)
    for block, cut in zip(blocks, cuts, strict=True):
        block.rest = [(i, 0, len(lines[i].text)) for i in cut.rest]
    vignettes = find_vignettes(lines, blocks)
    shared = {i for vignette in vignettes for i, _, _ in vignette.pieces}
    questions = []
    for block, cut in zip(blocks, cuts, strict=True):
        first = flats[block.first]
        question = Question(str(block.number), block.section, first.row, first.xpath, cut.stem, cut.choices)
        give_rest(question, [flats[i] for i in cut.rest if i not in shared], answered)
        if cut.repeated:
            question.answer_note = "a label of the options stands twice"
        questions.append(question)
        for vignette in vignettes:
            if vignette.section == block.section and vignette.first <= block.number <= vignette.last:
                texts = [flats[i] for i, _, _ in vignette.pieces]
                question.context = (f"{vignette.first}-{vignette.last}", texts)
    settle_explanations(questions)
    lead = [flats[i] for i in range(blocks[0].first) if i not in shared]
    tail, questions[-1].rest = questions[-1].rest, []
    return Flow(questions, kind, blocks[0].start.style, round(score, 4), lead, tail)


def _answered(flats: Sequence[FlatLine], cuts: Sequence[Cut]) -> frozenset[str]:
    """Return the words that stand before the answer under a question: those of the word list, or of most questions."""
    words: Counter[str] = Counter()
    for cut in cuts:
        found = {fold(hit[0]) for i in cut.rest if (hit := answer_line(flats[i].text))}
        words.update(found)
    return frozenset(w for w, n in words.items() if has_word(w, "key") or (n >= 3 and n >= 0.5 * len(cuts)))
