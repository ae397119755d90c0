"""Shows what happens to a request while it is waited for."""

from __future__ import annotations

import html
import sys
from typing import Any, Callable, Optional, TextIO, Union

from .events import Event

#: ``None`` shows it on a terminal and in a notebook, ``True`` always, ``False`` never; a function is told each event.
Progress = Union[None, bool, Callable[[Event], None]]


class ProgressLine:
    """One line, which says what happened last and is gone when the request has ended. For use in ``with``."""

    def __init__(self, progress: Progress = None, stream: Optional[TextIO] = None) -> None:
        self._stream = stream or sys.stderr
        self._width = 0
        self._display: Any = None
        if callable(progress):
            self._show = progress
        elif progress is not False and (notebook := _notebook_display()):
            self._display = notebook
            self._show = self._show_in_notebook
        elif progress or (progress is None and self._stream.isatty()):
            self._show = self._show_on_terminal
        else:
            self._show = _show_nothing

    def show(self, event: Event) -> None:
        """Shows an event in the place of the one before."""
        self._show(event)

    def __enter__(self) -> ProgressLine:
        return self

    def __exit__(self, *_: object) -> None:
        if self._width > 0:
            self._write("")
            self._stream.write("\r")
            self._stream.flush()
        if self._display is not None:
            self._display.update(_Html(""))

    def _show_on_terminal(self, event: Event) -> None:
        self._write(_line(event))

    def _write(self, text: str) -> None:
        self._stream.write("\r" + text.ljust(self._width))
        self._stream.flush()
        self._width = len(text)

    def _show_in_notebook(self, event: Event) -> None:
        self._display.update(_Html(f"<small>{html.escape(_line(event))}</small>"))


class _Html:
    """What a notebook shows as HTML."""

    def __init__(self, text: str) -> None:
        self._text = text

    def _repr_html_(self) -> str:
        return self._text


def _line(event: Event) -> str:
    party = event.get("party")
    # one line: a message may come from a party, and must not move the cursor
    text = " ".join(f"{f'{party}: ' if party else ''}{event['message']}".split())
    return "".join(letter for letter in text if letter.isprintable())[:100]


def _show_nothing(_: Event) -> None:
    pass


def _notebook_display() -> Any:
    """A place in the notebook's output; ``None`` where this is no notebook."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if type(shell).__name__ != "ZMQInteractiveShell":
        return None
    from IPython.display import display

    return display(_Html(""), display_id=True)
