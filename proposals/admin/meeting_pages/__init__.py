"""Pages about all of a meeting: its proposals in order, their publication, and reminders to its members."""
