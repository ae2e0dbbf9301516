"""The axes of opposed words that the lexicons know, and the code that a contradiction on each has.

An axis has two poles. A lexicon names the axis and gives the words of the first pole, a bar, the words of the second.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["AXES", "CLASSES", "Axis"]

CLASSES: Final = ("neg", "nor", "soft", "faint", "except", "only", "turned", "plain")
"""Lines that are no axis.

``neg``: negators. ``nor``: words for *nor*, which go on with a negation or with *without*. ``soft``: words that deny by
their meaning, and that another language may render by a negator. ``faint``: words that come near denying, as *little*,
*until*, *avoid*. ``except``: stems that ask for the exception or the wrong statement. ``only``: words for *only*, by
which a negator may be that of *not only*. ``turned``: words that a prefix turns into their opposite, as *unsaturated*.
``plain``: phrases in which a word of another line does not mean what it says there.
"""


@dataclass(frozen=True, slots=True)
class Axis:
    """Two opposed meanings."""

    name: str
    first: str
    second: str
    code: str
    turns: bool = True
    """Whether denying one pole may come near the other, so that both texts must deny or neither."""
    everyday: bool = False
    """Whether a long text has other reasons to hold such words."""


def _axes(code: str, poles: str, *, turns: bool = True, everyday: bool = False) -> list[Axis]:
    named = (line.replace("_", "\u00a0").split(" ") for line in map(str.strip, poles.strip().splitlines()))
    plain = ([part.replace("\u00a0", " ") for part in parts] for parts in named)
    return [Axis(name, first, second, code, turns, everyday) for name, first, second in plain]


AXES: Final[tuple[Axis, ...]] = (
    *_axes(
        "T204",
        """rise increase decrease
        level high low
        least at_least at_most
        above above below
        max maximum minimum
        gain gain loss""",
    ),
    *_axes("T204", "hyper hyper- hypo-\ntachy tachy- brady-\npoly poly- oligo-\nintra intra- extra-", turns=False),
    *_axes(
        "T205",
        """left left right
        upper upper lower
        front anterior posterior
        proximal proximal distal
        medial medial lateral
        inner internal external
        unilateral unilateral bilateral
        arterial arterial venous
        central central peripheral
        ipsi ipsilateral contralateral""",
        turns=False,
    ),
    *_axes("T208", "dayweek daily weekly\ndaymonth daily monthly\nweekmonth weekly monthly", turns=False),
    *_axes("T206", "sex male female\nkin male_relative female_relative", turns=False),
    *_axes("T207", "child child adult", turns=False),
    *_axes(
        "T208",
        """acute acute chronic
        benign benign malignant
        positive positive negative
        sensitive sensitive resistant
        systolic systolic diastolic
        agonist agonist antagonist
        always always never
        all all none
        primary primary secondary
        afferent afferent efferent
        motor motor sensory
        stimulate stimulate inhibit
        constrict constriction dilation
        inhale inspiration expiration
        flexion flexion extension
        abduction abduction adduction
        sympathetic sympathetic parasympathetic
        acid acid alkaline
        mild mild severe
        common common rare
        regular regular irregular
        direct direct indirect
        correct correct incorrect
        alive alive dead""",
    ),
    *_axes(
        "T208",
        """young young old
        early early late
        first first last
        start start end
        many many few
        big big small
        long long short
        fast fast slow
        new new old
        strong strong weak
        good good bad
        best best worst
        easy easy difficult
        open open closed
        win win lose
        hot hot cold
        allow allow forbid
        include include exclude
        accept accept reject
        enter enter leave
        day day night
        north north south
        east east west
        rich rich poor
        import import export
        buy buy sell
        public public private
        success success failure
        wide wide narrow
        full full empty
        heavy heavy light
        simple simple complex
        agree agree disagree
        love love hate
        war war peace
        same same different
        before before after""",
        everyday=True,
    ),
)
