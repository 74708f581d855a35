"""Everybody reads what is published: the list with its filters, proposals, meetings and their figures, feeds.

Nobody signs in, and no page here shows anything that isn't published.
"""
