"""Middleware for any site: the request log, and limits on bodies."""
