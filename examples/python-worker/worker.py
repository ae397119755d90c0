"""A worker for Starling with nothing but the standard library: takes tasks, works on them, hands in what came of it.

Environment: STARLING_URL, and STARLING_INSTANCE, STARLING_TOKEN_FILE and STARLING_CA as services of Starling have them.
"""

import json
import os
import signal
import socket
import ssl
import sys
import threading
import urllib.error
import urllib.request

URL = os.environ.get("STARLING_URL", "http://127.0.0.1:8080")
NAME = os.environ.get("STARLING_INSTANCE", f"python-worker-{socket.gethostname()}-{os.getpid()}")
TOKEN_FILE = os.environ.get("STARLING_TOKEN_FILE")
TLS = ssl.create_default_context(cafile=os.environ.get("STARLING_CA"))
WAIT_SECONDS = 5
PAUSE_SECONDS = 1

stopping = threading.Event()


class Lapsed(Exception):
    """Somebody else has the task by now, or it was cancelled."""


class WrongFile(Exception):
    """The file is to blame, or what is asked for: another attempt would come out the same."""


def work(data: bytes, media_type: str, filter_name: str, parameters: dict) -> "tuple[bytes, str]":
    """Makes the result of a file, and its media type. Your own processing goes here."""
    if filter_name == "keep":
        return data, media_type
    raise WrongFile(f"This worker does not know the filter {filter_name}.")


def call(method: str, path: str, body: "bytes | None" = None, headers: "dict | None" = None) -> bytes:
    """Asks the gateway. Raises Lapsed, and OSError where it does not answer or refuses."""
    request = urllib.request.Request(f"{URL}/api/v1/tasks/{path}", data=body, method=method, headers=headers or {})
    if TOKEN_FILE:
        with open(TOKEN_FILE, encoding="utf-8") as file:  # anew for each call: it is replaced while we run
            request.add_header("authorization", f"Bearer {file.read().strip()}")
    try:
        with urllib.request.urlopen(request, timeout=60, context=TLS) as answer:
            return answer.read()
    except urllib.error.HTTPError as error:
        if error.code in (404, 409):
            raise Lapsed(error.read().decode(errors="replace")) from error
        raise


def say(path: str, **fields) -> dict:
    body = json.dumps(fields).encode()
    return json.loads(call("POST", path, body, {"content-type": "application/json"}))


def keep_alive(task: dict, over: threading.Event) -> None:
    """Says three times in the time of a lease that the worker is there."""
    while not over.wait(task["leaseSeconds"] / 3):
        try:
            say(f"{task['id']}/extend", lease=task["lease"])
        except Lapsed:
            return
        except OSError as error:
            print(f"{task['id']}: could not extend: {error}", file=sys.stderr, flush=True)


def work_on(task: dict) -> None:
    over = threading.Event()
    threading.Thread(target=keep_alive, args=(task, over), daemon=True).start()
    name, lease, wanted = task["id"], task["lease"], task["filter"]
    try:
        data = call("GET", f"{name}/original")
        result, media_type = work(data, task["original"]["mediaType"], wanted["name"], wanted["parameters"])
        call("PUT", f"{name}/result", result, {"starling-lease": lease, "content-type": media_type})
        print(f"{name}: done", flush=True)
    except WrongFile as error:
        say(f"{name}/fail", lease=lease, code="input-invalid", message=str(error), retryable=False)
        print(f"{name}: failed: {error}", flush=True)
    finally:
        over.set()


def main() -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    print("ready", flush=True)
    while not stopping.is_set():
        try:
            for task in say("take", worker=NAME, max=1, waitSeconds=WAIT_SECONDS)["tasks"]:
                work_on(task)
        except Lapsed as error:
            print(f"a task was lost to another worker: {error}", file=sys.stderr, flush=True)
        except OSError as error:  # the gateway is away: what we had comes back when its lease lapses
            print(f"the gateway at {URL} does not answer: {error}", file=sys.stderr, flush=True)
            stopping.wait(PAUSE_SECONDS)


if __name__ == "__main__":
    main()
