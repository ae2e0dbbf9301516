"""Kit: the words of translated fields as numbers, for the checks of their content."""
