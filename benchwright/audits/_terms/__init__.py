"""Kit: names of drugs, symbols, abbreviations and the terms of a glossary, compared between two texts."""
