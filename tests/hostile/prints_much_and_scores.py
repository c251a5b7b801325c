# EXPECT: scored
# SAYS: the first line
# SAYS: the last line
# SAYS: bytes left out
"""More than is kept, less than is allowed."""


def evaluate(annotation, submission, phase, **kwargs):
    print("the first line")
    for number in range(200_000):
        print("line", number)
    print("the last line")
    return {"result": [{"test": {"score": 1}}]}
