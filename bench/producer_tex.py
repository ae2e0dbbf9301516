"""Prints a drawn paper with LaTeX: pdfTeX with old and new font encodings, and XeTeX."""

# ruff: noqa: E501  (markup of other programs is easier to read on one line)

from __future__ import annotations

from bench.producer_draw import Ask, Case, Heading, Paper, Runs

SIGNS = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "[": "{[}", "]": "{]}",
}  # fmt: skip
OLD = {
    "≥": r"$\geq$", "≤": r"$\leq$", "α": r"$\alpha$", "β": r"$\beta$", "γ": r"$\gamma$", "δ": r"$\delta$",
    "µ": r"$\mu$", "μ": r"$\mu$", "°": r"$^{\circ}$", "º": r"\textordmasculine{}", "ª": r"\textordfeminine{}",
    "±": r"$\pm$", "×": r"$\times$", "→": r"$\rightarrow$", "–": "--", "—": "---", "…": r"\dots{}", "²": r"$^{2}$",
    "³": r"$^{3}$", "₂": r"$_{2}$", "“": "``", "”": "''", "‘": "`", "’": "'", '"': r"\textquotedbl{}",
    "✓": r"$\surd$", "«": r"\guillemotleft{}", "»": r"\guillemotright{}", "„": r"\quotedblbase{}", "Δ": r"$\Delta$",
    "\u00a0": "~", "\u00ad": "",
}  # fmt: skip
LATIN = "áéíóúàèìòùâêîôûäëïöüãõñçÁÉÍÓÚÀÈÂÊÎÔÛÄËÏÖÜÃÕÑÇ¿¡ąćęłńóśźżĄĆĘŁŃŚŹŻœæŒßşŞğĞıİčďěňřšťůžőűŐŰ"
CYRILLIC = "АБВГҐДЕЄЁЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгґдеєёжзиіїйклмнопрстуфхцчшщъыьэюя’№"
BABEL = {"es": "spanish", "fr": "french", "pt": "portuguese", "it": "italian", "de": "ngerman", "pl": "polish", "en": "english", "hu": "magyar"}  # fmt: skip
XE_FONTS = {
    "ja": ("IPAMincho", "Noto Sans CJK JP"), "zh-Hant": ("Noto Serif CJK TC", "Noto Sans CJK TC"), "ko": ("NanumMyeongjo", "NanumGothic"),
    "ar": ("Amiri", "DejaVu Sans"), "fa": ("Amiri", "DejaVu Sans"), "he": ("DejaVu Sans", "FreeSerif"),
    "hi": ("FreeSerif", "FreeSans"), "th": ("FreeSerif", "FreeSerif"),
}  # fmt: skip
SCRIPTS = {"ar": "Arabic", "fa": "Arabic", "he": "Hebrew", "hi": "Devanagari", "th": "Thai"}


def engine(paper: Paper) -> str:
    """Return `pdflatex` or `xelatex`, by what the questions are written in and by the seed."""
    signs = {sign for ask in paper.asks for runs in (ask.stem, *ask.options) for text, _ in runs for sign in text}
    signs |= {sign for text in paper.cases.values() for sign in text}
    letters = LATIN + (CYRILLIC if paper.language in ("uk", "ru", "bg") else "")
    simple = all(sign.isascii() or sign in OLD or sign in letters for sign in signs)
    return "pdflatex" if simple and paper.look.family != 2 else "xelatex"


def escaped(text: str, old: bool) -> str:
    """Return a text that TeX prints as it is."""
    return "".join(SIGNS.get(sign) or (OLD.get(sign) if old else None) or sign for sign in text)


def runs_tex(runs: Runs, old: bool) -> str:
    """Return runs as TeX."""
    kinds = {"i": r"\emph{%s}", "b": r"\textbf{%s}", "u": r"\underline{%s}", "sup": r"\textsuperscript{%s}", "sub": r"\textsubscript{%s}", "mark": r"\colorbox{yellow}{\parbox[t]{%s}{%s}}", "red": r"\textcolor{red}{%s}"}  # fmt: skip
    parts = []
    for text, style in runs:
        told = escaped(text, old)
        if style == "mark":
            told = r"\hl{" + told + "}" if old and told.isascii() else r"\colorbox{yellow}{" + told + "}"
        elif style == "u" and len(text) > 40:
            told = r"\uline{" + told + "}"
        elif style in ("sup", "sub") and old:
            told = f"${'^' if style == 'sup' else '_'}{{{told}}}$"
        elif style:
            told = kinds[style] % told
        parts.append(told)
    return "".join(parts)


