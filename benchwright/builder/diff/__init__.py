"""What differs between two versions of a benchmark, and what it does to scores."""

from benchwright.builder.diff.compare import Difference, compare
from benchwright.builder.diff.run import Diffed, diff

__all__ = ["Diffed", "Difference", "compare", "diff"]
