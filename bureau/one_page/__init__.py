"""The leader's page (一页纸): a handful of figures, each with its day, definition and list."""
