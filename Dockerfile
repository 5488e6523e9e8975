# One image for every Airflow component. What runs is what was tested: the lock, the package and the DAGs are in it.
ARG AIRFLOW_IMAGE=apache/airflow:3.3.2-python3.12

FROM ${AIRFLOW_IMAGE} AS build
COPY --chown=airflow:0 pyproject.toml README.md LICENSE /tmp/source/
COPY --chown=airflow:0 include/orchestrator /tmp/source/include/orchestrator
COPY --chown=airflow:0 plugins/ads_orchestrator_airflow /tmp/source/plugins/ads_orchestrator_airflow
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /tmp/wheel /tmp/source

FROM ${AIRFLOW_IMAGE}
COPY --chown=airflow:0 requirements.txt /opt/ads-orchestrator/requirements.txt
RUN pip install --no-cache-dir --require-hashes --requirement /opt/ads-orchestrator/requirements.txt

# Without the simulator, the demo and the proofs: nothing in an image can pass for Meta.
COPY --from=build /tmp/wheel /opt/ads-orchestrator/wheel
# The base image brings further providers (FAB, Celery); a conflict with the lock stops the build.
RUN pip install --no-cache-dir --no-deps /opt/ads-orchestrator/wheel/*.whl && pip check

COPY --chown=airflow:0 include/airflow_local_settings.py /opt/ads-orchestrator/include/airflow_local_settings.py
COPY --chown=airflow:0 plugins/ads_orchestrator_plugin.py /opt/airflow/plugins/ads_orchestrator_plugin.py
COPY --chown=airflow:0 dags /opt/airflow/dags

# The module of that folder is imported by every process of Airflow that starts; it stands before any other of its name.
ENV PYTHONPATH=/opt/ads-orchestrator/include \
    AIRFLOW__CORE__LOAD_EXAMPLES=False
