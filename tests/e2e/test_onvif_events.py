"""Events of a real camera process, pulled by a real client and by hand; every answer is valid."""

import datetime as dt
import http.server
import json
import logging
import queue
import threading
import time

import pytest
import requests
from lxml import etree
from onvif_by_hand import Onvif
from running import PASSWORD

SERVICE = "/onvif/event_service"
CREATE = "<tev:CreatePullPointSubscription/>"
CONCRETE_SET = "http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet"
ITEM_FILTER = "http://www.onvif.org/ver10/tev/messageContentFilter/ItemFilter"
MOTION = "tns1:RuleEngine/CellMotionDetector/Motion"
ALARM = "tns1:VideoSource/MotionAlarm"
FAILURE = "tns1:Device/HardwareFailure/StorageFailure"
REBOOT = "tns1:Monitoring/OperatingTime/LastReboot"
WHEN = "2026-03-04T05:00:00"


@pytest.fixture(scope="module")
def camera(start_camera, clip, tmp_path_factory):
    """A camera that has seen a film of 10 s, in which somebody walks by in 7.2 s."""
    card = tmp_path_factory.mktemp("card")
    what = ("--source", clip, "--speed", "max", "--clock", WHEN, "--sd", f"{card}:64M")
    return start_camera(*what)


@pytest.fixture(scope="module")
def onvif(camera):
    return Onvif(camera.url, "admin", PASSWORD)


def control(camera, method, path, body=None):
    content = None if body is None else json.dumps(body)
    answer = requests.request(method, f"{camera.control}/v1{path}", data=content, timeout=60)
    assert answer.ok, answer.text
    return answer


def play(camera, clip):
    """Have the film played once more."""
    control(camera, "PUT", "/scene", {"source": str(clip)})


def topics(*expressions):
    filters = "".join(
        f'<wsnt:TopicExpression Dialect="{CONCRETE_SET}">{one}</wsnt:TopicExpression>'
        for one in expressions
    )
    return f"<tev:Filter>{filters}</tev:Filter>"


def create(onvif, inside=""):
    """Return the address of a new subscription."""
    body = f"<tev:CreatePullPointSubscription>{inside}</tev:CreatePullPointSubscription>"
    return onvif.ask(SERVICE, body).findtext("{*}SubscriptionReference/{*}Address")


def pull_body(timeout="PT0S", limit=100):
    return (
        f"<tev:PullMessages><tev:Timeout>{timeout}</tev:Timeout>"
        f"<tev:MessageLimit>{limit}</tev:MessageLimit></tev:PullMessages>"
    )


def read(element):
    """The events in an answer: (topic, operation, source values, data values)."""
    return [
        (
            notice.findtext("{*}Topic"),
            notice.find("{*}Message/{*}Message").get("PropertyOperation"),
            [item.get("Value") for item in notice.iterfind("{*}Message/*/{*}Source/*")],
            [item.get("Value") for item in notice.iterfind("{*}Message/*/{*}Data/*")],
        )
        for notice in element.iterfind("{*}NotificationMessage")
    ]


def pull(onvif, address, timeout="PT0S", limit=100):
    return read(onvif.ask(address, pull_body(timeout, limit)))


def unsubscribe(onvif, address):
    onvif.ask(address, "<wsnt:Unsubscribe/>")


@pytest.fixture
def subscribed(onvif):
    """Makes subscriptions that are gone after the test."""
    made = []

    def make(inside=""):
        made.append(create(onvif, inside))
        return made[-1]

    yield make
    for address in made:
        onvif.post(address, "<wsnt:Unsubscribe/>")


# --- a real client ---------------------------------------------------------------------------


def test_a_client_connects_and_is_told_of_the_walk(camera, clip):
    from onvif import ONVIFCamera

    logging.getLogger().setLevel(logging.WARNING)  # which importing onvif has changed
    host, _, port = camera.url.removeprefix("http://").partition(":")
    client = ONVIFCamera(host, int(port), "admin", PASSWORD, adjust_time=True)
    events = client.create_events_service()
    told = events.GetEventProperties()
    assert [etree.QName(root).localname for root in told.TopicSet._value_1] == [
        *("RuleEngine", "VideoSource", "Device", "Monitoring")
    ]
    made = events.CreatePullPointSubscription()
    where = "http://www.onvif.org/ver10/events/wsdl/PullPointSubscription"
    client.xaddrs[where] = made.SubscriptionReference.Address._value_1
    pullpoint = client.create_pullpoint_service()
    states = []
    play(camera, clip)
    while states[-2:] != ["true", "false"]:
        answer = pullpoint.PullMessages({"Timeout": dt.timedelta(seconds=60), "MessageLimit": 10})
        assert answer.NotificationMessage, "a minute and no motion"
        for notice in answer.NotificationMessage:
            items = notice.Message._value_1.findall("{*}Data/{*}SimpleItem")
            states += [one.get("Value") for one in items if one.get("Name") == "IsMotion"]
    assert states == ["false", "true", "false"]
    where = "{http://www.onvif.org/ver10/events/wsdl}SubscriptionManagerBinding"
    manager = events.zeep_client.create_service(where, pullpoint.xaddr)
    renewed = manager.Renew(TerminationTime="PT30S")
    assert (renewed.TerminationTime - renewed.CurrentTime).total_seconds() == pytest.approx(
        30, abs=1
    )
    manager.Unsubscribe()
    with pytest.raises(Exception, match="no such subscription"):
        pullpoint.PullMessages({"Timeout": dt.timedelta(0), "MessageLimit": 10})


