"""The program's numbers, dated and cited, and the terms they make."""
