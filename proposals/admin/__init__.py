"""The secretariat's desk."""

from proposals.admin import account, contact, late_link, mail, meeting, proposal, region, synonym, target_group

__all__ = ["account", "contact", "late_link", "mail", "meeting", "proposal", "region", "synonym", "target_group"]
