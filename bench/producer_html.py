"""Prints a drawn paper as a web page: for Chromium, for WeasyPrint, and as a page that somebody saved."""

from __future__ import annotations

import html
from pathlib import Path

from bench.producer_draw import Ask, Case, Heading, Paper, Runs

TAGS = {"i": "i", "b": "b", "u": "u", "sup": "sup", "sub": "sub"}
FONTS = (
    "'Noto Serif', 'Liberation Serif', 'Noto Serif CJK JP', 'Noto Naskh Arabic', serif",
    "'Noto Sans', 'Liberation Sans', 'Noto Sans CJK JP', 'Noto Sans Arabic', sans-serif",
    "'DejaVu Sans', 'Noto Sans CJK JP', sans-serif",
)
COUNTERS = {"A": "upper-alpha", "a": "lower-alpha", "1": "decimal"}
NOISE = """<nav><ul><li><a href="/">Home</a></li><li><a href="/exams">Exams</a></li><li><a href="/login">Log in</a></li>
</ul></nav><script>window.dataLayer=window.dataLayer||[];function gtag(){dataLayer.push(arguments)}</script>
<div class="cookie-banner" role="dialog">We use cookies to improve your experience. <button>Accept all</button></div>"""
TAIL = """<aside><h3>Related</h3><ul><li>1. Top ten tips</li><li>2. Courses near you</li></ul></aside>
<footer><p>© 2031 Exam portal. All rights reserved. | Privacy | Terms</p></footer><script>var t=1;</script>"""


def runs_html(runs: Runs) -> str:
    """Return runs as markup."""
    parts = []
    for text, style in runs:
        told = html.escape(text, quote=False)
        if style in TAGS:
            told = f"<{TAGS[style]}>{told}</{TAGS[style]}>"
        elif style == "mark":
            told = f'<span style="background:#ff0">{told}</span>'
        elif style == "red":
            told = f'<span style="color:#d00">{told}</span>'
        parts.append(told)
    return "".join(parts)


def _content(pattern: str, counter: str) -> str:
    """Return a pattern with a number as the value of CSS `content`."""
    before, _, after = pattern.replace("{:02d}", "{}").partition("{}")
    style = ", decimal-leading-zero" if "{:02d}" in pattern else ""
    told = counter.replace(")", f"{style})") if style else counter
    return f'"{before}" {told} "{after}\\00a0"'


def _css(paper: Paper, *, chromium: bool) -> str:
    look = paper.look
    kind = COUNTERS.get(look.alphabet[0], "upper-alpha")
    page = f"""@page {{ size: A4; margin: 20mm 18mm;
 @top-center {{ content: "{look.header}"; font-size: 8pt }}
 @bottom-center {{ content: {_page(look.footer)}; font-size: 8pt }} }}"""
    way = "grid" if look.spacing == 0 else "flex"
    return f"""{page}
body {{ font-family: {FONTS[look.family]}; font-size: {look.size}pt; line-height: 1.3; counter-reset: q;
 text-align: {"justify" if look.justified else "start"}; hyphens: {"auto" if look.hyphens else "manual"};
 letter-spacing: {0.02 if chromium and look.spacing else 0}em }}
.exam {{ column-count: {look.columns}; column-gap: 9mm; {"column-rule: 0.5pt solid #555;" if look.rules else ""} }}
.title {{ text-align: center; font-size: 16pt; margin: 3em 0 }} .front {{ break-after: page }}
.ask {{ margin: 0 0 0.9em 0; }} .n {{ {"font-weight: bold;" if look.bold_number else ""} }}
.own {{ display: block }} p {{ margin: 0 0 0.3em 0 }} img {{ width: 40mm; display: block }}
.options {{ list-style: none; margin: 0.2em 0; padding: 0 0 0 {1.5 * (1 - look.family % 2)}em; counter-reset: o }}
.grid {{ display: {way}; grid-template-columns: repeat(var(--n), 1fr); flex-wrap: wrap }}
.grid > li {{ {"width: calc(100% / var(--n) - 4px)" if way == "flex" else ""} }}
.run > li {{ display: inline; margin-inline-end: 1.2em }}
.auto > li {{ counter-increment: o }} .auto > li::before {{ content: {_content(look.mark, f"counter(o, {kind})")} }}
.counted {{ counter-increment: q }} .counted > p > .n::before {{ content: {_content(look.number, "counter(q)")} }}
.restart {{ counter-reset: q }}
table.key {{ border-collapse: collapse; margin: 1em 0 }}
table.key td {{ border: {0 if look.rules else 1}px solid #333; padding: 1pt 5pt }}
table.opt td {{ padding-inline-end: 1em; text-align: start }}"""