# --- what is told ----------------------------------------------------------------------------


def test_the_service_tells_its_limits_and_dialects(onvif):
    told = onvif.ask(SERVICE, "<tev:GetServiceCapabilities/>", auth=False)[0]
    assert dict(told.attrib) == {
        "WSSubscriptionPolicySupport": "true",
        "WSPullPointSupport": "true",
        "WSPausableSubscriptionManagerInterfaceSupport": "false",
        "MaxNotificationProducers": "32",
        "MaxPullPoints": "32",
        "PersistentNotificationStorage": "false",
    }
    told = onvif.ask(SERVICE, "<tev:GetEventProperties/>")
    assert [one.text for one in told.iterfind("{*}TopicExpressionDialect")] == [
        "http://docs.oasis-open.org/wsn/t-1/TopicExpression/Concrete",
        CONCRETE_SET,
    ]
    assert told.findtext("{*}MessageContentFilterDialect") == ITEM_FILTER
    motion = told.find("{*}TopicSet/{*}RuleEngine/CellMotionDetector/Motion")
    assert motion.get("{http://docs.oasis-open.org/wsn/t-1}topic") == "true"
    described = motion.find("{*}MessageDescription")
    assert described.get("IsProperty") == "true"
    assert [one.get("Name") for one in described.iter("{*}SimpleItemDescription")] == [
        *("VideoSourceConfigurationToken", "VideoAnalyticsConfigurationToken", "Rule", "IsMotion")
    ]


def test_what_holds_is_told_at_once_with_times_of_the_cameras_clock(onvif, subscribed):
    address = subscribed()
    answer = onvif.ask(address, pull_body("PT60S"))
    told = read(answer)
    assert {topic for topic, *_ in told} == {MOTION, ALARM, FAILURE, REBOOT}
    assert {operation for _, operation, *_ in told} == {"Initialized"}
    assert (FAILURE, "Initialized", ["sd"], ["false"]) in told
    assert (ALARM, "Initialized", ["VideoSource_1"], ["false"]) in told
    assert answer.findtext("{*}CurrentTime").startswith("2026-03-04T")
    assert answer.findtext("{*}CurrentTime").endswith("Z")


def test_a_failing_card_is_told_while_a_pull_waits(camera, onvif, subscribed):
    address = subscribed(topics("tns1:Device//."))
    assert [event[1:] for event in pull(onvif, address)] == [
        ("Initialized", ["flash"], ["false"]),
        ("Initialized", ["sd"], ["false"]),
    ]
    control(camera, "POST", "/faults", {"name": "sd", "state": "failing"})
    try:
        assert pull(onvif, address, "PT60S") == [(FAILURE, "Changed", ["sd"], ["true"])]
    finally:
        control(camera, "DELETE", "/faults")
    assert pull(onvif, address, "PT60S") == [(FAILURE, "Changed", ["sd"], ["false"])]


def test_what_passes_is_only_what_was_asked_for(onvif, subscribed):
    both = subscribed(topics("tns1:RuleEngine//.|tns1:VideoSource//."))
    assert {event[0] for event in pull(onvif, both)} == {MOTION, ALARM}
    content = (
        f'<tev:Filter><wsnt:MessageContent Dialect="{ITEM_FILTER}">'
        'boolean(//tt:SimpleItem[@Name="Token" and @Value="sd"])'
        "</wsnt:MessageContent></tev:Filter>"
    )
    assert [event[2] for event in pull(onvif, subscribed(content))] == [["sd"]]
    policy = "<tev:SubscriptionPolicy><tev:ChangedOnly/></tev:SubscriptionPolicy>"
    assert pull(onvif, subscribed(policy)) == []


