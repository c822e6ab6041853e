"""The control interface against its own OpenAPI document, by a program that tries to break it."""

import subprocess
import sys

import pytest

# 422: a value that is well formed, but can't be, which no schema tells (30 February).
CONFIGURATION = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", 404, 409, 422]
"""


@pytest.mark.parametrize(
    "chosen",
    [
        ["--exclude-operation-id-regex", "reboot|begin_fault"],
        # Those that hinder the others, by themselves.
        ["--include-operation-id-regex", "reboot|begin_fault|end_fault|reset"],
    ],
    ids=["calm", "rough"],
)
def test_schemathesis_finds_nothing(start_camera, clip, tmp_path, chosen):
    (tmp_path / "card").mkdir()
    camera = start_camera(
        "--source", clip, "--loop", "--speed", "max", "--sd", f"{tmp_path}/card:64M"
    )
    configuration = tmp_path / "schemathesis.toml"
    configuration.write_text(CONFIGURATION)
    arguments = ["--config-file", str(configuration), "run", f"{camera.control}/v1/openapi.json"]
    arguments += ["--checks", "all", "--max-examples", "5", "--generation-deterministic"]
    done = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", *arguments, "--request-timeout", "60", *chosen],
        capture_output=True,
        text=True,
        timeout=600,
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert camera.stop() == 0
    assert "Traceback" not in camera.errors
