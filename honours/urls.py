"""The honours of one's organisation and its people."""

from django.urls import path

from honours import views

app_name = "honours"
urlpatterns = [
    path("honours/", views.register, name="list"),
    path("honours/new/", views.report, name="report"),
    path("honours/<int:pk>/", views.honour, name="honour"),
    path("honours/<int:pk>/correct/", views.correct, name="correct"),
    path("honours/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("honours/<int:pk>/files/<int:file_id>/", views.file, name="file"),
]
