"""Markup: tags, Markdown, formulas and page furniture left in texts that are plain strings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from benchwright.audits._audit import TableAudit
from benchwright.audits._findings import finding
from benchwright.audits._texts import by_item, by_text, spans_of
from benchwright.audits._wordfiles import pattern_file
from benchwright.schemas.plugins import AuditCode, AuditContext

__all__ = ["AUDIT"]

TAGS: Final = AuditCode("S251", "tag of a markup language in the text", "minor")
MARKDOWN: Final = AuditCode("S252", "Markdown in the text", "minor")
FORMULA: Final = AuditCode("S253", "commands of a formula language in the text", "minor")
FURNITURE: Final = AuditCode("S254", "address, page number or other furniture of a page in the text", "minor")
NUMBERED: Final = AuditCode("S255", "stem begins with its own number", "minor")

_TAGS: Final = (
    r"(?i)</(?:p|b|i|u|a|s|em|sub|sup|strong|small|span|font|div|br|td|tr|th|ul|ol|li|table|tbody|thead|h[1-6]|center|code|pre)\s*>|"
    r"<(?:br|hr|p|em|sub|sup|strong|small|span|font|div|td|tr|th|ul|ol|li|img|table|tbody|thead|h[1-6]|center|code|pre|input|a)"
    r"(?:\s[^<>]{0,300})?/?>|<!--|-->|<!\[CDATA\[|"
    r"\[/(?:b|i|u|s|img|url|quote|color|size|sub|sup|list|code|center)\]|\[(?:img|url|quote|color|size)(?:=[^\]]{0,200})?\]"
)
_MARKDOWN: Final = (
    r"\*\*[^*\s][^*\n]{0,200}\*\*|(?m:^\s{0,3}#{1,6}\s+\S)|!\[[^\]\n]{0,200}\]\([^)\n]{1,300}\)|"
    r"\[[^\]\n]{1,200}\]\((?:https?://|www\.|/)[^)\n]{1,300}\)|```|(?m:^\s*\|?(?:\s*:?-{3,}:?\s*\|)+(?:\s*:?-{3,}:?\s*)?$)"
)
_COMMANDS: Final = (
    r"\\(?:[dt]?frac|sqrt|text(?:bf|it|rm)?|math(?:rm|bf|it|bb|cal|sf)|operatorname|begin|end|left|right|cdot|times|div|pm|mp|leq?|geq?|neq|"
    r"approx|equiv|sim|infty|sum|int|prod|lim|log|ln|sin|cos|tan|exp|partial|nabla|rightarrow|leftarrow|longrightarrow|Rightarrow|to|"
    r"xrightarrow|rightleftharpoons|circ|degree|angle|overline|underline|vec|hat|bar|dot|ce|"
    r"alpha|beta|gamma|delta|epsilon|varepsilon|theta|lambda|mu|nu|pi|rho|sigma|tau|phi|varphi|chi|psi|omega|"
    r"Gamma|Delta|Theta|Lambda|Pi|Sigma|Phi|Psi|Omega)(?:[^A-Za-z]|$)"
)
_FORMULA: Final = rf"{_COMMANDS}|\\[(\[][^\n]{{1,300}}?\\[)\]]|\$[^$\n]{{0,200}}[\\^_][^$\n]{{0,200}}\$"
_NUMBERED: Final = (
    r"(?i)^\s*(?:question|quest\.|pregunta|questão|frage|aufgabe|domanda|quesito|vraag|вопрос|питання|въпрос|прашање|"
    r"питање|pitanje|pytanie|zadanie|otázka|kérdés|întrebarea|soru|ερώτηση|pyetja|fråga|spørgsmål|kysymys|السؤال|سؤال|"
    r"سوال|پرسش|שאלה|प्रश्न|প্রশ্ন|問題?|问题|题目|題目|문제|문항|ข้อที่|ข้อ|คำถามที่|câu(?: hỏi)?|soal|swali)"
    r"\s*(?:n[.º°o]*\s?|nr\.?\s?|no\.?\s?|№\s?|#\s?|رقم\s)?\p{Nd}{1,4}\s*[.:)\-–—:：．、]"
)
_MESSAGES: Final = {
    TAGS: "a tag stands in the text",
    MARKDOWN: "Markdown stands in the text",
    FORMULA: "commands of a formula language stand in the text",
    FURNITURE: "furniture of a page stands in the text",
}


def _find(items: pl.LazyFrame, _context: AuditContext) -> Sequence[pl.LazyFrame]:
    texts = by_text(items).filter(~pl.col("field").str.starts_with("turn:"))
    printed = texts.filter(~pl.col("field").str.starts_with("rationale:"))
    return [
        _left(texts, TAGS, _TAGS),
        _left(texts, MARKDOWN, _MARKDOWN),
        _left(texts, FORMULA, _FORMULA, _halved()),
        _left(printed, FURNITURE, pattern_file("furniture")),
        _numbered(items),
    ]


def _halved() -> pl.Expr:
    """A formula of which one dollar sign or brace was lost cannot be set: that is worse than markup."""
    text = pl.col("text")
    dollars = text.str.count_matches("$", literal=True) % 2 == 1
    braces = text.str.count_matches("{", literal=True) != text.str.count_matches("}", literal=True)
    return pl.when(dollars | braces).then(pl.lit("major")).otherwise(pl.lit("minor"))


def _left(texts: pl.LazyFrame, code: AuditCode, pattern: str, severity: pl.Expr | None = None) -> pl.LazyFrame:
    found = spans_of(texts, pattern).with_columns(pl.col("spans").list.len().alias("n"))
    around = pl.col("text").str.slice((pl.col("spans").list.first().struct.field("start") - 20).clip(0), 100)
    message = pl.format("{} ({} in this field)", pl.lit(_MESSAGES[code]), "n")
    return finding(
        found,
        code,
        message,
        field=pl.col("field"),
        severity=severity,
        spans=pl.col("spans"),
        evidence=around,
        value=pl.col("n"),
    )


def _numbered(items: pl.LazyFrame) -> pl.LazyFrame:
    """A word for question with a number, or the number that the exam gives this question, before the stem."""
    number = pl.col("exam").struct.field("number")
    bare = pl.col("stem").str.extract(r"^\s*\(?0*([0-9]{1,4})[.)]\s+\p{L}")
    own = (bare == number.str.strip_chars_start("0")).fill_null(False)
    rows = by_item(items).select("subject", "text_hash", "stem", "exam")
    found = rows.filter(pl.col("stem").str.contains(_NUMBERED) | own).with_columns(
        pl.coalesce(pl.col("stem").str.extract(f"({_NUMBERED})"), pl.col("stem").str.extract(r"^(\s*\S+)")).alias(
            "said"
        )
    )
    span = pl.struct(
        pl.lit("stem").alias("field"),
        pl.lit(0, dtype=pl.Int64).alias("start"),
        pl.col("said").str.len_chars().cast(pl.Int64).alias("end"),
        pl.col("said").alias("text"),
    )
    return finding(
        found,
        NUMBERED,
        pl.format("the stem begins with its number, “{}”", pl.col("said").str.strip_chars()),
        field="stem",
        spans=pl.concat_list(span),
        evidence=pl.col("stem").str.slice(0, 80),
    )


AUDIT: Final = TableAudit("markup", (TAGS, MARKDOWN, FORMULA, FURNITURE, NUMBERED), _find)
