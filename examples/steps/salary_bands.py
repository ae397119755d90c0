"""A foreign step in Python: salary scales become the lower end of their band.

    pip install pyarrow
    python3 examples/steps/salary_bands.py [port]

It answers POST /salary-bands by the contract in docs/foreign-steps.md, with the standard library's HTTP server and pyarrow.
Rows are read and given batch by batch.
"""

import io
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pyarrow as pa
import pyarrow.compute as pc

ARROW_STREAM = "application/vnd.apache.arrow.stream"
COLUMN = "Aanstellingen.Salschal"


class ChunkedBody(io.RawIOBase):
    """The body of a request with transfer-encoding: chunked, which http.server leaves to us."""

    def __init__(self, source):
        self.source = source
        self.left = 0
        self.ended = False

    def readable(self):
        return True

    def readinto(self, buffer):
        if self.ended:
            return 0
        if self.left == 0:
            self.left = int(self.source.readline().split(b";")[0], 16)
            if self.left == 0:
                self.ended = True
                self.source.readline()
                return 0
        part = self.source.read(min(self.left, len(buffer)))
        if not part:
            raise EOFError("the request was broken off")
        buffer[: len(part)] = part
        self.left -= len(part)
        if self.left == 0:
            self.source.readline()
        return len(part)


class ChunkedAnswer(io.RawIOBase):
    """The body of an answer with transfer-encoding: chunked."""

    def __init__(self, target):
        self.target = target

    def writable(self):
        return True

    def write(self, part):
        part = memoryview(part).cast("B")
        if len(part) > 0:
            self.target.write(b"%x\r\n" % len(part))
            self.target.write(part)
            self.target.write(b"\r\n")
        return len(part)


class SalaryBands(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        if self.path != "/salary-bands":
            return self.problem(404, "There is no such step")
        if self.headers.get("starling-contract") != "1":
            return self.problem(400, "This contract is not known")
        width = json.loads(self.headers.get("starling-parameters", "{}")).get("width", 5)
        body = io.BufferedReader(ChunkedBody(self.rfile), 65536)
        try:
            rows = pa.ipc.open_stream(body)
            position = rows.schema.get_field_index(COLUMN)
        except pa.ArrowInvalid:
            return self.problem(422, "The rows cannot be read")
        if position < 0:
            return self.problem(422, f"There is no {COLUMN}")
        self.send_response(200)
        self.send_header("content-type", ARROW_STREAM)
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        # from here on, breaking off is the only way to say that something is wrong: an exception does that
        schema = rows.schema.set(position, pa.field(COLUMN, pa.float64()))
        answer = ChunkedAnswer(self.wfile)
        with pa.ipc.new_stream(pa.PythonFile(answer, "w"), schema) as given:
            for batch in rows:
                given.write_batch(with_bands(batch, schema, position, width))
        body.read()
        self.wfile.write(b"0\r\n\r\n")

    def problem(self, status, title):
        body = json.dumps({"title": title, "status": status}).encode()
        self.send_response(status)
        self.send_header("content-type", "application/problem+json")
        self.send_header("content-length", str(len(body)))
        self.send_header("connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, *arguments):
        pass


def with_bands(batch, schema, position, width):
    """The batch with the one column changed, and all others as they came."""
    scales = batch.column(position).cast(pa.float64())
    bands = pc.multiply(pc.floor(pc.divide(scales, float(width))), float(width))
    columns = [bands if at == position else column for at, column in enumerate(batch.columns)]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 9101), SalaryBands)
    print(f"salary-bands listens on http://127.0.0.1:{server.server_port}/salary-bands", flush=True)
    server.serve_forever()
