"""Doors of the front office."""
