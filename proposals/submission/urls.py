"""The addresses of the form, of the receipt and of what an edit link opens."""

from django.urls import path

from proposals.submission import edit_views, views

urlpatterns = [
    path("forslag/nytt/", views.proposal_new, name="proposal_new"),
    path("forslag/nytt/liknande/", views.proposal_alike, name="proposal_alike"),
    path("forslag/nytt/sent/<key:key>/", views.proposal_late, name="proposal_late"),
    path("forslag/nytt/tack/", views.proposal_receipt, name="proposal_receipt"),
    path("forslag/andra/", edit_views.edit_link_request, name="edit_link_request"),
    path("forslag/andra/<key:key>/", edit_views.proposal_edit, name="proposal_edit"),
    path("forslag/andra/<key:key>/aterta/", edit_views.proposal_withdraw, name="proposal_withdraw"),
]
