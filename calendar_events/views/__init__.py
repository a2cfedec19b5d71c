"""The school's pages: tasks and the records that do them."""
