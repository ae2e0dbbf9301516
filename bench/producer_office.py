"""Writes a drawn paper as a DOCX file, as a word processor would, and item banks as XLSX."""

# ruff: noqa: E501  (markup of other programs is easier to read on one line)

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from bench.producer_draw import Ask, Case, Heading, Paper, Runs, Style, plain

SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
LOOKS = {
    "": "", "i": "<w:i/>", "b": "<w:b/>", "u": '<w:u w:val="single"/>', "sup": '<w:vertAlign w:val="superscript"/>',
    "sub": '<w:vertAlign w:val="subscript"/>', "mark": '<w:highlight w:val="yellow"/>', "red": '<w:color w:val="FF0000"/>',
}  # fmt: skip
FONTS = ("Liberation Serif", "Carlito", "Liberation Sans")
KINDS = {"A": "upperLetter", "a": "lowerLetter", "1": "decimal"}
PICTURE = """<w:r><w:drawing><wp:inline><wp:extent cx="1440000" cy="960000"/><wp:docPr id="{id}" name="figure {id}"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="{id}" name="figure.png"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="rId9"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="1440000" cy="960000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"""


class Writer:
    """Collects paragraphs and lists of a document in one paper's look."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.body: list[str] = []
        self.lists = 1
        self.way = "<w:rtl/>" if paper.right_to_left else ""

    def runs(self, runs: Runs) -> str:
        """Return runs as XML."""
        told = []
        for text, style in runs:
            cut = escape(text).split("\t")
            inner = "<w:tab/>".join(f'<w:t xml:space="preserve">{one}</w:t>' for one in cut)
            told.append(f"<w:r><w:rPr>{LOOKS[style]}{self.way}</w:rPr>{inner}</w:r>")
        return "".join(told)

    def paragraph(self, runs: Runs, *, settings: str = "", tail: str = "") -> str:
        """Return a paragraph; settings are XML of its properties."""
        two_ways = "<w:bidi/>" if self.paper.right_to_left else ""
        even = '<w:jc w:val="both"/>' if self.paper.look.justified and "w:jc" not in settings else ""
        return f"<w:p><w:pPr>{settings}{two_ways}{even}</w:pPr>{self.runs(runs)}{tail}</w:p>"

    def add(self, runs: Runs, *, settings: str = "", tail: str = "") -> None:
        """Add a paragraph."""
        self.body.append(self.paragraph(runs, settings=settings, tail=tail))

    def table(self, rows: list[list[Runs]], *, ruled: bool) -> None:
        """Add a table."""
        sides = ("top", "left", "bottom", "right", "insideH", "insideV")
        edges = "".join(f'<w:{side} w:val="single" w:sz="4"/>' for side in sides) if ruled else ""
        two_ways = "<w:bidiVisual/>" if self.paper.right_to_left else ""
        wide = 9300 // self.paper.look.columns if not ruled else 9300
        cell = wide // len(rows[0])
        lines = (
            "<w:tr>"
            + "".join(
                f'<w:tc><w:tcPr><w:tcW w:w="{cell}" w:type="dxa"/></w:tcPr>{self.paragraph(one)}</w:tc>' for one in row
            )
            + "</w:tr>"
            for row in rows
        )
        grid = f'<w:gridCol w:w="{cell}"/>' * len(rows[0])
        self.body.append(
            f'<w:tbl><w:tblPr>{two_ways}<w:tblW w:w="{wide}" w:type="dxa"/><w:tblBorders>{edges}</w:tblBorders></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>{''.join(lines)}</w:tbl><w:p><w:pPr><w:spacing w:after='0'/></w:pPr></w:p>"
        )

    def options(self, ask: Ask) -> None:
        """Add the options of a question."""
        paper, look = self.paper, self.paper.look
        across = paper.rows(ask, 90 // look.columns * 10 // look.size)
        texts = [paper.option(ask, at) for at in range(len(ask.options))]
        lines: list[Runs] = [((f"{paper.mark(at)} ", ""), *text) for at, text in enumerate(texts)]
        if across > 1:
            groups = [lines[at : at + across] for at in range(0, len(lines), across)]
            if look.options_table:
                self.table([[*group, *[()] * (across - len(group))] for group in groups], ruled=False)
                return
            stops = "".join(
                f'<w:tab w:val="left" w:pos="{k * 9300 // look.columns // across}"/>' for k in range(1, across)
            )
            for group in groups:
                joined: Runs = tuple(run for k, line in enumerate(group) for run in ((("\t", ""),) if k else ()) + line)
                self.add(joined, settings=f"<w:tabs>{stops}</w:tabs>")
        elif across == 0:
            self.add(tuple(run for k, line in enumerate(lines) for run in ((("   ", ""),) if k else ()) + line))
        elif look.automatic and look.alphabet[0] in KINDS:
            self.lists += 1
            for text in texts:
                self.add(text, settings=f'<w:numPr><w:ilvl w:val="1"/><w:numId w:val="{self.lists}"/></w:numPr>')
        else:
            for line in lines:
                self.add(line, settings=f'<w:ind w:left="{(0, 360)[look.family % 2]}"/>')

    def ask(self, ask: Ask) -> None:
        """Add a question."""
        look = self.paper.look
        figure = PICTURE.format(id=ask.number)
        bold: Style = "b" if look.bold_number else ""
        if look.automatic and not look.own_line:
            number = 1 if not look.restart else 1 if ask.section == 0 else 1000 + ask.section
            self.add(ask.stem, settings=f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>')
        elif look.own_line:
            self.add(((self.paper.number(ask), bold),))
            self.add(ask.stem)
        else:
            between = "\t" if look.spacing else " "
            self.add(((f"{self.paper.number(ask)}{between}", bold), *ask.stem))
        if ask.picture:
            self.add((), tail=figure)
        self.options(ask)
        if look.key == "answer":
            self.add(((f"{self.paper.words.answer}: {self.paper.answer(ask)}", ""),))

    def key(self) -> None:
        """Add the key as tables or as a run."""
        paper = self.paper
        self.add(((paper.words.key, "b"),))
        if paper.look.key == "run":
            self.add(((" ".join(f"{ask.number}.{paper.answer(ask)}" for ask in paper.asks), ""),))
            return
        for title, rows in paper.key_tables():
            if title:
                self.add(((title, "b"),))
            self.table([[((cell, ""),) for cell in row] for row in rows], ruled=not paper.look.rules)


def _levels(pattern: str, kind: str, options: str, options_kind: str, bold: bool) -> str:
    bolder = "<w:rPr><w:b/></w:rPr>" if bold else "<w:rPr><w:b w:val='0'/></w:rPr>"
    first = f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{escape(pattern)}"/><w:pPr><w:ind w:left="480" w:hanging="480"/></w:pPr>{bolder}</w:lvl>'
    return f'{first}<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="{options_kind}"/><w:lvlText w:val="{escape(options)}"/><w:pPr><w:ind w:left="840" w:hanging="360"/></w:pPr></w:lvl>'


def _numbering(paper: Paper, lists: int) -> str:
    look = paper.look
    kind = "decimalZero" if ":02d" in look.number else "decimal"
    pattern = look.number.replace("{:02d}", "%1").replace("{}", "%1")
    levels = _levels(
        pattern, kind, look.mark.replace("{}", "%2"), KINDS.get(look.alphabet[0], "decimal"), look.bold_number
    )
    abstract = f'<w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
    plain_nums = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    again = "".join(
        f'<w:num w:numId="{k}"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        for level, numbers in ((1, range(2, lists + 1)), (0, range(1001, 1001 + look.sections)))
        for k in numbers
    )
    return f"<w:numbering {SPACE}>{abstract}{plain_nums}{again}</w:numbering>"


def _margin(text: str, kind: str) -> str:
    field = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> {} </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    told = f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
    cut = ("</w:t></w:r>", '<w:r><w:t xml:space="preserve">')
    told = told.replace("{pages}", cut[0] + field.format("NUMPAGES") + cut[1]).replace(
        "{page}", cut[0] + field.format("PAGE") + cut[1]
    )
    return f'<w:{kind} {SPACE}><w:p><w:pPr><w:jc w:val="center"/></w:pPr>{told}</w:p></w:{kind}>'


def write_docx(path: Path, paper: Paper, figure: bytes, *, key_alone: bool = False) -> Path:
    """Write a paper, or its key alone, and return the path."""
    look, writer = paper.look, Writer(paper)
    middle = '<w:jc w:val="center"/>'
    first_end = ""
    if key_alone:
        writer.key()
    else:
        writer.add(((paper.words.title, "b"),), settings=middle)
        if look.second_title:
            writer.add(((look.second_title, ""),), settings=middle)
        if look.title_page:
            for at, told in enumerate(paper.words.instructions, 1):
                writer.add(((f"{at}. {told}", ""),))
            writer.add((), tail='<w:r><w:br w:type="page"/></w:r>')
        if look.columns == 2:
            first_end = '<w:p><w:pPr><w:sectPr><w:type w:val="continuous"/><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="500" w:footer="500"/></w:sectPr></w:pPr></w:p>'
            writer.body.append(first_end)
        for block in paper.blocks:
            if isinstance(block, Heading):
                writer.add(((block.text, "b"),))
            elif isinstance(block, Case):
                writer.add(((block.lead, "b"),))
                writer.add(block.text)
            else:
                writer.ask(block)
        if look.key in ("table", "run"):
            if look.columns == 2:
                writer.body.append(_section(2, wrapped=True, bidi=paper.right_to_left))
            else:
                writer.add((), tail='<w:r><w:br w:type="page"/></w:r>')
            writer.key()
    last_columns = 2 if look.columns == 2 and not key_alone and look.key not in ("table", "run") else 1
    body = "".join(writer.body) + _section(last_columns, wrapped=False, bidi=paper.right_to_left)
    font = FONTS[look.family]
    styles = f'<w:styles {SPACE}><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:cs="Noto Sans Arabic" w:eastAsia="Noto Sans CJK JP"/><w:sz w:val="{2 * look.size}"/><w:szCs w:val="{2 * look.size}"/><w:lang w:val="{paper.language}"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="60"/></w:pPr></w:pPrDefault></w:docDefaults></w:styles>'
    kinds = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"/>'
        for part, kind in (
            ("document", "document.main"),
            ("numbering", "numbering"),
            ("styles", "styles"),
            ("header1", "header"),
            ("footer1", "footer"),
            ("settings", "settings"),
        )
    )
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = "".join(
        f'<Relationship Id="rId{at}" Type="{rel}/{kind}" Target="{target}"/>'
        for at, kind, target in (
            (1, "numbering", "numbering.xml"),
            (2, "styles", "styles.xml"),
            (3, "header", "header1.xml"),
            (4, "footer", "footer1.xml"),
            (5, "settings", "settings.xml"),
            (9, "image", "media/figure.png"),
        )
    )
    package = "http://schemas.openxmlformats.org/package/2006"
    hyphens = '<w:autoHyphenation w:val="true"/>' if look.hyphens and look.justified else ""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr(
            "[Content_Types].xml",
            f'<?xml version="1.0" encoding="UTF-8"?><Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>{kinds}</Types>',
        )
        parts.writestr(
            "_rels/.rels",
            f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{rel}/officeDocument" Target="word/document.xml"/></Relationships>',
        )
        parts.writestr(
            "word/_rels/document.xml.rels",
            f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{package}/relationships">{links}</Relationships>',
        )
        parts.writestr(
            "word/document.xml",
            f'<?xml version="1.0" encoding="UTF-8"?><w:document {SPACE}><w:body>{body}</w:body></w:document>',
        )
        parts.writestr("word/numbering.xml", _numbering(paper, writer.lists))
        parts.writestr("word/styles.xml", styles)
        parts.writestr("word/settings.xml", f"<w:settings {SPACE}>{hyphens}</w:settings>")
        parts.writestr("word/header1.xml", _margin(look.header, "hdr"))
        parts.writestr("word/footer1.xml", _margin(look.footer, "ftr"))
        parts.writestr("word/media/figure.png", figure)
    return path


def _section(columns: int, *, wrapped: bool, bidi: bool) -> str:
    told = f'<w:sectPr><w:headerReference w:type="default" r:id="rId3"/><w:footerReference w:type="default" r:id="rId4"/><w:type w:val="{"nextPage" if not wrapped and columns == 1 else "continuous"}"/><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="500" w:footer="500"/><w:cols w:num="{columns}" w:space="500"/>{"<w:bidi/>" if bidi else ""}</w:sectPr>'
    return f"<w:p><w:pPr>{told}</w:pPr></w:p>" if wrapped else told


def write_bank(path: Path, paper: Paper, *, keyed: bool) -> Path:
    """Write the questions, or with `keyed` numbers and answers alone, as a sheet and return the path."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.worksheets[0]
    said = paper.words
    names = [f"{said.answer} {one}" for one in paper.look.alphabet[: max(len(ask.options) for ask in paper.asks)]]
    sheet.append([said.question, said.answer] if keyed else ["No.", said.question, *names, said.key])
    for ask in paper.asks:
        texts = [plain(one) for one in ask.options] + [""] * (len(names) - len(ask.options))
        full = [ask.number, plain(ask.stem), *texts, paper.answer(ask)]
        sheet.append([ask.number, paper.answer(ask)] if keyed else full)
    book.save(path)
    return path
