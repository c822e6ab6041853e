"""Many devices at once: a file of targets, a worker process each, one report.

targets   TARGETS.toml: read, and refused where it is wrong
preload   what workers find loaded when they begin
worker    one device in a process of its own
crew      so many workers at a time; who is who, and how it ends
grid      what came of all of them as one document
"""
