"""Agreement between raters: coefficients as array functions, and their bootstrap."""
