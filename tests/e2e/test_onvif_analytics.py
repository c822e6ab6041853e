"""The heat map over ONVIF: the same settings as over the action CGI, in the same words."""

import json
import logging

import pytest
import requests
from lxml import etree
from onvif_by_hand import Onvif
from onvif_schemas import errors
from requests.auth import HTTPBasicAuth
from running import PASSWORD

SERVICE = "/onvif/analytics_service"
TOKEN = "<tan:ConfigurationToken>VideoAnalytics_1</tan:ConfigurationToken>"
CGI = "/cgi-bin/operator/operator.cgi?action={}.heatmap.configuration&format=json"
NAMED = "<tan:AnalyticsModuleName>"
MS = "urn:stuntcam:onvif:heatmap"


@pytest.fixture(scope="module")
def camera(start_camera, clip):
    return start_camera("--source", clip, "--speed", "max", "--clock", "2026-03-04T05:00:00")


@pytest.fixture(scope="module")
def onvif(camera):
    return Onvif(camera.url, "admin", PASSWORD)


@pytest.fixture
def settings(camera):
    """Reads the settings over the CGI, or sets them; they are as they were after the test."""
    auth = HTTPBasicAuth("admin", PASSWORD)

    def settings(**values):
        if values:
            body = json.dumps(values)
            url = camera.url + CGI.format("set")
            assert requests.post(url, body, auth=auth, timeout=60).json()["setState"] == "succeed"
        return requests.get(camera.url + CGI.format("get"), auth=auth, timeout=60).json()

    before = settings()
    yield settings
    settings(**before)


def asked(operation, inside=""):
    return f"<tan:{operation}>{TOKEN}{inside}</tan:{operation}>"


def items(module):
    return {
        item.get("Name"): item.get("Value")
        for item in module.iterfind("{*}Parameters/{*}SimpleItem")
    }


def modules(onvif):
    told = onvif.ask(SERVICE, asked("GetAnalyticsModules"))
    return {one.get("Name"): one for one in told.iterfind("{*}AnalyticsModule")}


def newer(onvif, body):
    """Return the answer to what only the newer schemas know, which is valid by these."""
    told = etree.fromstring(onvif.post(SERVICE, body).content).find("{*}Body")[0]
    assert errors(told) == []
    return told


def module(values, name="HeatMap", kind="ms:HeatMap", inside=""):
    simple = "".join(f'<tt:SimpleItem Name="{key}" Value="{text}"/>' for key, text in values)
    parameters = f"<tt:Parameters>{simple}{inside}</tt:Parameters>"
    return f'<tan:AnalyticsModule Name="{name}" Type="{kind}">{parameters}</tan:AnalyticsModule>'


def modify(*values, **more):
    return asked("ModifyAnalyticsModules", module(values, **more))


def test_the_module_is_described_with_the_documents_ranges(onvif):
    told = onvif.ask(SERVICE, asked("GetSupportedAnalyticsModules"))
    described = {one.get("Name"): one for one in told.iter("{*}AnalyticsModuleDescription")}
    assert list(described) == ["tt:CellMotionEngine", "ms:HeatMap"]
    heat = described["ms:HeatMap"]
    assert heat.nsmap["ms"] == MS
    assert (heat.get("fixed"), heat.get("maxInstances")) == ("true", "1")
    assert [
        (one.get("Name"), one.get("Type")) for one in heat.iter("{*}SimpleItemDescription")
    ] == [
        ("enable", "xs:int"),
        ("sensitivity", "xs:int"),
        ("minsize", "xs:int"),
        ("mintime", "xs:int"),
        ("adaptability", "xs:int"),
        ("map_mask", "xs:string"),
        ("scheduleList", "xs:string"),
    ]
    options = newer(onvif, asked("GetAnalyticsModuleOptions")).findall("{*}Options")
    assert {
        one.get("Name"): (one.findtext("{*}IntRange/{*}Min"), one.findtext("{*}IntRange/{*}Max"))
        for one in options
    } == {
        "enable": ("0", "1"),
        "sensitivity": ("1", "10"),
        "minsize": ("1", "100"),
        "mintime": ("1", "300"),
        "adaptability": ("1", "10"),
    }
    assert {one.get("AnalyticsModule") for one in options} == {"ms:HeatMap"}
    assert {one.get("Type") for one in options} == {"tt:IntRange"}


def test_the_options_of_one_kind_only_are_told_to_who_asks_for_that(onvif):
    def options(kind):
        body = f"<tan:Type>{kind}</tan:Type>{TOKEN}"
        body = f"<tan:GetAnalyticsModuleOptions>{body}</tan:GetAnalyticsModuleOptions>"
        return len(newer(onvif, body).findall("{*}Options"))

    assert options("ms:HeatMap") == 5
    assert options("tt:CellMotionEngine") == 0
    refused = onvif.refused(
        SERVICE,
        f"<tan:GetAnalyticsModuleOptions><tan:Type>tt:Other</tan:Type>{TOKEN}"
        "</tan:GetAnalyticsModuleOptions>",
    )
    assert refused.codes == ("Sender", "InvalidArgVal", "TypeNotExistent")


