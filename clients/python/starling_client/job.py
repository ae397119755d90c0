"""A job: what an approved request was composed to. It may be asked again until it ends."""

from __future__ import annotations

from typing import Any, Iterator, List, Mapping, Optional

from .connection import Connection, path_of
from .progress import Progress
from .question import User, question_body
from .request import Request


class Job:
    """An approved request's composition."""

    def __init__(self, connection: Connection, view: Mapping[str, Any], user: Optional[User]) -> None:
        self._connection = connection
        self._user = user
        self._take(view)

    def _take(self, view: Mapping[str, Any]) -> Job:
        #: The job as the API shows it.
        self.view = view
        self.id: str = view["id"]
        #: ``live``, ``expired`` or ``revoked``.
        self.state: str = view["state"]
        return self

    def ask(
        self,
        *,
        wait: bool = True,
        timeout: Optional[float] = None,
        progress: Progress = None,
        **question: Any,
    ) -> Request:
        """Asks it again. Data set, providers and archetype are the job's; all else is as ``Starling.ask`` takes it."""
        body = question_body(self._user, question)
        path = path_of("jobs", self.id, "requests")
        return Request.ask(self._connection, path, body, wait=wait, timeout=timeout, progress=progress)

    def requests(self) -> Iterator[Request]:
        """Its requests, newest first."""
        ids: List[str] = self._connection.json("GET", path_of("jobs", self.id))["requests"]
        for id in ids:
            yield Request(self._connection, self._connection.json("GET", path_of("requests", id)))

    def revoke(self, cause: str) -> Job:
        """Ends it and stops what it runs; ``cause`` says why."""
        return self._take(self._connection.json("DELETE", path_of("jobs", self.id), body={"cause": cause}))

    def __repr__(self) -> str:
        return f"<Job {self.id}: {self.state}>"
