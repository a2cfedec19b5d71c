"""`make bench`: what the portal takes, beside what the same work takes without it."""
