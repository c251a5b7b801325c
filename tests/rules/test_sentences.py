from app.rules.sentences import sentence, written

GERMAN = {"%(count)s of %(what)s": "%(count)s von %(what)s", "apples": "Äpfel"}


def test_a_sentence_is_translated_before_its_values_come_in():
    assert written(sentence("%(count)s of %(what)s", count=3, what="%(x)s"), GERMAN.get) == "3 von %(x)s"


def test_a_sentence_within_a_sentence_is_translated_as_well():
    assert written(sentence("%(count)s of %(what)s", count=3, what=sentence("apples")), GERMAN.get) == "3 von Äpfel"


def test_a_text_and_a_sentence_without_values_stay_as_they_are():
    assert written("100 % of it", GERMAN.get) == "100 % of it"
    assert written(sentence("100 % of it")) == "100 % of it"
