"""Addresses of self-checks."""

from django.urls import path

from integrity import views

app_name = "integrity"
urlpatterns = [
    path("checks/", views.check_list, name="list"),
    path("checks/<int:pk>/", views.self_check, name="self_check"),
    path("checks/<int:pk>/sections/<int:section_id>/", views.section, name="section"),
    path("checks/<int:pk>/submit/", views.submit, name="submit"),
    path("rectifications/<int:pk>/", views.rectification, name="rectification"),
    path(
        "rectifications/<int:pk>/files/<int:file_id>/",
        views.rectification_file,
        name="rectification_file",
    ),
    path("checks/<int:pk>/files/<int:evidence_id>/", views.file, name="file"),
]
