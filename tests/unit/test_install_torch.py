"""Which build of PyTorch `make lab` installs, tried against package indexes on this machine."""

import http.server
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
import zipfile
from contextlib import contextmanager
from pathlib import Path

import install_torch
import pytest

ROOT = Path(__file__).resolve().parents[2]


def write_wheel(folder, name, version, requires=""):
    """Write a package that holds nothing but its name and version."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    metadata += f"Requires-Dist: {requires}\n" if requires else ""
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{info}/METADATA", metadata)
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    return path


@contextmanager
def index(folder, status=200):
    """Serve a package index made of a folder's wheels, or one that always answers with a status."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            name = Path(urllib.parse.unquote(self.path)).name
            file = folder / name
            links = "".join(f'<a href="/{w.name}">{w.name}</a>' for w in sorted(folder.glob(f"{name}-*.whl")))
            body = file.read_bytes() if file.suffix == ".whl" else f"<html><body>{links}</body></html>".encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def hanging_index():
    """Take connections and never answer."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture(scope="module")
def empty_python(tmp_path_factory):
    """A Python with pip and nothing else."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    return str(folder / "bin" / "python")


@pytest.fixture
def machine(monkeypatch, empty_python):
    """A Linux machine without GPU, torch or any setting of pip's; returns what pip has installed there."""
    for name in [name for name in os.environ if name.startswith("PIP_") or name == "TORCH"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(install_torch, "is_installed", lambda: False)
    monkeypatch.setattr(install_torch, "has_nvidia_gpu", lambda: False)
    monkeypatch.setattr(install_torch, "SECONDS", 1)

    def versions():
        answer = subprocess.run([empty_python, "-m", "pip", "list"], capture_output=True, text=True, check=True)
        return dict(line.split()[:2] for line in answer.stdout.splitlines() if line.startswith("torch"))

    yield versions
    subprocess.run([empty_python, "-m", "pip", "uninstall", "-qy", "torch", "torchvision"], check=True)


def test_takes_a_matching_pair_from_the_index_that_answers(machine, empty_python, tmp_path, capfd):
    write_wheel(tmp_path, "torch", "99.1+cpu")
    write_wheel(tmp_path, "torch", "99.2+cpu")  # its torchvision is not there yet
    write_wheel(tmp_path, "torchvision", "50.1+cpu", requires="torch==99.1")
    with index(tmp_path) as address:
        install_torch.main(address, empty_python)
    assert machine() == {"torch": "99.1+cpu", "torchvision": "50.1+cpu"}
    out = capfd.readouterr().out
    assert out.startswith("PyTorch: the small build without CUDA (") and out.count("\n") == 1 and "TORCH=default" in out


def falls_back(address, python, capfd, versions):
    started = time.perf_counter()
    install_torch.main(address, python)
    out = capfd.readouterr()
    assert out.out.count("\n") == 1 and "what pip finds" in out.out and address in out.out and out.err == ""
    assert versions() == {}
    return time.perf_counter() - started


def test_falls_back_when_the_index_forbids(machine, empty_python, tmp_path, capfd):
    write_wheel(tmp_path, "torch", "99.1+cpu")
    with index(tmp_path, status=403) as address:
        falls_back(address, empty_python, capfd, machine)


def test_falls_back_within_seconds_when_the_index_hangs(machine, empty_python, capfd):
    with hanging_index() as address:
        assert falls_back(address, empty_python, capfd, machine) < 10


def test_falls_back_when_nobody_listens(machine, empty_python, capfd):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    falls_back(f"http://127.0.0.1:{port}", empty_python, capfd, machine)


@pytest.mark.parametrize("wheels", [[("torch", "99.1+cpu")], [("torch", "1.0+cpu"), ("torchvision", "0.1+cpu")]])
def test_falls_back_when_a_mirror_lacks_what_is_wanted(machine, empty_python, tmp_path, capfd, wheels):
    for name, version in wheels:
        write_wheel(tmp_path, name, version)
    with index(tmp_path) as address:
        falls_back(address, empty_python, capfd, machine)


@pytest.mark.parametrize("choice", ["", "cpu"])
def test_pips_own_index_does_not_keep_it_from_the_small_build(machine, empty_python, tmp_path, monkeypatch, choice):
    write_wheel(tmp_path, "torch", "99.1+cpu")
    write_wheel(tmp_path, "torchvision", "50.1+cpu", requires="torch==99.1")
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")
    monkeypatch.setenv("TORCH", choice)
    with index(tmp_path) as address:
        install_torch.main(address, empty_python)
    assert machine() == {"torch": "99.1+cpu", "torchvision": "50.1+cpu"}


def test_asks_nobody_where_nothing_is_to_be_chosen(machine, empty_python, capfd, monkeypatch):
    monkeypatch.setattr(install_torch, "index_answers", lambda index: pytest.fail("it asked"))
    monkeypatch.setattr(install_torch, "has_nvidia_gpu", lambda: True)
    install_torch.main("http://127.0.0.1:1", empty_python)
    assert "for the GPU found here" in capfd.readouterr().out
    monkeypatch.setattr(install_torch, "has_nvidia_gpu", lambda: False)
    for platform in ("darwin", "win32"):
        monkeypatch.setattr(sys, "platform", platform)
        install_torch.main("http://127.0.0.1:1", empty_python)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("TORCH", "default")
    install_torch.main("http://127.0.0.1:1", empty_python)
    monkeypatch.delenv("TORCH")
    monkeypatch.setattr(install_torch, "is_installed", lambda: True)
    install_torch.main("http://127.0.0.1:1", empty_python)
    assert capfd.readouterr().out == "" and machine() == {}


@pytest.mark.parametrize(("choice", "sentence"), [("gpu", "must be cpu or default"), ("cpu", "can't be had from here")])
def test_stops_with_one_sentence(machine, empty_python, monkeypatch, choice, sentence):
    monkeypatch.setenv("TORCH", choice)
    with pytest.raises(SystemExit, match=sentence):
        install_torch.main("http://127.0.0.1:1", empty_python)


def test_knows_what_is_installed(monkeypatch):
    assert install_torch.is_installed()  # this test run has them
    for lines in (["torch>=99"], ["torch>=2.9", "no-such-package>=1"]):
        monkeypatch.setattr(install_torch, "requirements", lambda lines=lines: lines)
        assert not install_torch.is_installed()


def test_finds_a_gpu_by_the_drivers_files_or_by_nvidia_smi(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not install_torch.has_nvidia_gpu(str(tmp_path))
    (tmp_path / "dev").mkdir()
    (tmp_path / "dev" / "nvidiactl").touch()  # a driver without a GPU
    assert not install_torch.has_nvidia_gpu(str(tmp_path))
    (tmp_path / "dev" / "nvidia1").touch()
    assert install_torch.has_nvidia_gpu(str(tmp_path))
    (tmp_path / "dev" / "nvidia1").unlink()
    (tmp_path / "proc" / "driver" / "nvidia" / "gpus").mkdir(parents=True)
    assert not install_torch.has_nvidia_gpu(str(tmp_path))
    (tmp_path / "proc" / "driver" / "nvidia" / "gpus" / "0000:01:00.0").mkdir()
    assert install_torch.has_nvidia_gpu(str(tmp_path))
    bare = tmp_path / "bare"
    bare.mkdir()
    for script, found in [("echo 'GPU 0: H100'", True), ("echo 'No devices'; exit 9", False), ("exit 0", False)]:
        (tmp_path / "nvidia-smi").write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / "nvidia-smi").chmod(0o755)
        assert install_torch.has_nvidia_gpu(str(bare)) == found


def test_needs_nothing_but_python():
    source = ROOT / "tests" / "tools" / "install_torch.py"
    answer = subprocess.run(
        [sys.executable, "-I", "-S", source], capture_output=True, text=True, env={"TORCH": "none", "PATH": ""}
    )
    assert answer.returncode == 1 and answer.stderr.startswith("TORCH is 'none'")
