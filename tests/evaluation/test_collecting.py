from app.evaluation.collecting import HEAD_BYTES, TAIL_BYTES, Capture, ReplyReader
from evaluation_runtime import seccomp
from evaluation_runtime.protocol import REPLY_LIMIT, frame

TOKEN = "0123456789abcdef" * 2


def test_a_capture_keeps_head_and_tail_and_says_what_is_missing():
    capture = Capture()
    for _ in range(300):
        capture.add(b"a" * 10_000)
    capture.add(b"the end")

    text = capture.text()

    assert text.startswith("aaaa")
    assert text.endswith("the end")
    assert f"{3_000_007 - HEAD_BYTES - TAIL_BYTES:,} bytes left out" in text
    assert len(text) < HEAD_BYTES + TAIL_BYTES + 100


def test_a_capture_that_fits_is_kept_as_it_is():
    capture = Capture()
    capture.add("評価".encode()[:4])
    capture.add("評価".encode()[4:] + b"\0\xff")

    assert capture.text() == "評価\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}"


def test_a_reply_arrives_in_any_pieces():
    reader = ReplyReader(TOKEN)
    for byte in frame(TOKEN, b'{"a": 1}'):
        assert reader.body is None
        reader.add(bytes([byte]))

    assert reader.body == b'{"a": 1}'


def test_a_reply_with_another_token_too_long_or_with_more_behind_it_is_foreign():
    for data in (
        frame("f" * 32, b"{}"),
        frame(TOKEN, b"{}") + b"x",
        frame(TOKEN, b"x" * (REPLY_LIMIT + 1)),
        TOKEN.encode() + b" zzzzzzzz\n{}",
        b"x" * 100,
    ):
        reader = ReplyReader(TOKEN)
        reader.add(data)

        assert reader.is_foreign
        assert reader.body is None


def test_the_filter_of_system_calls_is_made_for_both_processors():
    programs = [seccomp.build(machine) for machine in ("x86_64", "aarch64")]

    assert all(len(program) % 8 == 0 and len(program) // 8 < 4096 for program in programs)
    assert programs[0] != programs[1]
