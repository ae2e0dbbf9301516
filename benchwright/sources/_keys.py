"""Answer keys in text: tables in either orientation, lists and runs like ``1.A 2.B``.

Every way to pair numbers with answers is tried; the one that covers 1..N best is taken.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from itertools import pairwise
from typing import Final

import numpy as np
import regex

from benchwright.sources._bidi import is_rtl_code
from benchwright.sources._keycell import SIGNS, Cell, KeyTable, Token
from benchwright.sources._keyshapes import counted_rows, goes_on, last_row, shaped_ways
from benchwright.sources._lines import Line
from benchwright.sources._marks import alphabets
from benchwright.sources._remembered import remembered
from benchwright.sources._words import narrow

__all__ = ["JOINED", "Cell", "KeyTable", "find_tables"]

OR_WORDS: Final = "o|ou|or|oder|u|lub|albo|nebo|vagy|sau|veya|ili|или|або|ή|或|または|또는|أو|یا|או|หรือ|या|অথবা"
AND_WORDS: Final = "y|e|and|und|et|i|oraz|a|és|și|ve|и|та|και|と|和|및|و|ו|และ|और"
_LINKS: Final = frozenset(f"{OR_WORDS}|{AND_WORDS}".split("|"))
_LONG_LINKS: Final = "|".join(sorted(word for word in _LINKS if len(word) > 1 or not "a" <= word <= "j"))
_CIRCLED: Final = r"\u2460-\u24ff"
_CAPITAL: Final = rf"[(\[]?[\p{{Lu}}{_CIRCLED}][)\]]?"
_CAPITALS: Final = rf"(?-i:{_CAPITAL}(?:\s(?:{OR_WORDS}|{AND_WORDS})\s{_CAPITAL}(?!\p{{L}}))+)"
"""Capitals joined by words: a small ``e`` or ``o`` between capitals is a word, between small letters an answer."""
_ONE: Final = rf"[(\[]?[\p{{L}}\p{{Nd}}{_CIRCLED}][)\]]?"
JOINED: Final = regex.compile(
    rf"(?:[#*＃](?:\s(?!\p{{Nd}}))?)?(?:{_CAPITALS}|{_ONE}(?:\s(?:{_LONG_LINKS})\s{_ONE}(?![\p{{L}}\p{{Nd}}]))+)"
    rf"|(?<!\S)[(\[]?[\p{{L}}{_CIRCLED}][)\]]?(?:\s?[,/;&]\s?[(\[]?[\p{{L}}{_CIRCLED}][)\]]?(?![\p{{L}}\p{{Nd}}]))+"
    rf"|(?<!\S)(?<![,/]\s)\p{{Nd}}\s?[,/;&]\s?\p{{Nd}}(?![\p{{Nd}},])"
    r"|\p{Nd}{1,3}[.)](?=\p{Nd}{1,3}[.)])|\S+"
)
_BETWEEN: Final = r"[,/、;+&]|或|または|또는|と|和|및"
"""What parts answers without spaces around it."""
_PARTED: Final = regex.compile(rf"(?:\s|{_BETWEEN})+")
_CJK: Final = r"[\p{Han}\p{Hangul}\p{Hiragana}\p{Katakana}]"
_WORD: Final = regex.compile(r"\S+")
_MARK: Final = r"(?:[#*＃](?:\s(?!\p{Nd}+\s?[.)\]\-–:、．]))?)?"
"""A sign before an answer; what follows a sign and a space may be the next number."""
_LEGEND: Final = regex.compile(r"^\s?\(?[#*×✕X\-–—]\)?\s?[:=–-]?\s?\p{L}{2,}|\p{L}{2,}\s?[:=–-]?\s?\(?[#*×✕X\-–—]\)?$")
_RANGE: Final = regex.compile(r"\S\s?[-–—]\s?\S")
"""``A-C``: both, either, or all between; what stands there is an answer, and not a certain one."""
_NO_BRACKETS: Final = dict.fromkeys(map(ord, "()[]（）【】"))
_DIGIT: Final = regex.compile(r"\p{Nd}")
_NUMBER: Final = regex.compile(r"^\(?(\p{Nd}{1,3})\s?[.)\-–:、．º°ª]{0,2}$")

_COUNT: Final = regex.compile(
    r"[^\p{L}\p{Nd}]*(?P<word>\p{L}+)?\W*(?P<number>\p{Nd}{1,3})(?:\W+(?:\p{L}+\W+)?\p{Nd}{1,3})?\W*"
)
"""A page number: `- 3 -`, `Page 3 of 36`."""


def find_tables(lines: Sequence[Line]) -> list[KeyTable]:
    """Return the keys in some lines, in reading order; empty when nothing pairs numbers with answers."""
    best: list[KeyTable] = []
    best_worth = 0.0
    tokens = [_tokens(line) for line in lines]
    texts = [narrow(line.text) for line in lines]
    mirrored = _mirrored(lines)
    for name in _printed_groups(lines):
        ways = [list(_row_pairs(lines, name)), sorted(_column_pairs(tokens, name), key=lambda cell: cell.line)]
        ways += [list(_mirrored_pairs(mirrored, name))] if mirrored else []
        signs = _alphabet_groups()[name]
        ways += shaped_ways(texts, tokens, _series(name), partial(_is_answer, signs=signs), _may_stand_in)
        factors = [1] * len(ways)
        counted, columns = counted_rows(tokens, partial(_stands_for_answer, signs=signs))
        for cells, factor in zip([*ways, counted], [*factors, columns], strict=True):
            tables = _split(lines, cells, name)
            worth = factor * sum(t.answered * t.coverage**2 for t in tables if not _is_first(t.constant))
            if worth > best_worth + 1e-9:
                best, best_worth = tables, worth
    legend = [line.text for line in lines if _LEGEND.search(narrow(line.text))] if best else []
    for table in best:
        table.legend = legend
    return best


def _is_first(answer: str | None) -> bool:
    """Tell whether an answer is the first of a series: given to nearly all questions, it is no answer.

    In rows that print all options of each question the first one follows the number.
    """
    return answer is not None and any(answer.casefold() == signs[0].casefold() for signs in alphabets().values())


@lru_cache(maxsize=1)
def _alphabet_groups() -> dict[str, frozenset[str]]:
    """Return the signs that can be answers, by alphabet; upper and lower case count as one."""
    groups: dict[str, set[str]] = {}
    for name, signs in alphabets().items():
        group = name.replace("_upper", "").replace("_lower", "")
        groups.setdefault(group, set()).update(sign.casefold() for sign in signs)
        if group not in {"circled", "circled_dark", "bracketed"}:  # in which a plain figure is the next number
            groups[group].update(unicodedata.normalize("NFKC", sign).casefold() for sign in signs)
    groups["latin"].update("авсе")
    return {name: frozenset(signs) for name, signs in groups.items() if not name.startswith(("roman", "fullwidth"))}


@lru_cache(maxsize=64)
def _series(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the signs of a group of alphabets in order, as capitals."""
    some = [signs for key, signs in alphabets().items() if key.replace("_upper", "").replace("_lower", "") == name]
    return tuple(dict.fromkeys(tuple(unicodedata.normalize("NFKC", one).upper() for one in signs) for signs in some))


