#!/bin/sh
# Runs once, when the server's data folder is new: two databases, each with an owner of its own.
# The roles ads_user and ads_service are those that row-level security speaks of.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set airflow_password="$AIRFLOW_DB_PASSWORD" --set ads_password="$ADS_DB_PASSWORD" <<'SQL'
create role airflow login password :'airflow_password';
create database airflow owner airflow;
create role ads login password :'ads_password';
create database ads owner ads;
create role ads_user nologin;
create role ads_service nologin;
grant ads_user, ads_service to ads;
SQL
