"""Pictures that a camera sends, for the checks of chapter `streams`: snapshots, MJPEG, RTSP.

places    where this device has its streams, as ONVIF or its dialect tells
outlets   a picture from each of them, whatever the protocol
rtsp      requests and answers of RTSP 1.0, with Digest (pure); asking: one conversation
playing   pictures of an RTSP stream, decoded by PyAV over TCP or UDP, within bounds
pictures  what is in a picture: JPEG and MJPEG taken apart, dark blocks, likeness (pure)
"""