def _printed_groups(lines: Sequence[Line]) -> list[str]:
    """Return the alphabets of which a sign is printed; and the first, since words may stand in for any."""
    text = "\n".join(line.text for line in lines)
    text = f"{text.casefold()}\n{narrow(text).casefold()}"
    groups = _alphabet_groups()
    return [name for k, name in enumerate(groups) if not k or any(sign in text for sign in groups[name])]


@lru_cache(maxsize=64)
def _answer_pattern(name: str) -> str:
    signs = sorted(_alphabet_groups()[name], key=lambda sign: -len(sign))
    one = "(?:" + "|".join(regex.escape(sign) for sign in signs) + ")"
    several = rf"{one}(?:\)?\s?(?:{_BETWEEN})\s?\(?{one}|{one}(?!\p{{L}}))*"
    if name == "digits":
        several = rf"{one}(?!\p{{Nd}})(?:\s?(?:{_BETWEEN})\s?{one}(?!\p{{Nd}}))*"
    joined = rf"{_CAPITALS}|{one}(?:\)?\s(?:{_LONG_LINKS})\s\(?{one}(?!\p{{L}}))+"
    sign = f"[{regex.escape(SIGNS)}]"
    return rf"(?:{_MARK}(?:{joined}|{several})|{sign}?\s?(?:\p{{L}}{{3,12}}|{_CJK}{{2,12}})\.?|{sign})"


