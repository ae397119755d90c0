"""Bodies of requests from Python's keyword arguments."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Union

#: Who asks, by the id alone or as the API has it.
User = Union[str, Mapping[str, Any]]

#: An algorithm by its name, or as the API has it.
Algorithm = Union[str, Mapping[str, Any]]

#: What a request says besides its user and its algorithm; every other keyword says more about the algorithm.
_MEMBERS = (
    "data_set",
    "data_providers",
    "query",
    "options",
    "request_type",
    "archetype",
    "compute_provider",
    "allow_partial",
    "mixed_archetypes",
    "limits",
)


def question_body(user: Union[User, None], question: Mapping[str, Any]) -> Dict[str, Any]:
    """The body of a request. What is ``None`` is left out; names become those of the API (``group_by``: ``groupBy``).

    The member ``body`` has further members as the API names them. What there is to say is the gateway's to know: no name
    or value is checked here.

    >>> question_body("ada", {"data_set": "wageGap", "algorithm": "average", "group_by": ["Geslacht"], "query": None})
    {'user': {'id': 'ada'}, 'dataSet': 'wageGap', 'algorithm': {'name': 'average', 'groupBy': ['Geslacht']}}
    """
    given = {name: value for name, value in question.items() if value is not None}
    whole: Dict[str, Any] = {}
    asking = given.pop("user", user)
    if asking is not None:
        whole["user"] = {"id": asking} if isinstance(asking, str) else dict(asking)
    algorithm, further = given.pop("algorithm", None), given.pop("body", {})
    whole.update({_camel_case(name): given.pop(name) for name in _MEMBERS if name in given})
    if isinstance(algorithm, str):
        whole["algorithm"] = {"name": algorithm, **{_camel_case(name): value for name, value in given.items()}}
    elif given:
        raise TypeError(
            f"{', '.join(given)} would say more about an algorithm. "
            "Name one, as in algorithm='average', or leave that out."
        )
    elif algorithm is not None:
        whole["algorithm"] = dict(algorithm)
    return {**whole, **further}


def _camel_case(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(part.capitalize() for part in others)
