"""Puts fixtures/ inside the wheel; an editable install reads the tree's own folder instead.

A static force-include would leave a stale copy in site-packages of an editable install.
"""

import os
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FixturesInWheel(BuildHookInterface):  # type: ignore[type-arg]  # hatchling's own generic
    """Adds the data folder to wheels, and to nothing else."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it builds the target."""
        if self.target_name == "wheel" and version != "editable":
            build_data["force_include"][os.path.join(self.root, "fixtures")] = "emulator/_fixtures"