def test_a_pull_gets_as_many_as_it_asks_for_and_a_synchronization_point_tells_all_again(
    onvif, subscribed
):
    address = subscribed(topics("tns1:Device//."))
    assert len(pull(onvif, address, limit=1)) == 1
    assert len(pull(onvif, address, limit=2**31 - 1)) == 1
    assert pull(onvif, address) == []
    onvif.ask(address, "<tev:SetSynchronizationPoint/>")
    assert len(pull(onvif, address)) == 2


def test_after_a_reboot_there_is_no_subscription_and_another_time_of_boot(camera, onvif):
    address = create(onvif, topics("tns1:Monitoring//."))
    ((*_, [before]),) = pull(onvif, address)
    control(camera, "PUT", "/clock", {"mode": "frozen"})
    control(camera, "POST", "/clock/step", {"by_s": 60})
    control(camera, "POST", "/reboot", {"kind": "soft", "down_s": 0})
    until_s = time.monotonic() + 60
    while not control(camera, "GET", "/reboot").json()["up"]:
        assert time.monotonic() < until_s
    assert onvif.refused(address, pull_body()).name == "ResourceUnknownFault"
    again = create(onvif, topics("tns1:Monitoring//."))
    ((*_, [after]),) = pull(onvif, again)
    unsubscribe(onvif, again)
    control(camera, "PUT", "/clock", {"mode": "source"})
    booted = [dt.datetime.fromisoformat(text) for text in (before, after)]
    assert booted[1] - booted[0] >= dt.timedelta(seconds=60)


# --- events that are sent ---------------------------------------------------------------------


@pytest.fixture
def consumer():
    """A server on this machine that takes Notify; what it was told comes in a queue."""
    told = queue.Queue()

    class Take(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()
            told.put(etree.fromstring(body))

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Take)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/told", told
    server.shutdown()
    server.server_close()
    thread.join()


def subscribe_body(address, inside=""):
    return (
        f"<wsnt:Subscribe><wsnt:ConsumerReference><wsa:Address>{address}</wsa:Address>"
        f"</wsnt:ConsumerReference>{inside}</wsnt:Subscribe>"
    )


def test_events_are_sent_to_who_subscribes(camera, onvif, consumer):
    url, told = consumer
    only = topics("tns1:Device//.").replace("tev:", "wsnt:")
    made = onvif.ask(SERVICE, subscribe_body(url, only))
    address = made.findtext("{*}SubscriptionReference/{*}Address")
    first = told.get(timeout=60).find("{*}Body/{*}Notify")
    assert [event[1:] for event in read(first)] == [
        ("Initialized", ["flash"], ["false"]),
        ("Initialized", ["sd"], ["false"]),
    ]
    control(camera, "POST", "/faults", {"name": "sd", "state": "failing"})
    second = told.get(timeout=60).find("{*}Body/{*}Notify")
    control(camera, "DELETE", "/faults")
    assert read(second) == [(FAILURE, "Changed", ["sd"], ["true"])]
    assert onvif.refused(address, pull_body()).name == "ResourceUnknownFault"
    unsubscribe(onvif, address)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.2/", "http://10.0.0.1/", "http://localhost/", "file:///etc/passwd"]
)
def test_nothing_is_sent_anywhere_else(onvif, address):
    refused = onvif.refused(SERVICE, subscribe_body(address))
    assert refused.name == "SubscribeCreationFailedFault"
    assert address in refused.reason


# --- what is refused --------------------------------------------------------------------------


def asking(filters="", life=None, policy=""):
    termination = f"<tev:InitialTerminationTime>{life}</tev:InitialTerminationTime>" if life else ""
    inside = (f"<tev:Filter>{filters}</tev:Filter>" if filters else "") + termination + policy
    return f"<tev:CreatePullPointSubscription>{inside}</tev:CreatePullPointSubscription>"


def expression(text, dialect=CONCRETE_SET):
    return f'<wsnt:TopicExpression Dialect="{dialect}">{text}</wsnt:TopicExpression>'


