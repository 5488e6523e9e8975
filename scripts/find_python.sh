#!/bin/sh
# Prints the path of a Python from 3.11 to 3.13 that can make virtual environments, or says in one line what is missing.
# PYTHON=/path/to/python overrides the search.
suits='import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'
for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
    if "$candidate" -c "$suits" >/dev/null 2>&1; then
        "$candidate" -c 'import sys; print(sys.executable)'
        exit 0
    fi
done
found=$("${PYTHON:-python3}" -V 2>&1) || found="no Python"
echo "Python 3.11, 3.12 or 3.13 with its venv module is needed, and here is $found: install one, or name it with PYTHON=/path/to/python3.12 make ..." >&2
exit 1
