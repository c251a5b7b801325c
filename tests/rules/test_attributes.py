"""What a phase asks besides the file: read from the bundle's words, checked, kept in EvalAI's shape."""

import pytest

from app.rules import attributes
from app.rules.attributes import Attribute, Kind
from app.rules.errors import Invalid

MODEL = {"name": "Model", "type": "radio", "options": ["tree", 7], "required": True, "description": None}
DATA = {"name": "Data", "type": "checkbox", "options": ["a", "b", "c"], "is_visible": False}
OPEN = {"name": "Open", "type": "boolean"}
REMARK = {"name": "Remark", "type": "text"}


def one(declared):
    return attributes.parse([declared])[0]


def test_attributes_are_read_with_what_the_bundle_leaves_out():
    model, data, _open, odd = attributes.parse([MODEL, DATA, OPEN, {"name": "Odd", "type": "slider"}])

    assert model == Attribute(name="Model", kind=Kind.RADIO, options=("tree", "7"), required=True)
    assert (data.is_visible, odd.kind) == (False, Kind.TEXT)


@pytest.mark.parametrize(
    ("declared", "given", "kept"),
    [
        (MODEL, "tree", {"value": "tree"}),
        (MODEL, 7, {"value": "7"}),
        (DATA, ["c", "a", "a"], {"values": ["a", "c"]}),
        (DATA, "b", {"values": ["b"]}),
        (DATA, None, {"values": []}),
        (OPEN, True, {"value": "True"}),
        (OPEN, "no", {"value": "False"}),
        (OPEN, None, {"value": "False"}),
        (REMARK, "  quick ", {"value": "quick"}),
        (REMARK, None, {"value": ""}),
    ],
    ids=str,
)
def test_an_answer_is_kept_in_evalais_shape(declared, given, kept):
    found = attributes.checked(one(declared), given)

    assert kept.items() <= found.items()
    assert (found["name"], found["type"]) == (declared["name"], declared["type"])


@pytest.mark.parametrize(
    ("declared", "given", "sentence"),
    [
        (MODEL, None, "The host asks for Model"),
        (MODEL, "  ", "The host asks for Model"),
        (MODEL, "net", "net is not one of the options for Model. Choose from: tree, 7."),
        (DATA, ["a", "x"], "x is not one of the options for Data"),
        (DATA | {"required": True}, [], "The host asks for Data"),
        (OPEN, "perhaps", "yes or no"),
        (REMARK | {"required": True}, "", "The host asks for Remark"),
        (REMARK, "x" * 2001, "too long. Use at most 2000"),
    ],
    ids=str,
)
def test_what_is_missing_or_no_choice_is_refused_beside_its_field(declared, given, sentence):
    with pytest.raises(Invalid, match=sentence) as refusal:
        attributes.checked(one(declared), given, field="attribute_0")

    assert refusal.value.field == "attribute_0"


def test_answers_given_by_name_are_kept_in_the_bundles_order_and_only_what_is_asked():
    asked = attributes.parse([MODEL, REMARK])

    assert [it["value"] for it in attributes.answers(asked, {"Remark": "x", "Model": "tree"})] == ["tree", "x"]
    with pytest.raises(Invalid, match="does not ask for Colour"):
        attributes.answers(asked, {"Model": "tree", "Colour": "red"})


def test_kept_answers_are_read_again_whatever_version_kept_them():
    kept = [attributes.checked(one(DATA), ["a", "b"]), {"name": "Old", "type": "boolean", "value": "True"}]

    data, old = attributes.read(kept)

    assert (data.values, data.is_visible) == (("a", "b"), False)
    assert (old.is_true, old.is_visible) == (True, True)
    assert attributes.read([{"name": "Empty", "type": "text", "value": ""}])[0].values == ()
