"""The Kubernetes manifests, held against its schemas, the commands they run, and one another."""

import tomllib
from pathlib import Path

import pytest

from emulator.core import gating
from emulator.edge import fixtures
from emulator.fleet import plan

yaml = pytest.importorskip("yaml", reason="PyYAML comes with the extra `cluster`")

FOLDER = Path(__file__).parents[2] / "docs/examples/kubernetes"
OLDEST = "1.31"
HINT = "pip install '.[manifests]'; run by tox -e e2e"
DOCUMENTS = [
    pytest.param(document, id=f"{file.name}-{document['kind']}-{document['metadata']['name']}")
    for file in sorted(FOLDER.glob("*.yaml"))
    for document in yaml.safe_load_all(file.read_text())
]
EVERY = [each.values[0] for each in DOCUMENTS]


def named(kind):
    return {one["metadata"]["name"]: one for one in EVERY if one["kind"] == kind}


def pods():
    return [one["spec"]["template"] for one in EVERY if "template" in one.get("spec", {})]


CONTAINERS = [
    pytest.param(container, pod, id=container["name"])
    for pod in pods()
    for container in pod["spec"]["containers"]
]


def test_there_is_something_to_look_at():
    assert {"Job", "Deployment", "StatefulSet", "Service"} <= {one["kind"] for one in EVERY}
    assert len(CONTAINERS) == 5


@pytest.mark.parametrize("document", DOCUMENTS)
def test_kubernetes_schemas_take_it(document):
    validator = pytest.importorskip("kubernetes_validate", reason=HINT)
    for version in (OLDEST, validator.latest_version()):
        validator.validate(document, version, strict=True)


def test_the_schemas_refuse_what_is_wrong():
    validator = pytest.importorskip("kubernetes_validate", reason=HINT)
    wrong = named("Deployment")["stuntcam-worker"]
    for change in ({"replicas": "eight"}, {"replica": 8}):
        with pytest.raises(validator.ValidationError, match=r"eight|replica"):
            validator.validate(wrong | {"spec": wrong["spec"] | change}, OLDEST, strict=True)


@pytest.mark.parametrize(("container", "pod"), CONTAINERS)
def test_the_command_takes_what_it_is_told(container, pod):
    from distributed.cli import dask_scheduler, dask_worker

    from emulator.cli import analyze_command, fleet_command, serve_command

    program, name, *arguments = container["command"]
    assert program == ("dask" if name in {"scheduler", "worker"} else "stuntcam")
    command = {
        "scheduler": dask_scheduler.main,
        "worker": dask_worker.main,
        "analyze": analyze_command.analyze,
        "fleet": fleet_command.fleet,
        "serve": serve_command.serve,
    }[name]
    command.make_context(name, arguments)  # raises if not


@pytest.mark.parametrize(("container", "pod"), CONTAINERS)
def test_volumes_that_a_container_mounts_are_there(container, pod):
    volumes = {one["name"]: one for one in pod["spec"]["volumes"]}
    (owner,) = [one for one in EVERY if one.get("spec", {}).get("template") is pod]
    for claim in owner["spec"].get("volumeClaimTemplates", ()):
        volumes[claim["metadata"]["name"]] = {}
    assert {mount["name"] for mount in container["volumeMounts"]} == set(volumes)
    for volume in volumes.values():
        if claim := volume.get("persistentVolumeClaim"):
            assert claim["claimName"] in named("PersistentVolumeClaim")
        if told := volume.get("configMap"):
            assert told["name"] in named("ConfigMap")


@pytest.mark.parametrize(("container", "pod"), CONTAINERS)
def test_secrets_services_and_image_that_a_container_names_are_there(container, pod):
    for variable in container.get("env", ()):
        if secret := variable.get("valueFrom", {}).get("secretKeyRef"):
            assert secret["key"] in named("Secret")[secret["name"]]["stringData"]
    for word in container["command"]:
        if word.startswith("tcp://"):
            service, port = word.removeprefix("tcp://").split(":")
            (opened,) = named("Service")[service]["spec"]["ports"]
            assert str(opened["port"]) == port
    assert f"docker build -t {container['image']} -f " in (FOLDER / "Dockerfile").read_text()


def test_every_service_and_policy_finds_its_pods_and_ports():
    for one in named("Service").values():
        selected = one["spec"]["selector"].items()
        (pod,) = [pod for pod in pods() if selected <= pod["metadata"]["labels"].items()]
        (container,) = pod["spec"]["containers"]
        opened = {port["name"] for port in container["ports"]}
        assert {port["targetPort"] for port in one["spec"]["ports"]} <= opened
    for one in named("NetworkPolicy").values():
        selected = one["spec"]["podSelector"]["matchLabels"].items()
        assert [pod for pod in pods() if selected <= pod["metadata"]["labels"].items()]


def test_workers_see_the_archive_where_the_analysis_does():
    (analyze,) = [c.values[0] for c in CONTAINERS if c.values[0]["name"] == "analyze"]
    (worker,) = [c.values[0] for c in CONTAINERS if c.values[0]["name"] == "worker"]
    footage = {"name": "footage", "mountPath": "/footage", "readOnly": True}
    assert footage in analyze["volumeMounts"]
    assert footage in worker["volumeMounts"]
    assert "/footage" in analyze["command"]


def test_the_fleets_document_is_one():
    text = named("ConfigMap")["stuntcam-fleet"]["data"]["fleet.toml"]
    assert len(plan.read(tomllib.loads(text), gating.series_table(fixtures.models()))) == 200
