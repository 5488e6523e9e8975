"""How Airflow loads the plugins folder, and what it learns from it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from airflow.sdk.providers_manager_runtime import ProvidersManagerTaskRuntime

ROOT = Path(__file__).parents[2]


def in_a_new_airflow(program: str, **environment: str) -> Any:
    """The JSON that a program prints last, in a process that has imported nothing yet."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


LOADED = """
import json, os, sys
folder = os.environ["AIRFLOW__CORE__PLUGINS_FOLDER"]
from airflow import plugins_manager
plugins, _ = plugins_manager._get_plugins()
from ads_orchestrator_airflow.operators import OrchestratorStepOperator
print(json.dumps({
    "plugins": [plugin.name for plugin in plugins if str(plugin.source).startswith("$PLUGINS_FOLDER")],
    "errors": plugins_manager.get_import_errors(),
    "executed": sorted(name for name, module in sys.modules.items()
                       if (getattr(module, "__file__", None) or "").startswith(folder)),
    "operator": OrchestratorStepOperator.__module__,
}))
"""


def test_the_plugin_loads_and_none_of_its_modules_is_executed_under_a_second_name():
    loaded = in_a_new_airflow(LOADED)

    assert loaded["plugins"] == ["ads_orchestrator"]
    assert loaded["errors"] == {}
    assert loaded["operator"] == "ads_orchestrator_airflow.operators"
    assert [name for name in loaded["executed"] if not name.startswith("ads_orchestrator_")] == []


def test_without_the_ignore_file_they_would_be(tmp_path: Path):
    """The test above sees what it is there to see."""
    for path in (ROOT / "plugins").rglob("*.py"):
        copy = tmp_path / path.relative_to(ROOT / "plugins")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())

    loaded = in_a_new_airflow(LOADED, AIRFLOW__CORE__PLUGINS_FOLDER=str(tmp_path))

    assert {"operators", "hooks"} <= set(loaded["executed"])


CONNECTION_TYPES = """
import json, sys
from airflow.providers_manager import ProvidersManager
manager = ProvidersManager()
forms = manager.iter_connection_type_hook_ui_metadata()
[form] = [form for form in forms if form.connection_type == "ads_orchestrator_meta"]
fields = manager._connection_form_widgets_from_metadata
print(json.dumps({
    "name": form.hook_name,
    "labels": form.field_behaviour["relabeling"],
    "extra": [field.field_name for key, field in fields.items() if "ads_orchestrator_meta" in key],
    "hook": form.hook_class_name,
}))
"""


def test_the_form_of_a_meta_connection_needs_no_plugins_folder(tmp_path: Path):
    """The api-server collects what is installed before it has the plugins folder."""
    form = in_a_new_airflow(CONNECTION_TYPES, AIRFLOW__CORE__PLUGINS_FOLDER=str(tmp_path))

    assert form == {
        "name": "Meta app (Ads Orchestrator)",
        "labels": {"login": "App id", "password": "App secret", "host": "Base URL"},
        "extra": ["api_version", "tier"],
        "hook": "ads_orchestrator_airflow.hooks.MetaAppHook",
    }


def test_the_hook_that_the_form_names_is_there():
    hook = ProvidersManagerTaskRuntime().hooks["ads_orchestrator_meta"]

    assert hook is not None
    assert hook.connection_id_attribute_name == "meta_conn_id"


PARSED = """
import json, sys
from airflow.dag_processing.dagbag import DagBag
bag = DagBag(safe_mode=False)
heavy = ("facebook_business", "pandas", "psycopg", "airflow.providers.postgres.hooks.postgres")
print(json.dumps({"errors": bag.import_errors, "heavy": [name for name in heavy if name in sys.modules]}))
"""


def test_parsing_the_dag_imports_neither_the_sdk_nor_pandas_nor_a_driver():
    """Each task parses the file again: what it imports, every task of every run imports."""
    assert in_a_new_airflow(PARSED) == {"errors": {}, "heavy": []}
