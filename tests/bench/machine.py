"""The line that says where the figures were taken."""

import os
import platform
from pathlib import Path

import av
import cv2
import numpy as np


def machine() -> str:
    """Return processor and versions in one line."""
    versions = (
        f"Python {platform.python_version()}, OpenCV {cv2.__version__}, PyAV {av.__version__}"
    )
    threads = "one thread for OpenCV and one for the decoder"
    return f"{_processor()}, {os.cpu_count()} cores; {versions}, numpy {np.__version__}; {threads}."


def _processor():
    try:
        told = Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in told.splitlines() if "model name" in line]
    return names[0] if names else platform.machine()
