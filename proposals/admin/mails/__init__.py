"""Mejl: what the site has sent, what failed and why, and examples of every kind."""
