"""Heat and what is told of it: tiles, what is kept, reports, their pictures, their export."""
