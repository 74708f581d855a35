"""What everybody reads: the list with its filters, proposals, meetings and their figures, feeds.

Nobody signs in, and only what is published is shown.
"""
