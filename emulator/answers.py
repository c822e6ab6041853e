"""What one camera answers to each `get.` action of its interface (edge/http.py, ACTIONS)."""

from typing import TYPE_CHECKING

from emulator import saved, storing
from emulator.core import cgi, device
from emulator.core.reports.export_settings import export_fields

if TYPE_CHECKING:
    from emulator.app import Camera


def answered(camera: "Camera", action: str) -> dict[str, object]:
    """Return the answer fields of an action."""
    return dict(camera.policy.answered(action, _fields(camera, action)))


def _fields(  # noqa: PLR0911  # one for each action
    camera: "Camera", action: str
) -> dict[str, object]:
    zone = camera.zone
    match action:
        case "get.heatmap.configuration":
            return cgi.settings_fields(camera.recorder.settings)
        case "get.heatmap.objects":
            with camera.turns.turn():
                return camera.recorder.in_view()
        case "get.heatmap.retention":
            return camera.reports.retention_fields()
        case "get.heatmap.export":
            return export_fields(camera.exporter.settings)
        case "get.system.information":
            network = saved.network_of(camera.storage)
            return device.system_information(camera.setup.identity, camera.booted_ms, zone, network)
        case "get.system.datetime":
            kept = saved.datetime_of(camera.storage)
            return device.date_and_time(camera.now_ms(), zone, camera.zone_name, kept)
        case "get.storage.settings" | "get.storage.nas":
            return storing.fields(camera.storage, action)
        case "get.vca.alarmstatus":
            return device.alarm_status()
        case "get.system.user":
            return device.users(camera.users.by_name.values())
    raise AssertionError(action)
