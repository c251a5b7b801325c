"""`make run` starts what must be there, starts it again when it dies, and stops it when told to."""

import os
import signal
import socket
import time

import pytest

import launch
from launch import Service

LIVES = "import time\nopen('lives.txt', 'a').write('x')\ntime.sleep(60)\n"
DIES = "open('dies.txt', 'a').write('x')\nraise SystemExit(3)\n"
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
open('stubborn.txt', 'a').write('x')
time.sleep(60)
"""


@pytest.fixture
def services(tmp_path, monkeypatch):
    monkeypatch.setattr(launch, "ROOT", tmp_path)
    monkeypatch.setattr(launch, "RESTART_PAUSE_S", 0.1)
    for name, source in (("lives", LIVES), ("dies", DIES), ("stubborn", STUBBORN)):
        (tmp_path / f"{name}.py").write_text(source)
    made = {name: Service(name, name, pause=0.1) for name in ("lives", "dies", "stubborn")}
    yield made
    for service in made.values():
        if service.process is not None:
            service.process.kill()
            service.process.wait()


def wait_until(holds):
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def starts(folder, name):
    file = folder / f"{name}.txt"
    return len(file.read_text()) if file.exists() else 0


def test_a_service_that_is_killed_is_started_again(services, tmp_path, capsys):
    service = services["lives"]
    service.start()
    wait_until(lambda: starts(tmp_path, "lives") == 1)
    first = service.process.pid

    os.kill(first, signal.SIGKILL)
    wait_until(lambda: service.look() or (service.process.pid != first and starts(tmp_path, "lives") == 2))

    assert "The lives ended (-9); it is started again." in capsys.readouterr().out


def test_a_service_that_lives_is_left_alone(services, tmp_path):
    service = services["lives"]
    service.start()
    wait_until(lambda: starts(tmp_path, "lives") == 1)

    for _ in range(5):
        service.look()

    assert starts(tmp_path, "lives") == 1


def test_one_that_dies_at_once_is_started_again_with_growing_pauses(services, tmp_path):
    service = services["dies"]
    service.start()
    pauses = []
    while starts(tmp_path, "dies") < 3:
        service.look()
        pauses.append(service.pause)
        time.sleep(0.02)

    assert pauses == sorted(pauses)
    assert service.pause >= 0.2
    assert service.pause <= launch.LONGEST_PAUSE_S


def test_stopping_asks_and_then_insists(services, tmp_path):
    for name in ("lives", "stubborn"):
        services[name].start()
    wait_until(lambda: starts(tmp_path, "lives") == starts(tmp_path, "stubborn") == 1)

    for name in ("lives", "stubborn"):
        services[name].stop()
    services["lives"].wait(20)
    services["stubborn"].wait(0.3)

    assert services["lives"].process.returncode == -signal.SIGTERM
    assert services["stubborn"].process.wait(20) == -signal.SIGKILL


def test_ctrl_c_reaches_only_the_launcher(services, tmp_path):
    service = services["lives"]
    service.start()

    assert os.getsid(service.process.pid) == service.process.pid


def test_a_service_that_never_started_is_stopped_without_an_error(services):
    services["lives"].look()
    services["lives"].stop()
    services["lives"].wait(1)


def test_a_port_that_another_program_has_stops_the_start_with_a_sentence(tmp_path, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        monkeypatch.setenv("SHIAI_DATA_DIR", str(tmp_path))
        monkeypatch.setenv("SHIAI_PORT", str(port))

        with pytest.raises(SystemExit, match=f"Nothing can listen on 127.0.0.1, port {port}: Address already in use"):
            launch.main()


def test_a_free_port_is_left_free_by_the_trial():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

    launch.try_address("127.0.0.1", port)

    launch.try_address("127.0.0.1", port)
