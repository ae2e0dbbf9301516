"""An exam and its layout as HTML with print styles."""

from __future__ import annotations

import base64
from html import escape

from tests.typesetter.booklet import last_of_context, part_title
from tests.typesetter.compose import Setting, context_heading, is_correct, picture_size
from tests.typesetter.flow import LOWERED, RAISED
from tests.typesetter.keytable import REVISED_MARK, entries
from tests.typesetter.layout import Layout
from tests.typesetter.model import PrintExam, PrintItem, PrintOption
from tests.typesetter.styles import answer_text, option_mark, position_of, printed_number, word

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he"})
_FAMILIES = {
    "dejavu-sans": "DejaVu Sans",
    "dejavu-serif": "DejaVu Serif",
    "dejavu-condensed": "DejaVu Sans Condensed",
    "noto-sans": "Noto Sans",
    "noto-serif": "Noto Serif",
    "free-sans": "FreeSans",
    "free-serif": "FreeSerif",
    "liberation-sans": "Liberation Sans",
    "liberation-serif": "Liberation Serif",
    "helvetica": "Liberation Sans",
    "times": "Liberation Serif",
}
_SCRIPT_FAMILIES = {
    "ar": "Noto Naskh Arabic",
    "fa": "Noto Naskh Arabic",
    "he": "Noto Sans Hebrew",
    "hi": "Noto Sans Devanagari",
    "th": "Noto Sans Thai",
    "zh-Hant": "Noto Sans CJK TC",
    "ja": "Noto Sans CJK JP",
    "ko": "Noto Sans CJK KR",
}
_CORRECT = {
    "bold": "font-weight:bold",
    "colour": "color:#0d731a",
    "highlight": "background:#ffed59",
    "underline": "text-decoration:underline",
}


def booklet_html(exam: PrintExam, layout: Layout) -> str:
    """The whole booklet."""
    setting = Setting(layout, exam.language, 400.0)
    body: list[str] = []
    if layout.cover:
        body.append(_cover(exam))
    body.append('<main class="columns">')
    part: int | None = None
    context: str | None = None
    for position, item in enumerate(exam.items):
        if item.part != part and layout.part_headings and exam.part_titles:
            body.append(f"<h2>{escape(part_title(exam, item.part))}</h2>")
        if item.directions is not None:
            first, *others = item.directions.split("\n")
            body.append(f'<div class="context"><b>{escape(first)}</b><br>{_text(chr(10).join(others), layout)}</div>')
        if item.context is not None and (item.context != context or item.part != part):
            heading = context_heading(setting, item, last_of_context(exam.items, position))
            body.append(f'<div class="context"><b>{escape(heading)}</b><br>{_text(item.context, layout)}</div>')
        part, context = item.part, item.context
        body.append(_item(item, layout, exam.language))
    body.append("</main>")
    if layout.key_format == "last-page":
        body.append('<div style="break-before:page"></div>' + _key_table(setting, list(exam.items), "rows", False))
    if exam.closing:
        pages = "".join(f"<div>{_text(text, layout)}</div>" for text in exam.closing)
        body.append(f'<div style="break-before:page">{pages}</div>')
    if layout.watermark:
        body.append(f'<div class="ghost">{escape(layout.watermark)}</div>')
    links = "".join(f'<a href="#{name}"></a>' for name in _anchors(exam))
    return _page(exam, layout, "\n".join(body) + f'<div class="links">{links}</div>')


def key_html(exam: PrintExam, layout: Layout, title: str, *, revised: bool) -> str:
    """The key alone."""
    setting = Setting(layout, exam.language, 400.0)
    form = layout.key_format if layout.key_format in ("rows", "columns", "list", "lines") else "columns"
    body = [f"<h1>{escape(title)}</h1>"]
    parts = sorted({item.part for item in exam.items})
    for part in parts:
        if len(parts) > 1:
            body.append(f"<h2>{escape(word(exam.language, 'part').format(part))}</h2>")
        body.append(_key_table(setting, [item for item in exam.items if item.part == part], form, revised))
    if revised:
        body += [f"<p>{escape(note)}</p>" for note in _notes(setting, exam.items)]
    return _page(exam, layout, "\n".join(body))


def _notes(setting: Setting, items: tuple[PrintItem, ...]) -> list[str]:
    style, language = setting.layout.option_style, setting.language
    return [
        f"{REVISED_MARK} {word(language, 'question')} {item.number}: {answer_text(item.key, style, language)} → "
        f"{answer_text(item.revised_key, style, language)}. {item.note or ''}".strip()
        for item in items
        if item.revised_key is not None
    ]


