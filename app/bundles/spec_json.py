"""A ChallengeSpec as JSON and back, so that a bundle version keeps every key it came with."""

from typing import Any

import msgspec

from app.bundles.spec import ChallengeSpec


def encode(spec: ChallengeSpec) -> dict[str, Any]:
    """Return the challenge as maps, lists, texts and numbers; times as ISO 8601 in UTC."""
    built: dict[str, Any] = msgspec.to_builtins(spec)
    return built


def decode(built: dict[str, Any]) -> ChallengeSpec:
    """Return the challenge that `encode` wrote; msgspec.ValidationError for anything else.

    A key that a later release adds to the spec is read with its default.
    """
    return msgspec.convert(built, ChallengeSpec)
