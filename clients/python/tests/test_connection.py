import json
import os
import ssl
import tempfile
import unittest
from typing import Optional
from unittest import mock

from starling_client import Starling, StarlingError

from .consortium import starling
from .scripted_gateway import Answer, Asked, ScriptedGateway


class Refusals(unittest.TestCase):
    def gateway(self, answer: Optional[Answer]) -> Starling:
        self.scripted = ScriptedGateway(lambda asked: answer)
        self.addCleanup(self.scripted.close)
        return Starling(self.scripted.url, token="a.b.c")

    def raised(self, starling: Starling) -> StarlingError:
        with self.assertRaises(StarlingError) as raised:
            starling.request("r/1")
        return raised.exception

    def test_a_problem_document_becomes_the_error_with_all_it_says(self) -> None:
        faults = [{"pointer": "/algorithm/name", "message": "expected one of count, sum"}]
        problem = {
            **{"type": "/docs/errors#x", "title": "T", "status": 422, "instance": "/"},
            **{"code": "input-invalid", "detail": "It has a fault.", "request": "r-1", "errors": faults},
        }
        error = self.raised(self.gateway((422, "application/problem+json", json.dumps(problem).encode())))
        self.assertEqual((error.code, error.message, error.status), ("input-invalid", "It has a fault.", 422))
        self.assertEqual((error.request, error.details), ("r-1", {"errors": faults}))
        self.assertEqual(
            str(error), "It has a fault. (input-invalid)\n  /algorithm/name: expected one of count, sum"
        )
        method, path, headers = self.scripted.asked[0]
        self.assertEqual((method, path, headers["authorization"]), ("GET", "/api/v1/requests/r%2F1", "Bearer a.b.c"))

    def test_another_server_a_redirect_and_a_broken_connection_are_no_gateway(self) -> None:
        for answer in [
            (404, "text/html", b"<html>"),
            (200, "text/html", b"<html>"),
            (302, "text/html", b""),
            None,
        ]:
            with self.subTest(answer=answer):
                self.assertEqual(self.raised(self.gateway(answer)).code, "gateway-unreachable")

    def test_an_address_where_nothing_listens_is_told_with_what_to_do(self) -> None:
        gone = self.gateway(None)
        self.scripted.server.server_close()
        error = self.raised(gone)
        self.assertEqual(error.code, "gateway-unreachable")
        self.assertIn("Start one with `starling up`", error.message)

    def test_what_is_for_this_machine_goes_past_a_proxy(self) -> None:
        with mock.patch.dict(os.environ, {"http_proxy": "http://127.0.0.1:9"}):
            there = self.gateway((200, "application/json", b'{"items": []}'))
            self.assertEqual(there.data_sets(), [])

    def test_a_token_is_not_sent_in_the_clear_and_an_address_is_one(self) -> None:
        with self.assertRaisesRegex(ValueError, "could be read on the way"):
            Starling("http://gateway.example", token="a.b.c")
        with self.assertRaisesRegex(ValueError, "not the address of a gateway"):
            Starling("127.0.0.1:8080")


class Lists(unittest.TestCase):
    def test_pages_are_read_one_after_the_other_as_they_are_needed(self) -> None:
        def answer(asked: Asked) -> Answer:
            after = asked[1].partition("after=")[2]
            page = {"": {"items": [{"id": "1", "state": "live"}], "next": "a/1"}}.get(after)
            last = {"items": [{"id": "2", "state": "live"}]}
            return 200, "application/json", json.dumps(page or last).encode()

        gateway = ScriptedGateway(answer)
        self.addCleanup(gateway.close)
        jobs = Starling(gateway.url).jobs(user="ada")
        self.assertEqual(next(jobs).id, "1")
        self.assertEqual(len(gateway.asked), 1)
        self.assertEqual([job.id for job in jobs], ["2"])
        paths = [path for _, path, _ in gateway.asked]
        self.assertEqual(paths, ["/api/v1/jobs?user=ada", "/api/v1/jobs?user=ada&after=a%2F1"])


class Authorities(unittest.TestCase):
    def test_a_gateway_is_believed_by_the_authority_that_is_named_alone(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            starling("certificates", "ca", "--out", f"{folder}/ca", "--name", "Universities")
            starling("certificates", "issue", "127.0.0.1", "--ca", f"{folder}/ca", "--out", f"{folder}/tls")

            def answer(_: Asked) -> Answer:
                return 200, "application/json", b'{"items": [{"id": "VU"}]}'

            gateway = ScriptedGateway(answer)
            self.addCleanup(gateway.close)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(f"{folder}/tls/127.0.0.1.crt", f"{folder}/tls/127.0.0.1.key")
            gateway.server.socket = context.wrap_socket(gateway.server.socket, server_side=True)
            url = gateway.url.replace("http:", "https:")

            believed = Starling(url, ca=f"{folder}/ca/ca.crt", token="a.b.c")
            self.assertEqual(believed.parties(), [{"id": "VU"}])
            with self.assertRaisesRegex(StarlingError, "certificate verify failed"):
                Starling(url).parties()