@lru_cache(maxsize=64)
def _row_pattern(name: str) -> regex.Pattern[str]:
    # A dash after a number is part of the gap, unless the next number follows: then it stands for no answer.
    gap = r"(?:\s?[.)\]:=．、º°ª]+(?:\s?[-–](?!\s*\p{Nd}{1,3}\s?[.)\]]))?\s*|\s?[-–—]+\s?|\s+)"
    answer = _answer_pattern(name)
    one = "(?:" + "|".join(regex.escape(sign) for sign in sorted(_alphabet_groups()[name], key=len, reverse=True)) + ")"
    # Half of a cell such as ``A-C`` or ``A, C`` is no answer; between numbers a comma may part two rows.
    parted = "" if name == "digits" else rf"(?!\s?[-–—/,;&+]\s?\(?{one}(?![\p{{L}}\p{{Nd}}]))"
    return regex.compile(
        rf"(?<![\p{{L}}\p{{Nd}}.,])\(?(?P<number>\p{{Nd}}{{1,3}}){gap}\(?(?P<answer>{answer})\)?+(?![\p{{L}}\p{{Nd}}])"
        rf"{parted}(?P<more>(?:\s(?!\p{{Nd}}){one}(?![\p{{L}}\p{{Nd}}.)]))*)",
        regex.IGNORECASE,
    )


def _row_pairs(lines: Sequence[Line], name: str) -> Iterator[Cell]:
    """Pair each number with the answer that follows it on the line."""
    pattern = _row_pattern(name)
    signs = _alphabet_groups()[name]
    pairs: list[tuple[int, regex.Match[str]]] = []
    for i, line in enumerate(lines):
        plain = narrow(line.text)
        found = list(pattern.finditer(plain)) if _DIGIT.search(plain) else []
        answered = [m for m in found if _is_answer(m["answer"], signs)]
        covered = sum(m.end() - m.start() for m in found)
        named = sum(len(word) for word in plain.split() if _names_numbers(word)) if found and len(found) < 3 else 0
        if not answered or (covered < 0.4 * (len(line.text.strip()) - named) and len(found) < 3):
            found = found if found and _annuls_all(plain[found[0].start("answer") :], signs) else []
        pairs += [(i, m) for m in found if _is_answer(m["answer"], signs) or _may_stand_in(m["answer"])]
    if _prints_all(pairs):
        return
    several = sum(1 for _, m in pairs if m["more"])
    for i, m in pairs:
        # A second answer in a few rows is accepted too; in many rows it is the column of another booklet version.
        also = m["more"] if several <= 0.2 * len(pairs) else ""
        yield Cell(int(m["number"]), m["answer"] + also, i, m.start("answer"), m.end("answer") + len(also))


def _prints_all(pairs: Sequence[tuple[int, regex.Match[str]]]) -> bool:
    """Tell whether most rows print the same three labels or more: all that may be answered, not what is right."""
    rows = Counter(m["answer"] + m["more"] for _, m in pairs)
    row, count = rows.most_common(1)[0] if rows else ("", 0)
    labels = row.split()
    return len(labels) >= 3 and len(set(labels)) == len(labels) and count > max(2, 0.5 * len(pairs))


def _names_numbers(word: str) -> bool:
    """Tell whether a word is what is counted or what is told, as in ``Question 12: answer B``."""
    from benchwright.sources._words import has_word

    return has_word(word, "number_words") is not None or has_word(word, "key") is not None


def _mirrored(lines: Sequence[Line]) -> list[tuple[Line, list[int]]]:
    """Return lines with their words in the opposite order, and where each sign stood; empty for left-to-right keys.

    A key of a right-to-left paper has the number to the right of its answer. Where both are Latin, nothing in the
    line tells in which order they are meant.
    """
    if not any(
        is_rtl_code(np.array([ord(c) for c in line.text], dtype=np.uint32)).any() for line in lines if line.text
    ):
        return []
    result = []
    for line in lines:
        text, places = "", list[int]()
        for word in reversed(list(_WORD.finditer(line.text))):
            places += [-1] * bool(text) + list(range(*word.span()))
            text += (" " if text else "") + word[0]
        result.append((replace(line, text=text), places))
    return result


def _mirrored_pairs(mirrored: Sequence[tuple[Line, list[int]]], name: str) -> Iterator[Cell]:
    for cell in _row_pairs([line for line, _ in mirrored], name):
        at = [place for place in mirrored[cell.line][1][cell.start : cell.end] if place >= 0]
        yield replace(cell, start=min(at), end=max(at) + 1)


