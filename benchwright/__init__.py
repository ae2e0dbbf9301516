"""Benchwright turns the raw papers of a national exam into a benchmark that can be trusted."""

from benchwright._version import __version__

__all__ = ["__version__"]
