"""Where the services answer: known before any of them is loaded, which takes a while."""

DEVICE = "/onvif/device_service"
MEDIA = "/onvif/media_service"
MEDIA2 = "/onvif/media2_service"
IMAGING = "/onvif/imaging_service"
DEVICEIO = "/onvif/deviceio_service"
ANALYTICS = "/onvif/analytics_service"
EVENTS = "/onvif/event_service"
SUBSCRIPTION = "/onvif/subscription/"
ONE_SUBSCRIPTION = f"{SUBSCRIPTION}{{id}}"

PATHS = (DEVICE, MEDIA, MEDIA2, IMAGING, DEVICEIO, ANALYTICS, EVENTS, ONE_SUBSCRIPTION)
"""All of them, as aiohttp's router takes them."""
