"""What a version keeps of its bundle is all of it."""

import json

import pytest
from hypothesis import HealthCheck, given

from app.bundles.spec_json import decode, encode
from tests.bundles.corpus import configurations, outcome_of
from tests.bundles.specs import specs
from tests.fuzzing import few


@few(30, HealthCheck.data_too_large)
@given(specs())
def test_a_challenge_comes_back_from_json_as_it_was(spec):
    assert decode(json.loads(json.dumps(encode(spec)))) == spec


@pytest.mark.skipif(not configurations(), reason="there is no ../shared/corpus beside the checkout")
def test_real_challenges_come_back_from_json_as_they_were():
    read = [outcome_of(path).checked.spec for path in configurations() if path.parent.name == "configs"]

    for spec in filter(None, read):
        assert decode(json.loads(json.dumps(encode(spec)))) == spec
