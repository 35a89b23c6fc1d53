"""Turn a result into the page for a board and the exhibits for an actuary."""
