"""A whole consortium, with sample data, as a process of its own."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path
from typing import List

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = ROOT / "dist" / "cli" / "main.js"


def starling(*words: str) -> str:
    """What a command writes. Raises ``CalledProcessError`` where it fails."""
    done = subprocess.run(["node", str(PROGRAM), *words], capture_output=True, text=True, check=True)
    return done.stdout.strip()


class Consortium:
    """``starling up`` on a port that is free, in a folder that ``close`` removes."""

    def __init__(self, *options: str) -> None:
        if not PROGRAM.exists():
            raise FileNotFoundError(f"{PROGRAM} is not there. Build it: npm run build")
        self.folder = tempfile.mkdtemp(prefix="starling-python-")
        words: List[str] = ["up", "--port", "0", "--data", f"{self.folder}/data", *options]
        self._process = subprocess.Popen(
            ["node", str(PROGRAM), *words], stdout=subprocess.PIPE, text=True, cwd=self.folder
        )
        assert self._process.stdout is not None
        # up to the line that is known, so that what comes later finds room in the pipe
        said = []
        for line in self._process.stdout:
            said.append(line)
            if found := re.search(r"API +(\S+)/api/v1", line):
                self.url = found[1]
                return
        self.close()
        raise RuntimeError(f"starling up ended: {''.join(said)}")

    def close(self) -> None:
        self._process.terminate()
        self._process.communicate()
        shutil.rmtree(self.folder)


class ConsortiumCase(unittest.TestCase):
    """Tests that share one consortium."""

    consortium: Consortium

    @classmethod
    def setUpClass(cls) -> None:
        cls.consortium = Consortium()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.consortium.close()
