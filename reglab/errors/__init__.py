"""The pages for what goes wrong, 400 to 503. They show what was typed and need neither database nor session."""
