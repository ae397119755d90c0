import unittest

from starling_client.question import question_body


class QuestionBody(unittest.TestCase):
    def test_names_become_those_of_the_api_and_none_is_left_out(self) -> None:
        asked = {"data_providers": ["VU"], "allow_partial": True, "limits": {"timeSeconds": 5}, "query": None}
        self.assertEqual(
            question_body({"id": "ada", "name": "Ada"}, asked),
            {
                "user": {"id": "ada", "name": "Ada"},
                "dataProviders": ["VU"],
                "allowPartial": True,
                "limits": {"timeSeconds": 5},
            },
        )

    def test_what_else_is_said_is_of_the_algorithm_also_where_it_is_not_known_here(self) -> None:
        asked = {"algorithm": "someRegression", "outcome": "a", "predictors": ["b"], "some_new_word": False}
        algorithm = {"name": "someRegression", "outcome": "a", "predictors": ["b"], "someNewWord": False}
        self.assertEqual(question_body(None, asked), {"algorithm": algorithm})

    def test_an_algorithm_and_further_members_are_taken_as_the_api_has_them(self) -> None:
        asked = {"algorithm": {"name": "count", "groupBy": []}, "body": {"newMember": 1}, "user": "bob"}
        self.assertEqual(
            question_body("ada", asked),
            {"user": {"id": "bob"}, "algorithm": {"name": "count", "groupBy": []}, "newMember": 1},
        )

    def test_a_word_that_nothing_takes_is_no_silent_one(self) -> None:
        with self.assertRaisesRegex(TypeError, "data_provider would say more about an algorithm"):
            question_body("ada", {"data_provider": "VU"})
        with self.assertRaisesRegex(TypeError, "column"):
            question_body("ada", {"algorithm": {"name": "count"}, "column": "Salschal"})
