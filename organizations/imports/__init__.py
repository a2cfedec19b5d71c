"""Lists of organisations with their schools, and head counts, out of spreadsheets as they come."""
