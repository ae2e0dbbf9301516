"""Kit: negation and opposed words of a text, by lexicons per language, and their comparison between two texts."""
