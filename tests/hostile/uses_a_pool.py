# EXPECT: scored
"""What honest scripts do has to work: a pool of processes."""

import multiprocessing


def evaluate(annotation, submission, phase, **kwargs):
    with multiprocessing.Pool(2) as pool:
        total = sum(pool.map(square, range(10)))
    assert total == 285
    return {"result": [{"test": {"score": 1}}]}


def square(number):
    return number * number
