"""Prints a drawn paper with groff and its `ms` macros."""

# ruff: noqa: E501  (markup of other programs is easier to read on one line)

from __future__ import annotations

from bench.producer_draw import Ask, Case, Heading, Paper, Runs

LANGUAGES = ("es", "en", "fr", "pt", "it", "de")
SIGNS = {"\\": "\\e", "-": "\\-", "'": "\\(aq", "`": "\\(ga", "^": "\\(ha", "~": "\\(ti", '"': "\\(dq", "₂": "2", "✓": "\\(OK", "’": "\\(cq", "–": "\\(en", "…": "..."}  # fmt: skip
FONTS = ("TR", "HR", "NR")


def escaped(text: str) -> str:
    """Return a text that groff prints as it is."""
    return "".join(SIGNS.get(sign, sign) for sign in text)


def runs_groff(runs: Runs) -> str:
    """Return runs on one line."""
    kinds = {"i": r"\fI%s\fP", "b": r"\fB%s\fP", "sup": r"\*{%s\*}", "sub": r"\v'0.3n'\s-3%s\s0\v'-0.3n'", "red": r"\m[red]%s\m[]", "u": r"\Z'\D't 0.04m'\D'l \w`%s`u 0''%s"}  # fmt: skip
    told = []
    for text, style in runs:
        plain = escaped(text)
        pattern = kinds.get(style, "%s")
        told.append(pattern.replace("%s", plain))
    line = "".join(told)
    return rf"\&{line}"


def head(paper: Paper) -> str:
    """Return registers, fonts and headers."""
    look = paper.look
    footer = look.footer.replace("{pages}", "9").replace("{page}", r"\\n%")
    return "\n".join(
        [
            f".nr PS {look.size}\n.nr VS {look.size + 2}\n.nr PD 0.3v\n.nr PI 2.2m\n.nr LL 17c\n.nr PO 2c",
            f".fam {FONTS[look.family][0]}",
            f".ds CH {look.header}\n.ds CF {footer}",
            ".nh" if not look.hyphens else ".hy 4",
            ".na" if not look.justified else "",
        ]
    )


def _options(paper: Paper, ask: Ask) -> list[str]:
    look = paper.look
    across = paper.rows(ask, 80 // look.columns * 10 // look.size)
    texts = [f"{escaped(paper.mark(at))} {runs_groff(paper.option(ask, at))}" for at in range(len(ask.options))]
    if across == 0:
        return [".LP", r"\h'1m'".join(texts)]
    if across > 1:
        rows = ["\t".join(texts[at : at + across]) for at in range(0, len(texts), across)]
        return [
            ".LP",
            f".ta {' '.join(f'{k * 17 / look.columns / across:.1f}c' for k in range(1, across))}",
            ".nf",
            *rows,
            ".fi",
        ]
    if look.options_table:
        return [line for text in texts for line in (".LP", text)]
    return [
        line
        for at in range(len(texts))
        for line in (f'.IP "{escaped(paper.mark(at))}" 1.8m', runs_groff(paper.option(ask, at)))
    ]


def _ask(paper: Paper, ask: Ask) -> str:
    look = paper.look
    number = escaped(paper.number(ask))
    number = rf"\fB{number}\fP" if look.bold_number else number
    lines = [".LP", f"\\&{number}", ".LP" if look.own_line else None, runs_groff(ask.stem)]
    if look.automatic and not look.own_line and len(paper.number(ask)) < 5:
        lines = [f'.IP "{number}" 2.6m', runs_groff(ask.stem)]
    lines += ([".RS"] if look.automatic else []) + _options(paper, ask) + ([".RE"] if look.automatic else [])
    if look.key == "answer":
        lines += [".LP", f"{paper.words.answer}: {paper.answer(ask)}"]
    return "\n".join([*(line for line in lines if line is not None), ".sp 0.6"])


def key_groff(paper: Paper) -> str:
    """Return the key as tables or as a run."""
    told = [".LP", rf"\fB{escaped(paper.words.key)}\fP"]
    if paper.look.key == "run":
        return "\n".join([*told, ".LP", " ".join(f"{ask.number}.{paper.answer(ask)}" for ask in paper.asks)])
    for title, rows in paper.key_tables():
        shape = "allbox " if not paper.look.rules else ""
        body = "\n".join(";".join(row) for row in rows)
        told += [".LP", title or "", ".TS", f"{shape}tab(;);", " ".join("c" for _ in rows[0]) + ".", body, ".TE"]
    return "\n".join(line for line in told if line)


def exam_groff(paper: Paper) -> str:
    """Return the source of the exam."""
    look, said = paper.look, paper.words
    parts = [head(paper), f".LP\n.ce 2\n{escaped(said.title)}\n{escaped(look.second_title)}"]
    if look.title_page:
        told = [f'.IP "{at}." 2m\n{escaped(one)}' for at, one in enumerate(said.instructions, 1)]
        parts += [".sp 3", *told, ".bp"]
    parts.append(".2C" if look.columns == 2 else "")
    for block in paper.blocks:
        if isinstance(block, Heading):
            parts.append(f".LP\n\\fB{escaped(block.text)}\\fP")
        elif isinstance(block, Case):
            parts.append(f".LP\n\\fB{escaped(block.lead)}\\fP\n.LP\n{runs_groff(block.text)}")
        else:
            parts.append(_ask(paper, block))
    if look.key in ("table", "run"):
        parts += [".1C" if look.columns == 2 else ".bp", key_groff(paper)]
    return "\n".join(part for part in parts if part) + "\n"


def key_page(paper: Paper) -> str:
    """Return the source of a file that holds the key alone."""
    return head(paper) + "\n" + key_groff(paper) + "\n"
