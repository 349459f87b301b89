"""The chart, rendered by helm with each of its sets of values, and read as Kubernetes would."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from adapters.configuration import KNOWN
from tests.deploy.tools import DEPLOY, passes, run

CHART = DEPLOY / "helm/mixtral-bot"
SETS = sorted(file.stem for file in (CHART / "ci").glob("*.yaml"))
OF_THE_OPERATOR = {"ServiceMonitor", "PrometheusRule"}
"""Kinds of the Prometheus operator: Kubernetes has no schema of them."""

Resources = dict[str, Any]


def rendered(values: str) -> Resources:
    """What helm makes of a set, by kind."""
    text = passes("helm", "template", "bot", CHART, "--values", CHART / f"ci/{values}.yaml")
    made = [document for document in yaml.safe_load_all(text) if document is not None]
    return {
        document["kind"]: document
        for document in made
        if "grafana_dashboard" not in document["metadata"]["labels"]
    }


def pod(values: str) -> Any:
    return rendered(values)["Deployment"]["spec"]["template"]["spec"]


def test_there_is_a_set_for_one_server_for_a_fleet_and_for_a_cluster() -> None:
    assert SETS == ["cluster", "fleet", "one-server"]


@pytest.mark.parametrize("values", SETS)
def test_helm_finds_nothing_wrong(values: str) -> None:
    assert "0 chart(s) failed" in passes(
        "helm", "lint", "--strict", CHART, "--values", CHART / f"ci/{values}.yaml"
    )


@pytest.mark.parametrize("values", SETS)
@pytest.mark.parametrize("version", ["1.27", "1.34"])
def test_kubernetes_would_take_it(values: str, version: str, tmp_path: Path) -> None:
    of_kubernetes = [thing for kind, thing in rendered(values).items() if kind not in OF_THE_OPERATOR]
    file = tmp_path / "rendered.yaml"
    file.write_text(yaml.safe_dump_all(of_kubernetes))
    said = passes("kubernetes-validate", "--strict", "-k", version, file)
    assert said.count("passed for resource") == len(of_kubernetes)


@pytest.mark.parametrize("values", SETS)
def test_a_pod_fits_the_restricted_standard(values: str) -> None:
    spec = pod(values)
    assert spec["securityContext"]["runAsNonRoot"]
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert not spec["automountServiceAccountToken"]
    for container in spec["containers"]:
        context = container["securityContext"]
        assert not context["allowPrivilegeEscalation"]
        assert context["readOnlyRootFilesystem"]
        assert context["capabilities"] == {"drop": ["ALL"]}
    kinds = {next(kind for kind in volume if kind != "name") for volume in spec["volumes"]}
    assert kinds <= {"configMap", "emptyDir", "persistentVolumeClaim", "secret"}


@pytest.mark.parametrize("values", SETS)
def test_it_sets_only_variables_that_there_are_and_no_secret_among_them(values: str) -> None:
    told = rendered(values)["ConfigMap"]["data"]
    assert set(told) <= set(KNOWN)
    assert not {name for name in told if name.endswith(("_TOKEN", "_SECRET", "_PASSWORD", "_KEY"))}


@pytest.mark.parametrize("values", SETS)
def test_it_waits_longer_than_answers_may_take_to_end(values: str) -> None:
    told = rendered(values)["ConfigMap"]["data"]
    assert pod(values)["terminationGracePeriodSeconds"] > int(told["SHUTDOWN_SECONDS"])


def test_one_server_has_its_store_on_a_volume_that_stays() -> None:
    made = rendered("one-server")
    assert made["Deployment"]["spec"]["strategy"] == {"type": "Recreate"}
    assert made["PersistentVolumeClaim"]["metadata"]["annotations"] == {"helm.sh/resource-policy": "keep"}


def test_a_fleet_grows_by_processor_and_loop_and_gets_its_alerts() -> None:
    made = rendered("fleet")
    metrics = made["HorizontalPodAutoscaler"]["spec"]["metrics"]
    assert [metric["type"] for metric in metrics] == ["Resource", "Pods"]
    records = [
        rule.get("record") for group in made["PrometheusRule"]["spec"]["groups"] for rule in group["rules"]
    ]
    assert metrics[1]["pods"]["metric"]["name"] in records
    alerts = yaml.safe_load((DEPLOY / "prometheus/alerts.yaml").read_text())["groups"]
    assert made["PrometheusRule"]["spec"]["groups"][: len(alerts)] == alerts
    assert "replicas" not in made["Deployment"]["spec"]


def test_a_cluster_lets_in_the_page_and_slack_and_not_the_metrics() -> None:
    rules = rendered("cluster")["Ingress"]["spec"]["rules"]
    ways = {rule["host"]: [path["path"] for path in rule["http"]["paths"]] for rule in rules}
    assert ways == {"chat.example.com": ["/"], "bot.example.com": ["/slack"]}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("redis.embedded=true", "redis.embedded is for one process"),
        ("replicas=2", "There is no store"),
        ("redis.url=redis://r,page.enabled=true", "page.enabled wants a secretName"),
        ("secretName=s,ingress.enabled=true", "ingress.enabled has nothing to lead to"),
        ("secretName=s,ingress.enabled=true,page.enabled=true", "wants page.host"),
        ("secretName=s,ingress.enabled=true,slack.http=true", "wants slack.host"),
        ("secretName=s,replica=3", "additional properties 'replica' not allowed"),
        ("secretName=s,replicas=0", "replicas"),
    ],
)
def test_what_cannot_go_well_is_said_before_anything_is_made(given: str, words: str) -> None:
    ended = run("helm", "template", "bot", CHART, "--set", given)
    assert ended.code != 0
    assert words in ended.err
