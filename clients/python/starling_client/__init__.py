"""Asks questions of Starling: data of several organisations, answered where they are. Start at ``Starling``."""

from .errors import StarlingError
from .job import Job
from .request import Request
from .result import Result
from .starling import Starling

__all__ = ["Job", "Request", "Result", "Starling", "StarlingError"]