def head(paper: Paper) -> str:
    """Return the preamble."""
    look, old = paper.look, engine(paper) == "pdflatex"
    paper_class = "exam" if look.automatic and look.number == "{}." and not paper.right_to_left else "article"
    lines = [
        rf"\documentclass[{'12pt' if look.size > 11 else f'{max(10, look.size)}pt'},a4paper]{{{paper_class}}}",
        r"\usepackage[a4paper,margin=20mm]{geometry}\usepackage{graphicx,multicol,enumitem,array,longtable}",
        r"\usepackage[table]{xcolor}\usepackage[normalem]{ulem}\usepackage{soul}\sethlcolor{yellow}\usepackage{lastpage}",
    ]
    if old and paper.language in ("uk", "ru", "bg"):
        name = {"uk": "ukrainian", "ru": "russian", "bg": "bulgarian"}[paper.language]
        lines.append(rf"\usepackage[T2A]{{fontenc}}\usepackage[utf8]{{inputenc}}\usepackage[{name}]{{babel}}")
    elif old:
        ascii_only = look.family == 0 and paper.language in ("es", "fr", "pt", "it", "en", "de")
        lines.append(
            r"\usepackage{textcomp}" if ascii_only else r"\usepackage[T1]{fontenc}\usepackage{lmodern,textcomp}"
        )
        if ascii_only:
            lines.append(r"\DeclareTextSymbolDefault{\guillemotleft}{T1}\DeclareTextSymbolDefault{\guillemotright}{T1}")
            lines.append(r"\DeclareTextSymbolDefault{\textquotedbl}{T1}\DeclareTextSymbolDefault{\quotedblbase}{T1}")
        lines.append(r"\usepackage[utf8]{inputenc}")
        shorthands = ",shorthands=off" if paper.language != "pl" else ""
        if paper.language in BABEL:
            lines.append(rf"\usepackage[{BABEL[paper.language]}{shorthands}]{{babel}}")
        lines.append(r"\usepackage{microtype}" if look.spacing == 0 else "")
    else:
        lines += _xe(paper)
    if not look.hyphens:
        lines.append(r"\hyphenpenalty=10000\exhyphenpenalty=10000\emergencystretch=3em")
    if not look.justified and not paper.right_to_left:
        lines.append(r"\AtBeginDocument{\raggedright}")
    lines += [r"\setlength{\parindent}{0pt}\setlength{\parskip}{2pt}", _foot(paper, old, paper_class)]
    return "\n".join(lines)


def _xe(paper: Paper) -> list[str]:
    serif, sans = XE_FONTS.get(paper.language, ("Noto Serif", "Noto Sans"))
    font = sans if paper.look.family == 1 else serif
    if paper.language not in XE_FONTS and paper.look.family == 2:
        font = "DejaVu Serif"
    script = f"[Script={SCRIPTS[paper.language]},ItalicFont={{{font}}}]" if paper.language in SCRIPTS else ""
    lines = [rf"\usepackage{{fontspec}}\setmainfont{{{font}}}{script}"]
    if paper.language in ("ja", "zh-Hant", "ko", "th"):
        lines.append(rf'\XeTeXlinebreaklocale "{paper.language[:2]}"\XeTeXlinebreakskip=0pt plus 1pt')
    return lines


def _foot(paper: Paper, old: bool, paper_class: str) -> str:
    header, footer = (escaped(one, old) for one in (paper.look.header, paper.look.footer))
    footer = footer.replace(r"\{pages\}", r"\pageref{LastPage}").replace(r"\{page\}", r"\thepage")
    if paper_class == "exam":
        return rf"\pagestyle{{headandfoot}}\header{{}}{{{header}}}{{}}\footer{{}}{{{footer}}}{{}}"
    return (
        rf"\usepackage{{fancyhdr}}\pagestyle{{fancy}}\fancyhf{{}}\fancyhead[C]{{{header}}}\fancyfoot[C]{{{footer}}}"
        rf"\renewcommand{{\headrulewidth}}{{{'0.4pt' if paper.look.rules else '0pt'}}}"
        + (r"\usepackage{bidi}" if paper.right_to_left else "")
    )


