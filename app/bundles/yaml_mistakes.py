"""Why a configuration does not parse, in words: the usual mistakes, each with its place and its cure."""

from collections.abc import Callable
from dataclasses import replace

import yaml

from app.bundles import yaml_block_mistakes as block
from app.bundles import yaml_bracket_mistakes as bracket
from app.bundles import yaml_dash_mistakes as dash
from app.bundles import yaml_flow_mistakes as flow
from app.bundles import yaml_key_mistakes as key
from app.bundles import yaml_line_mistakes as line
from app.bundles import yaml_sign_mistakes as sign
from app.bundles.yaml_failure import Diagnosis, Failure, said, seen_in
from app.rules.errors import N_

LONGEST_LINE = 2_000  # patterns search lines up to here; their time grows with the square

# In this order: what is certain first, what only fits the place last.
_EXPLANATIONS: list[Callable[[Failure], Diagnosis | None]] = [
    line.other_language,
    line.code_fence,
    line.leftover,
    sign.wide_sign,
    sign.tab,
    key.tight_dash,
    bracket.unopened_brace,
    line.unquoted_colon,
    key.incomplete_first_key,
    dash.odd_dash,
    line.deeper_than_value,
    line.backslash,
    flow.apostrophe,
    flow.unclosed_quote,
    key.incomplete_key,
    line.run_on_text,
    line.special_start,
    flow.flow_map,
    line.list_on_key_line,
    key.incomplete_before_bracket,
    bracket.unopened_map,
    block.second_document,
    dash.missing_dash,
    block.lost_indentation,
    dash.list_item,
    block.key_of_item,
    block.wrong_column,
]


def diagnose(failure: yaml.YAMLError, lines: list[str]) -> Diagnosis:
    """Explain why these lines do not parse; the last resort repeats where the parser stopped."""
    seen = seen_in(failure, [line[:LONGEST_LINE] for line in lines])
    for explain in _EXPLANATIONS:
        diagnosis = explain(seen)
        if diagnosis:
            was_cut = any(len(line) > LONGEST_LINE for line in lines)
            return replace(diagnosis, mended=None) if was_cut else diagnosis
    return said(
        seen.line,
        seen.column,
        N_("The configuration cannot be read from here on (%(parser)s)."),
        N_("Look at this line and the one above: indentation, quotes, brackets and colons."),
        parser=seen.problem[:120] or "YAML",
    )
