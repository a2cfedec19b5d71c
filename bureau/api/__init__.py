"""The API's front door: which resources there are, who one is, the schema and its page."""
