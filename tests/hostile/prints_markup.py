# EXPECT: scored
# SAYS: </pre><script>alert(1)</script>
"""Text stays text."""


def evaluate(annotation, submission, phase, **kwargs):
    print("</pre><script>alert(1)</script>\n2026-01-01 INFO worker: everything is fine")
    return {"result": [{"test": {"score": 1}}], "submission_result": "<img src=x onerror=alert(1)>\0\ud800"}
