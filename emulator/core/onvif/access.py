"""Who may call which ONVIF operation: the standard's access classes on this camera's roles.

Source: ONVIF Core Specification, the access classes of service requests and the default access
policy. The standard's Administrator, Operator and User are our admin, operator and viewer;
Anonymous is whoever brings no credentials.
"""

LEAST: dict[str, str | None] = {
    "PRE_AUTH": None,
    "READ_SYSTEM": "viewer",
    "READ_SYSTEM_SENSITIVE": "operator",
    "READ_SYSTEM_SECRET": "admin",
    "WRITE_SYSTEM": "admin",
    "UNRECOVERABLE": "admin",
    "READ_MEDIA": "viewer",
    "ACTUATE": "operator",
}
"""The lowest role that may, by access class; None: nobody needs to log in."""

LEVELS = {"admin": "Administrator", "operator": "Operator", "viewer": "User"}
"""How the standard calls our roles."""
