"""Files for translators: what goes out, what comes back, and what is checked in between."""

from benchwright.builder.translate._people.export import Exported, export_items
from benchwright.builder.translate._people.formats import FORMATS
from benchwright.builder.translate._people.take import Taken, take_back

__all__ = ["FORMATS", "Exported", "Taken", "export_items", "take_back"]
