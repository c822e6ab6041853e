"""What is sent as video, as values: RTSP, RTP, MJPEG, what is coded and what is written over it."""
