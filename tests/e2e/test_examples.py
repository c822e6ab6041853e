"""The documents' examples, run as a reader would run them."""

import re
import subprocess
import sys
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
SNIPPET = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def run_pytest(*arguments, cwd):
    # In a folder without our own settings; warnings are errors, as they may be at a reader's.
    command = [sys.executable, "-P", "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider"]
    run = subprocess.run(
        [*command, *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=300,
        check=False,
    )
    return run.returncode, run.stdout + run.stderr


def test_the_example_clients_tests_pass(tmp_path):
    example = tmp_path / "shop_chart"
    example.mkdir()
    for file in (DOCS / "examples/shop_chart").glob("*.py"):
        (example / file.name).write_text(file.read_text())
    code, told = run_pytest(example, cwd=tmp_path)
    assert code == 0, told
    assert "9 passed" in told


def test_the_snippets_for_developers_run(tmp_path, clip):
    found = SNIPPET.findall((DOCS / "for-developers.md").read_text("utf-8"))
    assert len(found) >= 5
    (tmp_path / "shop.mp4").write_bytes(Path(clip).read_bytes())
    names = []
    for number, snippet in enumerate(found):
        is_test = "def test_" in snippet
        names.append(f"test_{number}.py" if is_test else f"run_{number}.py")
        (tmp_path / names[-1]).write_text(snippet)
    for name in names:
        if name.startswith("run_"):
            run = subprocess.run(
                [sys.executable, "-P", "-W", "error", name],
                capture_output=True,
                text=True,
                cwd=tmp_path,
                timeout=120,
                check=False,
            )
            assert run.returncode == 0, run.stderr
    code, told = run_pytest(*[one for one in names if one.startswith("test_")], cwd=tmp_path)
    assert code == 0, told


def test_the_plugin_is_there_and_says_what_its_fixtures_are(tmp_path):
    code, told = run_pytest("--fixtures", cwd=tmp_path)
    assert code in {0, 5}, told
    assert "camera_factory" in told
