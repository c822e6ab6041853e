"""The checks in a browser: of the pages themselves, and of what is done by hand on them."""
