"""Förslagen: the list of the proposals, its tabs and filters, editing in a row, and steps with many at once."""
