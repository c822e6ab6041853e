"""Tokens and names by which ONVIF's services and events call the parts of a camera.

In one place, since what one service tells another must understand.
"""

VIDEO_SOURCE = "video"
"""The token of the one video source."""

VIDEO = "video"
"""The token of its configuration."""

ANALYTICS = "analytics"
"""The token of the analytics configuration."""

MOTION_RULE = "Motion"
MOTION_MODULE = "MotionEngine"
HEAT_MAP_MODULE = "HeatMap"
"""Names of the rule and of the modules in it."""
