"""The one exception of this package."""

from __future__ import annotations

from typing import Any, Mapping, Optional

#: Members of a problem document (RFC 9457) that have a place of their own here.
_STANDARD = frozenset({"type", "title", "status", "code", "detail", "instance", "request"})


class StarlingError(Exception):
    """What the gateway refused, what a request ended with, or that no gateway answers.

    ``code`` is one of a closed, stable set (``/docs/errors`` of a gateway): branch on it. A gateway that cannot be reached
    is ``gateway-unreachable``; a request that was not waited for long enough ``result-not-ready``.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        details: Optional[Mapping[str, Any]] = None,
        status: Optional[int] = None,
        request: Optional[str] = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        #: Further members, which depend on the code.
        self.details: Mapping[str, Any] = details or {}
        #: The HTTP status; ``None`` where it was not a call that failed but the request that it asked for.
        self.status = status
        #: The request that ended this way: it can be explained.
        self.request = request

    def __str__(self) -> str:
        faults = self.details.get("errors")
        lines = [
            f"  {fault.get('pointer', '')}: {fault.get('message')}"
            for fault in (faults if isinstance(faults, list) else [])
            if isinstance(fault, dict) and str(fault.get("message")) not in self.message
        ]
        return "\n".join([f"{self.message} ({self.code})", *lines])


def problem_error(status: int, document: object) -> StarlingError:
    """The error that the body of an answer stands for, which another server may have written."""
    if not isinstance(document, dict) or "code" not in document:
        message = (
            f"What answered with HTTP status {status} is not a Starling gateway, or something stands between. "
            "Check the address."
        )
        return StarlingError("gateway-unreachable", message, status=status)
    details = {name: value for name, value in document.items() if name not in _STANDARD}
    return StarlingError(
        str(document["code"]),
        str(document.get("detail", document.get("title", ""))),
        details=details,
        status=status,
        request=document.get("request"),
    )


def record_error(record: Mapping[str, Any], request: str) -> StarlingError:
    """The error that a request or one of its results ended with."""
    return StarlingError(
        record["code"], record["message"], details=record.get("details"), request=request
    )
