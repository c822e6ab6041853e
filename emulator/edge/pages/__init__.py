"""The camera's own pages (WEB-01..05): who is logged in, which addresses there are, their files."""
