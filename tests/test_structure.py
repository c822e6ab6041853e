"""The layer rules, read off the sources: what may import what, and who may do what."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CORE = sorted((ROOT / "emulator/core").rglob("*.py"))
EDGE = sorted((ROOT / "emulator/edge").rglob("*.py"))
CONTROLS = sorted((ROOT / "emulator/controls").glob("*.py"))
KIT = sorted((ROOT / "emulator/kit").glob("*.py"))
FLEET = sorted((ROOT / "emulator/fleet").glob("*.py"))
TOP = [*sorted((ROOT / "emulator").glob("*.py")), *CONTROLS, *KIT, *FLEET]
CLI = sorted((ROOT / "emulator/cli").glob("*.py"))
CONFORMANCE = sorted((ROOT / "conformance").rglob("*.py"))
JUDGE_CLI = sorted((ROOT / "conformance/cli").glob("*.py"))
CHECKS = sorted((ROOT / "conformance/checks").rglob("test_*.py"))
EVERYTHING = [*CORE, *EDGE, *TOP, *CLI, *CONFORMANCE, ROOT / "stuntcam.py"]

# What would make core's output depend on anything but its input.
IMPURE = {"asyncio", "aiohttp", "sqlite3", "socket", "pathlib", "time", "random", "os", "io"}
IMPURE |= {"secrets", "subprocess", "threading", "urllib.request", "tempfile", "logging", "av"}
CV2_INPUT_OUTPUT = {"imread", "imwrite", "VideoCapture", "VideoWriter", "imshow", "namedWindow"}

MAY_PRINT = {"emulator/app.py", "stuntcam.py"}
MAY_PRINT |= {file.relative_to(ROOT).as_posix() for file in [*CLI, *JUDGE_CLI]}
WIRES = {"app.py", "playing.py", "analysis.py", "serving.py", "duties.py", "onvif_facts.py"}
WIRES |= {"announcing.py", "streaming.py", "telling.py"}
WIRES |= {
    "making.py",
    "served.py",
    "setup.py",
    "timekeeping.py",
    "power.py",
    *(file.name for file in [*CONTROLS, *KIT]),
}
WIRES |= {"looks.py", "berth.py", "worker.py", "parent.py", "finding.py", "control.py"}
WIRES |= {"here.py", "afar.py", "order.py", "hosted.py"}
WIRES |= {"archive.py", "examining.py"}


@cache
def nodes(file):
    return tuple(ast.walk(ast.parse(file.read_text("utf-8"))))


@cache
def imported(file):
    """Every module that a file imports, by its full name."""
    return tuple(_imported(file))


def _imported(file):
    for node in nodes(file):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: imports are spelled in full"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def called(file):
    return tuple(ast.unparse(node.func) for node in nodes(file) if isinstance(node, ast.Call))


def name(file):
    return file.relative_to(ROOT).as_posix()


def test_there_is_something_to_look_at():
    assert len(CORE) > 15
    assert len(EDGE) > 5
    assert EVERYTHING[-1].exists()


@pytest.mark.parametrize("file", CORE, ids=name)
def test_core_imports_no_input_or_output(file):
    modules = set(imported(file))
    assert not {module for module in modules if {module, module.split(".")[0]} & IMPURE}
    assert not any(module.startswith(("emulator.edge", "conformance")) for module in modules)
    inside = [module for module in modules if module.startswith("emulator.")]
    assert all(module.startswith("emulator.core") for module in inside)


@pytest.mark.parametrize("file", CORE, ids=name)
def test_core_opens_no_file_and_rolls_no_dice(file):
    for call in called(file):
        assert call != "open"
        assert not call.startswith(("np.random.default_rng", "np.random.rand", "np.fromfile"))
        assert not call.endswith((".now", ".today", ".utcnow"))
        assert call.rpartition(".")[2] not in CV2_INPUT_OUTPUT


@pytest.mark.parametrize("file", EDGE, ids=name)
def test_an_edge_imports_core_and_no_other_edge_but_the_clock(file):
    inside = {module for module in imported(file) if module.startswith("emulator.")}
    others = {module for module in inside if module.startswith("emulator.edge.")}
    allowed = ["emulator.edge.clock"]
    if file.parent.name != "edge":  # the rooms of one edge know each other
        allowed.append(f"emulator.edge.{file.parent.name}.")
    assert all(module.startswith(tuple(allowed)) for module in others)
    assert all(module.startswith(("emulator.core", "emulator.edge")) for module in inside)


@pytest.mark.parametrize("file", TOP, ids=name)
def test_only_the_wiring_knows_core_and_edges(file):
    edges = {m for m in imported(file) if m.startswith("emulator.edge")}
    if file.name == "demo.py":  # uses the camera from outside; only writes files itself
        assert edges <= {"emulator.edge", "emulator.edge.outputs"}
    elif file.name not in WIRES:
        assert not edges


@pytest.mark.parametrize("file", [*CORE, *EDGE, *TOP, *CLI], ids=name)
def test_the_judged_does_not_know_the_judge(file):
    assert not any(module.startswith("conformance") for module in imported(file))


@pytest.mark.parametrize("file", CONFORMANCE, ids=name)
def test_the_judge_does_not_know_the_judged(file):
    assert not any(module.startswith(("emulator", "stuntcam")) for module in imported(file))


# Where the harness decides, and touches neither the device nor a disk.
DECIDES = [
    ROOT / "conformance" / f"{room}.py"
    for room in (
        *("verdict", "gate", "forms", "expect", "pace", "oracle", "shoplife", "scenes"),
        *("documented", "fuzz/steps", "fuzz/meaning", "fuzz/laws", "fuzz/drawing"),
        *("layers", "markup", "grids", "periods", "wording", "wire", "habits"),
        *("learning/wanted", "learning/recording", "learning/finding", "learning/weeks"),
        *("learning/saving", "learning/enabling", "learning/reading", "learning/entering"),
        *("learning/identity", "learning/learned", "learning/writing", "learning/telling"),
        *("stimulus/layout", "stimulus/code", "stimulus/sight", "stimulus/truth"),
        *("stimulus/films", "stimulus/plan", "stimulus/watching", "relations"),
    )
]


@pytest.mark.parametrize("file", DECIDES, ids=name)
def test_the_judge_decides_without_input_or_output(file):
    impure = IMPURE | {"httpx", "pytest"}
    assert not {m for m in imported(file) if {m, m.split(".")[0]} & impure}


@pytest.mark.parametrize("file", CHECKS, ids=name)
def test_a_check_knows_no_path_to_the_device_but_the_camera(file):
    impure = IMPURE - {"random"} | {"requests"}  # drawn by the run's seed
    assert not {m for m in imported(file) if m.split(".")[0] in impure}
    inside = {m for m in imported(file) if m.startswith("conformance.")}
    assert not {m for m in inside if m.startswith(("conformance.cli.", "conformance.report."))}


@pytest.mark.parametrize("file", CONFORMANCE, ids=name)
def test_only_the_judges_command_knows_the_terminal(file):
    if file not in JUDGE_CLI and file.name != "plugin.py":
        assert not {m for m in imported(file) if m.split(".")[0] in {"click", "rich"}}
        assert not any(
            m.startswith("conformance.cli.") or m == "conformance.cli" for m in imported(file)
        )


@pytest.mark.parametrize("file", EVERYTHING, ids=name)
def test_nobody_else_prints_or_exits(file):
    ends = {"print", "sys.exit", "os._exit", "exit", "click.echo"}
    if name(file) not in MAY_PRINT:
        assert not ends & set(called(file))


@pytest.mark.parametrize("file", EVERYTHING, ids=name)
def test_rooms_stay_small_and_say_what_they_are_for(file):
    text = file.read_text()
    assert len(text.splitlines()) <= 400
    assert ast.get_docstring(nodes(file)[0])


def test_heat_is_made_and_written_in_one_place_only():
    makers = {name(file) for file in EVERYTHING if "heat.tiles" in set(called(file))}
    assert makers == {"emulator/recording.py"}
    writers = {
        name(file)
        for file in EVERYTHING
        for call in called(file)
        if call.endswith(".commit") and "edge/storage/" not in name(file)
    }
    # The serial number is kept as a new camera is made, settings as it is reset; no minutes are
    # handed over with them.
    rest = {"emulator/making.py", "emulator/power.py"}
    assert writers == {"emulator/recording.py"} | rest