def _options(paper: Paper, ask: Ask, old: bool) -> str:
    look = paper.look
    across = paper.rows(ask, 95 // look.columns * 10 // look.size)
    texts = [runs_tex(paper.option(ask, at), old) for at in range(len(ask.options))]
    marks = [escaped(paper.mark(at), old) for at in range(len(texts))]
    if across > 1 and look.options_table:
        column = rf">{{\raggedright\arraybackslash}}p{{{0.94 / across:.3f}\linewidth}}"
        cells = [f"{mark} {text}" for mark, text in zip(marks, texts, strict=True)]
        rows = [" & ".join(cells[at : at + across]) + r"\\" for at in range(0, len(cells), across)]
        return rf"\begin{{tabular}}{{@{{}}*{{{across}}}{{{column}}}@{{}}}}" + "\n".join(rows) + r"\end{tabular}"
    if across == 0:
        return r" \quad ".join(f"{mark}~{text}" for mark, text in zip(marks, texts, strict=True))
    if across > 1:
        wide = f"{0.98 / across:.3f}"
        boxes = [
            rf"\makebox[{wide}\linewidth][{'r' if paper.right_to_left else 'l'}]{{{mark} {text}}}"
            + (r"\\" if (at + 1) % across == 0 and at + 1 < len(texts) else "%\n")
            for at, (mark, text) in enumerate(zip(marks, texts, strict=True))
        ]
        return r"\noindent " + "".join(boxes)
    items = "\n".join(rf"\item[{{{mark}}}] {text}" for mark, text in zip(marks, texts, strict=True))
    return rf"\begin{{itemize}}[leftmargin=*,nosep,align=left]{items}\end{{itemize}}"


def _ask(paper: Paper, ask: Ask, old: bool, exam_class: bool) -> str:
    look = paper.look
    number = escaped(paper.number(ask), old)
    number = rf"\textbf{{{number}}}" if look.bold_number else number
    figure = r"\par\includegraphics[width=40mm]{figure.png}\par " if ask.picture else ""
    answer = rf"\par {escaped(paper.words.answer, old)}: {paper.answer(ask)}" if look.key == "answer" else ""
    stem = runs_tex(ask.stem, old)
    options = _options(paper, ask, old)
    if exam_class:
        return rf"\question {stem}\par {figure}{options}{answer}"
    if look.own_line:
        return rf"{number}\par {stem}\par {figure}{options}{answer}\par\medskip"
    if look.spacing:
        return rf"\begin{{itemize}}[leftmargin=2.6em,labelwidth=2.1em,align=left]\item[{{{number}}}] {stem}\par {figure}{options}{answer}\end{{itemize}}"
    return rf"{number} {stem}\par {figure}{options}{answer}\par\medskip"


def key_tex(paper: Paper) -> str:
    """Return the key as tables or as a run."""
    old = engine(paper) == "pdflatex"
    told = [rf"\clearpage\textbf{{{escaped(paper.words.key, old)}}}\par\medskip"]
    if paper.look.key == "run":
        return told[0] + " ".join(f"{ask.number}.{paper.answer(ask)}" for ask in paper.asks)
    for title, rows in paper.key_tables():
        line = r"\hline" if paper.look.rules is False else ""
        columns = ("|" if line else "").join(["", *["c"] * len(rows[0]), ""])
        lines = [" & ".join(row) + r"\\" + line for row in rows]
        told.append(
            rf"{title}\par\begin{{tabular}}{{{columns}}}{line}" + "\n".join(lines) + r"\end{tabular}\par\medskip"
        )
    return "\n".join(told)


def exam_tex(paper: Paper) -> str:
    """Return the source of the exam."""
    look, said, old = paper.look, paper.words, engine(paper) == "pdflatex"
    preamble = head(paper)
    exam_class = r"]{exam}" in preamble
    body = [r"\begin{document}" + (r"\setRTL" if paper.right_to_left else "")]
    front = rf"\begin{{center}}\Large {escaped(said.title, old)}\\ {escaped(look.second_title, old)}\end{{center}}"
    if look.title_page:
        told = "\n".join(rf"\item {escaped(one, old)}" for one in said.instructions)
        front += rf"\vspace{{2cm}}\begin{{enumerate}}{told}\end{{enumerate}}\clearpage"
    body.append(front)
    columns = (r"\begin{multicols}{2}", r"\end{multicols}") if look.columns == 2 else ("", "")
    rule = r"\setlength{\columnseprule}{0.4pt}" if look.rules else ""
    body.append(rule + columns[0] + (r"\begin{questions}" if exam_class else ""))
    first = True
    for block in paper.blocks:
        if isinstance(block, Heading):
            title = rf"\textbf{{{escaped(block.text, old)}}}\par\medskip"
            body.append(rf"\fullwidth{{{title}}}" if exam_class else title)
            if exam_class and look.restart and not first:
                body.append(r"\setcounter{question}{0}")
        elif isinstance(block, Case):
            told = rf"\textbf{{{escaped(block.lead, old)}}}\par {runs_tex(block.text, old)}\par\medskip"
            body.append(rf"\uplevel{{{told}}}" if exam_class else told)
        else:
            body.append(_ask(paper, block, old, exam_class))
            first = False
    body.append((r"\end{questions}" if exam_class else "") + columns[1])
    if look.key in ("table", "run"):
        body.append(key_tex(paper))
    return preamble + "\n" + "\n\n".join(body) + "\n\\end{document}\n"


def key_page(paper: Paper) -> str:
    """Return the source of a file that holds the key alone."""
    way = "\\setRTL\n" if paper.right_to_left else ""
    return head(paper) + "\n\\begin{document}\n" + way + key_tex(paper) + "\n\\end{document}\n"
