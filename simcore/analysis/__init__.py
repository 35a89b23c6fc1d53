"""Answer an actuary's questions from a stored result."""
