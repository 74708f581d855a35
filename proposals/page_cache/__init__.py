"""Whole public pages, cached in each process under the version of the content that they show.

Views opt in with `cached_page`, and PageCacheMiddleware answers from the cache before sessions and accounts are read.
"""
