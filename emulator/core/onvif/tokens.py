"""How ONVIF clients name what a camera is made of: one source, three streams, one analysis.

Tokens are opaque to clients; these are [INV].
"""

from emulator.core.streams.encoders import STREAMS

VIDEO_SOURCE = "VideoSource_1"
SOURCE_CONFIGURATION = "VideoSourceConfig_1"
METADATA = "Metadata_1"
ANALYTICS = "VideoAnalytics_1"
ENCODERS = {f"VideoEncoder_{stream}": stream for stream in STREAMS}
"""Streams by the token of their encoder configuration."""

PROFILES = {f"Profile_{stream}": stream for stream in STREAMS}
"""Streams by the token of the profile that is always there."""
