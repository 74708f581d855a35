from django.urls import path

from proposals.booklet import views

urlpatterns = [
    path("moten/<date:date>/hafte.<ending:ending>", views.meeting_booklet, name="meeting_booklet"),
    path("forslag/<date:date>/<int:number>/forslag.<ending:ending>", views.proposal_booklet, name="proposal_booklet"),
]
