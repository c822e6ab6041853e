"""The Analytics service: the heat map as a module, motion as a rule.

The heat map's parameters are the very settings of the action CGI: what is changed here is read
there and the other way round, and what one refuses so does the other, in the same words. A camera
without the function has no such module.

Modules and the rule are fixed: none can be made or deleted (Analytics specification, "Operations
on rules", "Operations on analytics modules").
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from emulator.core.cgi import CgiError
from emulator.core.onvif import paths, tokens
from emulator.core.onvif.analytics import (
    HEAT_MAP,
    HEAT_MAP_PARAMETERS,
    HEAT_MAP_TYPE,
    MOTION_DETECTOR_TYPE,
    MOTION_ENGINE_TYPE,
    MOTION_MODULE,
    MOTION_RULE,
    MOTION_RULE_PARAMETERS,
    TT,
    Parameter,
    heat_map_items,
    heat_map_values,
    motion_rule_items,
    motion_sensitivity,
)
from emulator.core.onvif.events import MOTION, Items
from emulator.core.onvif.soapfault import Fault
from emulator.core.settings import SettingError
from emulator.edge.onvif.elements import parts, qname
from emulator.edge.onvif.facts import AnalyticsFacts
from emulator.edge.onvif.service import Caller, Fields, Operation, Request, Service, given, needed

NAMESPACE = "http://www.onvif.org/ver20/analytics/wsdl"

_SPACES = {"xs": "http://www.w3.org/2001/XMLSchema", "tt": TT}


def analytics_service(
    facts: AnalyticsFacts,
    parameters: Callable[[], Sequence[Parameter]] = lambda: HEAT_MAP_PARAMETERS,
) -> Service:
    """Return the Analytics service of a camera; `parameters`: what is told of the heat map's."""
    room = _Analytics(facts, parameters)
    supports = {"RuleSupport": True, "AnalyticsModuleSupport": True}
    return Service(
        name="analytics",
        namespace=NAMESPACE,
        path=paths.ANALYTICS,
        version=(2, 60),
        category="Analytics",
        operations={
            "GetSupportedRules": Operation("READ_MEDIA", room.get_supported_rules),
            "GetRules": Operation("READ_MEDIA", room.get_rules),
            "CreateRules": Operation("ACTUATE", room.create_rules),
            "DeleteRules": Operation("ACTUATE", room.delete_rules),
            "GetSupportedAnalyticsModules": Operation("READ_MEDIA", room.get_supported_modules),
            "GetAnalyticsModules": Operation("READ_MEDIA", room.get_modules),
            "GetAnalyticsModuleOptions": Operation("READ_MEDIA", room.get_module_options),
            "ModifyAnalyticsModules": Operation("ACTUATE", room.modify_modules),
            "CreateAnalyticsModules": Operation("ACTUATE", room.create_modules),
            "DeleteAnalyticsModules": Operation("ACTUATE", room.delete_modules),
        },
        capabilities=lambda: {
            **supports,
            "CellBasedSceneDescriptionSupported": False,
            "RuleOptionsSupported": False,
            "AnalyticsModuleOptionsSupported": facts.offered,
            "SupportedMetadata": False,
        },
        in_all=lambda: supports,
    )


