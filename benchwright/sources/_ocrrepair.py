"""Question numbers and option marks that OCR misread, put right where their order proves them.

Numbers run 1, 2, 3, ... in one style, marks run A, B, C, ... in each question. A sign that stands where the missing
one must stand, and that engines confuse with it, is the missing one. Nothing else is touched.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import regex

from benchwright.sources._ocr import OcrLine, OcrPage
from benchwright.sources._ocrlikely import LEADS, MARK, POINTS, RAISED, lead_of, may_be, plain_mark, without_raised
from benchwright.sources._ocrwords import cut, ordered, united

__all__ = ["repaired"]

_NUMBER: Final = regex.compile(r"^(?P<open>[^\w\s]{0,2}|\p{L}{1,2}\.?)(?P<sign>\d{1,3})(?P<close>[^\w\s%/]{0,2})$")
_ORDINAL: Final = regex.compile(rf"^(?P<sign>\d{{1,3}})[{RAISED}]$")
"""``1º``, as engines read it; that it is one, only a whole run 1, 2, 3, ... can show."""
_LEADING: Final = 2
"""Words before a number: ``Question no. 1``."""
_LEAD_WORD: Final = regex.compile(r"\p{L}[\p{L}.º°*]{0,11}")
_STROKES: Final = frozenset({"-", "–", "—", "~", "−"})
_LEAST: Final = 3
_EXPLAINED: Final = 0.4
"""Share of the numbers in one style that stand in a run which is that of the questions."""
_FIGURES: Final = 2.5
"""So many figures alone stand in a question where they are the marks of its options, on the average."""
_SURE: Final = 0.5
"""A number or mark put right is no surer than this."""


Spot = tuple[int, int, int]
"""Page, line, word."""
Style = tuple[str, str, str]


@dataclass(frozen=True)
class _Token:
    spot: Spot
    sign: str
    style: Style
    left: float


def repaired(pages: Sequence[OcrPage]) -> list[OcrPage]:
    """Return pages in which numbers and marks that their order proves are put right."""
    book = _Book(pages)
    chain = _chain(list(book.numbers()))
    if len(chain) < _LEAST:
        return list(pages)
    book.part_numbers(chain)
    book.mend_numbers(_chain(list(book.numbers())))
    chain = _chain(list(book.numbers()))
    book.mend_marks([token.spot for token in chain])
    return book.pages()


def _chain(tokens: Sequence[_Token]) -> list[_Token]:
    """Return the longest run of rising numbers in one style, most of whose numbers it explains.

    Option marks that are digits rise in each question and fall back in the next.
    """
    by_style: dict[Style, list[_Token]] = defaultdict(list)
    for token in tokens:
        by_style[token.style].append(token)
    best: list[_Token] = []
    for some in by_style.values():
        run = _rising(some)
        if len(run) > len(best) and len(run) >= max(0.5 * int(run[-1].sign), _EXPLAINED * len(some)):
            best = run
    return best


def _rising(tokens: Sequence[_Token]) -> list[_Token]:
    length = [1] * len(tokens)
    before = [-1] * len(tokens)
    for i, token in enumerate(tokens):
        for j in range(max(i - 200, 0), i):
            if int(tokens[j].sign) < int(token.sign) and length[j] + 1 > length[i]:
                length[i], before[i] = length[j] + 1, j
    at = max(range(len(tokens)), key=lambda i: length[i]) if tokens else -1
    result = []
    while at >= 0:
        result.append(tokens[at])
        at = before[at]
    return result[::-1]


class _Book:
    """The lines of all pages, editable."""

    def __init__(self, pages: Sequence[OcrPage]) -> None:
        self.source = pages
        self.lines = [[_joined(ordered(line)) for line in page.lines] for page in pages]

    def pages(self) -> list[OcrPage]:
        return [replace(page, lines=tuple(lines)) for page, lines in zip(self.source, self.lines, strict=True)]

    def _all(self) -> Iterator[tuple[int, int, OcrLine]]:
        for p, lines in enumerate(self.lines):
            for k, line in enumerate(lines):
                yield p, k, line

    def numbers(self) -> Iterator[_Token]:
        """Yield what may be a question number: the first word of a line, or the one after a word or two."""
        for p, k, line in self._all():
            for w, word in enumerate(line.words[: _LEADING + 1]):
                m = _NUMBER.match(word.text)
                lead = " ".join(before.text for before in line.words[:w])
                opening = lead_of(m["open"]) if m else ""
                if m and all(_LEAD_WORD.fullmatch(before.text) for before in line.words[:w]):
                    yield _Token(
                        (p, k, w), m["sign"], (lead, opening, m["close"].translate(POINTS)), line.words[0].box[0]
                    )
                raised = _ORDINAL.match(word.text) if not w else None
                if raised and (len(line.words) == 1 or not word.text.isdigit()):
                    yield _Token((p, k, 0), raised["sign"], ("", "", "º"), word.box[0])

    def part_numbers(self, chain: Sequence[_Token]) -> None:
        """Part numbers that a chain lacks from the word before them and from the text after them."""
        lead, opening, close = chain[0].style
        told = {int(token.sign) for token in chain}
        words = lead.split()
        if not words and not close:
            return
        last = regex.escape(words[-1]) if words else ""
        number = rf"({regex.escape(opening)}(\d{{1,3}}){regex.escape(close)})"
        whole, tail = regex.compile(rf"^({last}){number}(\p{{Lu}}.*)?$"), regex.compile(rf"^(){number}(\p{{Lu}}.*)$")
        for p, k, line in list(self._all()):
            for w, form in ((len(words) - 1, whole), (len(words), tail)):
                m = form.match(line.words[w].text) if 0 <= w < len(line.words) else None
                if (
                    m
                    and int(m[3]) not in told
                    and all(a.text == b for a, b in zip(line.words, words[:w], strict=False))
                ):
                    ends = [end for end in (m.end(1), m.end(2)) if 0 < end < len(m.string)]
                    self.lines[p][k] = replace(line, words=cut(line.words, w, ends))
                    break

    def mend_numbers(self, chain: Sequence[_Token]) -> None:
        """Look between neighbours of a chain for the numbers that it lacks."""
        style, lefts = chain[0].style, [token.left for token in chain]
        last = int(chain[-1].sign)
        for token in chain:
            canonical = f"{style[1]}{token.sign}{style[2]}"
            if self._text(token.spot) != canonical:
                self._write(token.spot, canonical)
        start: Spot = (0, -1, 0)
        low = 0
        for token in chain:
            end = token.spot
            missing = list(range(low + 1, int(token.sign)))
            placed = self._by_place(chain, start, end, missing) if missing else []
            for spot, number in zip(placed, missing, strict=False):
                self._write(spot, f"{style[1]}{number}{style[2]}")
            for number in reversed(missing) if not placed else ():
                found = list(self._find_number(str(number), style, start, end, lefts))
                found = [spot for spot in found if self._aligned(spot, lefts)] or found
                if found:
                    end = found[-1]
                    self._write(end, f"{style[1]}{number}{style[2]}")
            start, low = token.spot, int(token.sign)
        while after := next(self._find_number(str(last + 1), style, start, (10**6, 0, 0), lefts), None):
            last, start = last + 1, after
            self._write(after, f"{style[1]}{last}{style[2]}")

    def _find_number(self, sign: str, style: Style, start: Spot, end: Spot, lefts: Sequence[float]) -> Iterator[Spot]:
        w = len(style[0].split())
        for p, k, line in self._all():
            if not start[:2] < (p, k) < end[:2] or len(line.words) <= w:
                continue
            if w and not _same(" ".join(before.text for before in line.words[:w]), style[0]):
                continue
            near = any(abs(line.words[0].box[0] - left) < 0.7 * line.size for left in lefts)
            if near and may_be(without_raised(line.words[w].text, style[2]), sign, style[1]):
                yield (p, k, w)

    def _by_place(self, chain: Sequence[_Token], start: Spot, end: Spot, missing: Sequence[int]) -> list[Spot]:
        """Return the short words that stand exactly where numbers stand, when they are as many as are missing."""
        style = chain[0].style
        if style[0]:
            return []
        longest = len(f"{style[1]}{missing[-1]}{style[2]}") + 1
        alone = sum(self._alone(token.spot) for token in chain) >= 0.7 * len(chain)
        found = [
            (p, k, 0)
            for p, k, line in self._all()
            if start[:2] < (p, k) < end[:2]
            and len(line.words[0].text) <= longest
            and not MARK.match(line.words[0].text)
            and self._aligned((p, k, 0), [token.left for token in chain])
            and (not alone or self._alone((p, k, 0)))
        ]
        while len(found) > len(missing) and found[0][0] < end[0]:
            found.pop(0)  # Instructions on an earlier page.
        return found if len(found) == len(missing) else []

    def _alone(self, spot: Spot) -> bool:
        return len(self.lines[spot[0]][spot[1]].words) == 1

    def marks(self, start: Spot, end: Spot) -> list[tuple[Spot, bool]]:
        """Return the words of a question that stand where marks stand: at the start of a line or after a wide gap."""
        result = []
        for p, k, line in self._all():
            if not start[:2] <= (p, k) < end[:2]:
                continue
            for w, word in enumerate(line.words):
                gap = not w or word.box[0] - line.words[w - 1].box[2] > line.size
                if gap and (p, k, w) > start:
                    result.append(((p, k, w), bool(MARK.match(word.text))))
        return result

    def mend_marks(self, starts: Sequence[Spot]) -> None:
        """Put right the marks that single questions lack, in the style of all."""
        spans = list(zip(starts, [*starts[1:], (10**6, 0, 0)], strict=True))
        spots = [self.marks(start, end) for start, end in spans]
        if self._join_strokes([spot for some in spots for spot, _ in some], len(spans)):
            spots = [self.marks(start, end) for start, end in spans]
        style = self._mark_style(spots)
        if style is None:
            return
        kind, opening, closing = style
        if closing:
            self._part_marks([spot for some in spots for spot, _ in some], kind, opening, closing)
            spots = [self.marks(start, end) for start, end in spans]
        counts = Counter(len(self._own(some, style)) for some in spots)
        usual = counts.most_common(1)[0][0]
        for some in spots:
            self._mend_question([spot for spot, _ in some], kind[:usual], opening, closing)

    def _join_strokes(self, spots: Sequence[Spot], questions: int) -> bool:
        """Make one word of marks and the strokes after them, ``A -``, where most questions have such marks."""
        found = [
            (p, k, w)
            for p, k, w in spots
            if regex.fullmatch(r"\w", self._text((p, k, w)))
            and [word.text in _STROKES for word in self.lines[p][k].words[w + 1 : w + 2]] == [True]
        ]
        if len(found) < 2 * questions:
            return False
        for p, k, w in sorted(found, reverse=True):
            words = self.lines[p][k].words
            joined = united(words[w], words[w + 1], f"{words[w].text}-")
            self.lines[p][k] = replace(self.lines[p][k], words=(*words[:w], joined, *words[w + 2 :]))
        return True

    def _part_marks(self, spots: Sequence[Spot], kind: str, opening: str, closing: str) -> None:
        """Part marks from the text that was read as one word with them."""
        signs = "".join(kind)
        end = regex.escape(closing)
        read_as = rf"[{end}1Il|]" if closing == "]" else end  # After an opening bracket these are the closing one.
        if closing == ".":
            read_as = "[.,;]"
        glued = regex.compile(rf"^(\*?{regex.escape(opening)}[{signs}]){read_as}(?![\s{end}])")
        for p, k, w in sorted(spots, reverse=True):
            line = self.lines[p][k]
            word = line.words[w]
            m = glued.match(word.text)
            if m is None:
                continue
            text = f"{m[1]}{closing}"
            if m.end() == len(word.text):
                if word.text != text:
                    self._write((p, k, w), text)
                continue
            x0, y0, x1, y1 = word.box
            at = word.edges[m.end()][0] if word.edges else x0 + (x1 - x0) * m.end() / len(word.text)
            mark = replace(word, text=text, box=(x0, y0, at - 1, y1), edges=word.edges[: m.end()])
            rest = replace(word, text=word.text[m.end() :], box=(at, y0, x1, y1), edges=word.edges[m.end() :])
            self.lines[p][k] = replace(line, words=(*line.words[:w], mark, rest, *line.words[w + 1 :]))

    def _mark_style(self, spots: Sequence[Sequence[tuple[Spot, bool]]]) -> Style | None:
        votes: Counter[Style] = Counter()
        for some in spots:
            for spot, is_mark in some:
                m = MARK.match(self._text(spot)) if is_mark else None
                if m and (m["open"] or m["close"] or m["sign"].isdecimal()):
                    kind = next(kind for kind in ("ABCDEF", "abcdef", "123456") if m["sign"] in kind)
                    votes[kind, m["open"], m["close"].translate(POINTS)] += 1
        if not votes:
            return None
        style, count = votes.most_common(1)[0]
        # Figures alone stand at the start of lines by chance, too: marks are several in each question.
        return style if count >= (1 if style[1] or style[2] else _FIGURES) * len(spots) else None

    def _own(self, some: Sequence[tuple[Spot, bool]], style: Style) -> list[Spot]:
        kind, opening, closing = style
        wanted = {f"{opening}{sign}{closing}" for sign in kind}
        return [spot for spot, is_mark in some if is_mark and plain_mark(self._text(spot)) in wanted]

    def _mend_question(self, spots: Sequence[Spot], kind: str, opening: str, closing: str) -> None:
        texts = {spot: plain_mark(self._text(spot)) for spot in spots}
        place = {sign: next((s for s in spots if texts[s] == f"{opening}{sign}{closing}"), None) for sign in kind}
        if sum(spot is not None for spot in place.values()) < 0.5 * len(kind):
            return
        for spot in place.values():
            if spot is not None and self._text(spot).lstrip("*") != texts[spot]:
                self._write(spot, self._star(spot) + texts[spot])
        lefts = [self._left(spot) for spot in place.values() if spot is not None]
        for i, sign in enumerate(kind):
            if place[sign] is not None:
                continue
            low = max((s for b in kind[:i] if (s := place[b]) is not None), default=(-1, 0, 0))
            high = min((s for b in kind[i + 1 :] if (s := place[b]) is not None), default=(10**6, 0, 0))
            fits = [
                s for s in spots
                if low < s < high and s not in place.values() and may_be(texts[s], sign, "")
                and (any(texts[s].endswith(c) for c in ").]:-") or self._aligned(s, lefts))
            ]  # fmt: skip
            if fits:
                place[sign] = fits[0]
                self._write(fits[0], f"{self._star(fits[0])}{opening}{sign}{closing}")

    def _aligned(self, spot: Spot, lefts: Sequence[float]) -> bool:
        size = self.lines[spot[0]][spot[1]].size
        return any(abs(self._left(spot) - left) < 0.4 * size for left in lefts)

    def _star(self, spot: Spot) -> str:
        """Return the asterisk before a mark, which says that this option is right."""
        text = self._text(spot)
        return "*" if text.startswith("*") and len(text) > 1 else ""

    def _left(self, spot: Spot) -> float:
        return self.lines[spot[0]][spot[1]].words[spot[2]].box[0]

    def _text(self, spot: Spot) -> str:
        return self.lines[spot[0]][spot[1]].words[spot[2]].text

    def _write(self, spot: Spot, text: str) -> None:
        p, k, w = spot
        line = self.lines[p][k]
        word = replace(line.words[w], text=text, edges=(), confidence=min(line.words[w].confidence, _SURE))
        self.lines[p][k] = replace(line, words=(*line.words[:w], word, *line.words[w + 1 :]))


def _joined(line: OcrLine) -> OcrLine:
    """Return a line in which a number is one word with the sign before it or the stroke after it."""
    if len(line.words) < 2:
        return line
    a, b = line.words[:2]
    before = lead_of(a.text) in LEADS and b.text.isdigit()
    after = a.text.isdigit() and b.text in _STROKES
    if not before and not after:
        return line
    word = united(a, b, a.text + (b.text if before else "-"))
    return replace(line, words=(word, *line.words[2:]))


def _same(text: str, wanted: str) -> bool:
    from rapidfuzz.distance import Levenshtein

    return Levenshtein.distance(text.casefold(), wanted.casefold()) <= max(1, len(wanted) // 4)
