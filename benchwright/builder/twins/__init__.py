"""Twins: versions of items that ask the same, to tell a model that knows from one that remembers."""

from benchwright.builder.twins.make import KINDS, Twins, make_twins, twins_file

__all__ = ["KINDS", "Twins", "make_twins", "twins_file"]
