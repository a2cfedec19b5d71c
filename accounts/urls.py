"""Addresses in front of the portal."""

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("login/", views.LoginView.as_view(), name="login"),
    path("logout/", views.log_out, name="logout"),
    path("password/", views.password, name="password"),
    path("link/<str:token>/", views.link, name="link"),
    path("mine/large-text/", views.large_text, name="large_text"),
]