@pytest.mark.parametrize(
    ("body", "name", "reason"),
    [
        (asking(life="P100Y"), "UnacceptableInitialTerminationTimeFault", "P100Y"),
        (asking(life="-PT5S"), "UnacceptableInitialTerminationTimeFault", "-PT5S"),
        (asking(life="1999-01-01T00:00:00Z"), "UnacceptableInitialTerminationTimeFault", "1999"),
        (asking(expression("tns1:PTZ//.")), "TopicNotSupportedFault", "PTZ"),
        (asking(expression("tns1:PTZ///")), "InvalidTopicExpressionFault", "PTZ"),
        (asking(expression("x:PTZ")), "InvalidTopicExpressionFault", "'x'"),
        (asking(expression("a", "urn:no")), "TopicExpressionDialectUnknownFault", "urn:no"),
        (asking("<wsnt:ProducerProperties Dialect=''/>"), "InvalidFilterFault", "ProducerProp"),
        (
            asking(f'<wsnt:MessageContent Dialect="{ITEM_FILTER}">x</wsnt:MessageContent>'),
            "InvalidMessageContentExpressionFault",
            "content filter",
        ),
        (
            asking(policy="<tev:SubscriptionPolicy><wsnt:UseRaw/></tev:SubscriptionPolicy>"),
            "UnsupportedPolicyRequestFault",
            "UseRaw",
        ),
        (
            asking(policy="<tev:SubscriptionPolicy><tt:Odd/></tev:SubscriptionPolicy>"),
            "UnrecognizedPolicyRequestFault",
            "Odd",
        ),
    ],
)
def test_a_subscription_that_can_not_be_is_refused_by_the_standards_fault(
    onvif, body, name, reason
):
    refused = onvif.refused(SERVICE, body)
    assert refused.name == name
    assert refused.codes == ("Receiver",)
    assert name in refused.reason
    assert reason in refused.reason


@pytest.mark.parametrize(
    ("timeout", "limit", "name", "reason"),
    [
        ("PT5M0.001S", 1, "PullMessagesFaultResponse", "longer than PT300S"),
        ("P9999Y", 1, "PullMessagesFaultResponse", "longer than PT300S"),
        ("-PT1S", 1, None, "less than nothing"),
        ("PT0S", 0, None, "MessageLimit=0"),
        ("PT0S", -1, None, "MessageLimit=-1"),
        ("soon", 1, None, "soon"),
        ("PT999999999999999999S", 1, "PullMessagesFaultResponse", "PT9999"),
        ("PT0S", "many", None, "MessageLimit=many"),
        ("PT0S", 10**20, None, "MessageLimit=1000"),
    ],
)
def test_absurd_pulls_are_refused_and_cost_nothing(onvif, subscribed, timeout, limit, name, reason):
    address = subscribed()
    refused = onvif.refused(address, pull_body(timeout, limit))
    assert refused.name == name
    assert refused.codes[0] == "Sender"
    assert reason in refused.reason
    if name:
        assert refused.detail.findtext("{*}MaxTimeout") == "PT300S"
        assert refused.detail.findtext("{*}MaxMessageLimit") == "100"
    assert pull(onvif, address)


@pytest.mark.parametrize(
    "body",
    [
        pull_body(),
        "<wsnt:Unsubscribe/>",
        "<wsnt:Renew><wsnt:TerminationTime>PT60S</wsnt:TerminationTime></wsnt:Renew>",
        "<tev:SetSynchronizationPoint/>",
    ],
)
@pytest.mark.parametrize("path", ["/onvif/subscription/nobody", SERVICE])
def test_what_is_no_subscription_is_unknown(onvif, path, body):
    assert onvif.refused(path, body).name == "ResourceUnknownFault"


def test_a_renewal_out_of_bounds_leaves_it_as_it_was(onvif, subscribed):
    address = subscribed()
    body = "<wsnt:Renew><wsnt:TerminationTime>P2D</wsnt:TerminationTime></wsnt:Renew>"
    refused = onvif.refused(address, body)
    assert refused.name == "UnacceptableTerminationTimeFault"
    assert pull(onvif, address)


def test_the_33rd_pull_point_is_refused_until_one_is_gone(onvif, subscribed):
    made = []
    while (answer := onvif.post(SERVICE, CREATE)).status_code == 200:
        body = etree.fromstring(answer.content)
        made.append(body.findtext(".//{*}SubscriptionReference/{*}Address"))
        assert len(made) <= 32
    try:
        refused = onvif.refused(SERVICE, CREATE)
        assert refused.name == "SubscribeCreationFailedFault"
        assert "there are 32 pull points already" in refused.reason
        unsubscribe(onvif, made.pop())
        made.append(create(onvif))
    finally:
        for address in made:
            unsubscribe(onvif, address)


def test_what_is_not_there_is_said_so(onvif, subscribed):
    body = "<tev:Seek><tev:UtcTime>2026-01-01T00:00:00Z</tev:UtcTime></tev:Seek>"
    assert onvif.refused(subscribed(), body).codes == ("Receiver", "ActionNotSupported")
    asked = f'<wsnt:GetCurrentMessage><wsnt:Topic Dialect="{CONCRETE_SET}">{ALARM}</wsnt:Topic>'
    refused = onvif.refused(SERVICE, f"{asked}</wsnt:GetCurrentMessage>")
    assert refused.name == "NoCurrentMessageOnTopicFault"


def test_who_is_not_logged_in_gets_nothing(onvif):
    for body in (CREATE, pull_body(), "<tev:GetEventProperties/>"):
        assert onvif.post(SERVICE, body, auth=False).status_code == 401
