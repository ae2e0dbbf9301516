"""The recipe of a dataset: models, reading with all problems at once, and the files it places."""

from benchwright.builder.recipe._load import RECIPE_NAME, load_recipe, parse_recipe
from benchwright.builder.recipe._place import Placed, PlacedFile, place_files, raw_files
from benchwright.builder.recipe.models import Recipe

__all__ = [
    "RECIPE_NAME",
    "Placed",
    "PlacedFile",
    "Recipe",
    "load_recipe",
    "parse_recipe",
    "place_files",
    "raw_files",
]
