"""One's own page and the choice of the organisation acted for."""

from django.urls import path

from organizations import views

app_name = "organizations"
urlpatterns = [
    path("mine/", views.mine, name="mine"),
    path("mine/switch/", views.switch, name="switch"),
    path("mine/tokens/", views.tokens, name="tokens"),
    path("mine/tokens/<int:pk>/revoke/", views.revoke_token, name="revoke_token"),
]
