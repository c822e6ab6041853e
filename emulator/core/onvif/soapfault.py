"""A request over SOAP that is refused: raised by whoever serves it, told by core/onvif/soap.py."""

from typing import Any

LONGEST_REASON = 300


def printable(reason: str) -> str:
    """Return a reason as XML has room for it: what a client sent may be quoted, controls too."""
    return "".join(c if c.isprintable() else " " for c in reason)[:LONGEST_REASON]


class Fault(Exception):  # noqa: N818  # SOAP's word
    """A request that is refused.

    subcodes  the standard's, without `ter:`, from the outer to the inner:
              "InvalidArgVal/NoProfile"; "": none
    reason    one line for people, made printable and cut to LONGEST_REASON
    code      "Sender": the client's doing; "Receiver": ours; "MustUnderstand"
    detail    an lxml element that says more, or None
    """

    def __init__(
        self, subcodes: str, reason: str, code: str = "Sender", detail: Any = None
    ) -> None:
        self.reason = printable(reason)
        super().__init__(self.reason)
        self.subcodes = tuple(name for name in subcodes.split("/") if name)
        self.code, self.detail = code, detail
