"""The gateway, as a researcher sees it."""

from __future__ import annotations

import os
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence

from .connection import Connection, path_of
from .job import Job
from .progress import Progress
from .question import Algorithm, User, question_body
from .request import Request


class Starling:
    """A gateway of Starling.

    >>> starling = Starling(user="ada@university.example")
    >>> request = starling.ask("wageGap", algorithm="count", data_providers=["VU"])
    >>> request.rows()
    [{'Geslacht': 'M', 'count': 8841}, {'Geslacht': 'V', 'count': 9759}]
    """

    def __init__(
        self,
        url: Optional[str] = None,
        *,
        token: Optional[str] = None,
        user: Optional[User] = None,
        ca: Optional[str] = None,
        timeout: float = 60,
    ) -> None:
        """``url`` is the gateway's address, else that of ``STARLING_URL``, else http://127.0.0.1:8080.

        ``token`` signs in (else that of ``STARLING_TOKEN``); it goes over a wire only under TLS. ``user`` is who asks where
        nobody signs in. ``ca`` is a PEM file with the authorities that are believed in the place of the platform's own
        (else that of ``STARLING_CA``). ``timeout`` is how many seconds the gateway may let nothing be heard.
        """
        self._user = user
        self._connection = Connection(
            url or os.environ.get("STARLING_URL") or "http://127.0.0.1:8080",
            token or os.environ.get("STARLING_TOKEN") or None,
            ca or os.environ.get("STARLING_CA") or None,
            timeout,
        )

    # ---- asking

    def ask(
        self,
        data_set: Optional[str] = None,
        *,
        algorithm: Optional[Algorithm] = None,
        data_providers: Optional[Sequence[str]] = None,
        query: Optional[str] = None,
        options: Optional[Mapping[str, bool]] = None,
        request_type: Optional[str] = None,
        archetype: Optional[str] = None,
        compute_provider: Optional[str] = None,
        allow_partial: Optional[bool] = None,
        mixed_archetypes: Optional[bool] = None,
        limits: Optional[Mapping[str, Any]] = None,
        user: Optional[User] = None,
        body: Optional[Mapping[str, Any]] = None,
        wait: bool = True,
        timeout: Optional[float] = None,
        progress: Progress = None,
        **algorithm_members: Any,
    ) -> Request:
        """Asks a question, and waits for its answer unless ``wait`` is ``False``.

        An algorithm is named, and every other keyword argument says more about it: ``algorithm="average",
        column="Salschal", group_by=["Geslacht"]``. With a ``query`` and no algorithm the request asks for rows. ``body`` has
        members that this version of the package does not name, as the API names them.

        Raises ``StarlingError`` for what the gateway refuses, and for what the request ended with where it has no answer.
        Interrupting it cancels the request; ``timeout`` leaves it running.

        >>> starling = Starling(user="ada@university.example")
        >>> answer = starling.ask("wageGap", algorithm="average", column="Salschal", group_by=[], data_providers=["VU"])
        >>> answer.results[0].columns
        ('average', 'rows')
        """
        question = {
            "data_set": data_set,
            "algorithm": algorithm,
            "data_providers": data_providers,
            "query": query,
            "options": options,
            "request_type": request_type,
            "archetype": archetype,
            "compute_provider": compute_provider,
            "allow_partial": allow_partial,
            "mixed_archetypes": mixed_archetypes,
            "limits": limits,
            "user": user,
            "body": body,
            **algorithm_members,
        }
        whole = question_body(self._user, question)
        path = path_of("requests")
        return Request.ask(self._connection, path, whole, wait=wait, timeout=timeout, progress=progress)

    def dry_run(self, data_set: Optional[str] = None, **question: Any) -> Dict[str, Any]:
        """Who would allow a question and why not, and how it would be composed. Takes what ``ask`` takes; runs nothing.

        >>> starling = Starling(user="ada@university.example")
        >>> decisions = starling.dry_run("wageGap", data_providers=["VU", "RUG"])["decisions"]
        >>> [(decision["provider"], decision["approved"]) for decision in decisions]
        [('RUG', False), ('VU', True)]
        """
        body = question_body(self._user, {"data_set": data_set, **question})
        return self._object("POST", path_of("requests"), query={"dryRun": "true"}, body=body)

    # ---- what was asked

    def request(self, id: str) -> Request:
        """The request of that id."""
        return Request(self._connection, self._object("GET", path_of("requests", id)))

    def requests(self, user: Optional[str] = None, after: Optional[str] = None) -> Iterator[Request]:
        """Requests, newest first, page by page as they are read; ``user`` takes those of one person alone.

        ``after`` goes on after the request of that id.
        """
        for view in self._pages(path_of("requests"), user, after):
            yield Request(self._connection, view)

    def job(self, id: str) -> Job:
        """The job of that id."""
        return Job(self._connection, self._object("GET", path_of("jobs", id)), self._user)

    def jobs(self, user: Optional[str] = None, after: Optional[str] = None) -> Iterator[Job]:
        """Jobs, by their ids, page by page as they are read."""
        for view in self._pages(path_of("jobs"), user, after):
            yield Job(self._connection, view, self._user)

    # ---- what may be asked

    def data_sets(self) -> List[Dict[str, Any]]:
        """The data sets: their measures, groups and filters, and who may ask which provider.

        >>> [one["name"] for one in Starling().data_sets()]
        ['wageGap']
        """
        return list(self._object("GET", path_of("data-sets"))["items"])

    def data_set(self, name: str) -> Dict[str, Any]:
        """The data set of that name."""
        return self._object("GET", path_of("data-sets", name))

    def parties(self) -> List[Dict[str, Any]]:
        """The organisations that take part, and whether their agents are there.

        >>> [one["id"] for one in Starling().parties()]
        ['RUG', 'SURF', 'UVA', 'VU']
        """
        return list(self._object("GET", path_of("parties"))["items"])

    def _object(self, method: str, path: str, **options: Any) -> Dict[str, Any]:
        answer: Dict[str, Any] = self._connection.json(method, path, **options)
        return answer

    def _pages(self, path: str, user: Optional[str], after: Optional[str]) -> Iterator[Dict[str, Any]]:
        while True:
            page = self._object("GET", path, query={"user": user, "after": after})
            yield from page["items"]
            after = page.get("next")
            if after is None:
                return

    def __repr__(self) -> str:
        return f"<Starling at {self._connection.url}>"
