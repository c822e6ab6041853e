"""From a picture to stays: what is foreground, what an object, whose track it is."""
