"""Fields for the attributes that a phase asks about: on the form that sends a file, and wherever they are edited."""

import functools
import hashlib
import json
from collections.abc import Container, Hashable, Iterable, Mapping
from typing import Any, TypeVar, cast

from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, RadioField, SelectMultipleField, StringField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.rules import attributes
from app.rules.attributes import Attribute, Kind
from app.rules.errors import Invalid
from app.web.filters import said
from app.web.forms.base import Form, chosen_from, one_line

AnyForm = TypeVar("AnyForm", bound="AttributeForm")


class ChoicesField(SelectMultipleField):
    """Several choices as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class Answered:
    """Ask the domain about the answer to one attribute."""

    def __init__(self, attribute: Attribute) -> None:
        self.attribute = attribute
        # a browser would want a required box to be ticked
        self.field_flags = {"required": True} if attribute.required and attribute.kind is not Kind.BOOLEAN else {}

    def __call__(self, _form: FlaskForm, field: Field) -> None:
        """Raise what the domain says, translated."""
        try:
            attributes.checked(self.attribute, field.data)
        except Invalid as problem:
            raise ValidationError(said(problem)) from problem


class AttributeForm(Form):
    """A form that `asking` gives a field for each attribute of a phase."""

    # filled in by `asking`: field name -> the attribute it asks for
    asked: dict[str, Attribute] = {}  # noqa: RUF012 - every class made by `asking` has its own

    @property
    def attribute_fields(self) -> list[Field]:
        """The fields that only this phase has, in the bundle's order."""
        return [self[name] for name in self.asked]

    @property
    def answers(self) -> list[dict[str, Any]]:
        """The answers of a sound form as a submission keeps them."""
        return [attributes.checked(attribute, self[name].data) for name, attribute in self.asked.items()]


def asking(base: type[AnyForm], declared: Iterable[Mapping[str, Any]]) -> type[AnyForm]:
    """Return a form class that also asks for attributes as a phase declares them."""
    return cast("type[AnyForm]", _class_for(cast("Hashable", base), json.dumps(list(declared))))


def prefilled(form: type[AttributeForm], kept: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the data that fills a form class made by `asking` with the answers a submission keeps."""
    by_name = {it.name: it for it in attributes.read(kept)}
    return {
        name: _as_data(by_name[attribute.name]) for name, attribute in form.asked.items() if attribute.name in by_name
    }


def _as_data(answer: attributes.Answer) -> Any:
    if answer.kind is Kind.BOOLEAN:
        return answer.is_true
    return list(answer.values) if answer.kind is Kind.CHECKBOX else "".join(answer.values)


@functools.lru_cache(maxsize=256)
def _class_for(base: type[AttributeForm], declared: str) -> type[AttributeForm]:
    """Make the form class of phases that ask the same (as JSON); making one takes a millisecond."""
    asked: dict[str, Attribute] = {}
    for it in attributes.parse(json.loads(declared)):
        asked[field_name(it.name, among=asked)] = it
    fields: dict[str, Any] = {name: _field(attribute) for name, attribute in asked.items()}
    return type(f"Asking{base.__name__}", (base,), fields | {"asked": asked})


def field_name(question: str, *, among: Container[str] = ()) -> str:
    """Return the name of the field for a question, made from its words.

    A form that was opened before the host changed the questions must not answer one that took the place of another.
    """
    name = f"attribute_{hashlib.sha256(question.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"
    while name in among:
        name += "_"
    return name


def _field(attribute: Attribute) -> Any:
    label, hint, validators = attribute.name, attribute.description, [Answered(attribute)]
    options = chosen_from({it: it for it in attribute.options})
    if attribute.kind is Kind.BOOLEAN:
        return BooleanField(label, description=hint, validators=validators)
    if attribute.kind is Kind.RADIO:
        return RadioField(label, description=hint, choices=options, validators=validators, validate_choice=False)
    if attribute.kind is Kind.CHECKBOX:
        return ChoicesField(label, description=hint, choices=options, validators=validators, validate_choice=False)
    return StringField(label, description=hint, filters=[one_line], validators=validators)
