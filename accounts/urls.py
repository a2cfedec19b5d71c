"""Addresses in front of the portal."""

from django.urls import path

from accounts import factor_views, views

app_name = "accounts"
urlpatterns = [
    path("login/", views.LoginView.as_view(), name="login"),
    path("login/code/", factor_views.code, name="code"),
    path("factor/", factor_views.factor, name="factor"),
    path("factor/begin/", factor_views.begin, name="factor_begin"),
    path("factor/setup/", factor_views.setup, name="factor_setup"),
    path("factor/codes/", factor_views.codes, name="factor_codes"),
    path("factor/off/", factor_views.off, name="factor_off"),
    path("logout/", views.log_out, name="logout"),
    path("password/", views.password, name="password"),
    path("link/<str:token>/", views.link, name="link"),
    path("session/", views.session, name="session"),
    path("session/back/", views.session_back, name="session_back"),
    path("mine/large-text/", views.large_text, name="large_text"),
]
