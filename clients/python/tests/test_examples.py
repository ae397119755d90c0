"""The examples of the README and of docstrings, against a real gateway."""

import doctest
import importlib
import os
import pkgutil
import unittest
from pathlib import Path
from unittest import mock

import starling_client

from .consortium import Consortium

README = Path(__file__).resolve().parents[1] / "README.md"


class Examples(unittest.TestCase):
    def test_they_run_as_they_are_shown(self) -> None:
        consortium = Consortium()
        self.addCleanup(consortium.close)
        with mock.patch.dict(os.environ, {"STARLING_URL": consortium.url}):
            failed, tried = doctest.testfile(str(README), module_relative=False)
            self.assertEqual(failed, 0)
            self.assertGreater(tried, 20)
            shown = 0
            for module in pkgutil.iter_modules(starling_client.__path__, "starling_client."):
                failed, tried = doctest.testmod(importlib.import_module(module.name))
                self.assertEqual((module.name, failed), (module.name, 0))
                shown += tried
            self.assertGreater(shown, 8)
