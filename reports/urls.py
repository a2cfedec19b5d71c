"""Addresses of the monthly report."""

from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("reports/", views.report_list, name="list"),
    path("reports/<int:pk>/", views.report, name="report"),
    path("reports/<int:pk>/prepare/", views.prepare, name="prepare"),
    path("reports/<int:pk>/print/", views.print_report, name="print"),
    path("reports/<int:pk>/versions/", views.versions, name="versions"),
    path("reports/<int:pk>/versions/<int:number>/", views.version, name="version"),
    path(
        "reports/<int:pk>/versions/<int:number>/print/", views.print_version, name="print_version"
    ),
    path("reports/<int:pk>/correction/", views.correction, name="correction"),
]
