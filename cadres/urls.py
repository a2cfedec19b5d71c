"""The school's pages: its own board, its training."""

from django.urls import path

from cadres import training_pages, views

app_name = "cadres"
urlpatterns = [
    path("board/", views.mine, name="mine"),
    path("trainings/", training_pages.trainings, name="trainings"),
    path("trainings/new/", training_pages.hold, name="hold"),
    path("trainings/<int:pk>/", training_pages.attendance, name="attendance"),
]
