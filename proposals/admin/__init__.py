"""Kansliet's desk: Django's admin, with pages of its own for what the admin has no page for.

The modules register themselves with the site in `registration`, which the app loads when the site is there.
"""
