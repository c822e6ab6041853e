"""ONVIF and WS-Discovery as values: envelopes, log-ins, events and what a camera is made of."""
