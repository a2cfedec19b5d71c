"""Reading lists of posts and terms."""
