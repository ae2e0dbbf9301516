"""Elements placed into columns and pages. Coordinates run from the top left corner of the page, in points."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tests.typesetter.flow import Glyphs, Ink, Line, Spot, shape

SIZES = {"A4": (595.28, 841.89), "Letter": (612.0, 792.0)}


@dataclass(frozen=True)
class TextOp:
    """A run of glyphs; `y` is the base line."""

    x: float
    y: float
    glyphs: Glyphs
    colour: tuple[float, float, float] = (0.0, 0.0, 0.0)
    overprint: bool = False


@dataclass(frozen=True)
class RectOp:
    """A rectangle, filled or stroked."""

    x: float
    y: float
    width: float
    height: float
    fill: tuple[float, float, float] | None = None
    stroke: bool = False


@dataclass(frozen=True)
class RuleOp:
    """A straight line."""

    x0: float
    y0: float
    x1: float
    y1: float
    dots: bool = False


@dataclass(frozen=True)
class ImageOp:
    """A PNG picture in a box."""

    x: float
    y: float
    width: float
    height: float
    png: bytes


@dataclass(frozen=True)
class GhostOp:
    """Large grey text across the page, behind everything."""

    text: str


Op = TextOp | RectOp | RuleOp | ImageOp | GhostOp


@dataclass(frozen=True)
class Tag:
    """What an element belongs to: item (part, number) and its field, for the ground truth."""

    part: int
    number: int
    field: str


@dataclass(frozen=True)
class Element:
    """A strip of a column: its height and the ops in it, relative to its top left corner."""

    height: float
    ops: tuple[Op, ...] = ()
    tags: tuple[tuple[Tag, float, float], ...] = ()
    keep_next: bool = False


@dataclass(frozen=True)
class Group:
    """Elements of one item; unbreakable ones move to the next column as a whole when they fit there."""

    elements: tuple[Element, ...]
    breakable: bool = True
    boxed: bool = False
    gap: float = 0.0


@dataclass(frozen=True)
class Box:
    """Where a field of an item was printed."""

    tag: Tag
    page: int
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass
class Sheet:
    """One page."""

    ops: list[Op] = field(default_factory=list)


@dataclass(frozen=True)
class Frame:
    """The text area of a page and its columns."""

    page_size: str
    margin: float
    columns: int
    gutter: float = 22.0

    @property
    def width(self) -> float:
        """Width of one column."""
        inner = SIZES[self.page_size][0] - 2 * self.margin
        return (inner - self.gutter * (self.columns - 1)) / self.columns

    @property
    def height(self) -> float:
        """Height of the columns; header and footer stand outside."""
        return SIZES[self.page_size][1] - 2 * self.margin - 24

    @property
    def top(self) -> float:
        """Top of the columns."""
        return self.margin + 12

    def left(self, column: int) -> float:
        """Left edge of a column."""
        return self.margin + column * (self.width + self.gutter)


def moved(op: Op, dx: float, dy: float) -> Op:
    """The same op elsewhere."""
    if isinstance(op, GhostOp):
        return op
    if isinstance(op, RuleOp):
        return replace(op, x0=op.x0 + dx, y0=op.y0 + dy, x1=op.x1 + dx, y1=op.y1 + dy)
    return replace(op, x=op.x + dx, y=op.y + dy)


class Filler:
    """Fills columns with groups, from a first page on, and remembers where each tagged field went."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.sheets = [Sheet()]
        self.boxes: list[Box] = []
        self._column = 0
        self._y = 0.0

    def new_page(self) -> None:
        """Starts a page unless the present one is empty."""
        if self._column or self._y or self.sheets[-1].ops:
            self.sheets.append(Sheet())
            self._column, self._y = 0, 0.0

    def add(self, group: Group) -> None:
        """Places a group."""
        total = sum(element.height for element in group.elements)
        room = self.frame.height - self._y
        if not group.breakable and room < total <= self.frame.height:
            self._next_column()
        box_top = self._y
        for position, element in enumerate(group.elements):
            needed = _with_followers(group.elements, position)
            if self._y and self._y + min(needed, self.frame.height) > self.frame.height + 0.01:
                if group.boxed:
                    self._stroke(box_top)
                self._next_column()
                box_top = self._y
            self._place(element)
        if group.boxed:
            self._stroke(box_top)
        self._y += group.gap

    def _next_column(self) -> None:
        self._y = 0.0
        if self._column + 1 < self.frame.columns:
            self._column += 1
        else:
            self._column = 0
            self.sheets.append(Sheet())

    def _place(self, element: Element) -> None:
        left, top = self.frame.left(self._column), self.frame.top + self._y
        self.sheets[-1].ops += [moved(op, left, top) for op in element.ops]
        for tag, x0, x1 in element.tags:
            box = Box(tag, len(self.sheets), left + x0, top, left + x1, top + element.height)
            self.boxes.append(box)
        self._y += element.height

    def _stroke(self, box_top: float) -> None:
        if self._y > box_top:
            left, top = self.frame.left(self._column) - 4, self.frame.top + box_top - 1
            self.sheets[-1].ops.append(RectOp(left, top, self.frame.width + 8, self._y - box_top + 4, stroke=True))


def _with_followers(elements: tuple[Element, ...], position: int) -> float:
    height = elements[position].height
    while elements[position].keep_next and position + 1 < len(elements):
        position += 1
        height += elements[position].height
    return height


def line_ops(line: Line, base: float, *, space_glyphs: bool, height: float) -> list[Op]:
    """The ops of a line of text: highlights, glyph runs (a word's space is printed with it), underlines."""
    ops: list[Op] = []
    for position, spot in enumerate(line.spots):
        ink = spot.word.ink
        if ink.highlight is not None:
            ops.append(
                RectOp(
                    spot.x - 0.5,
                    base - 0.8 * ink.size,
                    _reach(line.spots, position) + 1,
                    height * 0.8,
                    fill=ink.highlight,
                )
            )
    for position, spot in enumerate(line.spots):
        ink, x = spot.word.ink, spot.x
        last = len(spot.word.glyphs) - 1
        for number, glyphs in enumerate(spot.word.glyphs):
            spaced = space_glyphs and spot.word.space and number == last and position + 1 < len(line.spots)
            printed = replace(glyphs, text=glyphs.text + " ") if spaced else glyphs
            ops.append(TextOp(x, base - glyphs.rise, printed, ink.colour, ink.overprint))
            x += glyphs.width
        if ink.underline:
            reach = _reach(line.spots, position)
            ops.append(RectOp(spot.x, base + 0.12 * ink.size, reach, 0.6, fill=ink.colour))
    return ops


def _reach(spots: list[Spot], position: int) -> float:
    spot = spots[position]
    if spot.word.space and position + 1 < len(spots) and spots[position + 1].word.ink == spot.word.ink:
        return spots[position + 1].x - spot.x
    return spot.word.width


def text_at(text: str, x: float, base: float, ink: Ink, align: str = "left") -> tuple[list[Op], float]:
    """A single line of text at a place, and its width."""
    glyphs = shape(text, ink)
    total = sum(part.width for part in glyphs)
    start = x - {"left": 0.0, "centre": total / 2, "right": total}[align]
    ops: list[Op] = []
    for part in glyphs:
        ops.append(TextOp(start, base - part.rise, part, ink.colour, ink.overprint))
        start += part.width
    return ops, total
