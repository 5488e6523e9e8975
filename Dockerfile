# One image for every Airflow component. What runs is what was tested: the lock, the DAG and the plugin are in it.
ARG AIRFLOW_IMAGE=apache/airflow:3.3.2-python3.12
FROM ${AIRFLOW_IMAGE}

COPY --chown=airflow:0 requirements.txt /opt/ads-orchestrator/requirements.txt
# The base image brings further providers (FAB, Celery); a conflict with the lock stops the build.
RUN pip install --no-cache-dir --require-hashes --requirement /opt/ads-orchestrator/requirements.txt \
    && pip check

# Without the simulator, the demo and the proofs: nothing in an image can pass for Meta.
COPY --chown=airflow:0 include /opt/ads-orchestrator/include
COPY --chown=airflow:0 dags /opt/airflow/dags
COPY --chown=airflow:0 plugins /opt/airflow/plugins

ENV PYTHONPATH=/opt/ads-orchestrator/include:/opt/airflow/plugins \
    AIRFLOW__CORE__LOAD_EXAMPLES=False
