from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class Finding:
    """What is wrong, or could be better, and what to do about it."""

    what: str
    remedy: str
    is_fault: bool


def fault(what, remedy):
    """Something that doesn't work, loses things or lets strangers in."""
    return Finding(what, remedy, is_fault=True)


def advice(what, remedy):
    """Something that works, but could be better."""
    return Finding(what, remedy, is_fault=False)


def is_real_site():
    """Whether others than the developer at this machine use the site."""
    return settings.SITE.hostname not in settings.LOCAL_HOSTS
