"""One result of a request: of one provider, or merged of several."""

from __future__ import annotations

import html
from typing import Any, List, Mapping, Optional, Sequence, Tuple, Union

from .connection import Connection, path_of
from .errors import StarlingError, record_error
from .tables import Row, arrow_table, data_frame, html_table


class Result:
    """Figures or rows of one provider, or merged of several.

    ``providers`` are those whose data are in it, ``computed_at`` is the party that computed it, ``withheld`` says what was
    held back because of too few persons, and ``named`` has figures by names that the data set declares.
    """

    def __init__(
        self, connection: Connection, request: str, position: int, view: Mapping[str, Any]
    ) -> None:
        self._connection = connection
        self._request = request
        self._position = position
        self._rows: Optional[List[Row]] = view["rows"] if isinstance(view.get("rows"), list) else None
        #: The result as the API shows it.
        self.view = view
        self.providers: Tuple[str, ...] = tuple(view["providers"])
        self.computed_at: str = view["computedAt"]
        self.columns: Tuple[str, ...] = tuple(view.get("columns", ()))
        self.withheld: Optional[Mapping[str, Any]] = view.get("withheld")
        self.named: Mapping[str, Any] = view.get("named", {})
        #: Why there is no answer of these providers, where there is none.
        self.error: Optional[StarlingError] = (
            record_error(view["error"], request) if "error" in view else None
        )

    def rows(self) -> List[Row]:
        """All rows as dicts. Raises the result's error where it has one, and ``result-gone`` where it is kept no more."""
        if self.error is not None:
            raise self.error
        if self._rows is None:
            self._rows = self._connection.json("GET", self._path(), query=self._only("json"))["results"][0]["rows"]
        return self._rows

    def arrow(self) -> Any:
        """A ``pyarrow.Table``. Released rows come as an Arrow stream, with their own types."""
        import pyarrow

        if self._rows is not None or self.error is not None:
            return arrow_table(self.columns, self.rows())
        with self._connection.open("GET", self._path(), query=self._only("arrow")) as response:
            try:
                return pyarrow.ipc.open_stream(response).read_all()
            except (OSError, pyarrow.ArrowInvalid) as error:
                self._connection.fail(error)

    def dataframe(self) -> Any:
        """A ``pandas.DataFrame``; by way of pyarrow where that is installed, so that released rows keep their types."""
        if self._rows is None and self.error is None:
            try:
                return self.arrow().to_pandas()
            except ImportError:
                # without pyarrow JSON does; only that pandas itself is missing is worth a word, below
                pass
        return data_frame(self.columns, self.rows())

    def _path(self) -> str:
        return path_of("requests", self._request, "result")

    def _only(self, form: str) -> Mapping[str, Any]:
        return {"format": form, "result": self._position}

    def __repr__(self) -> str:
        what = str(self.error) if self.error is not None else _size(self.view.get("rows", 0))
        return f"<Result of {'+'.join(self.providers)}: {what}>"

    def _repr_html_(self) -> str:
        title = f"<b>{html.escape(' + '.join(self.providers))}</b>, computed at {html.escape(self.computed_at)}"
        if self.error is not None:
            return f"<p>{title}: {html.escape(str(self.error))}</p>"
        if self._rows is None:
            return f"<p>{title}: {_size(self.view.get('rows', 0))}, which <code>dataframe()</code> reads</p>"
        groups = (self.withheld or {}).get("groups", 0)
        fewest = (self.withheld or {}).get("minimumGroupSize", 0)
        held = f"<p>{groups} groups of fewer than {fewest} persons are held back.</p>" if groups else ""
        return f"<p>{title}</p>{html_table(self.columns, self._rows)}{held}"


def _size(rows: Union[int, Sequence[Row]]) -> str:
    count = rows if isinstance(rows, int) else len(rows)
    return "1 row" if count == 1 else f"{count} rows"
