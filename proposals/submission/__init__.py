"""Members send in: the form, drafts, the receipt, and the links with which they change or withdraw their proposals.

Whoever writes one proposal a year loses nothing here, and waits for nobody.
"""
