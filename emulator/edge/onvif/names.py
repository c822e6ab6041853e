"""Namespaces of what is read and written element by element; zeep knows the others by itself."""

WSNT = "http://docs.oasis-open.org/wsn/b-2"
WSTOP = "http://docs.oasis-open.org/wsn/t-1"
TEV = "http://www.onvif.org/ver10/events/wsdl"
TT = "http://www.onvif.org/ver10/schema"
XS = "http://www.w3.org/2001/XMLSchema"
