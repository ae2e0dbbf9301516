"""Kit: which language a text is in."""