class _Analytics:
    def __init__(
        self, facts: AnalyticsFacts, parameters: Callable[[], Sequence[Parameter]]
    ) -> None:
        self._facts, self._parameters = facts, parameters

    # --- rules -------------------------------------------------------------------------------

    def get_supported_rules(self, request: Request, caller: Caller) -> Fields:
        _known(request)
        described = _description(MOTION_DETECTOR_TYPE, MOTION_RULE_PARAMETERS) | {
            "Messages": [
                {
                    "IsProperty": True,
                    "Source": {"SimpleItemDescription": _items(MOTION.source)},
                    "Data": {"SimpleItemDescription": _items(MOTION.data)},
                    "ParentTopic": MOTION.text,
                }
            ]
        }
        return {"SupportedRules": {"RuleDescription": [described]}}

    def get_rules(self, request: Request, caller: Caller) -> Fields:
        _known(request)
        return {"Rule": rules()}

    def create_rules(self, request: Request, caller: Caller) -> Fields:
        _known(request)
        if any(rule.Name == MOTION_RULE for rule in given(request.Rule, "Rule")):
            reason = f"there is a rule {MOTION_RULE} already"
            raise Fault("InvalidArgVal/RuleAlreadyExistent", reason)
        raise Fault("Action/FixedRules", "the rules of this device are fixed; none can be made")

    def delete_rules(self, request: Request, caller: Caller) -> Fields:
        _known(request)
        for name in request.RuleName or ():
            if name != MOTION_RULE:
                reason = f"there is no rule {str(name)[:64]!r}"
                raise Fault("InvalidArgVal/RuleNotExistent", reason)
        raise Fault("Action/FixedRules", f"the rule {MOTION_RULE} is fixed; it can't be deleted")

    # --- modules -----------------------------------------------------------------------------

    def get_supported_modules(self, request: Request, caller: Caller) -> Fields:
        _known(request)
        engine = (Parameter("Sensitivity", "xs:integer"),)
        described = [_description(MOTION_ENGINE_TYPE, engine)]
        if self._facts.offered:
            described.append(_description(HEAT_MAP_TYPE, HEAT_MAP_PARAMETERS))
        return {"SupportedAnalyticsModules": {"AnalyticsModuleDescription": described}}

    def get_modules(self, request: Request, caller: Caller) -> Fields:
        _known(request)
        return {"AnalyticsModule": modules(self._facts)}

    def get_module_options(self, request: Request, caller: Caller) -> Fields:
        _known(request)
        there = {MOTION_ENGINE_TYPE, *([HEAT_MAP_TYPE] if self._facts.offered else [])}
        element = next(parts(caller.element, "Type"), None)
        asked = None if element is None else qname(element, element.text or "")
        if asked is not None and asked not in there:
            reason = f"there is no module of type {asked[:80]}"
            raise Fault("InvalidArgVal/TypeNotExistent", reason)
        if HEAT_MAP_TYPE not in there or asked == MOTION_ENGINE_TYPE:
            return {"Options": []}
        return {"Options": [_option(one) for one in self._parameters() if one.low is not None]}

    def modify_modules(self, request: Request, caller: Caller) -> Fields:
        _known(request)
        items: list[tuple[str, str]] = []
        elements = list(parts(caller.element, "AnalyticsModule"))
        asked = needed(given(request.AnalyticsModule, "AnalyticsModule"), "AnalyticsModule")
        if len(asked) != len(elements):
            raise Fault("InvalidArgs", "an AnalyticsModule is of another namespace")
        for module, element in zip(asked, elements, strict=True):
            self._check_module(module.Name)
            if module.Name == MOTION_MODULE:
                reason = f"the module {MOTION_MODULE} can't be changed"
                raise Fault("Action/ConfigurationConflict", reason, "Receiver")
            if qname(element, element.get("Type", "")) != HEAT_MAP_TYPE:
                reason = f"the module {HEAT_MAP} is of type {HEAT_MAP_TYPE}"
                raise Fault("Action/TypeChangeProhibited", reason, "Receiver")
            items += _written(module)
        try:
            self._facts.change_heat_map(heat_map_values(items))
        except (SettingError, CgiError) as error:
            raise Fault("InvalidArgVal/InvalidModule", str(error)) from None
        return {}

    def create_modules(self, request: Request, caller: Caller) -> Fields:
        _known(request)
        names = {module["Name"] for module in modules(self._facts)}
        for module in given(request.AnalyticsModule, "AnalyticsModule"):
            if module.Name in names:
                reason = f"there is a module {module.Name} already"
                raise Fault("InvalidArgVal/NameAlreadyExistent", reason)
        reason = "the modules of this device are fixed; none can be made"
        raise Fault("Action/FixedModules", reason)

    def delete_modules(self, request: Request, caller: Caller) -> Fields:
        _known(request)
        for name in request.AnalyticsModuleName or ():
            self._check_module(name)
        reason = "the modules of this device are fixed; none can be deleted"
        raise Fault("Action/FixedModules", reason)

    def _check_module(self, name: object) -> None:
        if name not in {module["Name"] for module in modules(self._facts)}:
            reason = f"there is no module {str(name)[:64]!r}"
            raise Fault("InvalidArgVal/NameNotExistent", reason)


def rules() -> list[dict[str, Any]]:
    """Return the rules, as tt:Config; for the media services too."""
    return [_config(MOTION_RULE, MOTION_DETECTOR_TYPE, motion_rule_items())]


def modules(facts: AnalyticsFacts) -> list[dict[str, Any]]:
    """Return the modules as they are set, as tt:Config; for the media services too."""
    settings = facts.heat_map() if facts.offered else None
    sensitivity = [("Sensitivity", motion_sensitivity(settings))]
    found = [_config(MOTION_MODULE, MOTION_ENGINE_TYPE, sensitivity)]
    if settings is not None:
        found.append(_config(HEAT_MAP, HEAT_MAP_TYPE, heat_map_items(settings)))
    return found


def _known(request: Request) -> None:
    token = needed(request.ConfigurationToken, "ConfigurationToken")
    if token != tokens.ANALYTICS:
        reason = f"there is no analytics configuration {token[:64]!r}"
        raise Fault("InvalidArgVal/NoConfig", reason)


def _config(name: str, kind: str, items: Iterable[tuple[str, str]]) -> dict[str, Any]:
    simple = [{"Name": item, "Value": value} for item, value in items]
    return {"Name": name, "Type": _name(kind), "Parameters": {"SimpleItem": simple}}


def _description(kind: str, parameters: Iterable[Parameter]) -> dict[str, Any]:
    described = _items((one.name, one.kind) for one in parameters)
    return {
        "Name": _name(kind),
        "fixed": True,
        "maxInstances": 1,
        "Parameters": {"SimpleItemDescription": described},
    }


def _items(items: Items | Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    described = []
    for name, kind in items:
        prefix, _, local = kind.partition(":")
        described.append({"Name": name, "Type": _name(f"{{{_SPACES[prefix]}}}{local}")})
    return described


def _option(parameter: Parameter) -> Mapping[str, Any]:
    from lxml import etree  # noqa: PLC0415

    told = etree.Element(f"{{{TT}}}IntRange", nsmap={"tt": TT})
    etree.SubElement(told, f"{{{TT}}}Min").text = str(parameter.low)
    etree.SubElement(told, f"{{{TT}}}Max").text = str(parameter.high)
    return {
        "Name": parameter.name,
        "Type": _name(f"{{{TT}}}IntRange"),
        "AnalyticsModule": _name(HEAT_MAP_TYPE),
        "_value_1": told,
    }


def _written(module: Any) -> list[tuple[str, str]]:
    """Return names and texts of a module's parameters as a client wrote them. Raises Fault."""
    parameters = module.Parameters
    if parameters is not None and parameters.ElementItem:
        name = str(parameters.ElementItem[0].Name)[:64]
        reason = f"the module {HEAT_MAP} has no element item {name!r}"
        raise Fault("InvalidArgVal/InvalidModule", reason)
    simple = (parameters.SimpleItem if parameters is not None else None) or ()
    return [(str(item.Name), str(item.Value or "")) for item in simple]


def _name(text: str) -> Any:
    from lxml import etree  # noqa: PLC0415

    return etree.QName(text)