def _key_table(setting: Setting, items: list[PrintItem], form: str, revised: bool) -> str:
    rows = [(escape(n), escape(a)) for n, a in entries(setting, items, revised=revised)]
    names = (word(setting.language, "question"), word(setting.language, "answer"))
    if form == "list":
        return "<p>" + " &ensp;".join(f"{n}.{a}" for n, a in rows) + "</p>"
    if form == "lines":
        return "".join(f"<div>{n} - {a}</div>" for n, a in rows)
    if form == "rows":
        tables = []
        for start in range(0, len(rows), 10):
            chunk = rows[start : start + 10]
            lines = [
                f"<tr><th>{names[c]}</th>" + "".join(f"<td>{row[c]}</td>" for row in chunk) + "</tr>" for c in (0, 1)
            ]
            tables.append(f'<table class="key">{"".join(lines)}</table>')
        return "".join(tables)
    count = min(setting.layout.key_columns, len(rows))
    depth = -(-len(rows) // count) if count else 0
    lines = ["<tr>" + f"<th>{names[0]}</th><th>{names[1]}</th>" * count + "</tr>"]
    for row in range(depth):
        cells = [rows[row + c * depth] for c in range(count) if row + c * depth < len(rows)]
        lines.append("<tr>" + "".join(f"<td>{n}</td><td>{a}</td>" for n, a in cells) + "</tr>")
    return f'<table class="key">{"".join(lines)}</table>'


def _cover(exam: PrintExam) -> str:
    rules = "".join(f"<li>{escape(text)}</li>" for text in exam.instructions)
    version = f"<h2>{escape(exam.version)}</h2>" if exam.version else ""
    return f'<section class="cover"><h1>{escape(exam.title)}</h1>{version}<ol>{rules}</ol></section>'


def _item(item: PrintItem, layout: Layout, language: str) -> str:
    number = escape(printed_number(item.number, layout.number_style, language, layout.local_digits))
    bold = "font-weight:bold" if layout.number_bold or layout.stem_bold else ""
    stem_bold = "font-weight:bold" if layout.stem_bold else ""
    anchor = _anchor(item, "stem")
    text = f'<span style="{stem_bold}">{_text(item.stem, layout)}</span>'
    if layout.number_own_line:
        head = f'<div id="{anchor}" class="head" style="{bold}">{number}</div><div class="stem">{text}</div>'
    else:
        head = f'<div id="{anchor}" class="stem hung"><span class="no" style="{bold}">{number}</span> {text}</div>'
    parts = [head]
    if item.table:
        parts.append(
            "<table>"
            + "".join(
                "<tr>" + "".join(f"<td>{_text(cell, layout)}</td>" for cell in row) + "</tr>" for row in item.table
            )
            + "</table>"
        )
    for position, figure in enumerate(item.figures):
        parts.append(_image(figure.png, _anchor(item, f"figure_{position}"), 190))
    parts.append(f'<div class="options">{"".join(_option(item, option, layout) for option in item.options)}</div>')
    parts += [f"<div>{_text(text, layout)}</div>" for text in item.below]
    if layout.key_format == "under-question":
        parts.append(f"<div>{escape(answer_text(item.key, layout.option_style, language))}</div>")
    if layout.separator != "none":
        parts.append("<hr>")
    return f'<div class="item">{"".join(parts)}</div>'


def _option(item: PrintItem, option: PrintOption, layout: Layout) -> str:
    mark = escape(option_mark(position_of(option.label), layout.option_style))
    correct = is_correct(item, option)
    if correct and layout.key_format == "asterisk":
        mark = f"*{mark}"
    style = _CORRECT.get(layout.key_format, "") if correct else ""
    image = "" if option.figure is None else _image(option.figure, _anchor(item, f"figure_{option.label}"), 90)
    text = f'<span class="mark">{mark}</span> <bdi>{_text(option.text, layout)}</bdi>'
    below = f"<div>{_text(option.below, layout)}</div>" if option.below else ""
    return f'<div class="option"><span style="{style}">{text}</span>{below}{image}</div>'


def _image(png: bytes, anchor: str, limit: float) -> str:
    width, height = picture_size(png, limit)
    data = base64.b64encode(png).decode("ascii")
    return (
        f'<div class="figure" id="{anchor}"><img width="{width * 4 / 3:.1f}" height="{height * 4 / 3:.1f}" '
        f'src="data:image/png;base64,{data}"></div>'
    )


def _text(text: str, layout: Layout) -> str:
    marked = escape(text).replace("\n", "<br>")
    if layout.superscripts != "raised":
        return marked
    small = {**{c: f"<sup>{p}</sup>" for c, p in RAISED.items()}, **{c: f"<sub>{p}</sub>" for c, p in LOWERED.items()}}
    return (
        "".join(small.get(character, character) for character in marked)
        .replace("</sup><sup>", "")
        .replace("</sub><sub>", "")
    )


def _anchor(item: PrintItem, name: str) -> str:
    return f"at-{item.part}-{item.number}-{name}"


def _anchors(exam: PrintExam) -> list[str]:
    names: list[str] = []
    for item in exam.items:
        names.append(_anchor(item, "stem"))
        names += [_anchor(item, f"figure_{position}") for position in range(len(item.figures))]
        names += [_anchor(item, f"figure_{option.label}") for option in item.options if option.figure is not None]
    return names


def _page_number(layout: Layout, language: str) -> str:
    if layout.page_number is None:
        return '""'
    template = word(language, "page") if layout.page_number == "words" else layout.page_number
    quoted = '"' + template.replace("{page}", '" counter(page) "').replace("{pages}", '" counter(pages) "') + '"'
    return quoted.replace('""', "").strip() or '""'


def _page(exam: PrintExam, layout: Layout, body: str) -> str:
    fonts = [_SCRIPT_FAMILIES.get(exam.language), _FAMILIES[layout.font], "DejaVu Sans"]
    family = ",".join(f"'{name}'" for name in fonts if name)
    header = escape(exam.header).replace('"', "") if layout.running_header else ""
    footer = escape(exam.footer).replace('"', "") if layout.running_header else ""
    direction = "rtl" if exam.language in RIGHT_TO_LEFT else "ltr"
    rule = "column-rule:0.6pt solid #333;" if layout.column_rule else ""
    split = "auto" if layout.split_items else "avoid"
    box = "border:0.7pt solid #000;padding:2pt 4pt;" if layout.boxed else ""
    width = 100 / layout.options_per_line
    hang = max(layout.number_hang, 0.0)
    mark = f"display:inline-block;min-width:{layout.option_hang}pt;" if layout.option_hang else ""
    number = f"display:inline-block;min-width:{hang}pt;" if hang else ""
    return f"""<!doctype html>
<html lang="{exam.language}" dir="{direction}"><head><meta charset="utf-8"><title>{escape(exam.title)}</title><style>
@page {{ size: {layout.page_size}; margin: {layout.margin}pt;
  @top-center {{ content: "{header}"; font: 8pt {family}; }}
  @bottom-center {{ content: {_page_number(layout, exam.language)}; font: 8pt {family}; }}
  @bottom-left {{ content: "{footer}"; font: 8pt {family}; }} }}
body {{ margin: 0; font: {layout.font_size}pt/{layout.line_spacing} {family};
  text-align: {"justify" if layout.justify else "start"}; hyphens: {"auto" if layout.hyphenate else "manual"}; }}
.columns {{ columns: {layout.columns}; column-gap: 22pt; {rule} column-fill: auto; }}
.item {{ break-inside: {split}; margin-bottom: {layout.item_gap}pt; {box} }}
.head, .context {{ break-after: avoid; }}
.hung {{ padding-inline-start: {hang}pt; text-indent: -{hang}pt; }} .hung > span {{ text-indent: 0; }}
.no {{ {number} }} .mark {{ {mark} }}
.options {{ display: flex; flex-wrap: wrap; padding-inline-start: {layout.option_indent}pt; }}
.option {{ flex: 0 0 auto; min-width: {width:.2f}%; max-width: 100%; box-sizing: border-box; padding-inline-end: 4pt;
  break-inside: avoid; }}
.cover {{ break-after: page; }} .figure {{ margin: 4pt 12pt; break-inside: avoid; }}
.ghost {{ position: fixed; top: 40%; left: 10%; font-size: 84pt; color: #e6e6e6; transform: rotate(-52deg);
  z-index: -1; }}
.links {{ height: 0; overflow: hidden; line-height: 0; }}
table {{ border-collapse: collapse; margin: 4pt; }} td, th {{ border: 0.7pt solid #000; padding: 1pt 5pt; }}
h1, h2 {{ text-align: center; break-after: avoid; }} h1 {{ font-size: 1.4em; }} h2 {{ font-size: 1.15em; }}
hr {{ border: 0; border-top: 0.6pt {"dotted" if layout.separator == "dots" else "solid"} #333; }}
sup, sub {{ line-height: 0; font-size: 0.62em; }}
</style></head><body>
{body}
</body></html>
"""
