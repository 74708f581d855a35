"""Error pages, 400 to 503. They show what was submitted and need neither database nor session."""
