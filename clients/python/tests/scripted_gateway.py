"""A server on loopback that answers as a test says."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Callable, List, Optional, Tuple

#: What was asked: method, path, and headers by their small names.
Asked = Tuple[str, str, "dict[str, str]"]

#: A status, a media type and a body.
Answer = Tuple[int, str, bytes]


class ScriptedGateway:
    """Answers each call by ``answer``; ``None`` breaks the connection off."""

    def __init__(self, answer: Callable[[Asked], Optional[Answer]]) -> None:
        self.asked: List[Asked] = []
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                asked = (self.command, self.path, headers)
                gateway.asked.append(asked)
                given = answer(asked)
                if given is None:
                    self.close_connection = True
                    return
                status, media_type, body = given
                self.send_response(status)
                self.send_header("content-type", media_type)
                if 300 <= status < 400:
                    self.send_header("location", "http://127.0.0.1:9/elsewhere")
                try:
                    self.end_headers()
                    self.wfile.write(body)
                except ConnectionError:
                    # a client may leave before the end, and what it then does is the test's to see
                    self.close_connection = True

            do_POST = do_GET
            do_DELETE = do_GET

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self._thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
