"""Skrivbordet, the first page of the admin: what to do now, what waits, who has sent in, what happened last."""
