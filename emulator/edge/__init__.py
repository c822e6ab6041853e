"""The camera's senses and hands: time, files, network. They decide as little as possible."""
