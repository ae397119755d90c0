"""What the package does with a real gateway, over real data."""

import importlib.util
import json
import tempfile
import unittest
from pathlib import Path

from starling_client import Request, Starling, StarlingError

from .consortium import Consortium, ConsortiumCase, starling

HAS_PANDAS = importlib.util.find_spec("pandas") is not None
HAS_PYARROW = importlib.util.find_spec("pyarrow") is not None
ROWS = "SELECT Geslacht, Gebdat FROM Personen LIMIT 5"


class Asking(ConsortiumCase):
    def setUp(self) -> None:
        self.starling = Starling(self.consortium.url, user="ada@university.example")
        self.grace = Starling(self.consortium.url, user="grace@university.example")

    def count(self, *providers: str) -> Request:
        return self.starling.ask("wageGap", algorithm="count", data_providers=providers, group_by=["Geslacht"])

    def test_progress_is_told_from_the_first_event_to_the_last(self) -> None:
        types = []
        request = self.starling.ask(
            "wageGap", algorithm="count", data_providers=["VU"], progress=lambda event: types.append(event["type"])
        )
        self.assertEqual((types[0], types[-1]), ("received", "answered"))
        self.assertEqual([event["type"] for event in request.events()], types)

    def test_a_request_may_be_waited_for_later(self) -> None:
        request = self.starling.ask("wageGap", algorithm="count", data_providers=["VU"], wait=False)
        self.assertIs(request.wait(timeout=60), request)
        self.assertEqual(request.state, "answered")
        self.assertEqual(self.starling.request(request.id).rows(), request.rows())

    def test_who_interrupts_the_waiting_cancels_the_request(self) -> None:
        def interrupt(_: object) -> None:
            raise KeyboardInterrupt

        with self.assertRaises(KeyboardInterrupt):
            self.starling.ask("wageGap", query="SELECT 1", data_providers=["UVA"], algorithm="count", progress=interrupt)
        self.assertNotEqual(next(self.starling.requests()).state, "running")

    def test_what_a_request_ended_with_is_raised_and_can_be_explained(self) -> None:
        with self.assertRaises(StarlingError) as raised:
            self.count("RUG")
        self.assertEqual((raised.exception.code, raised.exception.status), ("request-refused", None))
        request = self.starling.request(raised.exception.request or "")
        self.assertEqual(request.state, "refused")
        self.assertEqual(request.explain()["providers"][0]["outcome"], "refused")
        with self.assertRaisesRegex(StarlingError, "request-refused"):
            request.rows()

    def test_what_the_gateway_refuses_is_raised_with_its_status(self) -> None:
        with self.assertRaises(StarlingError) as raised:
            self.starling.ask("wageGab")
        self.assertEqual((raised.exception.code, raised.exception.status), ("unknown-data-set", 422))

    def test_lists_are_newest_first_of_one_person_or_of_all_and_start_where_they_are_told(self) -> None:
        self.grace.ask(query=ROWS, data_providers=["VU"])
        asked = [self.count("VU") for _ in range(2)]
        ids = [request.id for request in asked]
        everybody = [(request.id, request.view["user"]["id"]) for request in self.starling.requests()]
        self.assertEqual([id for id, _ in everybody[:2]], ids[::-1])
        adas = [request.id for request in self.starling.requests(user="ada@university.example")]
        self.assertEqual(adas, [id for id, user in everybody if user == "ada@university.example"])
        self.assertLess(len(adas), len(everybody))
        self.assertEqual(next(self.starling.requests(after=ids[1])).id, ids[0])
        self.assertLess({request.job for request in asked}, {job.id for job in self.grace.jobs()})
        job = self.starling.job(asked[1].job or "")
        self.assertEqual([request.id for request in job.requests()], [ids[1]])

    def test_answers_of_several_say_whose_each_row_is(self) -> None:
        request = self.count("VU", "UVA")
        self.assertEqual([row["provider"] for row in request.rows()], ["UVA", "UVA", "VU", "VU"])
        self.assertEqual(request.results[0].columns, ("Geslacht", "count"))
        self.assertNotIn("provider", request.results[0].rows()[0])

    def test_rows_come_when_they_are_read(self) -> None:
        request = self.grace.ask(query=ROWS, data_providers=["VU"])
        self.assertEqual(request.view["results"][0]["rows"], 5)
        self.assertEqual([sorted(row) for row in request.rows()], [["Gebdat", "Geslacht"]] * 5)
        request.erase()
        with self.assertRaisesRegex(StarlingError, "result-gone"):
            self.starling.request(request.id).rows()

    def test_an_answer_is_saved_as_its_ending_says(self) -> None:
        request = self.count("VU")
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "answer.csv")
            request.save(file)
            self.assertEqual(file.read_text().splitlines()[0], "Geslacht,count")
            request.save(str(file.with_suffix(".json")))
            saved = json.loads(file.with_suffix(".json").read_text())
            self.assertEqual(saved["results"][0]["rows"], request.rows())
            with self.assertRaisesRegex(StarlingError, "format-unavailable"):
                request.save(Path(folder, "answer.xlsx"))
            self.assertFalse(Path(folder, "answer.xlsx").exists())

    def test_a_notebook_shows_the_answer_and_who_refused(self) -> None:
        shown = self.count("VU", "RUG")._repr_html_()
        for part in ["<b>VU</b>, computed at VU", "<th>count</th>", "<td>V</td>", "RUG refuses: "]:
            self.assertIn(part, shown)
        rows = self.grace.ask(query=ROWS, data_providers=["VU"])
        self.assertIn("5 rows, which <code>dataframe()</code> reads", rows._repr_html_())

    @unittest.skipUnless(HAS_PYARROW, "pyarrow is not installed")
    def test_arrow_tables_have_figures_and_rows(self) -> None:
        figures = self.count("VU", "UVA").arrow()
        self.assertEqual(figures.column_names, ["provider", "Geslacht", "count"])
        self.assertEqual(figures.column("provider").to_pylist(), ["UVA", "UVA", "VU", "VU"])
        rows = self.grace.ask(query=ROWS, data_providers=["VU"])
        self.assertEqual(rows.arrow().to_pylist(), rows.rows())

    @unittest.skipUnless(HAS_PANDAS, "pandas is not installed")
    def test_data_frames_have_figures_and_rows(self) -> None:
        request = self.count("VU", "UVA")
        self.assertEqual(request.dataframe().to_dict("records"), request.rows())
        rows = self.grace.ask(query=ROWS, data_providers=["VU"])
        self.assertEqual(list(rows.dataframe().columns), ["Geslacht", "Gebdat"])
        self.assertEqual(rows.dataframe().shape, (5, 2))

    @unittest.skipIf(HAS_PANDAS, "pandas is installed")
    def test_without_pandas_a_data_frame_says_what_is_missing(self) -> None:
        with self.assertRaisesRegex(ImportError, "pandas"):
            self.count("VU").dataframe()


class SignedIn(unittest.TestCase):
    def test_a_token_says_who_asks(self) -> None:
        consortium = Consortium("--auth")
        self.addCleanup(consortium.close)
        words = ["--user", "ada@university.example", "--role", "requester", "--data", f"{consortium.folder}/data"]
        signed_in = Starling(consortium.url, token=starling("token", *words))
        request = signed_in.ask("wageGap", algorithm="count", data_providers=["VU"])
        self.assertEqual(request.view["user"]["id"], "ada@university.example")
        with self.assertRaises(StarlingError) as raised:
            Starling(consortium.url).ask("wageGap")
        self.assertEqual((raised.exception.code, raised.exception.status), ("token-missing", 401))


if __name__ == "__main__":
    unittest.main()