def _page(footer: str) -> str:
    parts = footer.replace("{pages}", '" counter(pages) "').replace("{page}", '" counter(page) "')
    return f'"{parts}"'


def _options(paper: Paper, ask: Ask, automatic: bool) -> str:
    look = paper.look
    across = paper.rows(ask, 90 // look.columns * 10 // look.size)
    automatic = automatic and look.alphabet[0] in COUNTERS
    texts = [runs_html(paper.option(ask, at)) for at in range(len(ask.options))]
    marks = ["" if automatic else f"{html.escape(paper.mark(at))} " for at in range(len(texts))]
    if across > 1 and look.options_table and not automatic:
        cells = [f"<td>{mark}{text}</td>" for mark, text in zip(marks, texts, strict=True)]
        rows = ["<tr>" + "".join(cells[at : at + across]) + "</tr>" for at in range(0, len(cells), across)]
        return f'<table class="opt">{"".join(rows)}</table>'
    kind = {0: "run", 1: "list"}.get(across, "grid")
    kinds = f"options {kind}{' auto' if automatic else ''}"
    lines = "\n".join(f"<li>{mark}{text}</li>" for mark, text in zip(marks, texts, strict=True))
    return f'<ul class="{kinds}" style="--n:{across}">{lines}</ul>'


def _ask(paper: Paper, ask: Ask, picture: str) -> str:
    look = paper.look
    own = " own" if look.own_line else ""
    printed = "" if look.automatic else f"{html.escape(paper.number(ask))} "
    number = f'<span class="n{own}">{printed}</span>'
    shown = f'<img src="{picture}" alt="">' if ask.picture else ""
    answer = f"<p>{paper.words.answer}: {paper.answer(ask)}</p>" if look.key == "answer" else ""
    kind = "ask counted" if look.automatic else "ask"
    return (
        f'<div class="{kind}"><p>{number}{runs_html(ask.stem)}</p>{shown}'
        f"{_options(paper, ask, look.automatic)}{answer}</div>"
    )


def key_html(paper: Paper) -> str:
    """Return the key as tables or as a run of numbers and marks."""
    told = [f"<h2>{paper.words.key}</h2>"]
    if paper.look.key == "run":
        told.append("<p>" + " ".join(f"{ask.number}.{paper.answer(ask)}" for ask in paper.asks) + "</p>")
        return "".join(told)
    for title, rows in paper.key_tables():
        told.append(f"<h3>{title}</h3>" if title else "")
        lines = ("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
        told.append(f'<table class="key">{"".join(lines)}</table>')
    return "".join(told)


def page(body: str, paper: Paper, *, chromium: bool, saved: bool = False) -> str:
    """Return a whole page."""
    way = "rtl" if paper.right_to_left else "ltr"
    before, after = (NOISE, TAIL) if saved else ("", "")
    return (
        f'<!DOCTYPE html><html lang="{paper.language}" dir="{way}"><head><meta charset="utf-8">'
        f"<title>{paper.words.title}</title><style>{_css(paper, chromium=chromium)}</style></head>"
        f"<body>{before}{body}{after}</body></html>"
    )


def exam_html(paper: Paper, picture: str, *, chromium: bool, saved: bool = False) -> str:
    """Return the whole exam as a page; `picture` is the address of the one figure."""
    look, said = paper.look, paper.words
    second = f"<p class='title'>{look.second_title}</p>" if look.second_title else ""
    told = "".join(f"<li>{one}</li>" for one in said.instructions)
    front = f'<p class="title">{said.title}</p>{second}'
    if look.title_page:
        front = f'<div class="front">{front}<ol>{told}</ol></div>'
    elif look.header and not chromium:
        front = ""
    parts = []
    for block in paper.blocks:
        if isinstance(block, Heading):
            parts.append(f'<h3 class="{"restart" if look.restart else ""}">{block.text}</h3>')
        elif isinstance(block, Case):
            parts.append(f"<p><b>{block.lead}</b></p><p>{runs_html(block.text)}</p>")
        else:
            parts.append(_ask(paper, block, picture))
    key = key_html(paper) if look.key in ("table", "run") else ""
    return page(f'{front}<div class="exam">{"".join(parts)}</div>{key}', paper, chromium=chromium, saved=saved)


def write(path: Path, text: str) -> Path:
    """Write a page and return where it is."""
    path.write_text(text, encoding="utf-8")
    return path
