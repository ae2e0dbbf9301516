"""A contract for import-linter: the plug-ins of a room do not import each other.

The stock `independence` contract needs a list of modules or a wildcard for whole names; here a plug-in is every public
module directly in the room, so that a new file is covered without an edit. Modules that begin with an underscore are
the kit, which every plug-in may import, and which may not import a plug-in.
"""

from __future__ import annotations

from itertools import permutations

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class PluginIndependence(Contract):
    """No public module of `room` imports another public module of it, and no kit module imports a public one."""

    type_name = "plugin_independence"

    room = fields.StringField()

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """List each forbidden import as importer, imported and line."""
        room = str(self.room)
        children = sorted(graph.find_children(room)) if room in graph.modules else []
        plugins = [name for name in children if not name.rsplit(".", 1)[1].startswith("_")]
        kit = [name for name in children if name not in plugins]
        pairs = [*permutations(plugins, 2), *((low, high) for low in kit for high in plugins)]
        broken = [line for importer, imported in pairs for line in _imports(graph, importer, imported)]
        if verbose:
            output.print(f"{room}: {len(plugins)} plug-ins, {len(kit)} kit modules")
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print what `check` found."""
        for line in check.metadata["broken"]:
            output.print_error(line)


def _imports(graph: ImportGraph, importer: str, imported: str) -> list[str]:
    lines: list[str] = []
    for source in sorted({importer, *graph.find_descendants(importer)}):
        for target in sorted(graph.find_modules_directly_imported_by(source)):
            if target == imported or target.startswith(f"{imported}."):
                details = graph.get_import_details(importer=source, imported=target)
                places = ", ".join(str(detail["line_number"]) for detail in details)
                lines.append(f"{source} -> {target} (line {places})")
    return lines
