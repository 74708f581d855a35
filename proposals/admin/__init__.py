"""The secretariat's desk."""

from django.contrib import admin

from proposals.admin import contact, meeting, proposal, region, synonym, target_group

__all__ = ["contact", "meeting", "proposal", "region", "synonym", "target_group"]

admin.site.site_header = admin.site.site_title = "Reglab – kansliet"
admin.site.enable_nav_sidebar = False  # the lists need the width
admin.site.index_title = "Förslag och register"
