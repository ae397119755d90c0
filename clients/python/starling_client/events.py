"""What happens to a request, as it happens (server-sent events)."""

from __future__ import annotations

import json
import time
from http.client import HTTPException
from typing import Any, Callable, Dict, Iterable, Iterator, List, Optional

from .connection import Connection, path_of
from .errors import StarlingError

#: Something that happened to a request: ``sequence``, ``at``, ``type``, ``message`` and perhaps ``party``.
Event = Dict[str, Any]

#: Connections in a row that may bring nothing new before the gateway counts as gone.
MOST_FRUITLESS_TRIES = 6


def parse_events(lines: Iterable[bytes]) -> Iterator[Event]:
    """The data of each event of a stream (WHATWG HTML, section 9.2.6). One that breaks off is left out.

    >>> list(parse_events([b': keep-alive\\n', b'\\n', b'id: 1\\n', b'data: {"sequence": 1}\\n', b'\\n', b'data: {']))
    [{'sequence': 1}]
    """
    data: List[str] = []
    for line in lines:
        text = line.decode().rstrip("\r\n")
        if text == "" and data:
            yield json.loads("\n".join(data))
            data = []
        field, _, value = text.partition(":")
        if field == "data":
            data.append(value[1:] if value.startswith(" ") else value)


def follow(
    connection: Connection,
    request: str,
    *,
    after: int = 0,
    deadline: Optional[float] = None,
    pause: Callable[[float], None] = time.sleep,
) -> Iterator[Event]:
    """The events of a request until it ends.

    Where the connection breaks it goes on after the last event that came, so that none is missed or told twice; the pauses
    double from 0.25 s. ``deadline`` is a time of ``time.monotonic``.

    Raises ``StarlingError``: ``result-not-ready`` at the deadline, ``gateway-unreachable`` after ``MOST_FRUITLESS_TRIES``
    connections that brought nothing, and what the gateway refuses with.
    """
    last = after
    fruitless = 0
    while True:
        before = last
        failure: Optional[StarlingError] = None
        try:
            for event in _events_after(connection, request, last, deadline):
                last = event["sequence"]
                yield event
            if connection.json("GET", path_of("requests", request))["state"] != "running":
                return
        except StarlingError as error:
            if error.code not in ("gateway-unreachable", "shutting-down"):
                raise
            failure = error
        _assert_in_time(request, deadline)
        fruitless = fruitless + 1 if last == before else 0
        if fruitless >= MOST_FRUITLESS_TRIES:
            message = f"The events of request {request} end before the request does. Wait for it again later."
            raise failure or StarlingError("gateway-unreachable", message, request=request)
        if fruitless > 0:
            pause(0.25 * 2 ** (fruitless - 1))


def _events_after(
    connection: Connection, request: str, last: int, deadline: Optional[float]
) -> Iterator[Event]:
    """The events of one connection that come after ``last``."""
    headers = {"Accept": "text/event-stream", **({"Last-Event-ID": str(last)} if last else {})}
    # the gateway lets nothing be heard for 15 seconds at most, so that is how late a deadline may be noticed
    left = connection.timeout if deadline is None else max(0.001, deadline - time.monotonic())
    path = path_of("requests", request, "events")
    with connection.open("GET", path, headers=headers, timeout=min(connection.timeout, left)) as response:

        def lines() -> Iterator[bytes]:
            while line := response.readline():
                _assert_in_time(request, deadline)
                yield line

        try:
            for event in parse_events(lines()):
                if event["sequence"] > last:
                    yield event
        except (OSError, HTTPException) as error:
            connection.fail(error)


def _assert_in_time(request: str, deadline: Optional[float]) -> None:
    if deadline is not None and time.monotonic() >= deadline:
        message = f"Request {request} is still running. Wait on with its method wait."
        raise StarlingError("result-not-ready", message, request=request)
