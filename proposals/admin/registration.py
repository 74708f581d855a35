"""Imports every module that registers a model with the admin."""

from proposals.admin import contact, late_link, meeting, proposal, region, synonym, target_group
from proposals.admin.mails import mail

__all__ = ["contact", "late_link", "mail", "meeting", "proposal", "region", "synonym", "target_group"]
