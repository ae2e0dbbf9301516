"""The pages of a board's booklet as PDF: watermarks, frames, rules, headers, and what stands beside the text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

from tests.typesetter.boardwords import JOBS, WORDS

if TYPE_CHECKING:
    from tests.typesetter.boards import Setter


def paint(setter: Setter, path: Path) -> None:
    """Paints all pages with what stands around and between their columns."""
    page: Any = canvas.Canvas(str(path), pagesize=A4, invariant=1)
    for number, one in enumerate(setter.pages, 1):
        if number > 1:
            _furniture(page, setter, number, len(setter.pages))
        for kind, *rest in one.ops:
            if kind == "text":
                x, y, text, font, size = rest
                page.setFont(font, size)
                page.drawString(x, A4[1] - y, text)
            elif kind == "bar":
                x, y, w, h = rest
                page.setFillGray(0.85)
                page.rect(x, A4[1] - y - h, w, h, stroke=0, fill=1)
                page.setFillGray(0)
            else:
                x0, y0, x1, y1 = rest
                page.setLineWidth(0.6)
                page.line(x0, A4[1] - y0, x1, A4[1] - y1)
        page.showPage()
    page.save()


def _beside(page: Any, setter: Setter, number: int) -> None:
    """What stands beside the columns: words on their side, numbers of lines, signs in the margin, strokes between."""
    board = setter.board
    shift = board.mirrored * (1 if number % 2 else -1)
    page.setFont(setter.regular, 8)
    if board.side == "turned":
        page.saveState()
        page.translate(18 if number % 2 else A4[0] - 14, 200)
        page.rotate(90)
        page.drawString(0, 0, "CONCURSO VELK 2031 - CADERNO DE PROVA - NÃO DESTAQUE ESTA FOLHA")
        page.restoreState()
    elif board.side == "lines":
        for k in range(5, 60, 5):
            page.drawString(max(setter.margin + shift - 26, 4.0), A4[1] - setter.top - 12 * k, str(k))
    elif board.side == "marks":
        for y in (90, 400, 760):
            page.drawString(6, y, "+")
            page.drawString(A4[0] - 12 + 60 * (number % 2), y, "+")
    if board.rule_signs:
        x = setter.margin + setter.width + setter.gutter / 2
        for k in range(60):
            page.drawCentredString(x + shift, A4[1] - setter.top - 12 * k, "|")


def _furniture(page: Any, setter: Setter, number: int, pages: int) -> None:
    board = setter.board
    stamp = "APLICADA VELK"
    page.setFillGray(0.8)
    if board.watermark == "diagonal":
        page.saveState()
        page.translate(150, 250)
        page.rotate(50)
        page.setFont(setter.bold, 70)
        page.drawString(0, 0, stamp)
        page.restoreState()
    elif board.watermark == "huge":
        page.setFont(setter.bold, 64)
        page.drawString(40, 430, stamp)
    elif board.watermark == "sign":
        page.setFont(setter.bold, 24)
        page.drawString(260, 510, "*")
        page.drawString(220, 468, ".")
    elif board.watermark == "stamp":
        page.setFont(setter.regular, 11)
        page.drawString(90, 333, stamp)
    page.setFillGray(0)
    _beside(page, setter, number)
    page.setLineWidth(0.7)
    if board.separator:
        page.line(A4[0] / 2, A4[1] - setter.top + 4, A4[0] / 2, A4[1] - setter.bottom - 4)
    if board.frame:
        page.rect(30, 46, A4[0] - 60, A4[1] - 96)
    job = JOBS[board.language][board.job]
    label = WORDS[board.language]["page"]
    page.setFont(setter.regular, 7.5)
    if board.footer != "none":
        page.drawString(
            setter.margin, A4[1] - 40, f"CONCURSO VELK 2031 – {job} – {WORDS[board.language]['type']} {board.type}"
        )
    if board.footer == "board":
        page.drawString(setter.margin, 32, "INSTITUTO VELK DE PROVAS")
        page.drawRightString(A4[0] - setter.margin, 32, label.format(page=number))
    elif board.footer == "page":
        page.drawCentredString(A4[0] / 2, 30, str(number))
    elif board.footer == "pages":
        page.drawCentredString(A4[0] / 2, 30, f"{label.format(page=number)}/{pages}")
