import json
import time
import unittest
from typing import List, Optional

from starling_client import StarlingError
from starling_client.connection import Connection
from starling_client.events import MOST_FRUITLESS_TRIES, follow, parse_events

from .scripted_gateway import Answer, Asked, ScriptedGateway


def event(sequence: int) -> bytes:
    return f'id: {sequence}\nevent: placed\ndata: {{"sequence": {sequence}}}\n\n'.encode()


class Parse(unittest.TestCase):
    def test_comments_other_fields_and_a_broken_end_are_left_out(self) -> None:
        text = b': keep-alive\n\nretry: 2000\n\nid: 1\r\ndata: {"sequence":\r\ndata: 1}\r\n\r\nid: 2\ndata: {}\n'
        self.assertEqual(list(parse_events(text.splitlines(keepends=True))), [{"sequence": 1}])


class Follow(unittest.TestCase):
    def gateway(self, streams: List[Optional[bytes]], states: List[str]) -> ScriptedGateway:
        """Gives each connection the next of ``streams`` (``None``: broken off); the request has ``states`` in turn."""

        def answer(asked: Asked) -> Optional[Answer]:
            if not asked[1].endswith("/events"):
                return 200, "application/json", json.dumps({"state": states.pop(0)}).encode()
            stream = streams.pop(0)
            return None if stream is None else (200 if stream else 204, "text/event-stream", stream)

        gateway = ScriptedGateway(answer)
        self.addCleanup(gateway.close)
        self.connection = Connection(gateway.url, None, None, 10)
        return gateway

    def test_it_goes_on_after_the_last_event_without_loss_or_repetition(self) -> None:
        streams = [event(1), None, event(1) + event(2) + event(3), b""]
        gateway = self.gateway(streams, ["running", "running", "answered"])
        pauses: List[float] = []
        events = follow(self.connection, "r-1", pause=pauses.append)
        self.assertEqual([one["sequence"] for one in events], [1, 2, 3])
        resumed = [headers.get("last-event-id") for _, path, headers in gateway.asked if "events" in path]
        self.assertEqual(resumed, [None, "1", "1", "3"])
        self.assertEqual(pauses, [0.25])

    def test_it_gives_up_where_connections_bring_nothing(self) -> None:
        self.gateway([None] * MOST_FRUITLESS_TRIES, [])
        pauses: List[float] = []
        with self.assertRaises(StarlingError) as raised:
            list(follow(self.connection, "r-1", pause=pauses.append))
        self.assertEqual(raised.exception.code, "gateway-unreachable")
        self.assertEqual(pauses, [0.25, 0.5, 1, 2, 4])

    def test_it_ends_at_the_deadline(self) -> None:
        self.gateway([event(1)], ["running"])
        with self.assertRaises(StarlingError) as raised:
            list(follow(self.connection, "r-1", deadline=time.monotonic()))
        self.assertEqual((raised.exception.code, raised.exception.request), ("result-not-ready", "r-1"))
