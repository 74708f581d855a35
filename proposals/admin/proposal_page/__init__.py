"""One proposal at the desk: its form with people, the panel beside it, and what happens when two edit it at once."""
