"""Training in one's organisation."""

from django.urls import path

from cadres import training_pages

app_name = "cadres"
urlpatterns = [
    path("trainings/", training_pages.trainings, name="trainings"),
    path("trainings/new/", training_pages.hold, name="hold"),
    path("trainings/<int:pk>/", training_pages.attendance, name="attendance"),
]
