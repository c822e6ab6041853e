"""ONVIF on the camera's HTTP port: SOAP in, the camera's facts out (docs/onvif.md).

    routes.py     a request's way through the rooms, and how it is answered; the paths stand in
                  core/onvif/paths.py
    security.py   who asks: HTTP Digest or Basic, WS-UsernameToken, or both
    engine.py     an operation: read by its WSDL, handed to a service, written by its WSDL
    wsdl.py       where WSDLs come from: installed packages, never the network
    service.py    what a service is made of: `Service`, `Operation`, `Caller`, `Answer`
    facts.py      what services need of a camera (Protocols, as http.Device is one)
    device.py, users.py, media.py, ... one service or a part of one each

Events (docs/events.md) have rooms of their own:

    events.py         the service; filtering.py: what a request to subscribe asks for
    subscriptions.py  who is subscribed, what waits for whom; notifying.py sends it
    notices.py        events, topics and their faults as XML
    elements.py       texts and QNames that zeep does not read

To add a service
    Write a room with a function that takes facts and returns a `Service`:

        def example_service(facts: ExampleFacts) -> Service:
            room = _Example(facts)
            return Service(
                name="example",                          # its key in wsdl.SOURCES
                namespace="http://...",                  # what GetServices tells
                path=paths.EXAMPLE,                      # its XAddr's path; a line there
                version=(2, 60),
                operations={"GetThing": Operation("READ_MEDIA", room.get_thing), ...},
                capabilities=room.capabilities,          # GetServiceCapabilities' value
            )

    and hand it to `routes` in the wiring (emulator/onvif_facts.py, `services`). Its
    GetServiceCapabilities and its rows in GetServices and GetCapabilities are made from it.

    A handler is `handler(request, caller)`: `request` has the operation's elements as
    attributes (None where absent, whatever the schema says: clients are not to be trusted;
    `service.needed` refuses that), `caller` says who asks and how he reached us
    (`caller.xaddr(path)` is an address that he can use, `caller.element` the request as lxml
    has it; with `Operation(..., is_read=False)` that is all there is, and `request` is None). It
    returns the response's fields as a dict for zeep (QName values as lxml.etree.QName), or an
    `Answer` with lxml elements to be appended to the response element as they are, for what zeep
    can't write (wsnt:Topic). It raises `Fault("InvalidArgVal/NoProfile", "one line")` to refuse.
    A plain function runs in a thread and may block; a coroutine function runs on the event loop
    and may wait.

    Addresses of their own, as subscriptions have: `Service(also_paths=("/onvif/x/{id}",))`;
    `caller.match["id"]`. Elements of other namespaces, as WS-BaseNotification's:
    `Service(also_namespaces=(...,))`. Prefixes of namespaces that occur in values only stand in
    wsdl.PREFIXES. What a camera has room for is `emulator.core.limits`.

Nothing heavy is imported before the first request: these rooms import neither zeep nor lxml at
their top, but for engine.py, wsdl.py and notices.py, which are imported by then.
"""
