"""Calls to a gateway's HTTP API, with the standard library alone."""

from __future__ import annotations

import json
import ssl
from http.client import HTTPException, HTTPResponse
from typing import Any, Mapping, NoReturn, Optional, Union
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import (
    BaseHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    ProxyHandler,
    Request,
    build_opener,
)

from .errors import StarlingError, problem_error

Query = Mapping[str, Union[str, int, None]]


class Connection:
    """A line to a gateway. It keeps nothing open between calls."""

    def __init__(
        self, url: str, token: Optional[str], ca: Optional[str], timeout: float
    ) -> None:
        """Raises ``ValueError`` where ``url`` is none, or a token would go over a wire in the clear."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url!r} is not the address of a gateway. Give one as in http://127.0.0.1:8080.")
        is_local = parts.hostname == "localhost" or parts.hostname.startswith("127.") or parts.hostname == "::1"
        if token is not None and parts.scheme == "http" and not is_local:
            raise ValueError(f"A token is not sent to {url}, where it could be read on the way. Use https://.")
        self.url = url.rstrip("/")
        self.timeout = timeout
        self._signed_in = {} if token is None else {"Authorization": f"Bearer {token}"}
        handlers: list[BaseHandler] = [_NoRedirects()]
        if parts.scheme == "https":
            handlers.append(HTTPSHandler(context=ssl.create_default_context(cafile=ca)))
        if is_local:
            # what is meant for this machine is nothing for a proxy
            handlers.append(ProxyHandler({}))
        self._opener = build_opener(*handlers)

    def json(
        self,
        method: str,
        path: str,
        *,
        query: Optional[Query] = None,
        body: Optional[Mapping[str, Any]] = None,
        headers: Optional[Mapping[str, str]] = None,
    ) -> Any:
        """The JSON that a call below ``/api/v1`` answers with; ``None`` where it has no body.

        Raises ``StarlingError``.
        """
        with self.open(method, path, query=query, body=body, headers=headers) as response:
            text = self.read(response)
        if text == b"":
            return None
        try:
            return json.loads(text)
        except ValueError as error:
            raise problem_error(response.status, None) from error

    def open(
        self,
        method: str,
        path: str,
        *,
        query: Optional[Query] = None,
        body: Optional[Mapping[str, Any]] = None,
        headers: Optional[Mapping[str, str]] = None,
        timeout: Optional[float] = None,
    ) -> HTTPResponse:
        """Calls, and gives the response to read from. Raises ``StarlingError`` for any but a good one."""
        asked = urlencode({name: value for name, value in (query or {}).items() if value is not None})
        request = Request(
            f"{self.url}/api/v1{path}" + (f"?{asked}" if asked else ""),
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Accept": "application/json",
                **({} if body is None else {"Content-Type": "application/json"}),
                **self._signed_in,
                **(headers or {}),
            },
        )
        try:
            response: HTTPResponse = self._opener.open(request, timeout=timeout or self.timeout)
            return response
        except HTTPError as error:
            with error:
                raise problem_error(error.code, self._problem(error)) from None
        except (OSError, HTTPException) as error:
            self.fail(error)

    def read(self, response: HTTPResponse, size: int = -1) -> bytes:
        """Bytes of a body: all, or at most ``size``. Raises ``gateway-unreachable`` where it breaks off."""
        try:
            return response.read() if size < 0 else response.read(size)
        except (OSError, HTTPException) as error:
            self.fail(error)

    def fail(self, error: Exception) -> NoReturn:
        """Raises ``gateway-unreachable`` for what a connection broke with."""
        reason = error.reason if isinstance(error, URLError) else error
        message = (
            f"No gateway answers at {self.url}: {reason or type(error).__name__}. "
            "Start one with `starling up`, or give another address."
        )
        raise StarlingError("gateway-unreachable", message) from error

    def _problem(self, error: HTTPError) -> object:
        try:
            return json.loads(error.read())
        except (OSError, HTTPException, ValueError):
            # no problem document, and that is what is told of it
            return None


class _NoRedirects(HTTPRedirectHandler):
    """A redirect could lead a token elsewhere."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def path_of(*names: str) -> str:
    """Joins names into a path, each safe against what it may hold."""
    return "".join(f"/{quote(name, safe='')}" for name in names)
