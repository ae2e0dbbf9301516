"""Kit: quantities in running text (value, unit, sign, range) and how those of a translation fit those of its source."""
