"""Rows as pandas and pyarrow have them, where these are installed, and as notebooks show them."""

from __future__ import annotations

import html
from typing import Any, Dict, List, Mapping, Sequence

#: A row of an answer by its columns.
Row = Dict[str, Any]

#: How many rows a notebook shows of a result.
SHOWN_ROWS = 20


def with_provider(columns: Sequence[str]) -> str:
    """The name of a column that says whose a row is: ``provider``, with underscores where the answer has that name."""
    label = "provider"
    while label in columns:
        label += "_"
    return label


def data_frame(columns: Sequence[str], rows: Sequence[Row]) -> Any:
    """A pandas DataFrame. Raises ``ImportError`` where pandas is not installed."""
    import pandas

    return pandas.DataFrame.from_records(rows, columns=list(columns))


def arrow_table(columns: Sequence[str], rows: Sequence[Row]) -> Any:
    """A pyarrow Table. Raises ``ImportError`` where pyarrow is not installed."""
    import pyarrow

    return pyarrow.table({column: [row.get(column) for row in rows] for column in columns})


def html_table(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str:
    """An HTML table of the first rows."""
    head = "".join(f"<th>{html.escape(column)}</th>" for column in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{_cell(row.get(column))}</td>" for column in columns) + "</tr>"
        for row in rows[:SHOWN_ROWS]
    )
    more = f"<p>… {len(rows)} rows in all</p>" if len(rows) > SHOWN_ROWS else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def all_columns(tables: Sequence[Sequence[str]]) -> List[str]:
    """The columns of several tables, each once, in the order in which they come."""
    return list(dict.fromkeys(column for columns in tables for column in columns))


def _cell(value: Any) -> str:
    return "" if value is None else html.escape(str(value))
