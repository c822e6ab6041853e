"""What a request to subscribe asks for, read from its elements.

zeep is of no use here: it drops the text of a TopicExpression and the prefixes that are declared
around it.
"""

from typing import NamedTuple

from emulator.core.onvif import itemfilter, topicfilter
from emulator.core.onvif.topicfilter import MOST_FILTERS, Filter, FilterError
from emulator.edge.onvif.elements import Element, parts, text
from emulator.edge.onvif.names import TEV, WSNT


class PolicyError(ValueError):
    """A subscription policy that is not followed here.

    fault    the name of WS-BaseNotification's fault; part: the name of its element for `unknown`,
             which is the policy as {namespace}name
    """

    def __init__(self, fault: str, part: str, unknown: str) -> None:
        super().__init__(f"{unknown.rpartition('}')[2][:80]} is no policy that is followed here")
        self.fault, self.part, self.unknown = fault, part, unknown


class Asked(NamedTuple):
    """How one wants to be told.

    life  the termination time as it was written; None: nobody said
    """

    filter: Filter
    changed_only: bool
    life: str | None


def asked(operation: Element) -> Asked:
    """Return what CreatePullPointSubscription or Subscribe asks for.

    Raises FilterError or PolicyError.
    """
    return Asked(
        _filter(operation), _changes_only(operation), text(operation, "InitialTerminationTime")
    )


def _filter(operation: Element) -> Filter:
    part = next(parts(operation, "Filter"), None)
    filters = list(part) if part is not None else []
    if len(filters) > MOST_FILTERS:
        reason = f"{len(filters)} filters are more than {MOST_FILTERS}"
        raise FilterError("SubscribeCreationFailedFault", reason)
    topics, content = [], []
    for one in filters:
        words, dialect = one.text or "", one.get("Dialect", "")
        namespaces = {prefix: uri for prefix, uri in one.nsmap.items() if prefix}
        if one.tag == f"{{{WSNT}}}TopicExpression":
            topics.append(topicfilter.topics(words, dialect, namespaces))
        elif one.tag == f"{{{WSNT}}}MessageContent":
            content.append(itemfilter.read(words, dialect, namespaces))
        else:
            name = one.tag.rpartition("}")[2][:80]
            raise FilterError("InvalidFilterFault", f"{name} is no filter here", one.tag)
    return topicfilter.together(topics, content)


def _changes_only(operation: Element) -> bool:
    part = next(parts(operation, "SubscriptionPolicy"), None)
    changed_only = False
    for one in part if part is not None else ():
        if one.tag == f"{{{TEV}}}ChangedOnly":
            changed_only = True
        elif one.tag == f"{{{WSNT}}}UseRaw":
            raise PolicyError("UnsupportedPolicyRequestFault", "UnsupportedPolicy", one.tag)
        else:
            raise PolicyError("UnrecognizedPolicyRequestFault", "UnrecognizedPolicy", one.tag)
    return changed_only
