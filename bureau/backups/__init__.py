"""Backing up, restoring, and trying out whether a backup can be restored.

A backup is a folder that is complete by itself: ``manifest.json``, the database in one file, and
``media`` with every uploaded file. The keys lie in a file of their own, in another folder: who has
the one without the other can read no telephone number. It appears under its name by one rename at
the very end, so whatever is there is whole.
"""