@pytest.mark.parametrize(
    "operation",
    ["GetAnalyticsModules", "GetSupportedAnalyticsModules", "GetRules", "GetSupportedRules"],
)
def test_what_older_schemas_take_newer_ones_take_too(onvif, operation):
    newer(onvif, asked(operation))


def test_settings_of_the_cgi_are_read_here(onvif, settings):
    half = "01" * 149 + "0"
    settings(mintime=77, enable=0, map_mask=half)
    told = items(modules(onvif)["HeatMap"])
    assert (told["mintime"], told["enable"], told["map_mask"]) == ("77", "0", half)
    assert json.loads(told["scheduleList"]) == settings()["scheduleList"]


def test_settings_made_here_are_read_over_the_cgi_and_the_others_stay(onvif, settings):
    before = settings()
    week = [{"scheduleIndex": 0, "schedule": before["scheduleList"][0]["schedule"]}]
    text = json.dumps(week).replace('"', "&quot;")
    body = modify(("mintime", "45"), ("sensitivity", "9"), ("scheduleList", text))
    onvif.ask(SERVICE, body)
    assert settings() == before | {"mintime": 45, "sensitivity": 9}


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([("mintime", "301")], "min_dwell (mintime)=301 is outside 1..300 s"),
        ([("mintime", "5.0")], "min_dwell (mintime)='5.0' cannot be read"),
        ([("mintime", "5"), ("sensitivity", "0")], "sensitivity (sensitivity)=0 is outside 1..10"),
        ([("mintime", "5"), ("mintime", "6")], "given twice"),
        ([("mintime", "5"), ("colour", "6")], "'colour' is not a heat-map setting"),
        ([("map_mask", "1")], "region (map_mask) has 1 cells, not 299"),
        ([("scheduleList", "[")], "scheduleList"),
        ([("dwell_semantics", "as-named")], "'dwell_semantics' is not a heat-map setting"),
    ],
)
def test_what_the_table_refuses_is_refused_in_its_words_and_nothing_changes(
    onvif, settings, values, reason
):
    before = settings()
    refused = onvif.refused(SERVICE, modify(*values))
    assert refused.codes == ("Sender", "InvalidArgVal", "InvalidModule")
    assert reason in refused.reason
    assert settings() == before


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        (modify(name="Other"), ("Sender", "InvalidArgVal", "NameNotExistent")),
        (modify(kind="tt:HeatMap"), ("Receiver", "Action", "TypeChangeProhibited")),
        (modify(kind="HeatMap"), ("Receiver", "Action", "TypeChangeProhibited")),
        (modify(kind="x:HeatMap"), ("Sender", "InvalidArgs")),
        (
            modify(name="MotionEngine", kind="tt:CellMotionEngine"),
            ("Receiver", "Action", "ConfigurationConflict"),
        ),
        (
            modify(inside='<tt:ElementItem Name="Region"><tt:Polygon/></tt:ElementItem>'),
            ("Sender", "InvalidArgVal", "InvalidModule"),
        ),
        (asked("ModifyAnalyticsModules"), ("Sender", "InvalidArgs")),
        (asked("ModifyAnalyticsModules", "<tan:AnalyticsModule/>"), ("Sender", "InvalidArgs")),
        (asked("CreateRules", "<tan:Rule/>"), ("Sender", "InvalidArgs")),
        (
            asked("CreateAnalyticsModules", module([], name="Second")),
            ("Sender", "Action", "FixedModules"),
        ),
        (
            asked("CreateAnalyticsModules", module([])),
            ("Sender", "InvalidArgVal", "NameAlreadyExistent"),
        ),
        (
            asked("DeleteAnalyticsModules", f"{NAMED}HeatMap</tan:AnalyticsModuleName>"),
            ("Sender", "Action", "FixedModules"),
        ),
        (
            asked("DeleteAnalyticsModules", f"{NAMED}X</tan:AnalyticsModuleName>"),
            ("Sender", "InvalidArgVal", "NameNotExistent"),
        ),
        (
            asked("CreateRules", '<tan:Rule Name="R" Type="tt:CellMotionDetector"/>'),
            ("Sender", "Action", "FixedRules"),
        ),
        (
            asked("CreateRules", '<tan:Rule Name="Motion" Type="tt:CellMotionDetector"/>'),
            ("Sender", "InvalidArgVal", "RuleAlreadyExistent"),
        ),
        (
            asked("DeleteRules", "<tan:RuleName>Motion</tan:RuleName>"),
            ("Sender", "Action", "FixedRules"),
        ),
        (
            asked("DeleteRules", "<tan:RuleName>R</tan:RuleName>"),
            ("Sender", "InvalidArgVal", "RuleNotExistent"),
        ),
        (
            "<tan:GetRules><tan:ConfigurationToken>x</tan:ConfigurationToken></tan:GetRules>",
            ("Sender", "InvalidArgVal", "NoConfig"),
        ),
        ("<tan:GetAnalyticsModules/>", ("Sender", "InvalidArgs")),
        (asked("ModifyRules"), ("Receiver", "ActionNotSupported")),
    ],
)  # fmt: skip
def test_what_can_not_be_done_is_refused_by_the_standards_fault(onvif, settings, body, codes):
    before = settings()
    assert onvif.refused(SERVICE, body).codes == codes
    assert settings() == before


