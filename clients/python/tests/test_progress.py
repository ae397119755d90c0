import io
import sys
import unittest
from types import SimpleNamespace
from typing import Any, List
from unittest import mock

from starling_client.events import Event
from starling_client.progress import ProgressLine


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class ProgressShown(unittest.TestCase):
    events: List[Event] = [
        {"sequence": 1, "message": "was received"},
        {"sequence": 2, "party": "VU", "message": "runs\n\x1b[2J"},
    ]

    def test_a_terminal_has_one_line_which_is_gone_at_the_end(self) -> None:
        terminal = Terminal()
        with ProgressLine(stream=terminal) as line:
            for event in self.events:
                line.show(event)
        self.assertEqual(terminal.getvalue(), "\rwas received\rVU: runs [2J\r" + " " * 12 + "\r")

    def test_nothing_is_shown_where_nobody_looks_or_it_is_not_wanted(self) -> None:
        for progress, stream in [(None, io.StringIO()), (False, Terminal())]:
            with ProgressLine(progress, stream) as line:
                line.show(self.events[0])
            self.assertEqual(stream.getvalue(), "")

    def test_a_notebook_shows_the_last_event_as_text_and_nothing_at_the_end(self) -> None:
        class ZMQInteractiveShell:
            pass

        shown: List[str] = []

        class Display:
            def update(self, what: Any) -> None:
                shown.append(what._repr_html_())

        modules = {
            "IPython": SimpleNamespace(get_ipython=ZMQInteractiveShell),
            "IPython.display": SimpleNamespace(display=lambda what, display_id: Display()),
        }
        with mock.patch.dict(sys.modules, modules), ProgressLine(stream=Terminal()) as line:
            line.show({"sequence": 1, "party": "VU", "message": "<b>runs</b>"})
        self.assertEqual(shown, ["<small>VU: &lt;b&gt;runs&lt;/b&gt;</small>", ""])

    def test_a_function_is_told_every_event(self) -> None:
        told: List[Event] = []
        with ProgressLine(told.append) as line:
            for event in self.events:
                line.show(event)
        self.assertEqual(told, self.events)
