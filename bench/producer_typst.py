"""Prints a drawn paper with Typst."""

# ruff: noqa: E501  (markup of other programs is easier to read on one line)

from __future__ import annotations

import json

from bench.producer_draw import Ask, Case, Heading, Paper, Runs

FONTS = ("Noto Serif", "Noto Sans", "DejaVu Sans")
BEHIND = '"Noto Sans CJK JP", "Noto Sans CJK TC", "Noto Naskh Arabic", "Noto Sans Hebrew", "Noto Sans Devanagari", "Noto Sans Thai", "NanumGothic", "DejaVu Sans"'
KINDS = {
    "": "%s", "i": "#emph(%s)", "b": "#strong(%s)", "u": "#underline(%s)", "sup": "#super(%s)", "sub": "#sub(%s)",
    "mark": "#highlight(%s)", "red": "#text(fill: red, %s)",
}  # fmt: skip


def quoted(text: str) -> str:
    """Return a text as a string of Typst."""
    return json.dumps(text, ensure_ascii=False)


def runs_typst(runs: Runs) -> str:
    """Return runs as content of Typst."""
    return "".join(f"#{quoted(text)};" if style == "" else KINDS[style] % quoted(text) + ";" for text, style in runs)


def head(paper: Paper) -> str:
    """Return the settings of the page and of the text."""
    look = paper.look
    footer = (
        look.footer.replace("{pages}", "#counter(page).final().first();")
        .replace("{page}", "#counter(page).display();")
        .replace("- ", "\\- ")
        .replace("/", "\\/")
    )
    return f"""#set page(paper: "a4", margin: 20mm, header: align(center, text(8pt, {quoted(look.header)})),
  footer: context align(center, text(8pt)[{footer}]))
#set text(font: ("{FONTS[look.family]}", {BEHIND}), size: {look.size}pt, lang: "{paper.language[:2]}", dir: {"rtl" if paper.right_to_left else "ltr"}, hyphenate: {"true" if look.hyphens else "false"})
#set par(justify: {"true" if look.justified else "false"})
"""


def _options(paper: Paper, ask: Ask) -> str:
    look = paper.look
    across = paper.rows(ask, 85 // look.columns * 10 // look.size)
    texts = [runs_typst(paper.option(ask, at)) for at in range(len(ask.options))]
    marks = [f"#{quoted(paper.mark(at))};" for at in range(len(texts))]
    if across == 0:
        return " #h(1.2em) ".join(f"{mark} {text}" for mark, text in zip(marks, texts, strict=True))
    if across > 1:
        cells = ", ".join(f"[{mark} {text}]" for mark, text in zip(marks, texts, strict=True))
        return f"#grid(columns: (1fr,) * {across}, row-gutter: 0.6em, column-gutter: 0.5em, {cells})"
    if look.options_table:
        cells = ", ".join(f"[{mark}], [{text}]" for mark, text in zip(marks, texts, strict=True))
        return f"#grid(columns: (auto, 1fr), row-gutter: 0.6em, column-gutter: 0.5em, {cells})"
    told = ", ".join(f"[{text}]" for text in texts)
    names = ", ".join(quoted(paper.mark(at)) for at in range(len(texts)))
    return f"#enum(numbering: n => ({names}).at(n - 1), {told})"


def _ask(paper: Paper, ask: Ask) -> str:
    look = paper.look
    number = f"#{quoted(paper.number(ask))};"
    number = f"#strong[{number}]" if look.bold_number else number
    figure = '\n\n#image("figure.png", width: 40mm)\n\n' if ask.picture else ""
    answer = f"\n\n{paper.words.answer}: {paper.answer(ask)}" if look.key == "answer" else ""
    body = f"{runs_typst(ask.stem)}\n\n{figure}{_options(paper, ask)}{answer}"
    if look.own_line:
        return f"{number}\n\n{body}\n"
    if look.automatic:
        return f"#enum(start: {ask.number}, numbering: n => [{number}], [{body}])\n"
    return f"{number} {body}\n"


def key_typst(paper: Paper) -> str:
    """Return the key as tables or as a run."""
    told = [f"#strong({quoted(paper.words.key)})\n"]
    if paper.look.key == "run":
        return told[0] + "\n" + quoted_run(" ".join(f"{ask.number}.{paper.answer(ask)}" for ask in paper.asks))
    for title, rows in paper.key_tables():
        cells = ", ".join(f"[#{quoted(cell)}]" for row in rows for cell in row)
        stroke = "none" if paper.look.rules else "0.5pt"
        told.append(f"#{quoted(title)};\n#table(columns: {len(rows[0])}, stroke: {stroke}, {cells})\n")
    return "\n".join(told)


def quoted_run(text: str) -> str:
    """Return a text as content."""
    return f"#{quoted(text)};"


def exam_typst(paper: Paper) -> str:
    """Return the source of the exam."""
    look, said = paper.look, paper.words
    front = f"#align(center, text(16pt, {quoted(said.title)}))\n"
    if look.second_title:
        front += f"#align(center, text(12pt, {quoted(look.second_title)}))\n"
    if look.title_page:
        told = ", ".join(f"[#{quoted(one)}]" for one in said.instructions)
        front += f"#v(2cm)\n#enum({told})\n#pagebreak()\n"
    parts = []
    for block in paper.blocks:
        if isinstance(block, Heading):
            parts.append(f"#strong({quoted(block.text)})\n")
        elif isinstance(block, Case):
            parts.append(f"#strong({quoted(block.lead)})\n\n{runs_typst(block.text)}\n")
        else:
            parts.append(_ask(paper, block))
    body = "\n\n".join(parts)
    if look.columns == 2:
        body = f"#columns(2, gutter: 8mm)[\n{body}\n]"
    key = f"#pagebreak()\n{key_typst(paper)}" if look.key in ("table", "run") else ""
    return f"{head(paper)}{front}\n{body}\n{key}"


def key_page(paper: Paper) -> str:
    """Return the source of a file that holds the key alone."""
    return head(paper) + key_typst(paper)
