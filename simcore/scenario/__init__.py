"""What a user asks to be simulated: its schema, its files, its defaults."""