def test_the_rule_of_motion_is_told_with_the_topic_of_its_events(onvif):
    told = onvif.ask(SERVICE, asked("GetRules"))
    (rule,) = told.iterfind("{*}Rule")
    assert (rule.get("Name"), rule.get("Type")) == ("Motion", "tt:CellMotionDetector")
    # 299 cells are 37 octets of ones and 3 bits: PackBits' run of 37 is 257 - 37 = 0xDC, 0xFF;
    # then one octet as it is: 0x00, 0xE0. In base64: 3P8A4A==.
    assert items(rule) == {
        "MinCount": "1",
        "AlarmOnDelay": "0",
        "AlarmOffDelay": "2000",
        "ActiveCells": "3P8A4A==",
    }
    described = onvif.ask(SERVICE, asked("GetSupportedRules"))
    (topic,) = described.iter("{*}ParentTopic")
    assert topic.text == "tns1:RuleEngine/CellMotionDetector/Motion"


def test_motion_is_as_sensitive_as_the_heat_map(onvif, settings):
    settings(sensitivity=8)
    assert items(modules(onvif)["MotionEngine"]) == {"Sensitivity": "80"}


def test_the_media_service_tells_the_same_modules_and_rules(onvif):
    body = (
        "<trt:GetVideoAnalyticsConfigurations xmlns:trt='http://www.onvif.org/ver10/media/wsdl'/>"
    )
    answer = onvif.post("/onvif/media_service", body)
    told = etree.fromstring(answer.content)
    assert [one.get("Type") for one in told.iter("{*}AnalyticsModule")] == [
        "tt:CellMotionEngine",
        "ms:HeatMap",
    ]
    assert [one.get("Name") for one in told.iter("{*}Rule")] == ["Motion"]


def test_a_viewer_reads_and_does_not_change(camera, onvif, settings):
    name, password = "vera", "vera-secret-1"
    url = f"{camera.url}/cgi-bin/admin/admin.cgi?action=add.system.user"
    body = json.dumps({"username": name, "password": password, "userLevel": 2})
    assert requests.post(url, body, auth=HTTPBasicAuth("admin", PASSWORD), timeout=60).ok
    viewer = Onvif(camera.url, name, password)
    assert items(modules(viewer)["HeatMap"])["mintime"] == "30"
    assert viewer.refused(SERVICE, modify(("mintime", "9"))).codes == ("Sender", "NotAuthorized")
    assert settings()["mintime"] == 30


def test_a_client_reads_and_changes_the_heat_map(camera, settings):
    from onvif import ONVIFCamera

    logging.getLogger().setLevel(logging.WARNING)  # which importing onvif has changed
    host, _, port = camera.url.removeprefix("http://").partition(":")
    client = ONVIFCamera(host, int(port), "admin", PASSWORD, adjust_time=True)
    (profile, *_) = client.create_media_service().GetProfiles()
    token = profile.VideoAnalyticsConfiguration.token
    analytics = client.create_analytics_service()
    heat = analytics.GetAnalyticsModules({"ConfigurationToken": token})[1]
    assert heat.Name == "HeatMap"
    changed = {"SimpleItem": [{"Name": "minsize", "Value": "42"}]}
    wanted = {"Name": heat.Name, "Type": etree.QName(MS, "HeatMap"), "Parameters": changed}
    analytics.ModifyAnalyticsModules({"ConfigurationToken": token, "AnalyticsModule": [wanted]})
    assert settings()["minsize"] == 42


def test_a_model_without_the_function_has_no_such_module(start_camera, clip):
    model = ("--model", "MS-C2964-PD", "--firmware", "51.7.0.77-r12")
    camera = start_camera("--source", clip, "--speed", "max", *model)
    onvif = Onvif(camera.url, "admin", PASSWORD)
    assert list(modules(onvif)) == ["MotionEngine"]
    assert items(modules(onvif)["MotionEngine"]) == {"Sensitivity": "50"}
    told = onvif.ask(SERVICE, asked("GetSupportedAnalyticsModules"))
    assert [one.get("Name") for one in told.iter("{*}AnalyticsModuleDescription")] == [
        "tt:CellMotionEngine"
    ]
    assert onvif.refused(SERVICE, modify(("mintime", "9"))).codes[-1] == "NameNotExistent"
    told = onvif.ask(SERVICE, "<tan:GetServiceCapabilities/>")[0]
    assert told.get("AnalyticsModuleOptionsSupported") == "false"
    assert camera.stop() == 0
