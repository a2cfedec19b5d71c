"""The roster of one's organisation."""

from django.urls import path

from people import views

app_name = "people"
urlpatterns = [
    path("roster/", views.roster, name="roster"),
    path("roster/new/", views.register, name="register"),
    path("roster/start/", views.start, name="start_roster"),
    path("roster/print/", views.print_out, name="print_roster"),
    path("roster/<int:pk>/", views.standing, name="standing"),
    path("roster/<int:pk>/change/", views.change, name="change_standing"),
    path("roster/<int:pk>/end/", views.end, name="end_standing"),
    path("roster/<int:pk>/correct/", views.correct, name="correct"),
    path("roster/<int:pk>/number/<str:field>/", views.number, name="number"),
]
