"""A request: one question by one person, and what came of it."""

from __future__ import annotations

import html
import time
from pathlib import Path
from typing import Any, Dict, Iterator, List, Mapping, Optional, Tuple, Union

from .connection import Connection, path_of
from .errors import StarlingError, record_error
from .events import Event, follow
from .progress import Progress, ProgressLine
from .result import Result
from .tables import Row, all_columns, with_provider


class Request:
    """One question by one person.

    It shows how far the request was when it was last read; ``wait`` and ``refresh`` read it again. In a notebook it shows
    its answer.
    """

    def __init__(self, connection: Connection, view: Mapping[str, Any]) -> None:
        self._connection = connection
        self._take(view)

    def _take(self, view: Mapping[str, Any]) -> Request:
        #: The request as the API shows it.
        self.view = view
        self.id: str = view["id"]
        #: The job that it made or follows up, by its id; ``None`` where it was refused.
        self.job: Optional[str] = view.get("job")
        #: ``running``, ``answered``, ``refused``, ``failed`` or ``cancelled``.
        self.state: str = view["state"]
        self.archetype: Optional[str] = view.get("archetype")
        self.results: Tuple[Result, ...] = tuple(
            Result(self._connection, self.id, position, result)
            for position, result in enumerate(view["results"])
        )
        #: Providers that refuse, each with its reasons.
        self.refused: List[Dict[str, Any]] = view["refused"]
        #: Providers that allow it, and whose agents are offline.
        self.absent: List[str] = view["absent"]
        #: What it was refused with or failed with as a whole.
        self.error: Optional[StarlingError] = record_error(view["error"], self.id) if "error" in view else None
        return self

    @classmethod
    def ask(
        cls,
        connection: Connection,
        path: str,
        body: Mapping[str, Any],
        *,
        wait: bool,
        timeout: Optional[float],
        progress: Progress,
    ) -> Request:
        """Asks, and waits for the end where that is wanted. Who interrupts the waiting cancels the request."""
        asynchronously = {"Prefer": "respond-async"}
        request = cls(connection, connection.json("POST", path, body=body, headers=asynchronously))
        try:
            return request.wait(timeout, progress) if wait else request
        except KeyboardInterrupt:
            request.cancel()
            raise

    # ---- the answer

    def rows(self) -> List[Row]:
        """All rows of all results as dicts; of several results each row says its ``provider``.

        Raises what the request ended with where it has no answer.
        """
        answers = self._answers()
        if len(self.results) == 1:
            return answers[0].rows()
        label = with_provider(self._columns())
        return [{label: "+".join(one.providers), **row} for one in answers for row in one.rows()]

    def dataframe(self) -> Any:
        """All rows of all results as a ``pandas.DataFrame``; of several results the first column is the ``provider``."""
        answers = self._answers()
        if len(self.results) == 1:
            return answers[0].dataframe()
        import pandas

        label = with_provider(self._columns())
        frames = [one.dataframe() for one in answers]
        for one, frame in zip(answers, frames):
            frame.insert(0, label, "+".join(one.providers))
        return pandas.concat(frames, ignore_index=True)

    def arrow(self) -> Any:
        """All rows of all results as a ``pyarrow.Table``; of several results the first column is the ``provider``."""
        answers = self._answers()
        if len(self.results) == 1:
            return answers[0].arrow()
        import pyarrow

        label = with_provider(self._columns())
        tables = [
            table.add_column(0, label, [["+".join(one.providers)] * table.num_rows])
            for one in answers
            for table in [one.arrow()]
        ]
        return pyarrow.concat_tables(tables, promote_options="permissive")

    def save(self, file: Union[str, Path]) -> None:
        """Saves the answer as its ending says: ``.csv``, ``.json`` or ``.arrow``. It is never whole in memory."""
        path = Path(file)
        query = {"format": path.suffix[1:]}
        with self._connection.open("GET", path_of("requests", self.id, "result"), query=query) as response:
            with path.open("wb") as target:
                while chunk := self._connection.read(response, 1 << 16):
                    target.write(chunk)

    def _answers(self) -> List[Result]:
        if self.state == "running":
            message = f"Request {self.id} was still running when it was read. Wait for it with its method wait."
            raise StarlingError("result-not-ready", message, request=self.id)
        if self.error is not None:
            raise self.error
        answers = [one for one in self.results if one.error is None]
        for one in self.results:
            if not answers and one.error is not None:
                raise one.error
        return answers

    def _columns(self) -> List[str]:
        return all_columns([one.columns for one in self.results])

    # ---- its life

    def refresh(self) -> Request:
        """Reads how far it is."""
        return self._take(self._connection.json("GET", path_of("requests", self.id)))

    def events(self, after: int = 0, timeout: Optional[float] = None) -> Iterator[Event]:
        """What happens to it until it ends, from the first event on or after that of a sequence."""
        deadline = None if timeout is None else time.monotonic() + timeout
        return follow(self._connection, self.id, after=after, deadline=deadline)

    def wait(self, timeout: Optional[float] = None, progress: Progress = None) -> Request:
        """Waits for its end, at most ``timeout`` seconds (it may notice 15 seconds late).

        Raises what it ended with where it has no answer, and ``result-not-ready`` after the time.
        """
        with ProgressLine(progress) as line:
            for event in self.events(timeout=timeout):
                line.show(event)
        self.refresh()
        if self.error is not None:
            raise self.error
        if self.state != "answered":
            message = f"Request {self.id} ended as {self.state} without a reason."
            raise StarlingError("internal", message, request=self.id)
        return self

    def cancel(self) -> Request:
        """Stops what it runs; without effect where it has ended."""
        return self._take(self._connection.json("DELETE", path_of("requests", self.id)))

    def erase(self) -> Request:
        """Erases its answer at the gateway before its time is over."""
        return self._take(self._connection.json("DELETE", path_of("requests", self.id, "answer")))

    def explain(self) -> Dict[str, Any]:
        """Who decided what and on what ground, what ran where, and what crossed a border."""
        explanation: Dict[str, Any] = self._connection.json("GET", path_of("requests", self.id, "explanation"))
        return explanation

    def __repr__(self) -> str:
        return f"<Request {self.id}: {self.state}>"

    def _repr_html_(self) -> str:
        took = f" in {self.view['tookMs']:.0f} ms" if "tookMs" in self.view else ""
        parts = [f"<p>Request <code>{html.escape(self.id)}</code>: {html.escape(self.state)}{took}</p>"]
        if self.error is not None:
            parts.append(f"<p>{html.escape(str(self.error))}</p>")
        parts += [result._repr_html_() for result in self.results]
        for refusal in self.refused:
            reasons = " ".join(reason["message"] for reason in refusal["reasons"])
            parts.append(f"<p>{html.escape(refusal['provider'])} refuses: {html.escape(reasons)}</p>")
        parts += [f"<p>{html.escape(provider)} is offline.</p>" for provider in self.absent]
        return "".join(parts)