def _annuls_all(rest: str, signs: frozenset[str]) -> bool:
    """Tell whether all that follows a number are answers and words that say that it is annulled, the words included."""
    words = rest.split()
    told = [_may_stand_in(word) for word in words]
    return any(told) and all(is_told or _is_answer(word, signs) for is_told, word in zip(told, words, strict=True))


def _is_answer(text: str, signs: frozenset[str]) -> bool:
    if text in SIGNS:
        return True
    folded = text.casefold().rstrip(".").lstrip("#*＃ ").translate(_NO_BRACKETS)
    if not folded or folded[-1] in ",/;":
        return False  # the other half of a cell stands behind
    if folded in signs or (text[0] in "#*＃" and _may_stand_in(folded)):
        return True
    if _RANGE.fullmatch(folded):
        return folded[0] in signs and folded[-1] in signs
    words = [word for word in _PARTED.split(folded) if word and (word in signs or word not in _LINKS)]
    return bool(words) and len(folded) <= 24 and all(_is_signs(word, signs) for word in words)


def _is_signs(word: str, signs: frozenset[str]) -> bool:
    """Tell whether a word is one sign, or letters that are all signs; two digits together are a number."""
    return word in signs or (all(c in signs for c in word) and not any(c.isdigit() for c in word))


def _stands_for_answer(text: str, signs: frozenset[str]) -> bool:
    """Tell whether a word is an answer or says that there is none."""
    return _is_answer(text, signs) or _may_stand_in(text)


def _may_stand_in(text: str) -> bool:
    """Tell whether a word may stand where an answer is expected: a word for annulled, set off by the pattern."""
    from benchwright.sources._words import has_word

    return has_word(text, "annulled") is not None


def _tokens(line: Line) -> list[Token]:
    result = []
    width = line.x1 - line.x0
    for found in JOINED.finditer(narrow(line.text)):
        middle = line.x0 + width * (found.start() + found.end()) / 2 / max(len(line.text), 1)
        if line.spots:
            spots = [spot for spot, c in zip(line.spots[slice(*found.span())], found[0], strict=True) if c != " "]
            middle = (min(spots) + max(spots)) / 2
        result += _parted(line, Token(found[0], found.start(), found.end(), middle))
    return result


def _parted(line: Line, token: Token) -> list[Token]:
    """Return the numbers of three figures that a narrow row prints without spaces: ``101102103``."""
    text, starts = token.text, range(0, len(token.text), 3)
    values = [int(text[k : k + 3]) for k in starts] if len(text) >= 6 and text.isdigit() and not len(text) % 3 else []
    if not values or not line.spots or any(b != a + 1 for a, b in pairwise(values)):
        return [token]
    places = [token.start + k for k in starts]
    return [Token(line.text[a : a + 3], a, a + 3, (line.spots[a] + line.spots[a + 2]) / 2) for a in places]


def _column_pairs(tokens: Sequence[Sequence[Token]], name: str) -> Iterator[Cell]:
    """Pair each number of a row of numbers with the answer below it."""
    signs = _alphabet_groups()[name]
    counting = [
        _numbers(some) if sum(_has_digit(t.text) for t in some) >= 0.6 * len(some) - 1 else [] for some in tokens
    ]
    labels: set[tuple[str, str]] = set()
    known: set[int] = set()
    for wide in (True, False):
        for i, numbers in enumerate(counting[:-1]):
            if not numbers or (len(numbers) >= 3) != wide:
                continue
            row = _answer_row(tokens, i, signs, labels, wide=wide)
            if row is None and not wide and goes_on(counting, i, known):
                row = last_row(tokens, i, len(numbers), partial(_is_answer, signs=signs))
            if row is not None:
                known.update(number for number, _ in numbers)
                labels.add((tokens[i][0].text, tokens[row][0].text))
                yield from _below(numbers, tokens[row], row, signs)


def _answer_row(
    tokens: Sequence[Sequence[Token]], i: int, signs: frozenset[str], labels: set[tuple[str, str]], *, wide: bool
) -> int | None:
    """Return the row of answers below a row of numbers; a short one needs the labels that wide ones have."""
    for j in range(i + 1, min(i + 4, len(tokens))):
        if not tokens[j] or not _is_answer_row(tokens[j], signs, named=not wide):
            continue
        if wide or (tokens[i][0].text, tokens[j][0].text) in labels:
            return j
    return None


def _below(
    numbers: Sequence[tuple[int, Token]], answers: Sequence[Token], row: int, signs: frozenset[str]
) -> Iterator[Cell]:
    places = [token.middle for _, token in numbers]
    spacing = min((abs(b - a) for a, b in pairwise(places)), default=40.0)
    for number, token in numbers:
        near = min(answers, key=lambda t, at=token.middle: abs(t.middle - at))  # type: ignore[misc]
        told = _is_answer(near.text, signs) or _may_stand_in(near.text)
        if told and abs(near.middle - token.middle) < 0.6 * spacing:
            yield Cell(number, near.text, row, near.start, near.end)


def _has_digit(text: str) -> bool:
    return text[-1:].isdigit() or text[:1].isdigit() or text[1:2].isdigit()


def _numbers(tokens: Sequence[Token]) -> list[tuple[int, Token]]:
    """Return the numbers of a row that counts upwards, nearly all by one; empty for any other row.

    A row may count from right to left.
    """
    found = [(int(m[1]), token) for token in tokens if (m := _NUMBER.match(token.text))]
    if len(found) > 1 and found[0][0] > found[-1][0]:
        found.reverse()
    values = [number for number, _ in found]
    steps = [b - a for a, b in pairwise(values)]
    counts = all(step > 0 for step in steps) and sum(1 for step in steps if step == 1) >= 0.6 * len(steps)
    return found if counts and len(found) >= 0.6 * len(tokens) - 1 else []


def _is_answer_row(tokens: Sequence[Token], signs: frozenset[str], named: bool) -> bool:
    answers = sum(1 for token in tokens if _is_answer(token.text, signs) or _may_stand_in(token.text))
    return answers >= (1 if named else 2) and answers >= 0.6 * len(tokens) - (1 if named else 0)


@remembered(16384)
def _is_number_row(text: str) -> bool:
    words = text.split()
    return len(words) >= 3 and sum(1 for word in words if _NUMBER.match(word)) >= 0.6 * len(words)


def _begins(table: KeyTable, cell: Cell) -> bool:
    """Tell whether a number 1 below other rows opens a key: what stands above it was text with numbers in it."""
    return cell.number == 1 and cell.line > min((other.line for other in table.cells.values()), default=cell.line)


def _page_counts(lines: Sequence[Line]) -> set[int]:
    """Return the outermost lines of pages that count these, with a word or alone: no part of what a key is called."""
    ends: dict[tuple[int, bool], int] = {}
    for i, line in enumerate(lines):
        for low in (False, True):
            known = ends.get((line.page, low))
            if known is None or (line.y0 > lines[known].y0 if low else line.y0 < lines[known].y0):
                ends[line.page, low] = i
    shapes: dict[tuple[str, bool, int], list[int]] = {}
    for (page, low), i in ends.items():
        found = _COUNT.fullmatch(lines[i].text)
        if found:
            shapes.setdefault((found["word"] or "", low, int(found["number"]) - page), []).append(i)
    return {i for some in shapes.values() if len(some) > 1 for i in some}


def _split(lines: Sequence[Line], cells: Sequence[Cell], name: str) -> list[KeyTable]:
    """Part cells into tables: a number that comes again opens the next one."""
    if not cells:
        return []
    tables: list[KeyTable] = []
    previous_end = -1
    counts = _page_counts(lines)
    for cell in cells:
        if not cell.number:
            continue
        if not tables or cell.number in tables[-1].cells or _begins(tables[-1], cell):
            if tables and cell.number != 1 and len(tables[-1].cells) < 3:
                continue
            tables.append(KeyTable(name))
            tables[-1].heading = [lines[k].text for k in range(previous_end + 1, cell.line) if k not in counts]
        tables[-1].cells[cell.number] = cell
        previous_end = max(previous_end, cell.line)
    tables = [table for table in tables if len(table.cells) >= 3 and table.coverage >= 0.5]
    if not tables:
        return []
    used = {cell.line for cell in cells} | {i for i, line in enumerate(lines) if _is_number_row(line.text)}
    for k, table in enumerate(tables):
        end = max(cell.line for cell in table.cells.values())
        following = tables[k + 1 : k + 2]
        after = min((c.line for t in following for c in t.cells.values()), default=len(lines))
        begin = min(cell.line for cell in table.cells.values())
        table.notes = [lines[j].text for j in range(end + 1, after) if j not in used]
        table.notes += [lines[j].text for j in range(begin, end) if j not in used]
    return tables
